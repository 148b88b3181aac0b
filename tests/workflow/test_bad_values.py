"""What a person is told of values that have a wrong type, are out of range or contradict each other."""

import re

import pytest

from tests.workflow.cases import SPLIT_LABELS, assert_told, told

pytestmark = pytest.mark.system


def test_wrong_type(case):
    case.config["study"]["members"] = "two"
    assert_told(case, "configuration: study.members: 'two' is not of type 'integer'", "2 or more")


def test_wrong_type_of_an_option_of_an_importer(case):
    case.simulate(number="many")
    assert_told(case, "datasets/assay.yaml: options.number: 'many' is not of type int", "expected: int")


def test_option_of_a_model_that_is_out_of_range(case):
    case.config["overrides"]["teachers"] = {"small": {"heads": ["mean"], "model": {"filters": 0}}}
    case.command = ("-n",)
    assert_told(case, "teachers/small.yaml: model.filters: 0 is out of range", "expected: a number of at least 1")


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
    assert_told(case, "datasets/assay.yaml: split.fractions.test: -0.2", "expected: above 0 and below 1")


def test_fraction_of_a_split_that_does_not_exist(case):
    case.dataset["split"]["fractions"]["holdout"] = 0.2
    assert_told(case, "split.fractions", "'holdout'", "known: calibration, test, train, validation")


def test_one_member(case):
    case.config["study"]["members"] = 1
    assert_told(case, "configuration: study.members: 1 is less than the minimum of 2", "2 or more")


def test_one_member_of_a_baseline(case):
    case.config["study"]["baseline_members"] = 1
    assert_told(case, "configuration: study.baseline_members: 1 is less than the minimum of 2", "2 or more")


def test_wrong_type_of_an_option_of_a_loss(case):
    case.config["study"]["baselines"] = ["quantile"]
    case.config["overrides"]["baselines"] = {"quantile": {"loss": {"level": "90 %"}}}
    assert_told(case, "quantile.yaml: loss.level: '90 %' is not of type float", "expected: float")


@pytest.mark.parametrize("kind", ["teachers", "baselines", "students"])
def test_loss_by_its_name_alone(case, kind):
    case.config["study"] |= {"baselines": ["gaussian"], "students": ["degu"]}
    name = {"teachers": "small", "baselines": "gaussian", "students": "degu"}[kind]
    case.config["overrides"][kind] = {name: {"loss": "mean_squared_error"}}
    assert_told(case, f"{kind}/{name}.yaml: loss: 'mean_squared_error' is not of type 'object'", "`name` is a module")


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


def test_labels_with_a_loss_for_activities(case):
    case.dataset["labels"] = True
    case.command = ("-n",)
    assert_told(
        case,
        "assay.yaml: labels: 'small' has the loss 'mean_squared_error', which is for activities",
        "expected: a loss that makes predictions log odds, which is binary_crossentropy",
    )


def test_activities_with_a_loss_for_labels(case):
    case.config["overrides"]["teachers"] = {"small": {"heads": ["mean"], "loss": {"name": "binary_crossentropy"}}}
    case.command = ("-n",)
    assert_told(case, "assay.yaml: labels: 'small' has the loss 'binary_crossentropy'", "expected: `labels: true`")


def test_one_pass_with_dropout(case):
    case.config["study"]["baselines"] = ["mc_dropout"]
    case.config["overrides"]["baselines"] = {"mc_dropout": {"prediction": {"dropout_passes": 1}}}
    assert_told(case, "mc_dropout.yaml: prediction.dropout_passes: 1", "With 0 the model predicts once", "2 or more")


def test_distilling_from_predictions_with_dropout(case):
    """Such a teacher does not predict what a student is trained on."""
    case.config["study"]["teachers"] = ["small-mc_dropout"]
    assert_told(case, "the teacher 'small-mc_dropout' predicts with dropout", "without `prediction.dropout_passes`")


def test_level_of_an_interval_above_one(case):
    case.config["assessment"] = {"levels": [0.5, 95]}
    assert_told(case, "assessment.levels.1: 95", "expected: above 0 and below 1")


def test_conditional_level_that_is_none_of_the_levels(case):
    case.config["assessment"] = {"levels": [0.5, 0.8], "conditional_level": 0.9}
    assert_told(case, "assessment.conditional_level: 0.9", "0.9 is none of `levels`", "expected: one of: 0.5, 0.8")


@pytest.mark.parametrize(
    ("method", "value"), [({"method": "normalized", "std": "totl"}, "totl"), ({"method": "mondrian", "by": "GC"}, "GC")]
)
def test_conformal_method_by_a_feature_that_does_not_exist(case, method, value):
    case.config["assessment"] = {"conformal": {"split": {"method": "absolute"}, "mine": method}}
    assert_told(case, "assessment.conformal.mine", value)


