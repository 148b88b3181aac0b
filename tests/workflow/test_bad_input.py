"""Bad data and bad configurations, through the real command line: told plainly, and leaving nothing half-made behind.

Each kind runs in its own fresh copy on a small table. What we say ourselves, which comes first, may fill 8 lines that
wrap after 120 columns. From its first line to the end there may be 30 lines: Snakemake adds 18 about the failed job and
its log, in which it repeats our message. Snakemake's banner, which comes before, does not count.
"""

import contextlib
import gzip
import http.server
import math
import random
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from checkout import copy_repository, snakemake, succeed

SCREEN_LINES, MESSAGE_LINES, COLUMNS = 30, 8, 120
STORE = "results/assay/store.h5"
SPLIT_LABELS = {"train": ["train"], "validation": ["val"], "calibration": ["cal"], "test": ["test"]}


@dataclass
class Case:
    """A table of 60 rows, a data set `assay` and a configuration, all good until a test spoils one of them."""

    folder: Path
    rows: list[dict] = field(default_factory=list)
    config: dict = field(default_factory=dict)
    dataset: dict = field(default_factory=dict)
    command: tuple = ("--", STORE)

    def __post_init__(self):
        draw = random.Random(1)
        for index in range(60):
            activity = draw.gauss(0, 1)
            self.rows.append(
                {
                    "sequence": "".join(draw.choice("ACGT") for _ in range(20)),
                    "activity": round(activity, 4),
                    "std": 0.1,
                    "rep1": round(activity + 0.1, 4),
                    "rep2": round(activity - 0.1, 4),
                    "element": f"element{index}",
                    "split": ["train", "val", "cal", "test"][index % 4],
                }
            )
        self.config = {
            "datasets": ["assay"],
            "study": {"teachers": ["small"], "fractions": [1.0], "members": 2, "student_seeds": 1},
            "overrides": {"teachers": {"small": {"heads": ["mean"]}}},
        }
        self.dataset = {
            "importer": "table",
            "files": {"table": {"path": "table.tsv"}},
            "options": {"targets": {"activity": {"mean": "activity"}}},
            "split": {"fractions": {"train": 0.4, "validation": 0.2, "calibration": 0.2, "test": 0.2}},
        }

    @property
    def table(self) -> Path:
        return self.folder / "table.tsv"

    @property
    def source(self) -> dict:
        return self.dataset["files"]["table"]

    @property
    def options(self) -> dict:
        return self.dataset["options"]

    def split_by_column(self) -> None:
        """Use the table's own split."""
        self.options["split"] = "split"
        self.dataset["split"] = {"method": "column", "labels": SPLIT_LABELS}

    def simulate(self, **options: object) -> None:
        """Make the data set a simulation."""
        options = {"seed": 1, "number": 60, "length": 60, "effects": {"HNF4A": 1.0}, **options}
        self.dataset |= {
            "importer": "simulated_mpra",
            "files": {"motifs": {"path": "resources/jaspar_motifs.txt"}},
            "options": {"noise_effects": {}, "interactions": [], **options},
        }

    def write(self) -> None:
        """Write what the test has not written itself."""
        if not self.table.exists():
            lines = [list(self.rows[0]), *([row[column] for column in self.rows[0]] for row in self.rows)]
            self.table.write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))
        files = {"config/datasets/assay.yaml": self.dataset, "bad.yaml": self.config}
        for name, content in files.items():
            if not (self.folder / name).exists():
                (self.folder / name).write_text(yaml.safe_dump(content))

    def run(self):
        return snakemake(self.folder, "--configfile", "bad.yaml", "--cores", "1", *self.command)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory) -> Path:
    return copy_repository(tmp_path_factory.mktemp("pristine"))


@pytest.fixture
def case(pristine, tmp_path) -> Case:
    return Case(Path(shutil.copytree(pristine, tmp_path / "copy")))


