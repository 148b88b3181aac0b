"""Where every file of a finished run comes from, and how two runs are compared."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from degu.data.store import read_store
from tests.workflow.checkout import REPOSITORY, SETTINGS, small_copy
from tests.workflow.command import snakemake, succeed
from tests.workflow.small_run import ENSEMBLE, STUDY, copy_run


@pytest.fixture(scope="module")
def again(tmp_path_factory) -> Path:
    """Return another copy, in which the same run was made from scratch."""
    copy = small_copy(tmp_path_factory.mktemp("again"))
    succeed(copy, *SETTINGS, "--", "provenance")
    return copy


def provenance(folder: Path) -> pd.DataFrame:
    """Read the table of provenance of a run."""
    return pd.read_csv(folder / "results" / "provenance.tsv", sep="\t", dtype=str, keep_default_na=False, index_col=0)


def compare_runs(first: Path, second: Path) -> subprocess.CompletedProcess:
    """Compare two runs as a person does."""
    command = [sys.executable, str(REPOSITORY / "scripts" / "compare_runs.py"), str(first), str(second)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_provenance_tells_of_every_file(run):
    table = provenance(run)
    files = [path for folder in ("results", "figures") for path in (run / folder).rglob("*") if path.is_file()]
    # The folder of a student stands for the files in it.
    files = [path.parent if path.parent.name == "package" else path for path in files]
    made = {str(path.relative_to(run)) for path in files} - {"results/provenance.tsv"}
    assert set(table.index) == made | {"resources/jaspar_motifs.txt", "resources/jaspar_2024_vertebrates.meme"}
    assert table["digest"].str.fullmatch("[0-9a-f]{64}").all()
    assert set(table.loc[table["rule"] == "", "kind"]) == {"source"}
    store = table.loc[str(STUDY / "store.h5")]
    after = table[table["kind"].isin(["model", "targets", "predictions", "attributions", "table", "figure"])]
    assert set(after["seed"]) == {"1"}
    assert set(after["data_digest"]) == {store["data_digest"]} == {read_store(run / STUDY / "store.h5").digest}
    assert (after["python"] != "").all()
    assert (after["peak_memory_mib"].astype(float) > 10).all()


def test_provenance_of_a_model_is_that_which_lies_beside_it(run):
    model = ENSEMBLE / "member-2" / "model.json"
    description, row = json.loads((run / model).read_text()), provenance(run).loc[str(model)]
    assert json.loads(row["recipe"])["recipe"] == description["recipe"]
    assert row["data_digest"] == description["data_digest"]
    assert row["seed_number"] == str(description["seed_number"]) == "2"
    assert row["device"] == description["device"] == "CPU, 1 thread"
    versions = json.loads(row["packages"])
    assert versions.items() >= description["run"]["packages"].items() >= {"keras": versions["keras"]}.items()


def test_a_run_agrees_with_itself_and_with_nothing_where_none_is(run, tmp_path):
    done = compare_runs(run, run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("REPRODUCED: every file is the same\n")
    assert compare_runs(run, tmp_path).returncode == 2


# In continuous integration, test_interruption.py repeats data, models, predictions and scores.
@pytest.mark.slow
def test_a_run_from_scratch_repeats_every_file(run, again):
    first, second = provenance(run), provenance(again)
    assert first["digest"].equals(second["digest"])
    # The digest of a model's description leaves its times out; every other file is the same, byte for byte.
    files = [file for file in first.index[first["rule"] != ""] if not file.endswith(".json")]
    assert [file for file in files if (run / file).read_bytes() != (again / file).read_bytes()] == []
    assert len(files) > 80
    done = compare_runs(run, again)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("REPRODUCED: every file is the same\n")


@pytest.mark.slow
def test_a_setting_that_differs_is_named_and_its_consequences_are_not(run, again):
    (again / "changed.yaml").write_text(yaml.safe_dump({"attribution": {"gradient_correction": False}}))
    succeed(again, "--configfile", "small.yaml", "changed.yaml", "--", "provenance")
    done = compare_runs(run, again)
    assert done.returncode == 1, done.stdout + done.stderr
    begin = done.stdout.split("differences begin with\n")[1].split("how far numbers are apart")[0].splitlines()
    assert begin[0] == "  gradient_correction: true -> false"
    assert begin[1].startswith("    in plot_attribution_logos, compare_attributions, score_attributions: ")
    assert len(begin) == 2
    assert done.stdout.endswith("NOT REPRODUCED\n")


def test_provenance_is_refused_where_files_are_not_what_their_jobs_made(run, tmp_path):
    copy = copy_run(run, tmp_path / "copy")
    figure, model = "figures/simulated_mpra/performance.png", f"{ENSEMBLE}/member-1/model.keras"
    (copy / figure).write_bytes((copy / figure).read_bytes() + b"more")
    (copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.json").unlink()
    done = snakemake(copy, *SETTINGS, "--", "provenance")
    assert done.returncode != 0
    assert f"{figure} was changed after it was made" in done.stdout
    assert f"{model} has no record of how it was made" in done.stdout
    assert not (copy / "results" / "provenance.tsv").exists()