def test_student_of_more_members_than_there_are(case):
    case.config["overrides"]["students"] = {"degu": {"ensemble_size": 3}}
    assert_told(case, "students/degu.yaml: ensemble_size: 'degu' is distilled from 3 members", "at most the 2 members")


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
    case.command = ("-n",)
    assert_told(case, "assay.yaml: options.replicates: 1 is out of range", "expected: a number of at least 2")


def test_simulated_sequences_shorter_than_a_motif(case):
    case.simulate(length=5)
    assert_told(case, "sequences of 5 bases are shorter than motif")


# The command line


@pytest.mark.parametrize(
    "setting",
    [
        "study={members: 3}",
        "study={fractions: [1.0e-1]}",
        "study={baseline_members: null, students: []}",
        "deterministic=false",
        "overrides={teachers: {small: {epochs: 3, model: {filters: 8}, optimizer: {learning_rate: 1.0e-3}}}}",
    ],
)
def test_numbers_within_braces_of_the_command_line_are_read(case, setting):
    case.command = ("-n", "--config", setting)
    case.write()
    done = case.run()
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("study={members: 1}", "study.members: 1 is less than the minimum of 2"),
        ("study={members: 010}", "'010' is not of type 'integer'"),
        ("seed=nan", "configuration: seed: nan is not a finite number"),
        ("members=3", "--config 'study.members=...'"),
        ("attribution={top: 3}", "--config 'attribution.sequences.top=...'"),
        ("study.memebers=3", "configuration: study: unknown key 'memebers'\n  expected: did you mean 'members'?"),
        ("stdy.members=3", "configuration: unknown key 'stdy'\n  expected: did you mean 'study'?"),
        ("overrides.teachers.smal.epochs=3", "there is no teacher 'smal'\n  expected: did you mean 'small'?"),
        ("overrides.teachers.small.epoch=3", "unknown key 'epoch'\n  expected: did you mean 'epochs'?"),
        ("study.members=many", "configuration: study.members: 'many' is not of type 'integer'"),
        ("study.members=1", "study.members: 1 is less than the minimum of 2"),
        ("study..members=3", "configuration: --config: the key 'study..members' has an empty part"),
    ],
)
def test_wrong_number_on_the_command_line(case, setting, message):
    case.command = ("-n", "--config", setting)
    assert_told(case, message)


def test_the_command_that_is_proposed_for_a_misplaced_key_works(case):
    case.command = ("-n", "--config", "members=3")
    case.write()
    proposed = re.search(r"--config '(.*)'", told(case.run().stdout))[1]
    case.command = ("-n", "--config", proposed.replace("...", "3"))
    assert case.run().returncode == 0


# Files


@pytest.mark.parametrize(("number", "reading"), [("010", 8), ("1:30", 90)])
def test_number_that_yaml_reads_in_another_base(case, number, reading):
    (case.folder / "bad.yaml").write_text(f"datasets: [assay]\nstudy: {{members: {number}}}\n")
    case.command = ("-n",)
    assert_told(
        case, f"bad.yaml: line 2: YAML reads {number} as the number {reading}", "write the number that is meant"
    )


def test_date_that_does_not_exist(case):
    case.command = ("-n",)
    case.write()
    path = case.folder / "config" / "datasets" / "assay.yaml"
    path.write_text(path.read_text() + "citation: 2024-13-45\n")
    assert case.run().returncode == 0


def test_teacher_that_is_trained_on_replicates_that_are_not_there(case):
    case.config["study"]["teachers"] = ["motif_cnn_aleatoric"]
    case.command = ("-n",)
    use = "'motif_cnn_aleatoric' is trained on the standard deviation over replicates"
    assert_told(case, use, "such as motif_cnn_noise")


def test_label_in_two_splits(case):
    case.split_by_column()
    case.dataset["split"]["labels"] = {**SPLIT_LABELS, "train": ["train", "test"]}
    case.command = ("-n",)
    assert_told(case, "assay.yaml: split.labels: the label 'test' belongs to test and train", "remove it from one")


@pytest.mark.parametrize("labels", [[3], [True]])
def test_label_that_is_not_text(case, labels):
    case.split_by_column()
    case.dataset["split"]["labels"] = {**SPLIT_LABELS, "test": labels}
    case.command = ("-n",)
    assert_told(case, f"split.labels.test.0: {labels[0]} is not of type 'string'", "in quotes")


def test_file_that_the_importer_does_not_know(case):
    case.dataset["files"] = {"tables": {"path": "table.tsv"}}
    case.command = ("-n",)
    assert_told(case, "assay.yaml: files: the importer 'table' reads no file 'tables'", "did you mean 'table'?")


def test_column_that_is_a_number(case):
    case.options["targets"] = {"activity": {"mean": 1}}
    case.command = ("-n",)
    assert_told(case, "assay.yaml: options.targets.activity.mean: 1 is not text", "write it in quotes")