def told(output: str) -> str:
    """Return our own message of an output, and require that it and all that follows it are short."""
    lines = output.splitlines()
    first = next(index for index, line in enumerate(lines) if re.search(r"\bERROR\b|Error\b|Exception\b", line))
    assert len(lines) - first <= SCREEN_LINES, output
    # Snakemake goes on with its own account of a failed job, or of the line of the workflow that refused.
    stop = next((line for line in lines[first:] if re.match(r'RuleException:|  File "', line)), None)
    message = lines[first : lines.index(stop) if stop else None]
    assert "Traceback" not in output
    assert sum(max(1, math.ceil(len(line) / COLUMNS)) for line in message) <= MESSAGE_LINES, output
    return "\n".join(message)


def assert_told(case: Case, *expected: str, remedy: str = r"^  (expected|remedy): ") -> None:
    """Run Snakemake; it fails with a short message that says what is expected of it, and how to mend the mistake."""
    case.write()
    done = case.run()
    assert done.returncode != 0, done.stdout
    message = told(done.stdout)
    for part in expected:
        assert part in message, f"'{part}' is not in:\n{message}"
    assert re.search(remedy, message, re.MULTILINE), f"neither what is expected nor a remedy is in:\n{message}"
    assert_nothing_made(case)


def assert_nothing_made(case: Case) -> None:
    """No store is there, no empty file, and no temporary one."""
    made = [path for path in (case.folder / "results").rglob("*") if path.is_file()]
    assert [path for path in made if path.name != "table" and path.name != "motifs"] == []
    assert [path for path in made if path.name.startswith(".") or path.stat().st_size == 0] == []


def assert_no_source(case: Case) -> None:
    """A source that failed its checks is not kept either."""
    assert not (case.folder / "results" / "assay" / "sources" / "table").exists()


def test_the_cases_themselves_are_good(case):
    """Else every test below could pass for another reason than its own: from a table, of its own split, simulated."""
    case.write()
    case.split_by_column()
    case.options["group"] = "element"
    (case.folder / "config" / "datasets" / "published.yaml").write_text(yaml.safe_dump(case.dataset))
    case.simulate()
    del case.dataset["split"]
    (case.folder / "config" / "datasets" / "simulated.yaml").write_text(yaml.safe_dump(case.dataset))
    names = ["assay", "published", "simulated"]
    (case.folder / "bad.yaml").write_text(yaml.safe_dump({**case.config, "datasets": names}))
    stores = [f"results/{name}/store.h5" for name in names]
    case.command = ("--", *stores)
    assert case.run().returncode == 0
    assert [path for path in stores if (case.folder / path).stat().st_size == 0] == []


# The table


def test_missing_column(case):
    case.options["targets"]["activity"]["mean"] = "actvity"
    assert_told(case, "sources/table: there is no column 'actvity'", "did you mean 'activity'?")


def test_wrong_alphabet(case):
    case.rows[3]["sequence"] = "ACGTXCGTACGTACGTACGT"
    assert_told(case, "sources/table", "letter 'X' at position 5, row 5", "expected: letters ACGTN", "bad_rows: drop")


def test_unequal_lengths(case):
    case.rows[5]["sequence"] = "ACGT"
    assert_told(case, "sources/table", "row 7", "with 4 bases", "expected: 20 bases", "bad_rows: drop")


def test_missing_target(case):
    case.rows[2]["activity"] = ""
    assert_told(case, "sources/table", "missing or not finite: row 4", "bad_rows: drop")


def test_infinite_target(case):
    case.rows[9]["activity"] = "inf"
    assert_told(case, "sources/table", "missing or not finite: row 11", "bad_rows: drop")


def test_text_in_a_column_of_numbers(case):
    case.rows[7]["activity"] = "high"
    assert_told(case, "sources/table", "column 'activity' holds 'high' in row 9", "expected: a number or an empty cell")


def test_one_replicate(case):
    case.options["targets"] = {"activity": {"replicates": ["rep1"]}}
    assert_told(case, "options.targets.activity: 1 replicate", "expected: two or more", "under `mean`")


