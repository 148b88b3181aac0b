"""Two runs that differ in one thing: this cause is named, and its consequences are not."""

import json
from pathlib import Path

import pandas as pd
import pytest

import compare_runs
from degu.errors import DeguError
from degu.formats.tables import read_tables, write_table
from degu.provenance import environment, job_records
from degu.provenance.digests import content_digest
from degu.provenance.run_comparison import TABLE, Cause, Run, differing_files, distances, find_causes, read_run
from tests.provenance.recorded_run import (
    ENSEMBLE,
    FIGURE,
    MEMBERS,
    PREDICTIONS,
    STORE,
    SUMMARY,
    make_run,
    write_provenance,
)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return a function that makes a run in a new folder and reads it."""
    number = iter(range(100))
    monkeypatch.setattr(job_records, "_notes", {})
    # Git would be asked for each of hundreds of records.
    monkeypatch.setattr(environment, "code_commit", lambda: "0" * 40)

    def make(**settings: object) -> Run:
        folder = tmp_path / str(next(number))
        folder.mkdir()
        monkeypatch.chdir(folder)
        make_run(**settings)
        write_provenance()
        return read_run(folder)

    return make


def edited(run: Run, files: list[str], **changes: object) -> Run:
    """Return a run with other values in some columns of some files."""
    return Run(run.folder, {**run.files, **{file: {**run.files[file], **changes} for file in files}})


def test_the_same_run_twice_is_the_same(made):
    first, second = made(), made()
    assert differing_files(first, second) == []
    assert find_causes(first, second) == ([], [])


@pytest.mark.parametrize(
    ("change", "fact"),
    [({"epochs": 6}, "recipe.epochs: 5 -> 6"), ({"seed": 2}, "seed: 1 -> 2")],
    ids=["recipe", "seed"],
)
def test_a_changed_recipe_or_seed_is_named_where_it_is_used_first(made, change, fact):
    first, second = made(), made(**change)
    assert differing_files(first, second) == sorted([*MEMBERS, PREDICTIONS, SUMMARY, FIGURE])
    assert find_causes(first, second) == ([Cause((fact,), ("train_member",), tuple(MEMBERS))], [])


def test_changed_data_are_named(made):
    first, second = made(), made(data=2)
    fact = "the content of assay.tsv differs"
    assert find_causes(first, second) == ([Cause((fact,), ("import_dataset",), (STORE,))], [])


def test_the_same_data_elsewhere_are_the_same(made):
    first, second = made(), made()
    row = second.files.pop("resources/assay.tsv")
    second.files["/data/assay.tsv"] = {**row, "file": "/data/assay.tsv"}
    moved = edited(second, [STORE], inputs=["/data/assay.tsv"], digest="other")
    (cause,), _ = find_causes(first, moved)
    assert cause.facts == ("nothing that is recorded differs: the job does not repeat its own results",)
    second.files["/data/assay.tsv"]["digest"] = "other"
    (cause,), _ = find_causes(first, moved)
    assert cause.facts == ("the content of assay.tsv differs",)


def test_one_more_member_is_named_where_it_is_read(made):
    more = f"{ENSEMBLE}/member-3/model.keras"
    first, second = made(), made(members=[*MEMBERS, more])
    (cause,), later = find_causes(first, second)
    assert (cause.rules, cause.files) == (("predict_members",), (PREDICTIONS,))
    assert cause.facts == ("seeds: [0, 1] -> [0, 1, 2]", f"only the second run reads {more}")
    assert later == []
    assert find_causes(second, first)[0][0].facts[1] == f"only the first run reads {more}"


def test_a_later_difference_with_a_cause_of_its_own_is_named_after_the_first(made):
    begin, later = find_causes(made(), made(epochs=6, title="Another title"))
    assert [cause.facts for cause in begin] == [("recipe.epochs: 5 -> 6",)]
    assert later == [Cause(("title:  -> Another title",), ("plot_performance",), (FIGURE,))]


def test_a_setting_of_many_jobs_is_named_once(made):
    first, second = made(), made(epochs=6)
    everywhere = [PREDICTIONS, *MEMBERS]
    first, second = (edited(run, everywhere, python=text) for run, text in ((first, "3.11.1"), (second, "3.12.2")))
    begin, later = find_causes(first, second)
    assert begin == [Cause(("recipe.epochs: 5 -> 6", "python: 3.11.1 -> 3.12.2"), ("train_member",), tuple(MEMBERS))]
    assert later == []


@pytest.mark.parametrize(
    ("column", "values", "fact"),
    [
        ("packages", ({"numpy": "2.4.0"}, {"numpy": "2.4.1"}), "packages.numpy: 2.4.0 -> 2.4.1"),
        ("packages", ({}, {"numpy": "2.4.1"}), "packages.numpy: none -> 2.4.1"),
        ("python", ("3.11.7", "3.12.1"), "python: 3.11.7 -> 3.12.1"),
        ("device", ("CPU, 1 thread", "NVIDIA H100"), "device: CPU, 1 thread -> NVIDIA H100"),
        ("threads", ("1", "2"), "threads: 1 -> 2"),
        ("variables", ({}, {"TF_ENABLE_ONEDNN_OPTS": "0"}), "variables.TF_ENABLE_ONEDNN_OPTS: none -> 0"),
        ("seed_number", ("1", "2"), "seed_number: 1 -> 2"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_a_difference_in_how_a_job_ran_is_named(made, column, values, fact):
    first, second = made(), made(epochs=6)
    row = second.files[MEMBERS[0]]
    # The recipes are made equal again, so that only one column differs.
    second = edited(second, MEMBERS, recipe=first.files[MEMBERS[0]]["recipe"])
    first, second = (
        edited(run, MEMBERS, **{column: value}) for run, value in ((first, values[0]), (second, values[1]))
    )
    assert row["digest"] != first.files[MEMBERS[0]]["digest"]
    assert find_causes(first, second) == ([Cause((fact,), ("train_member",), tuple(MEMBERS))], [])


def test_changed_code_is_named_once_with_its_commits(made):
    """The digests of several rules change together if they run the same code."""
    first = edited(made(), [*MEMBERS, SUMMARY], commit="a" * 40)
    second = edited(made(epochs=6), [*MEMBERS, SUMMARY], commit="b" * 40, code="5678")
    fact = f"code (commit {'a' * 40} -> {'b' * 40})"
    assert find_causes(first, second) == (
        [Cause(("recipe.epochs: 5 -> 6", fact), ("train_member",), tuple(MEMBERS))],
        [],
    )
    # Another commit does not change a result if the code is the same.
    same_code = edited(second, [*MEMBERS, SUMMARY], code="1234")
    assert find_causes(first, same_code)[0][0].facts == ("recipe.epochs: 5 -> 6",)


def test_a_fact_of_several_rules_is_named_once(made):
    first, second = made(), edited(made(), [STORE, FIGURE], python="3.13.0", digest="other")
    (cause,), later = find_causes(first, second)
    assert (cause.rules, cause.files) == (("plot_performance", "import_dataset"), (FIGURE, STORE))
    assert later == []


def test_the_machine_is_named_if_nothing_else_differs(made):
    first, second = made(), edited(made(), MEMBERS, cpu="Another CPU")
    cpu = first.files[MEMBERS[0]]["cpu"]
    (cause,), _ = find_causes(first, edited(second, MEMBERS, digest="other"))
    assert cause.facts == (f"cpu: {cpu} -> Another CPU (nothing else that is recorded differs)",)
    (cause,), _ = find_causes(first, edited(second, MEMBERS, digest="other", threads="2"))
    assert cause.facts == ("threads: 1 -> 2",)


def test_a_folder_without_a_table_is_reported(tmp_path):
    with pytest.raises(DeguError, match="there is no table of provenance"):
        read_run(tmp_path)


@pytest.mark.parametrize("content", ["", "file\tdigest\na\tb\n"])
def test_a_damaged_table_is_reported(tmp_path, content):
    (tmp_path / "results").mkdir()
    (tmp_path / "results/provenance.tsv").write_text(content)
    with pytest.raises(DeguError, match="not a readable table of provenance"):
        read_run(tmp_path)


def test_a_file_that_was_changed_since_the_table_was_made_is_reported(made):
    run = made()
    path = run.folder / PREDICTIONS
    path.write_text("changed")
    with pytest.raises(DeguError, match=r"predictions\.h5: the file was changed after the table"):
        read_run(run.folder)
    # A table can be compared even if the files are missing.
    path.unlink()
    assert read_run(run.folder).files == run.files


def test_the_table_is_read_as_it_was_written(made):
    rows = made().files
    assert rows[MEMBERS[0]]["recipe"] == {"recipe": {"epochs": 5, "model": {"name": "motif_cnn"}}, "seed": 1}
    assert rows[PREDICTIONS]["inputs"] == [*MEMBERS, STORE]
    assert rows["resources/assay.tsv"]["rule"] == ""
    assert json.dumps(rows)
    assert Path(STORE).is_file()


def judge(monkeypatch, capsys, *arguments: object) -> tuple[int, str]:
    """Return the exit code of `compare_runs.py ARGUMENTS` and the last line that it prints."""
    monkeypatch.setattr("sys.argv", ["compare_runs.py", *map(str, arguments)])
    code = compare_runs.main()
    return code, capsys.readouterr().out.strip().rpartition("\n")[2]


def with_value(run: Run, value: float, **more: float) -> Run:
    """Return a run whose summary holds one value, and further columns with one value each, in file and record."""
    write_table(read_tables(run.folder / SUMMARY).assign(value=value, **more), run.folder / SUMMARY)
    table = pd.read_csv(run.folder / TABLE, sep="\t", dtype=str, keep_default_na=False)
    table.loc[table["file"] == SUMMARY, "digest"] = content_digest(run.folder / SUMMARY)
    write_table(table, run.folder / TABLE)
    return run


def test_the_same_run_twice_is_reproduced(made, monkeypatch, capsys):
    code, verdict = judge(monkeypatch, capsys, made().folder, made().folder)
    assert (code, verdict) == (0, "REPRODUCED: every file is the same")


@pytest.mark.parametrize(
    ("value", "tolerance", "code"), [(0.500001, [], 0), (0.501, [], 1), (0.501, ["--tolerance", "0.01"], 0)]
)
def test_tables_are_judged_by_the_tolerance(made, monkeypatch, capsys, value, tolerance, code):
    first, second = with_value(made(), 0.5), with_value(made(), value)
    verdict = "NOT REPRODUCED" if code else "REPRODUCED: the tables agree within the tolerance"
    assert judge(monkeypatch, capsys, first.folder, second.folder, *tolerance) == (code, verdict)


def test_some_tables_can_be_judged_alone(made, monkeypatch, capsys):
    folders = [with_value(made(), value).folder for value in (0.5, 0.6)]
    other, both = ["--tables", "results/*/claims.tsv"], ["--tables", "results/*/claims.tsv", "results/summary.tsv"]
    assert judge(monkeypatch, capsys, *folders, *other)[0] == 0
    assert judge(monkeypatch, capsys, *folders, *both)[0] == 1
    # A misspelt name does not count as a table that agrees.
    assert judge(monkeypatch, capsys, *folders, "--tables", "results/sumary.tsv")[0] == 2


def test_differences_are_listed_by_column_in_descending_order(made):
    first, second = with_value(made(), 0.5, models=1.0, same=1), with_value(made(), 0.6, models=1.001, same=1)
    (distance,) = distances(read_run(first.folder), read_run(second.folder))
    assert (distance.file, distance.kind) == (SUMMARY, "table")
    assert list(distance.columns) == ["value", "models"]
    assert distance.largest == distance.columns["value"] == pytest.approx(1 / 6)


def test_a_figure_that_differs_does_not_count_as_a_table(made, monkeypatch, capsys):
    first, second = made(), made(title="Another title")
    assert judge(monkeypatch, capsys, first.folder, second.folder)[0] == 0


def test_a_file_that_only_one_run_has_is_not_reproduced(made, monkeypatch, capsys):
    first, second = made(), made()
    lines = (second.folder / TABLE).read_text().splitlines(keepends=True)
    (second.folder / TABLE).write_text("".join(line for line in lines if not line.startswith(SUMMARY)))
    for folders in ((first.folder, second.folder), (second.folder, first.folder)):
        assert judge(monkeypatch, capsys, *folders) == (1, "NOT REPRODUCED")


def test_a_table_that_differs_and_is_missing_cannot_be_compared(made, monkeypatch, capsys):
    first, second = made(), with_value(made(), 0.5)
    (second.folder / SUMMARY).unlink()
    assert judge(monkeypatch, capsys, first.folder, second.folder)[0] == 2


def test_a_folder_that_is_not_a_run_cannot_be_compared(made, monkeypatch, capsys, tmp_path):
    assert judge(monkeypatch, capsys, made().folder, tmp_path / "nowhere")[0] == 2
