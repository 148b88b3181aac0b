"""The configuration is read, resolved and looked up."""

import copy
from collections import Counter

import pytest

from degu.config.configuration import Configuration
from degu.config.recipes import baseline_names
from degu.config.schemas import read_yaml
from degu.errors import DeguError
from tests.config.conftest import BASELINE, CONFIG, DATASET


def test_a_good_configuration_is_read(configure):
    configuration = configure({"seed": 7, "deterministic": False, "data_directory": "elsewhere"})
    assert (configuration.seed, configuration.deterministic) == (7, False)
    assert configuration.data_directory == "elsewhere"
    assert list(configuration.datasets) == ["mine"]
    assert configuration.datasets["mine"]["files"]["table"]["name"] == "mine.tsv"


def test_a_key_that_is_absent_has_its_default(configure):
    configuration = configure()
    assert (configuration.seed, configuration.deterministic, configuration.data_directory) == (1, True, "data")
    dataset = configuration.datasets["mine"]
    assert (dataset["bad_rows"], dataset["leaks"], dataset["standardize_batches"]) == ("stop", "stop", False)
    assert dataset["split"]["fractions"] == {"train": 0.8, "validation": 0.05, "calibration": 0.05, "test": 0.1}
    assert dataset["files"]["table"] == {
        "name": "mine.tsv",
        "path": "",
        "url": "",
        "page": "",
        "size": None,
        "checksum": None,
        "preparation": "",
    }


def test_the_published_recipe_is_the_default_of_a_teacher(configure):
    (configure.folder / "teachers").mkdir()
    (configure.folder / "teachers" / "published.yaml").write_text("model: {name: deepstarr}\n")
    recipe = configure(study={"teachers": ["published"]}).teacher("published")
    assert recipe == {
        "model": {"name": "deepstarr"},
        "heads": ["mean"],
        "uncertainty": {"link": "identity", "floor": 1e-4},
        "loss": {"name": "mean_squared_error"},
        "head_weights": "equal",
        "target_scaling": "none",
        "output_bias": "zero",
        "precision": "float32",
        "monitor": "loss",
        "kmer_ridge_weight": 0,
        "resampling": "none",
        "prediction": {"dropout_passes": 0, "bias": "keep"},
        "optimizer": {"name": "adam", "learning_rate": 1e-3},
        "batch_size": 128,
        "epochs": 100,
        "augmentation": None,
        "windows": {
            "jitter": 0,
            "reverse_complement": False,
            "negatives": None,
            "rows": "all",
            "count_threshold": None,
        },
        "bias": None,
        "profile_bins": 25,
        "strands": "one",
        "fine_tuning": {"epochs": 0, "learning_rate": 1e-4},
        "early_stopping": {"patience": 10, "minimum_steps": 0},
        "learning_rate_schedule": {"name": "reduce_on_plateau", "warm_up": 0},
        "reduce_learning_rate": {"factor": 0.1, "patience": 5, "minimum": 1e-7},
    }


def test_reading_leaves_what_snakemake_read_as_it_was(configure):
    config = {"datasets": ["mine"], "study": {"teachers": ["big"], "students": ["plain"]}}
    configure()
    before = copy.deepcopy(config)
    Configuration(config, [configure.folder])
    assert config == before


def test_the_study_of_a_data_set_overrules_the_general_one(configure):
    configuration = configure(dataset={"study": {"members": 3, "fractions": [0.5]}}, study={"student_seeds": 6})
    study = configuration.study("mine")
    assert study == {
        "teachers": ["big"],
        "students": ["plain"],
        "baselines": [],
        "fractions": [0.5],
        "members": 3,
        "baseline_members": None,
        "student_seeds": 6,
        "packaged_students": 1,
        "difference_mutants": 16,
        "explain": True,
        "unlearned_members": "keep",
        "reference_members": None,
        "shift": True,
        "design": True,
        "transfers": [],
        "variants": [],
        "active_learning": True,
    }


@pytest.mark.parametrize(
    ("kind", "file", "override", "message"),
    [
        ("teachers", "model: {name: motif_cnn}\n", {"epoch": 3}, r"idle\.yaml(.|\n)*'epoch'(.|\n)*epochs"),
        ("baselines", "heads: [mean]\n", {"epochs": "many"}, r"idle\.yaml: epochs"),
        ("students", "epochs: 3\n", {"pol": "variants"}, r"idle\.yaml(.|\n)*'pol'"),
    ],
)
def test_overrides_of_files_that_the_run_does_not_use_are_checked(configure, kind, file, override, message):
    configure()
    (configure.folder / kind / "idle.yaml").write_text(file)
    configure({"overrides": {kind: {"idle": {}}}})
    with pytest.raises(DeguError, match=message):
        configure({"overrides": {kind: {"idle": override}}})