def test_no_row_with_two_replicates(case):
    for row in case.rows:
        row["rep2"] = ""
    case.options["targets"] = {"activity": {"replicates": ["rep1", "rep2"]}}
    assert_told(case, "assay: 60 rows have fewer than two replicates", "expected: two or more", "bad_rows: drop")


def test_negative_standard_deviation(case):
    case.rows[4]["std"] = -0.1
    case.options["targets"]["activity"]["std"] = "std"
    assert_told(case, "sources/table", "column 'std' is -0.1 in row 6", "expected: >= 0")


def test_table_without_rows(case):
    case.table.write_text("sequence\tactivity\n")
    assert_told(case, "sources/table: the table has no rows")


def test_empty_file(case):
    case.table.write_text("")
    assert_told(case, "table.tsv: the file is empty", "fetch it again")
    assert_no_source(case)


def test_corrupt_gzip(case):
    case.table.write_bytes(gzip.compress(b"sequence\tactivity\n" + b"ACGTACGTAC\t0.5\n" * 50000)[:-40])
    assert_told(case, "sources/table: not a readable table", "expected: tab- or comma-separated text")


def test_binary_file(case):
    case.table.write_bytes(random.Random(3).randbytes(5000))
    assert_told(case, "sources/table: not a", "expected: tab- or comma-separated text")


def test_workbook_that_is_none(case):
    case.table.write_bytes(b"PK\x03\x04" + random.Random(4).randbytes(5000))
    assert_told(case, "sources/table: not a readable table", "expected: tab- or comma-separated text, parquet or xlsx")


# Splits


def test_empty_split(case):
    case.dataset["split"]["fractions"] = {"train": 0.8, "validation": 0.0, "calibration": 0.1, "test": 0.1}
    assert_told(case, "assay: the validation split is empty", "remedy:   give it a larger fraction")


def test_group_across_published_splits(case):
    case.rows[1]["element"] = case.rows[0]["element"]
    case.options["group"] = "element"
    case.split_by_column()
    assert_told(
        case, "row 1 is in train", "row 2, in validation", "expected: every group within one split", "leaks: drop"
    )


def test_duplicate_across_published_splits(case):
    case.rows[7]["sequence"] = case.rows[4]["sequence"]
    case.split_by_column()
    assert_told(case, "row 5 is in train", "row 8, in test", "expected: every group within one split", "leaks: drop")


def test_reverse_complement_across_published_splits(case):
    complement = str.maketrans("ACGT", "TGCA")
    case.rows[7]["sequence"] = case.rows[4]["sequence"].translate(complement)[::-1]
    case.split_by_column()
    assert_told(case, "row 5 is in train", "row 8, in test", "expected: every group within one split", "leaks: drop")


def test_unknown_split_label(case):
    case.rows[6]["split"] = "holdout"
    case.split_by_column()
    assert_told(case, "assay: split.labels: split label 'holdout' belongs to no split", "'*' for all others")


def test_split_label_that_does_not_occur(case):
    case.split_by_column()
    case.dataset["split"]["labels"] = {**SPLIT_LABELS, "test": ["tset"]}
    assert_told(case, "assay: split.labels: no row has split label 'tset'", "did you mean 'test'?")


def test_split_by_a_column_that_is_not_named(case):
    case.split_by_column()
    del case.options["split"]
    assert_told(
        case, "assay: split.method: the source has no column to split by", "expected: random, or name the column"
    )


def test_split_by_chromosome_without_chromosomes(case):
    case.dataset["split"] = {"method": "chromosome", "labels": {"test": ["chr7"], "train": ["*"]}}
    assert_told(case, "assay: split.method: the source has no chromosome to split by", "name the column")


def test_fractions_that_do_not_sum_to_one(case):
    case.dataset["split"]["fractions"]["train"] = 0.5
    assert_told(case, "split.fractions: the fractions sum to 1.1", "expected: 1")


# Names


def test_unknown_dataset(case):
    case.config["datasets"] = ["assai"]
    assert_told(case, "datasets: there is no dataset 'assai'", "did you mean 'assay'?", "config/datasets/assai.yaml")


