"""Values that a schema does not allow are refused, whichever file they stand in."""

import re

import pytest
import yaml

from degu.config.configuration import Configuration
from degu.errors import DeguError
from tests.config.conftest import DATASET


@pytest.mark.parametrize(
    ("changes", "place", "unknown", "nearest"),
    [
        ({"config": {"sed": 1}}, "configuration", "sed", "seed"),
        ({"config": {"study": {"member": 3}}}, "configuration: study", "member", "members"),
        ({"config": {"overrides": {"teacher": {}}}}, "configuration: overrides", "teacher", "teachers"),
        ({"dataset": {"tittle": "x"}}, "mine.yaml", "tittle", "title"),
        ({"dataset": {"files": {"table": {"nam": "x"}}}}, "mine.yaml: files.table", "nam", "name"),
        ({"dataset": {"split": {"fraction": {}}}}, "mine.yaml: split", "fraction", "fractions"),
        ({"dataset": {"study": {"student": []}}}, "mine.yaml: study", "student", "students"),
        ({"teacher": {"batchsize": 3}}, "big.yaml", "batchsize", "batch_size"),
        ({"teacher": {"uncertainty": {"lnik": "softplus"}}}, "big.yaml: uncertainty", "lnik", "link"),
        ({"teacher": {"prediction": {"passes": 3}}}, "big.yaml: prediction", "passes", "dropout_passes"),
        ({"baseline": {"resample": "folds"}}, "noisy.yaml", "resample", "resampling"),
        ({"config": {"overrides": {"baseline": {}}}}, "configuration: overrides", "baseline", "baselines"),
        ({"student": {"validation_target": "ensemble"}}, "plain.yaml", "validation_target", "validation_targets"),
        ({"student": {"epoch": 3}}, "plain.yaml", "epoch", "epochs"),
        ({"student": {"early_stopping": {"patients": 3}}}, "plain.yaml: early_stopping", "patients", "patience"),
    ],
)
def test_an_unknown_key_is_reported_with_the_nearest_known_one(configure, changes, place, unknown, nearest):
    with pytest.raises(DeguError) as caught:
        configure(**changes)
    first, second = str(caught.value).splitlines()[:2]
    assert first.endswith(f"{place}: unknown key '{unknown}'")
    assert f"did you mean '{nearest}'?" in second


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"config": {"seed": "one"}}, "configuration: seed: "),
        ({"config": {"seed": -1}}, "configuration: seed: "),
        ({"config": {"seed": 1.5}}, "configuration: seed: "),
        ({"config": {"datasets": []}}, "configuration: datasets: "),
        ({"config": {"datasets": ["mine", "mine"]}}, "configuration: datasets: "),
        ({"config": {"deterministic": "yes"}}, "configuration: deterministic: "),
        ({"study": {"members": 1}}, "configuration: study.members: "),
        ({"study": {"members": True}}, "configuration: study.members: "),
        ({"study": {"student_seeds": 0}}, "configuration: study.student_seeds: "),
        ({"study": {"fractions": [1.0, -0.5]}}, "configuration: study.fractions.1: "),
        ({"study": {"fractions": [0]}}, "configuration: study.fractions.0: "),
        ({"study": {"fractions": [1.1]}}, "configuration: study.fractions.0: "),
        ({"study": {"fractions": []}}, "configuration: study.fractions: "),
        ({"study": {"teachers": []}}, "configuration: study.teachers: "),
        ({"dataset": {"study": {"fractions": [-0.1]}}}, "mine.yaml: study.fractions.0: "),
        ({"dataset": {"bad_rows": "ignore"}}, "mine.yaml: bad_rows: "),
        ({"dataset": {"leaks": False}}, "mine.yaml: leaks: "),
        ({"dataset": {"files": "mine.tsv"}}, "mine.yaml: files: "),
        ({"dataset": {"files": {"table": {"size": "big"}}}}, "mine.yaml: files.table.size: "),
        ({"dataset": {"split": {"method": "chance"}}}, "mine.yaml: split.method: "),
        ({"dataset": {"split": {"fractions": {"train": -0.1}}}}, "mine.yaml: split.fractions.train: "),
        ({"dataset": {"split": {"labels": {"test": "chr7"}}}}, "mine.yaml: split.labels.test: "),
        ({"dataset": {"split": {"calibration_from_validation": 1}}}, "mine.yaml: split.calibration_from_validation: "),
        ({"teacher": {"batch_size": 0}}, "big.yaml: batch_size: "),
        ({"teacher": {"epochs": 2.5}}, "big.yaml: epochs: "),
        ({"teacher": {"heads": "mean"}}, "big.yaml: heads: "),
        ({"teacher": {"heads": []}}, "big.yaml: heads: "),
        ({"teacher": {"uncertainty": {"floor": 0}}}, "big.yaml: uncertainty.floor: "),
        ({"teacher": {"uncertainty": {"link": "exp"}}}, "big.yaml: uncertainty.link: "),
        ({"teacher": {"heads": ["mean", "median"]}}, "big.yaml: heads.1: "),
        ({"teacher": {"loss": "mean_squared_error"}}, "big.yaml: loss: "),
        ({"teacher": {"head_weights": "variance"}}, "big.yaml: head_weights: "),
        ({"teacher": {"head_weights": {"aleatoric": 0}}}, "big.yaml: head_weights: "),
        ({"teacher": {"head_weights": {"aleatoric": "much"}}}, "big.yaml: head_weights: "),
        ({"teacher": {"target_scaling": "minmax"}}, "big.yaml: target_scaling: "),
        ({"teacher": {"resampling": "jackknife"}}, "big.yaml: resampling: "),
        ({"teacher": {"prediction": {"dropout_passes": -2}}}, "big.yaml: prediction.dropout_passes: "),
        ({"teacher": {"prediction": {"dropout_passes": True}}}, "big.yaml: prediction.dropout_passes: "),
        ({"baseline": {"prediction": {"dropout_passes": 1}}}, "noisy.yaml: prediction.dropout_passes: "),
        ({"baseline": {"batch_size": 0}}, "noisy.yaml: batch_size: "),
        ({"student": {"validation_targets": "teacher"}}, "plain.yaml: validation_targets: "),
        ({"student": {"loss": "gaussian"}}, "plain.yaml: loss: "),
        ({"study": {"baseline_members": 1}}, "configuration: study.baseline_members: "),
        ({"study": {"baselines": "noisy"}}, "configuration: study.baselines: "),
        ({"study": {"baselines": ["noisy", "noisy"]}}, "configuration: study.baselines: "),
        ({"teacher": {"optimizer": {"learning_rate": 0}}}, "big.yaml: optimizer.learning_rate: "),
        ({"teacher": {"reduce_learning_rate": {"factor": 1.0}}}, "big.yaml: reduce_learning_rate.factor: "),
        ({"student": {"heads": "mean"}}, "plain.yaml: heads: "),
        ({"student": {"ensemble_size": 1}}, "plain.yaml: ensemble_size: "),
        ({"teacher": {"monitor": "auroc"}}, "monitor: auroc needs labels"),
        ({"student": {"early_stopping": {"patience": 0}}}, "plain.yaml: early_stopping.patience: "),
    ],
)
def test_a_wrong_value_is_reported_with_its_file_and_key(configure, changes, place):
    with pytest.raises(DeguError) as caught:
        configure(**changes)
    assert place in str(caught.value)


