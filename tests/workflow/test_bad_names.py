"""What a person is told of names and keys that do not exist, and of what was probably meant."""

import pytest

from tests.workflow.cases import assert_told

pytestmark = pytest.mark.system

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
    assert_told(
        case,
        "datasets/assay.yaml: files.table: unknown key 'adress'",
        "checksum, name, page, path, preparation, size, url",
    )


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