def test_unknown_teacher(case):
    case.config["study"]["teachers"] = ["smal"]
    assert_told(case, "teachers: there is no teacher 'smal'", "did you mean 'small'?", "config/teachers/smal.yaml")


def test_unknown_student(case):
    case.config["study"]["students"] = ["deguu"]
    assert_told(case, "students: there is no student 'deguu'", "did you mean 'degu'?", "config/students/deguu.yaml")


def test_unknown_model(case):
    case.config["overrides"]["teachers"]["small"]["model"] = {"name": "motif_cmn"}
    assert_told(case, "teachers/small.yaml: model.name: there is no model 'motif_cmn'", "did you mean 'motif_cnn'?")


def test_unknown_loss(case):
    case.config["overrides"]["teachers"]["small"]["loss"] = {"name": "mean_square_error"}
    assert_told(case, "teachers/small.yaml: loss.name: there is no loss", "did you mean 'mean_squared_error'?")


def test_unknown_importer(case):
    case.dataset["importer"] = "tabel"
    assert_told(case, "datasets/assay.yaml: importer: there is no importer 'tabel'", "did you mean 'table'?")


def test_unknown_optimizer(case):
    case.config["overrides"]["teachers"]["small"]["optimizer"] = {"name": "addam"}
    case.command = ("-n",)
    assert_told(case, "optimizer", "'addam'", "adam")


def test_unknown_head(case):
    case.config["overrides"]["teachers"]["small"]["heads"] = ["mean", "alleatoric"]
    case.command = ("-n",)
    assert_told(case, "heads", "'alleatoric'", "aleatoric")


def test_unknown_baseline(case):
    case.config["study"]["baselines"] = ["gausian"]
    assert_told(
        case, "baselines: there is no baseline 'gausian'", "did you mean 'gaussian'?", "config/baselines/gausian.yaml"
    )


def test_override_of_a_baseline_that_does_not_exist(case):
    case.config["overrides"]["baselines"] = {"evidental": {"loss": {"regularization": 0.1}}}
    assert_told(case, "baselines: there is no baseline 'evidental'", "did you mean 'evidential'?")


def test_unknown_metric(case):
    case.config["assessment"] = {"metrics": ["coverage", "sharpnes"]}
    assert_told(case, "assessment.metrics: there is no metric 'sharpnes'", "did you mean 'sharpness'?")


def test_unknown_conformal_method(case):
    case.config["assessment"] = {"conformal": {"mine": {"method": "mondrain"}}}
    assert_told(
        case, "assessment.conformal.mine.method: there is no conformal method 'mondrain'", "did you mean 'mondrian'?"
    )


def test_override_of_a_teacher_that_does_not_exist(case):
    case.config["overrides"]["teachers"]["smal"] = {"epochs": 3}
    assert_told(case, "teachers: there is no teacher 'smal'", "did you mean 'small'?")


def test_override_of_a_kind_that_does_not_exist(case):
    case.config["overrides"]["teacher"] = {"small": {"epochs": 3}}
    assert_told(case, "configuration: overrides: unknown key 'teacher'", "did you mean 'teachers'?")


# Keys


def test_typo_in_a_top_level_key(case):
    case.config["sead"] = 3
    assert_told(case, "configuration: unknown key 'sead'", "did you mean 'seed'?")


def test_typo_in_a_key_of_the_study(case):
    case.config["study"]["member"] = 3
    assert_told(case, "configuration: study: unknown key 'member'", "did you mean 'members'?")


def test_typo_in_a_key_of_a_dataset(case):
    case.dataset["standardise_batches"] = True
    assert_told(case, "datasets/assay.yaml: unknown key", "did you mean 'standardize_batches'?")


def test_typo_in_a_key_of_a_source_file(case):
    case.source["adress"] = "https://example.org"
    assert_told(case, "datasets/assay.yaml: files.table: unknown key 'adress'", "checksum, name, path, size, url")


def test_typo_in_a_key_of_a_teacher(case):
    case.config["overrides"]["teachers"]["small"]["batchsize"] = 3
    assert_told(case, "teachers/small.yaml: unknown key 'batchsize'", "did you mean 'batch_size'?")