def test_a_wrong_value_is_reported_with_the_meaning_of_its_key(configure):
    message = (
        "'one' is not of type 'integer'\n  expected: The seed is an integer, 0 or more, that determines every random"
    )
    with pytest.raises(DeguError, match=message):
        configure({"seed": "one"})


@pytest.mark.parametrize(
    ("number", "advice"),
    [("1e-3", "1.0e-3"), ("2e3", "2.0e+3"), ("1e+3", "1.0e+3"), ("1E-3", "1.0e-3"), ("1.5e3", "1.5e+3")],
)
def test_a_number_that_yaml_reads_as_text_is_explained(configure, number, advice):
    assert yaml.safe_load(number) == number
    assert yaml.safe_load(advice) == float(number)
    message = rf"(?s)big\.yaml: optimizer\.learning_rate: .*write {re.escape(advice)}$"
    with pytest.raises(DeguError, match=message):
        configure(teacher={"optimizer": {"learning_rate": number}})


def test_text_in_place_of_a_list_is_explained(configure):
    with pytest.raises(DeguError, match=r"configuration: datasets(.|\n)*--config 'datasets=\[mine\]'"):
        configure({"datasets": "mine"})


@pytest.mark.parametrize("key", ["importer", "files", "options"])
def test_a_missing_key_of_a_data_set_is_named(configure, key):
    configure()
    path = configure.folder / "datasets" / "short.yaml"
    path.write_text(yaml.safe_dump({name: value for name, value in DATASET.items() if name != key}))
    with pytest.raises(DeguError, match=rf"short\.yaml: the key '{key}' is missing"):
        configure({"datasets": ["short"]})


def test_a_missing_key_of_a_configuration_and_of_a_teacher_is_named(configure):
    configure()
    with pytest.raises(DeguError, match="configuration: the key 'datasets' is missing"):
        Configuration({}, [configure.folder])
    (configure.folder / "teachers" / "empty.yaml").write_text("")
    with pytest.raises(DeguError, match=r"empty\.yaml: the key 'model' is missing"):
        configure(study={"teachers": ["empty"]})


def test_a_model_without_a_name_is_reported(configure):
    configure()
    (configure.folder / "teachers" / "nameless.yaml").write_text("model: {filters: 3}\n")
    with pytest.raises(DeguError, match=r"nameless\.yaml: model: the key 'name' is missing"):
        configure(study={"teachers": ["nameless"]})


def test_one_pass_with_dropout_is_refused_with_the_meaning_of_the_key(configure):
    message = r"noisy\.yaml: prediction\.dropout_passes: (.|\n)*expected: The model predicts this number of times with"
    with pytest.raises(DeguError, match=message):
        configure(baseline={"prediction": {"dropout_passes": 1}})
    for passes in (0, 2):
        baseline = configure(baseline={"prediction": {"dropout_passes": passes}}).teacher("big-noisy")
        assert baseline["prediction"]["dropout_passes"] == passes


@pytest.mark.parametrize("key", ["loss", "model"])
def test_a_loss_or_model_of_a_baseline_that_is_not_a_mapping_is_reported(configure, key):
    with pytest.raises(DeguError, match=rf"noisy\.yaml: {key}: 'gaussian' is not of type 'object'"):
        configure(baseline={key: "gaussian"})