def test_overrides_are_laid_over_single_files(configure):
    overrides = {
        "datasets": {"mine": {"bad_rows": "drop", "options": {"name": "id"}}},
        "teachers": {"big": {"batch_size": 5, "model": {"units": 3}}},
        "baselines": {"noisy": {"epochs": 7}},
        "students": {"plain": {"epochs": 2}},
    }
    configuration = configure({"overrides": overrides}, baseline=BASELINE)
    assert configuration.datasets["mine"]["bad_rows"] == "drop"
    assert configuration.datasets["mine"]["options"] == {**DATASET["options"], "name": "id"}
    assert configuration.teacher("big")["batch_size"] == 5
    assert configuration.teacher("big")["model"] == {"name": "motif_cnn", "filters": 8, "units": 3}
    assert configuration.student("big", "plain")["epochs"] == 2
    assert configuration.teacher("big")["epochs"] == 100
    # A baseline is laid over its teacher with the overrides of that teacher.
    assert configuration.teacher("big-noisy")["epochs"] == 7
    assert configuration.teacher("big-noisy")["batch_size"] == 5


def test_a_file_is_read_from_the_first_folder_that_has_it(configure, tmp_path):
    configure()
    first = tmp_path / "first"
    (first / "teachers").mkdir(parents=True)
    (first / "teachers" / "big.yaml").write_text("model: {name: deepstarr}\n")
    config = {"datasets": ["mine"], "study": {"teachers": ["big"], "students": ["plain"]}}
    assert Configuration(config, [first, configure.folder]).teacher("big")["model"] == {"name": "deepstarr"}
    assert Configuration(config, [configure.folder, first]).teacher("big")["model"]["name"] == "motif_cnn"


def test_a_student_is_resolved_for_each_of_its_teachers(configure):
    (configure.folder / "teachers").mkdir()
    (configure.folder / "teachers" / "other.yaml").write_text("model: {name: deepstarr}\n")
    configuration = configure(study={"teachers": ["big", "other"]})
    assert configuration.student("other", "plain")["heads"] == ["mean", "epistemic"]
    assert configuration.student("other", "plain")["model"] == {"name": "deepstarr"}
    assert configuration.student("big", "plain")["model"]["name"] == "motif_cnn"


def test_a_baseline_is_resolved_over_each_teacher_of_the_study(configure):
    (configure.folder / "teachers").mkdir()
    (configure.folder / "teachers" / "other.yaml").write_text("{model: {name: deepstarr}, heads: [mean, aleatoric]}\n")
    configuration = configure(baseline=BASELINE, study={"teachers": ["big", "other"]})
    assert configuration.teacher("big-noisy")["model"]["name"] == "motif_cnn"
    assert configuration.teacher("other-noisy")["model"] == {"name": "deepstarr"}
    assert configuration.teacher("other-noisy")["loss"] == {"name": "gaussian"}


def test_a_baseline_is_named_after_its_teacher_and_itself():
    assert baseline_names("big", ["noisy", "other"]) == ["big-noisy", "big-other"]
    assert baseline_names("big-noisy", ["other"]) == ["big-other"]
    assert baseline_names("big", []) == []


@pytest.mark.parametrize(
    ("baseline", "same"),
    [
        ({"prediction": {"dropout_passes": 3}}, True),
        ({}, True),
        ({"heads": ["mean", "aleatoric"], "batch_size": 32}, True),
        ({"loss": {"name": "gaussian"}, "uncertainty": {"link": "softplus"}}, False),
        ({"prediction": {"dropout_passes": 3}, "epochs": 4}, False),
        ({"resampling": "folds"}, False),
    ],
)
def test_a_baseline_that_changes_only_prediction_is_trained_like_its_teacher(configure, baseline, same):
    configuration = configure(baseline=baseline)
    assert (configuration.training("big-noisy") == configuration.training("big")) == same


def test_training_depends_on_all_of_a_recipe_except_how_it_predicts(configure):
    configuration = configure(baseline={"prediction": {"dropout_passes": 3}})
    for name in ("big", "big-noisy"):
        recipe = configuration.teacher(name)
        assert configuration.training(name) == {key: recipe[key] for key in recipe.keys() - {"prediction"}}
    assert configuration.teacher("big-noisy")["prediction"] == {"dropout_passes": 3, "bias": "keep"}
    assert configuration.teacher("big") != configuration.teacher("big-noisy")