def test_typo_in_an_option_of_a_model(case):
    case.config["overrides"]["teachers"]["small"]["model"] = {"kernal": 3}
    assert_told(case, "teachers/small.yaml: model: unknown option 'kernal'", "did you mean 'kernel'?")


def test_typo_in_an_option_of_a_loss(case):
    case.config["study"]["baselines"] = ["evidential"]
    case.config["overrides"]["baselines"] = {"evidential": {"loss": {"regularisation": 0.1}}}
    assert_told(case, "evidential.yaml: loss: unknown option 'regularisation'", "did you mean 'regularization'?")


def test_typo_in_an_option_of_a_conformal_method(case):
    case.config["assessment"] = {"conformal": {"mine": {"method": "mondrian", "bin": 3}}}
    assert_told(case, "assessment.conformal.mine: unknown option 'bin'", "did you mean 'bins'?")


def test_typo_in_a_key_of_the_assessment(case):
    case.config["assessment"] = {"level": [0.9]}
    assert_told(case, "configuration: assessment: unknown key 'level'", "did you mean 'levels'?")


def test_typo_in_an_option_of_an_importer(case):
    case.options["sequnce"] = "sequence"
    assert_told(case, "datasets/assay.yaml: options: unknown option 'sequnce'", "did you mean 'sequence'?")


def test_typo_in_a_key_of_a_target(case):
    case.options["targets"]["activity"]["units"] = "log2"
    assert_told(case, "options.targets.activity: unknown key 'units'", "did you mean 'unit'?")


def test_missing_option_of_an_importer(case):
    del case.options["targets"]
    assert_told(case, "datasets/assay.yaml: options: option 'targets' is missing", "importers/table.py")


# Values


def test_wrong_type(case):
    case.config["study"]["members"] = "two"
    assert_told(case, "configuration: study.members: 'two' is not of type 'integer'", "two or more")


def test_wrong_type_of_an_option_of_an_importer(case):
    case.simulate(number="many")
    assert_told(case, "datasets/assay.yaml: options.number: 'many' is not of type int", "expected: int")


def test_number_that_yaml_reads_as_text(case):
    (case.folder / "bad.yaml").write_text(
        "datasets: [assay]\nstudy: {teachers: [small]}\n"
        "overrides: {teachers: {small: {optimizer: {learning_rate: 1e-3}}}}\n"
    )
    assert_told(case, "teachers/small.yaml: optimizer.learning_rate: '1e-3'", "write 1.0e-3")


def test_negative_training_fraction(case):
    case.config["study"]["fractions"] = [-0.5]
    assert_told(case, "configuration: study.fractions.0: -0.5", "expected: above 0 and at most 1")


def test_training_fraction_above_one(case):
    case.config["study"]["fractions"] = [1.0, 1.5]
    assert_told(case, "configuration: study.fractions.1: 1.5", "expected: above 0 and at most 1")


def test_negative_fraction_of_a_split(case):
    case.dataset["split"]["fractions"]["test"] = -0.2
    assert_told(case, "datasets/assay.yaml: split.fractions.test: -0.2", "expected: from 0 to 1")


def test_fraction_of_a_split_that_does_not_exist(case):
    case.dataset["split"]["fractions"]["holdout"] = 0.2
    assert_told(case, "split.fractions", "'holdout'", "known: calibration, test, train, validation")


def test_one_member(case):
    case.config["study"]["members"] = 1
    assert_told(case, "configuration: study.members: 1 is less than the minimum of 2", "two or more")


def test_one_member_of_a_baseline(case):
    case.config["study"]["baseline_members"] = 1
    assert_told(case, "configuration: study.baseline_members: 1 is less than the minimum of 2", "two or more")


def test_wrong_type_of_an_option_of_a_loss(case):
    case.config["study"]["baselines"] = ["quantile"]
    case.config["overrides"]["baselines"] = {"quantile": {"loss": {"level": "90 %"}}}
    assert_told(case, "quantile.yaml: loss.level: '90 %' is not of type float", "expected: float")


