"""What the Snakemake workflow catalog asks of a repository."""

import yaml

from tests.conftest import REPOSITORY

SETTINGS = yaml.safe_load((REPOSITORY / ".snakemake-workflow-catalog.yml").read_text())


def test_the_settings_have_the_keys_that_the_catalog_reads() -> None:
    assert set(SETTINGS) == {"usage"}
    assert SETTINGS["usage"]["report"] is True
    assert SETTINGS["usage"]["software-stack-deployment"] == {
        "conda": True,
        "apptainer": False,
        "apptainer+conda": False,
    }


def test_the_catalog_finds_the_workflow_and_its_rules() -> None:
    assert (REPOSITORY / "Snakefile").is_file()
    assert not (REPOSITORY / "workflow").exists()  # the catalog would look for the Snakefile there
    assert list((REPOSITORY / "rules").glob("*.smk"))


def test_the_catalog_finds_the_repository_by_the_words_of_its_readme() -> None:
    readme = (REPOSITORY / "README.md").read_text().lower()
    assert "snakemake" in readme
    assert "workflow" in readme


def test_the_configuration_is_explained_where_the_catalog_reads_it() -> None:
    text = (REPOSITORY / "config" / "README.md").read_text()
    assert text.startswith("# Configuration")
    # The catalog's own instructions import the workflow as a module.
    assert "in a clone of its repository" in text.split("\n\n")[1]


def test_conda_environments_are_there() -> None:
    assert list((REPOSITORY / "envs").glob("*.yaml"))
