"""`degu new-assay`, by the command line, on tables of every format."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from degu.command.new_assay import command, new_assay
from degu.config.configuration import Configuration
from degu.config.schemas import read_yaml
from degu.data.build import build_store
from degu.data.table_roles import KnownColumns
from degu.errors import DeguError
from tests.conftest import REPOSITORY
from tests.data.tables import REPLICATES, assay

WRITTEN = Path("config/datasets/mine.yaml")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder without a configuration of its own; that of the clone is used."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(frame, name="mine.tsv"):
    path = Path(name)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="," if ".csv" in path.suffixes else "\t")
    return path


def run(*arguments):
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def succeed(*arguments):
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def words_of(output):
    """Return an output without its line breaks."""
    return " ".join(output.split())


def settings_of(path=WRITTEN):
    """Return the settings of a written file, as a run reads them."""
    return Configuration({"datasets": [path.stem]}, [path.parents[1], REPOSITORY / "config"]).datasets[path.stem]


@pytest.mark.parametrize("name", ["mine.tsv", "mine.csv", "mine.tsv.gz", "mine.parquet", "mine.xlsx"])
def test_a_table_of_every_format_becomes_a_data_set(name):
    output = succeed(write(assay(rows=400), name))
    assert output.startswith(f"{name}: 400 rows\n")
    assert max(map(len, output.splitlines())) <= 110
    assert "column 'sequence', all have 20 bases" in output
    assert "activity, mean of 2 replicates: activity_rep1, activity_rep2" in output
    assert "column 'element', 134 groups, the largest of 3 rows" in output
    assert "Please look at this" not in output
    settings = settings_of()
    assert settings["files"]["table"]["path"] == name
    # The numbers of rows are those that the import makes, which has the same seed.
    store = build_store(settings, {"table": Path(name)}, 1, where="mine")
    sizes = [len(store.rows(split)) for split in ("train", "validation", "calibration", "test")]
    assert f"at random, train {sizes[0]}, validation {sizes[1]}, calibration {sizes[2]}, test {sizes[3]}" in output


def test_the_next_command_names_the_data_set():
    *_, planned, run_it = succeed(write(assay()), "--name", "mine").splitlines()
    assert shlex.split(run_it) == [
        *("snakemake", "--configfile", "config/own_assay.yaml"),
        *("--config", "datasets=[mine]"),
    ]
    assert planned == f"{run_it} -n"
    assert (REPOSITORY / "config" / "own_assay.yaml").is_file()


def test_oddities_are_told():
    frame = assay(rows=400, dna_counts=np.arange(400), medium=["YPD"] * 400)
    frame.loc[3, "sequence"] = "ACGTXCGTACGTACGTACGT"
    frame.loc[5, "sequence"] = frame.loc[4, "sequence"]
    output = words_of(succeed(write(frame)))
    for words in (
        "Left out for letters outside ACGTN: row 5.",
        "2 rows have the sequence of another row. Such rows share a split.",
        "The column 'medium' has the same value, YPD, in all rows.",
        "Columns that look like counts of reads are not used: 'dna_counts'.",
    ):
        assert f" - {words}" in output
    assert settings_of()["bad_rows"] == "drop"


def test_options_say_what_names_do_not():
    medium = [f"m{row % 40}" for row in range(400)]
    frame = assay(rows=400, first=np.arange(400.0), medium=medium).rename(columns={"sequence": "oligo"})
    columns = ("--sequence", "oligo", "--target", "first", "--group", "medium")
    output = succeed(write(frame), *columns, "-o", "own/other.yaml")
    assert "put the file there to run it" in output
    options = read_yaml(Path("own/other.yaml"))["options"]
    assert (options["sequence"], options["group"]) == ("oligo", "medium")
    assert options["targets"] == {"first": {"mean": "first", "unit": ""}}


def test_several_targets_have_their_replicates():
    frame = assay(rows=400, a1=np.arange(400.0), b1=np.arange(400.0) ** 2).rename(columns={"activity_rep1": "a2"})
    frame = frame.rename(columns={"activity_rep2": "b2"})
    lists = ("--target", "Dev", "--replicates", "a1, a2", "--target", "Hk", "--replicates", "b1,b2")
    succeed(write(frame), *lists)
    targets = settings_of()["options"]["targets"]
    assert {name: own["replicates"] for name, own in targets.items()} == {"Dev": ["a1", "a2"], "Hk": ["b1", "b2"]}


def test_a_split_of_the_table_loses_rows_with_relatives_in_a_later_split():
    split = ["train"] * 301 + ["val"] * 50 + ["test"] * 49
    output = words_of(succeed(write(assay(rows=400, split=split))))
    # Rows 300 and 351 begin an element of which other rows stand in the next split.
    assert "rows have a relative in a later split of the table, and are left out" in output
    assert "column 'split', train 300" in output


def test_a_file_that_is_there_is_never_overwritten():
    table = write(assay())
    succeed(table)
    before = WRITTEN.read_text()
    done = run(table)
    assert done.exit_code == 1
    assert "Error: config/datasets/mine.yaml: there is such a file already" in done.output
    assert WRITTEN.read_text() == before
    assert run(table, "-o", WRITTEN).exit_code == 1
    assert WRITTEN.read_text() == before
    assert "--force" not in run("--help").output


@pytest.mark.parametrize(
    ("frame", "arguments", "message"),
    [
        (assay(), ("--target", "actvity"), "there is no column 'actvity'\n  expected: did you mean 'activity'"),
        (assay(sequence=["high"] * 60), (), "no column holds sequences"),
        (assay(**dict.fromkeys(REPLICATES)), (), "no column is named like a measurement"),
        (assay(), ("--name", "my-assay"), "the name 'my-assay'\n  expected: letters, digits and underscores"),
        (
            assay(),
            ("--name", "one", "-o", "config/datasets/two.yaml"),
            "the file is called 'two', and the data set 'one'",
        ),
        (assay(rows=4), (), "split is empty"),
        (assay(activity_rep1=["high"] * 60), ("--replicates", "activity_rep1,activity_rep2"), "holds 'high' in row 2"),
    ],
)
def test_what_the_pipeline_would_refuse_is_not_written(frame, arguments, message):
    done = run(write(frame), *arguments)
    assert done.exit_code == 1
    assert message in done.output
    assert "Traceback" not in done.output
    assert not Path("config").exists()


def test_a_file_that_is_no_table_is_told():
    Path("mine.tsv").write_bytes(b"\x1f\x8b\x08broken")
    assert "not a readable table" in run("mine.tsv").output


@pytest.mark.parametrize(("table", "name"), [("My assay-2.tsv.gz", "My_assay_2"), ("plain.csv", "plain")])
def test_the_name_is_that_of_the_table(table, name):
    assert new_assay(write(assay(), table), KnownColumns()).path == Path(f"config/datasets/{name}.yaml")


def test_a_folder_without_the_pipeline_is_told(monkeypatch, folder):
    monkeypatch.setattr("degu.command.new_assay._CLONE", folder)
    with pytest.raises(DeguError, match=r"no folder config/ with the pipeline's configuration(.|\n)*in a clone"):
        new_assay(write(assay()), KnownColumns())


def test_a_table_of_three_groups_is_divided_as_the_person_says():
    frame = assay().assign(element=np.repeat(["a", "b", "c"], 20))
    done = run(write(frame), "--group", "element")
    assert "split is empty" in done.output
    assert "write the split of each row into a column `split` of the table" in done.output
    assert not WRITTEN.exists()
    frame["split"] = np.repeat(["train", "validation", "calibration", "test"], [30, 10, 10, 10])
    frame["element"] = np.repeat(["a", "b", "c", "d"], [30, 10, 10, 10])
    assert "splits:    column 'split', train 30" in succeed(write(frame), "--group", "element")