def test_a_study_without_baselines_has_none(configure):
    configuration = configure(baseline=BASELINE, study={"baselines": []})
    assert configuration.study("mine")["baselines"] == []
    with pytest.raises(KeyError):
        configuration.teacher("big-noisy")


def test_a_data_set_may_have_baselines_of_its_own(configure):
    configuration = configure(
        dataset={"study": {"baselines": ["noisy"], "baseline_members": 2}}, study={"baselines": []}
    )
    assert configuration.study("mine")["baseline_members"] == 2
    assert configuration.teacher("big-noisy")["loss"] == {"name": "gaussian"}


@pytest.mark.parametrize("study", [None, ["big"], "big"])
def test_a_study_of_a_data_set_that_is_not_a_mapping_is_reported(configure, study):
    with pytest.raises(DeguError, match=r"mine\.yaml: study"):
        configure(dataset={"study": study})


@pytest.mark.parametrize(
    ("changes", "kind", "nearest"),
    [
        ({"config": {"datasets": ["mime"]}}, "dataset 'mime'", "mine"),
        ({"study": {"teachers": ["bigg"]}}, "teacher 'bigg'", "big"),
        ({"study": {"students": ["plane"]}}, "student 'plane'", "plain"),
        ({"study": {"baselines": ["noisi"]}}, "baseline 'noisi'", "noisy"),
        ({"config": {"overrides": {"baselines": {"noisi": {}}}}}, "baseline 'noisi'", "noisy"),
        ({"config": {"overrides": {"datasets": {"mime": {}}}}}, "dataset 'mime'", "mine"),
        ({"config": {"overrides": {"teachers": {"bigg": {"epochs": 1}}}}}, "teacher 'bigg'", "big"),
        ({"config": {"overrides": {"students": {"plane": {"epochs": 1}}}}}, "student 'plane'", "plain"),
    ],
)
def test_a_file_that_does_not_exist_is_reported_with_the_nearest(configure, changes, kind, nearest):
    with pytest.raises(DeguError, match=f"there is no {kind}\n  expected: did you mean '{nearest}'"):
        configure(**changes)


@pytest.mark.parametrize("name", ["../mine", "mine.yaml", "", "my-own"])
def test_a_name_with_other_characters_is_refused(configure, name):
    with pytest.raises(DeguError, match="letters, digits and underscores"):
        configure({"datasets": [name]})


def test_parsing_the_configuration_reads_each_schema_once(monkeypatch):
    """Every job on a cluster parses the configuration again, so parsing has to be fast."""
    read = Counter()
    monkeypatch.setattr(
        "degu.config.configured_files.read_yaml", lambda path: read.update([path.name]) or read_yaml(path)
    )
    configuration = Configuration(read_yaml(CONFIG / "paper.yaml"), [CONFIG])
    assert configuration.augmentation("degu") == configuration.augmentation("degu")
    assert configuration.pool("variants") == configuration.pool("variants")
    counts = {name: count for name, count in read.items() if name.endswith(".schema.yaml")}
    assert counts == dict.fromkeys((path.name for path in (CONFIG / "schemas").glob("*.yaml")), 1)
    # A teacher is read once for itself and once for each of its nine baselines, whatever the number of data sets.
    assert read["residualbind.yaml"] == 10


def test_values_of_the_command_line_that_are_text_are_read_as_numbers(configure):
    """Snakemake gives the values within {...} of `--config` as text."""
    overrides = {
        "teachers": {"big": {"batch_size": "8", "model": {"filters": "4"}, "optimizer": {"learning_rate": "1.0e-5"}}}
    }
    config = {"overrides": overrides, "assessment": {"levels": ["0.5", "0.9"]}, "deterministic": "false"}
    configuration = configure(config, study={"members": "3", "fractions": ["1.0e-5", "1"]})
    assert (configuration.study("mine")["members"], configuration.study("mine")["fractions"]) == (3, [1e-5, 1])
    recipe = configuration.teacher("big")
    assert (recipe["batch_size"], recipe["model"]["filters"], recipe["optimizer"]["learning_rate"]) == (8, 4, 1e-5)
    assert configuration.student("big", "plain")["model"]["filters"] == 4
    assert configuration.assessment["levels"] == [0.5, 0.9]
    assert configuration.deterministic is False


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"config": {"assessment": {"levels": [float("nan")]}}}, "configuration: assessment.levels.0: nan"),
        ({"config": {"assessment": {"shift": {"strength": float("inf")}}}}, "assessment.shift.strength: inf"),
        ({"config": {"attribution": {"motifs": {"significance": float("nan")}}}}, "motifs.significance: nan"),
        ({"study": {"fractions": [float("nan")]}}, "configuration: study.fractions.0: nan"),
        ({"dataset": {"split": {"fractions": {"train": float("nan")}}}}, "mine.yaml: split.fractions.train: nan"),
        ({"teacher": {"optimizer": {"learning_rate": float("inf")}}}, "big.yaml: optimizer.learning_rate: inf"),
        ({"teacher": {"model": {"dropout": float("nan")}}}, "big.yaml: model.dropout: nan"),
    ],
)
def test_a_number_that_is_not_finite_is_refused_in_every_file(configure, changes, place):
    with pytest.raises(DeguError) as caught:
        configure(**changes)
    assert f"{place} is not a finite number" in str(caught.value)


