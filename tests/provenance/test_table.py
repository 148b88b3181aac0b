"""The provenance table of a small run that is made and recorded here."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from degu.data.store import read_digest
from degu.errors import DeguError
from degu.provenance.digests import content_digest
from degu.provenance.environment import package_versions
from degu.provenance.job_records import read_records
from degu.provenance.table import COLUMNS, JSON_COLUMNS, MOST_PROBLEMS, check, kind_of, tabulate, trace
from tests.provenance.recorded_run import (
    CLAIMS,
    ENSEMBLE,
    FIGURE,
    MEMBERS,
    PREDICTIONS,
    SOURCE,
    STORE,
    SUMMARY,
    TARGETS,
    make,
    make_run,
    record,
)

EVERYTHING = {SOURCE, STORE, *MEMBERS, PREDICTIONS, SUMMARY, CLAIMS, FIGURE}


@pytest.fixture
def run(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    make_run()
    return tmp_path


def traced() -> dict[str, dict | None]:
    return trace(TARGETS, read_records(Path("logs")))


def table() -> pd.DataFrame:
    return tabulate(traced(), read_digest).set_index("file")


def problems() -> list[str]:
    """Return the problems that the error message lists."""
    with pytest.raises(DeguError) as told:
        check(traced())
    lines = str(told.value).splitlines()
    assert lines[0].startswith("provenance: some files do not agree with the records of the jobs that made them")
    assert lines[-1].startswith("  remedy:   make them again: snakemake provenance --forcerun ")
    return [line.strip() for line in lines[1:-1]]


def remove_record(file: str) -> None:
    for path in Path("logs").rglob("*.json"):
        if file in json.loads(path.read_text())["outputs"]:
            path.unlink()


def test_the_table_holds_what_the_targets_depend_on_and_nothing_else(run):
    make("train_member", [STORE], f"{ENSEMBLE}/member-9/model.keras", recipe={"epochs": 9})
    check(traced())
    assert list(table().index) == sorted(EVERYTHING)
    assert list(tabulate(traced(), read_digest).columns) == COLUMNS


def test_an_unpacked_model_is_traced_to_the_job_that_trained_it(run):
    """The folder from which models are unpacked is deleted afterwards."""
    pack, models = Path(ENSEMBLE, "pack-1-2"), [Path(member) for member in MEMBERS]
    for model in models:
        remove_record(str(model))
        (pack / model.parent.name).mkdir(parents=True)
        model.rename(pack / model.parent.name / model.name)
    record("train_member_pack", [STORE], [str(pack)], {"recipe": {"epochs": 7}, "seed": 1}, threads=4)
    for model in models:
        shutil.copy(pack / model.parent.name / model.name, model)
        record("unpack_member", [str(pack)], [str(model)], {})
    shutil.rmtree(pack)
    check(traced())
    row = table().loc[MEMBERS[1]]
    assert (row["kind"], row["rule"], row["threads"]) == ("model", "train_member_pack", 4)
    assert json.loads(row["recipe"])["recipe"] == {"epochs": 7}
    assert table().loc[str(pack), "kind"] == "pack"


def test_a_model_has_its_recipe_seed_data_code_versions_and_device(run):
    row = table().loc[MEMBERS[1]]
    assert row["kind"] == "model"
    assert row["digest"] == content_digest(MEMBERS[1])
    assert (row["dataset"], row["teacher"], row["fraction"], row["seed_number"]) == ("assay", "small", "1", "2")
    assert json.loads(row["recipe"]) == {"recipe": {"epochs": 5, "model": {"name": "motif_cnn"}}, "seed": 1}
    assert row["data_digest"] == read_digest(STORE)
    assert (row["seed"], row["code"], row["threads"]) == ("1", "1234", 1)
    assert json.loads(row["packages"]) == package_versions()
    assert json.loads(row["inputs"]) == [STORE]
    assert row["seconds"] >= 0
    assert row["peak_memory_mib"] > 0


def test_a_figure_has_the_seed_and_the_data_that_it_depends_on(run):
    rows = table()
    assert (rows.loc[FIGURE, "seed"], rows.loc[FIGURE, "data_digest"]) == ("1", read_digest(STORE))
    # A source depends on no data, and a store on no seed.
    assert rows.loc[SOURCE, "data_digest"] == rows.loc[STORE, "seed"] == ""


def test_a_source_has_a_digest_and_no_rule(run):
    row = table().loc[SOURCE]
    assert (row["kind"], row["digest"]) == ("source", content_digest(SOURCE))
    assert row[["rule", "recipe", "inputs", "code"]].isna().all()


def test_equal_recipes_have_equal_digests(run):
    first = table()["recipe_digest"]
    assert first[MEMBERS[0]] == first[MEMBERS[1]] != first[STORE]
    make_run(epochs=6)
    again = table()["recipe_digest"]
    assert again[MEMBERS[0]] != first[MEMBERS[0]]
    assert again[STORE] == first[STORE]


def test_the_table_survives_a_file(run):
    written = tabulate(traced(), read_digest)
    written.to_csv("table.tsv", sep="\t", index=False)
    read = pd.read_csv("table.tsv", sep="\t", dtype=str, keep_default_na=False)
    for name in JSON_COLUMNS:
        assert [json.loads(text or "null") for text in read[name]] == [
            json.loads(text) if isinstance(text, str) else None for text in written[name]
        ]


def test_two_runs_from_scratch_have_the_same_digests(run, tmp_path, monkeypatch):
    first = table()["digest"]
    (tmp_path / "again").mkdir()
    monkeypatch.chdir(tmp_path / "again")
    make_run()
    assert table()["digest"].equals(first)


@pytest.mark.parametrize("file", [STORE, *MEMBERS, PREDICTIONS, SUMMARY, FIGURE])
def test_a_file_that_was_changed_after_it_was_made_is_reported(run, file):
    Path(file).write_bytes(Path(file).read_bytes() + b" ")
    assert problems() == [f"{file} was changed after it was made"]


@pytest.mark.parametrize("file", [STORE, MEMBERS[0], FIGURE])
def test_a_file_without_a_record_is_reported(run, file):
    remove_record(file)
    assert f"{file} has no record of how it was made" in problems()


@pytest.mark.parametrize("file", [MEMBERS[0], PREDICTIONS])
def test_a_file_that_is_missing_is_reported(run, file):
    Path(file).unlink()
    assert problems() == [f"{file} is missing"]


def test_a_file_that_was_made_from_another_version_is_reported(run):
    make("train_member", [STORE], MEMBERS[0], recipe={"epochs": 9}, seed=1)
    assert problems() == [f"{PREDICTIONS} was made from another version of {MEMBERS[0]}"]


def test_a_source_that_was_changed_since_is_reported(run):
    Path(SOURCE).write_text("other data")
    assert problems() == [f"{STORE} was made from another version of {SOURCE}"]


def test_a_source_may_be_missing(run):
    digest = content_digest(SOURCE)
    Path(SOURCE).unlink()
    check(traced())
    assert table().loc[SOURCE, "digest"] == digest


def test_only_the_first_few_of_many_problems_are_reported(run):
    for path in Path("logs").rglob("*.json"):
        path.unlink()
    make_run(members=[f"{ENSEMBLE}/member-{number}/model.keras" for number in range(1, 10)])
    for path in Path(ENSEMBLE).rglob("model.keras"):
        path.write_text("changed")
    told = problems()
    assert len(told) == MOST_PROBLEMS + 1
    assert told[-1] == "and 4 more"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("data/assay.tsv.gz", "source"),
        ("/elsewhere/results/assay.tsv", "source"),
        ("results/assay/sources/table", "source"),
        ("results/assay/sources/table.tsv", "source"),
        ("results/assay/store.h5", "store"),
        (f"{ENSEMBLE}/member-1/model.keras", "model"),
        (f"{ENSEMBLE}/member-1/model.json", "model"),
        (f"{ENSEMBLE}/predictions.h5", "predictions"),
        (f"{ENSEMBLE}/students/degu/targets.h5", "targets"),
        (f"{ENSEMBLE}/attributions.h5", "attributions"),
        (f"{ENSEMBLE}/uncertainty/curves.parquet", "table"),
        ("results/summary.tsv", "table"),
        ("results/summary.html", "page"),
        ("figures/assay/performance.pdf", "figure"),
    ],
)
def test_a_path_tells_the_kind_of_a_file(path, kind):
    assert kind_of(path) == kind