@pytest.mark.parametrize("kind", ["teachers", "baselines", "students"])
def test_loss_by_its_name_alone(case, kind):
    case.config["study"] |= {"baselines": ["gaussian"], "students": ["degu"]}
    name = {"teachers": "small", "baselines": "gaussian", "students": "degu"}[kind]
    case.config["overrides"][kind] = {name: {"loss": "mean_squared_error"}}
    assert_told(case, f"{kind}/{name}.yaml: loss: 'mean_squared_error' is not of type 'object'", "name: module of")


def test_heads_that_do_not_suit_the_loss(case):
    case.config["study"]["baselines"] = ["gaussian"]
    case.config["overrides"]["baselines"] = {"gaussian": {"heads": ["mean"]}}
    assert_told(
        case,
        "gaussian.yaml: heads: the loss 'gaussian' makes the heads ['mean', 'aleatoric'], and the recipe has ['mean']",
        "add ['aleatoric'], or name another loss",
    )


def test_link_that_does_not_suit_the_loss(case):
    case.config["study"]["baselines"] = ["gaussian"]
    case.config["overrides"]["baselines"] = {"gaussian": {"uncertainty": {"link": "identity"}}}
    assert_told(
        case, "gaussian.yaml: uncertainty.link: the loss 'gaussian' needs", "expected: softplus or log_variance"
    )


def test_one_pass_with_dropout(case):
    case.config["study"]["baselines"] = ["mc_dropout"]
    case.config["overrides"]["baselines"] = {"mc_dropout": {"prediction": {"dropout_passes": 1}}}
    assert_told(case, "mc_dropout.yaml: prediction.dropout_passes: 1", "0 for one pass without dropout", "2 or more")


def test_distilling_from_predictions_with_dropout(case):
    """It does not predict what a student is trained on."""
    case.config["study"]["teachers"] = ["small-mc_dropout"]
    assert_told(case, "the teacher 'small-mc_dropout' predicts with dropout", "without `prediction.dropout_passes`")


def test_level_of_an_interval_above_one(case):
    case.config["assessment"] = {"levels": [0.5, 95]}
    assert_told(case, "assessment.levels.1: 95", "expected: above 0 and below 1")


def test_conditional_level_that_is_none_of_the_levels(case):
    case.config["assessment"] = {"levels": [0.5, 0.8], "conditional_level": 0.9}
    assert_told(case, "assessment.conditional_level: 0.9", "expected: one of levels")


@pytest.mark.parametrize(
    ("method", "value"), [({"method": "normalized", "std": "totl"}, "totl"), ({"method": "mondrian", "by": "GC"}, "GC")]
)
def test_conformal_method_by_a_feature_that_does_not_exist(case, method, value):
    case.config["assessment"] = {"conformal": {"split": {"method": "absolute"}, "mine": method}}
    assert_told(case, "assessment.conformal.mine", value)


def test_student_of_more_members_than_there_are(case):
    case.config["overrides"]["students"] = {"degu": {"ensemble_size": 3}}
    assert_told(case, "students/degu.yaml: ensemble_size is 3", "expected: at most the 2 members")


def test_datasets_given_as_text(case):
    case.config["datasets"] = "assay"
    assert_told(case, "configuration: datasets: 'assay' is not of type 'array'", "'datasets=[assay]'")


def test_dataset_name_that_is_no_folder_name(case):
    case.config["datasets"] = ["../assay"]
    assert_told(case, "datasets: the name '../assay'", "expected: letters, digits and underscores")


def test_syntax_error_in_the_file_of_a_dataset(case):
    (case.folder / "config" / "datasets" / "assay.yaml").write_text("importer: table\nfiles: {table: [\n")
    assert_told(case, "datasets/assay.yaml: not readable as YAML", remedy="line 3")


def test_syntax_error_in_the_configuration(case):
    """Snakemake itself reads this file, before any code of ours runs, and tells of it in its own words."""
    (case.folder / "bad.yaml").write_text("datasets: [assay\n")
    assert_told(case, "Config file is not valid JSON or YAML", remedy="make sure to")