def test_whole_numbers_with_a_point_are_integers(configure):
    configuration = configure({"seed": 1.0}, study={"members": 10.0}, teacher={"batch_size": 64.0})
    numbers = configuration.seed, configuration.study("mine")["members"], configuration.teacher("big")["batch_size"]
    assert numbers == (1, 10, 64)
    assert {type(number) for number in numbers} == {int}


@pytest.mark.parametrize(
    ("changes", "place", "what"),
    [
        ({"config": {"datasets": ["mime"]}}, "configuration: datasets", "dataset 'mime'"),
        ({"study": {"teachers": ["bigg"]}}, "configuration: study.teachers", "teacher 'bigg'"),
        ({"study": {"teachers": ["big-nois"]}}, "configuration: study.teachers", "baseline 'nois'"),
        ({"study": {"students": ["plane"]}}, "configuration: study.students", "student 'plane'"),
        ({"study": {"baselines": ["noisi"]}}, "configuration: study.baselines", "baseline 'noisi'"),
        ({"dataset": {"study": {"teachers": ["bigg"]}}}, "datasets/mine.yaml: study.teachers", "teacher 'bigg'"),
        ({"dataset": {"study": {"baselines": ["noisi"]}}}, "datasets/mine.yaml: study.baselines", "baseline 'noisi'"),
        ({"dataset": {"study": {"students": ["plane"]}}}, "datasets/mine.yaml: study.students", "student 'plane'"),
        ({"teacher": {"augmentation": "few"}}, "teachers/big.yaml: augmentation", "augmentation 'few'"),
        ({"baseline": {"augmentation": "few"}}, "baselines/noisy.yaml: augmentation", "augmentation 'few'"),
        ({"student": {"augmentation": "few"}}, "students/plain.yaml: augmentation", "augmentation 'few'"),
        ({"student": {"pool": "lake"}}, "students/plain.yaml: pool", "pool 'lake'"),
        ({"study": {"students": ["plain@lake"]}}, "configuration: study.students", "pool 'lake'"),
        ({"config": {"overrides": {"pools": {"lake": {}}}}}, "configuration: overrides.pools", "pool 'lake'"),
    ],
)
def test_a_file_that_does_not_exist_is_reported_where_it_is_named(configure, changes, place, what):
    with pytest.raises(DeguError) as caught:
        configure(**changes)
    assert f"{place}: there is no {what}\n" in str(caught.value)


def test_an_empty_name_is_reported_where_it_stands(configure):
    for changes, place in (
        ({"study": {"teachers": [""]}}, r"^configuration: study\.teachers: "),
        ({"teacher": {"augmentation": ""}}, r"big\.yaml: augmentation: "),
        ({"config": {"datasets": ["a/b"]}}, "^configuration: datasets: "),
    ):
        with pytest.raises(DeguError, match=rf"{place}the name '.*'\n  expected: letters"):
            configure(**changes)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"teachers": {"big": {"epochs": 0}}}, "big.yaml: epochs: 0 is less than the minimum of 1"),
        ({"datasets": {"mine": {"labels": True}}}, "mine.yaml: labels: 'big' has the loss 'mean_squared_error'"),
        ({"students": {"plain": {"model": {"units": 0}}}}, "plain.yaml: model.units: 0 is out of range"),
    ],
)
def test_an_error_in_a_file_tells_of_its_overrides(configure, overrides, message):
    with pytest.raises(DeguError) as caught:
        configure({"overrides": overrides})
    ((kind, entries),) = overrides.items()
    assert message in str(caught.value)
    assert str(caught.value).endswith(
        f"\n  note:     `overrides.{kind}.{next(iter(entries))}` of the configuration is laid over this file"
    )


def test_overrides_of_other_files_are_not_told(configure):
    overrides = {"students": {"plain": {"epochs": 3}}, "teachers": {"big": {"epochs": 3}}}
    with pytest.raises(DeguError) as caught:
        configure({"overrides": overrides}, dataset={"bad_rows": "keep"})
    assert "laid over" not in str(caught.value)