def test_unknown_motif(case):
    case.simulate(effects={"HNF4": 1.0})
    assert_told(case, "there is no motif 'HNF4'", "did you mean 'HNF4A'?")


def test_simulation_of_one_replicate(case):
    case.simulate(replicates=1)
    assert_told(case, "options.replicates: 1 replicate", "expected: two or more")


def test_simulated_sequences_shorter_than_a_motif(case):
    case.simulate(length=5)
    assert_told(case, "sequences of 5 bases are shorter than motif")


# Files


def test_missing_file_without_address(case):
    case.dataset["files"]["table"] = {"name": "measured.tsv"}
    assert_told(case, "data/measured.tsv: the file is not there", "put it at data/measured.tsv")
    assert_no_source(case)


def test_missing_file_of_a_given_path(case):
    """Snakemake itself finds out, before any code of ours runs, and names the file."""
    case.source["path"] = "elsewhere.tsv"
    assert_told(case, "Missing input files for rule fetch_source", remedy="elsewhere.tsv")


def test_unreachable_source(case):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    url = f"http://127.0.0.1:{port}/measured.tsv"
    case.dataset["files"]["table"] = {"name": "measured.tsv", "url": url}
    assert_told(case, f"{url}: the source cannot be reached", "refused", "put it at data/measured.tsv")
    assert_no_source(case)


@contextlib.contextmanager
def server(answer: Callable) -> Iterator[str]:
    """Serve files at 127.0.0.1 by a function that answers a request, and give the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_address[1]}/measured.tsv"
        finally:
            serving.shutdown()
            thread.join()


def test_truncated_download(case):
    def announce_more_than_is_sent(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b"sequence\tactivity\n")

    with server(announce_more_than_is_sent) as url:
        case.dataset["files"]["table"] = {"name": "measured.tsv", "url": url}
        assert_told(case, f"{url}: the download broke off after 18 bytes", "expected: 5,000", "data/measured.tsv")
    assert_no_source(case)


def test_download_that_is_not_found(case):
    with server(lambda handler: handler.send_error(404)) as url:
        case.dataset["files"]["table"] = {"name": "measured.tsv", "url": url}
        assert_told(case, f"{url}: the source cannot be reached: Not Found", "put it at data/measured.tsv")
    assert_no_source(case)


def test_wrong_checksum(case):
    case.source["checksum"] = "sha256:" + "0" * 64
    assert_told(case, "table.tsv: the file's sha256 is", f"expected: {'0' * 64}", "correct `checksum`")
    assert_no_source(case)


def test_unreadable_checksum(case):
    case.source["checksum"] = "0123"
    assert_told(case, "assay.yaml: files.table.checksum: '0123' is not of the right form", "sha256:HEX or md5:HEX")
    assert_no_source(case)


def test_wrong_size(case):
    case.source["size"] = 7
    assert_told(case, "table.tsv: the file has ", "expected: 7 bytes", "correct `size`")
    assert_no_source(case)


def test_corrupt_store(case):
    case.write()
    succeed(case.folder, "--configfile", "bad.yaml", "--cores", "1", "--", STORE)
    (case.folder / STORE).write_bytes(random.Random(6).randbytes(5000))
    case.command = ("--", "results/assay/kmer_ridge/fraction-1/performance.tsv")
    done = case.run()
    assert done.returncode != 0
    message = told(done.stdout)
    assert f"{STORE}: not a readable sequence store" in message
    assert "remedy:   delete the file and run Snakemake again" in message
    assert {path.name for path in (case.folder / "results").rglob("*") if path.is_file()} == {"table", "store.h5"}


def test_results_folder_that_cannot_be_made(case):
    """Also what happens to root, whom no permission stops: `results` is a file."""
    (case.folder / "results").write_text("not a folder\n")
    case.write()
    done = case.run()
    assert done.returncode != 0
    message = told(done.stdout)
    assert "results: there is a file where a folder" in message
    assert "remedy:   move it away" in message
    assert (case.folder / "results").read_text() == "not a folder\n"
