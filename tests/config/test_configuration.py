import copy
import shutil
import subprocess
import sys
from collections import Counter

import jsonschema
import pytest
import yaml

from degu.config.configuration import Configuration, baseline_names, lay_over
from degu.config.declarations import loss_declaration, targets_of
from degu.config.plugins import known_names
from degu.config.schemas import merge, read_yaml
from degu.errors import DeguError
from tests.conftest import REPOSITORY

CONFIG = REPOSITORY / "config"
SCHEMAS = {path.name.split(".")[0]: path for path in sorted((CONFIG / "schemas").glob("*.yaml"))}
NAMES = {
    kind: sorted(path.stem for path in (CONFIG / kind).glob("*.yaml"))
    for kind in ("datasets", "teachers", "baselines", "students")
}

DATASET = {
    "importer": "table",
    "files": {"table": {"name": "mine.tsv"}},
    "options": {"targets": {"activity": {"mean": "y"}}},
}
TEACHER = {
    "model": {"name": "motif_cnn", "filters": 8},
    "heads": ["mean", "aleatoric"],
    "batch_size": 32,
    "optimizer": {"name": "adam", "learning_rate": 0.01},
}
BASELINE = {"uncertainty": {"link": "log_variance"}, "loss": {"name": "gaussian"}}
STUDENT = {"heads": "teacher"}


@pytest.fixture
def house(tmp_path):
    """Return a function that writes a configuration's files, each changed as told, and reads them."""
    shutil.copytree(CONFIG / "schemas", tmp_path / "schemas")

    def build(config=None, dataset=None, teacher=None, student=None, baseline=None, study=None):
        files = {
            "datasets/mine": merge(DATASET, dataset or {}),
            "teachers/big": merge(TEACHER, teacher or {}),
            "baselines/noisy": BASELINE if baseline is None else baseline,
            "students/plain": merge(STUDENT, student or {}),
        }
        for name, content in files.items():
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(yaml.safe_dump(content))
        general = {"teachers": ["big"], "students": ["plain"], "members": 4, **(study or {})}
        if baseline is not None:
            general.setdefault("baselines", ["noisy"])
        return Configuration(merge({"datasets": ["mine"], "study": general}, config or {}), [tmp_path])

    build.folder = tmp_path
    return build


def properties(schema, path=""):
    """Yield the path, the schema and whether it is required, of every key of a schema, however deep."""
    for key, part in schema.get("properties", {}).items():
        yield f"{path}{key}", part, key in schema.get("required", [])
        yield from properties(part, f"{path}{key}.")
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict):
        yield from properties(additional, f"{path}*.")


# What is read


def test_good_configuration_is_read(house):
    configuration = house({"seed": 7, "deterministic": False, "data_directory": "elsewhere"})
    assert (configuration.seed, configuration.deterministic) == (7, False)
    assert configuration.data_directory == "elsewhere"
    assert list(configuration.datasets) == ["mine"]
    assert configuration.datasets["mine"]["files"]["table"]["name"] == "mine.tsv"


def test_what_is_not_said_has_its_default(house):
    configuration = house()
    assert (configuration.seed, configuration.deterministic, configuration.data_directory) == (1, True, "data")
    dataset = configuration.datasets["mine"]
    assert (dataset["bad_rows"], dataset["leaks"], dataset["standardize_batches"]) == ("stop", "stop", False)
    assert dataset["split"]["fractions"] == {"train": 0.8, "validation": 0.05, "calibration": 0.05, "test": 0.1}
    assert dataset["files"]["table"] == {"name": "mine.tsv", "path": "", "url": "", "size": None, "checksum": None}


def test_published_recipe_is_the_default_of_a_teacher(house):
    (house.folder / "teachers").mkdir()
    (house.folder / "teachers" / "published.yaml").write_text("model: {name: deepstarr}\n")
    recipe = house(study={"teachers": ["published"]}).teacher("published")
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
        "resampling": "none",
        "prediction": {"dropout_passes": 0},
        "optimizer": {"name": "adam", "learning_rate": 1e-3},
        "batch_size": 128,
        "epochs": 100,
        "early_stopping": {"patience": 10},
        "reduce_learning_rate": {"factor": 0.1, "patience": 5, "minimum": 1e-7},
    }


def test_reading_leaves_what_snakemake_read_as_it_was(house):
    config = {"datasets": ["mine"], "study": {"teachers": ["big"], "students": ["plain"]}}
    house()
    before = copy.deepcopy(config)
    Configuration(config, [house.folder])
    assert config == before


def test_data_sets_own_study_overrules_the_general_one(house):
    configuration = house(dataset={"study": {"members": 3, "fractions": [0.5]}}, study={"student_seeds": 6})
    study = configuration.study("mine")
    assert study == {
        "teachers": ["big"],
        "students": ["plain"],
        "baselines": [],
        "fractions": [0.5],
        "members": 3,
        "baseline_members": None,
        "student_seeds": 6,
    }


def test_overrides_are_laid_over_single_files(house):
    overrides = {
        "datasets": {"mine": {"bad_rows": "drop", "options": {"name": "id"}}},
        "teachers": {"big": {"batch_size": 5, "model": {"units": 3}}},
        "baselines": {"noisy": {"epochs": 7}},
        "students": {"plain": {"epochs": 2}},
    }
    configuration = house({"overrides": overrides}, baseline=BASELINE)
    assert configuration.datasets["mine"]["bad_rows"] == "drop"
    assert configuration.datasets["mine"]["options"] == {**DATASET["options"], "name": "id"}
    assert configuration.teacher("big")["batch_size"] == 5
    assert configuration.teacher("big")["model"] == {"name": "motif_cnn", "filters": 8, "units": 3}
    assert configuration.student("big", "plain")["epochs"] == 2
    assert configuration.teacher("big")["epochs"] == 100
    # A baseline is laid over its teacher as that is overridden.
    assert configuration.teacher("big-noisy")["epochs"] == 7
    assert configuration.teacher("big-noisy")["batch_size"] == 5


def test_first_folder_that_has_a_file_gives_it(house, tmp_path):
    house()
    first = tmp_path / "first"
    (first / "teachers").mkdir(parents=True)
    (first / "teachers" / "big.yaml").write_text("model: {name: deepstarr}\n")
    config = {"datasets": ["mine"], "study": {"teachers": ["big"], "students": ["plain"]}}
    assert Configuration(config, [first, house.folder]).teacher("big")["model"] == {"name": "deepstarr"}
    assert Configuration(config, [house.folder, first]).teacher("big")["model"]["name"] == "motif_cnn"


# Students


def test_student_inherits_its_teacher_but_for_the_heads_and_the_published_factor(house):
    configuration = house(teacher={"reduce_learning_rate": {"factor": 0.5, "patience": 2}})
    teacher, student = configuration.teacher("big"), configuration.student("big", "plain")
    assert student["heads"] == ["mean", "aleatoric", "epistemic"]
    assert student["reduce_learning_rate"] == {"factor": 0.2, "patience": 2, "minimum": 1e-7}
    for key in teacher.keys() - {"heads", "reduce_learning_rate", "resampling", "prediction"}:
        assert student[key] == teacher[key]
    assert student["ensemble_size"] is None
    assert student["validation_targets"] == "measured"


def test_how_the_members_were_trained_and_predict_is_nothing_to_the_student(house):
    student = house(teacher={"resampling": "folds"}).student("big", "plain")
    assert not {"resampling", "prediction"} & student.keys()
    for key in ("resampling", "prediction"):
        with pytest.raises(DeguError, match=rf"plain\.yaml: unknown key '{key}'"):
            house(student={key: "folds"})


def test_students_scaling_and_weights_are_its_teachers_unless_it_says_otherwise(house):
    teacher = {"target_scaling": "standard", "head_weights": {"aleatoric": 2.0}, "uncertainty": {"link": "softplus"}}
    student = house(teacher=teacher).student("big", "plain")
    assert (student["target_scaling"], student["head_weights"]) == ("standard", {"aleatoric": 2.0})
    assert student["uncertainty"] == {"link": "softplus", "floor": 1e-4}
    own = {
        "target_scaling": "none",
        "output_bias": "zero",
        "precision": "float32",
        "head_weights": "inverse_variance",
        "uncertainty": {"floor": 0.1},
    }
    student = house(teacher=teacher, student=own).student("big", "plain")
    assert (student["target_scaling"], student["head_weights"]) == ("none", "inverse_variance")
    assert student["uncertainty"] == {"link": "softplus", "floor": 0.1}


def test_students_weights_are_laid_over_those_of_its_teacher(house):
    teacher, own = {"head_weights": {"aleatoric": 2.0}}, {"head_weights": {"epistemic": 9.0}}
    student = house(teacher=teacher, student=own).student("big", "plain")
    assert student["head_weights"] == {"aleatoric": 2.0, "epistemic": 9.0}


def test_students_loss_is_the_published_one_whatever_its_teachers(house):
    teacher = {"loss": {"name": "beta_gaussian", "beta": 0.3}, "uncertainty": {"link": "softplus"}}
    configuration = house(teacher=teacher)
    assert configuration.student("big", "plain")["loss"] == {"name": "mean_squared_error"}
    own = {"loss": {"name": "beta_gaussian"}}
    # Of a loss of the same name, the teacher's options are kept.
    assert house(teacher=teacher, student=own).student("big", "plain")["loss"] == {"name": "beta_gaussian", "beta": 0.3}


def test_student_has_one_epistemic_head_whatever_its_teachers(house):
    teacher = {"heads": ["mean", "epistemic", "aleatoric"], "loss": {"name": "evidential"}}
    assert house(teacher=teacher).student("big", "plain")["heads"] == ["mean", "aleatoric", "epistemic"]


def test_student_says_otherwise_key_by_key(house):
    own = {"model": {"units": 5}, "optimizer": {"learning_rate": 0.5}, "heads": ["mean"], "epochs": 3}
    configuration = house(student=own)
    student = configuration.student("big", "plain")
    assert student["model"] == {"name": "motif_cnn", "filters": 8, "units": 5}
    assert student["optimizer"] == {"name": "adam", "learning_rate": 0.5}
    assert (student["heads"], student["epochs"]) == (["mean"], 3)
    assert configuration.teacher("big")["model"] == {"name": "motif_cnn", "filters": 8}


def test_student_is_resolved_for_each_of_its_teachers(house):
    (house.folder / "teachers").mkdir()
    (house.folder / "teachers" / "other.yaml").write_text("model: {name: deepstarr}\n")
    configuration = house(study={"teachers": ["big", "other"]})
    assert configuration.student("other", "plain")["heads"] == ["mean", "epistemic"]
    assert configuration.student("other", "plain")["model"] == {"name": "deepstarr"}
    assert configuration.student("big", "plain")["model"]["name"] == "motif_cnn"


def test_student_may_have_another_model_than_its_teacher(house):
    student = house(student={"model": {"name": "deepstarr", "dropout": 0.3}}).student("big", "plain")
    # No option of the teacher's model is one of another model.
    assert student["model"] == {"name": "deepstarr", "dropout": 0.3}
    same = house(student={"model": {"name": "motif_cnn", "units": 3}}).student("big", "plain")
    assert same["model"] == {"name": "motif_cnn", "filters": 8, "units": 3}


def test_students_factor_of_the_learning_rate_is_its_own_where_it_says_so(house):
    student = house(student={"reduce_learning_rate": {"factor": 0.7}}).student("big", "plain")
    assert student["reduce_learning_rate"]["factor"] == 0.7


def test_ensemble_size_may_be_up_to_the_number_of_members(house):
    assert house(student={"ensemble_size": 4}).student("big", "plain")["ensemble_size"] == 4
    with pytest.raises(DeguError, match=r"plain\.yaml: ensemble_size is 5\n  expected: at most the 4 members"):
        house(student={"ensemble_size": 5})


def test_ensemble_size_is_judged_by_the_data_sets_own_members(house):
    with pytest.raises(DeguError, match="at most the 2 members"):
        house(student={"ensemble_size": 3}, dataset={"study": {"members": 2}})


# Baselines


def test_baseline_is_its_teacher_but_for_what_it_says(house):
    configuration = house(baseline={"heads": ["mean"], "optimizer": {"learning_rate": 0.5}, "epochs": 3})
    teacher, baseline = configuration.teacher("big"), configuration.teacher("big-noisy")
    assert (baseline["heads"], baseline["epochs"]) == (["mean"], 3)
    assert baseline["optimizer"] == {"name": "adam", "learning_rate": 0.5}
    for key in teacher.keys() - {"heads", "epochs", "optimizer"}:
        assert baseline[key] == teacher[key]
    assert (teacher["heads"], teacher["epochs"]) == (["mean", "aleatoric"], 100)


def test_baseline_is_resolved_over_each_teacher_of_the_study(house):
    (house.folder / "teachers").mkdir()
    (house.folder / "teachers" / "other.yaml").write_text("{model: {name: deepstarr}, heads: [mean, aleatoric]}\n")
    configuration = house(baseline=BASELINE, study={"teachers": ["big", "other"]})
    assert configuration.teacher("big-noisy")["model"]["name"] == "motif_cnn"
    assert configuration.teacher("other-noisy")["model"] == {"name": "deepstarr"}
    assert configuration.teacher("other-noisy")["loss"] == {"name": "gaussian"}


def test_baseline_of_another_model_or_loss_keeps_no_option_of_its_teachers(house):
    teacher = {"loss": {"name": "beta_gaussian", "beta": 0.3}, "uncertainty": {"link": "softplus"}}
    baseline = {"model": {"name": "deepstarr"}, "loss": {"name": "gaussian"}}
    recipe = house(teacher=teacher, baseline=baseline).teacher("big-noisy")
    assert (recipe["model"], recipe["loss"]) == ({"name": "deepstarr"}, {"name": "gaussian"})
    assert recipe["uncertainty"]["link"] == "softplus"


def test_a_name_of_a_baseline_is_that_of_its_teacher_and_its_own():
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
def test_a_baseline_that_changes_nothing_but_prediction_is_trained_as_its_teacher(house, baseline, same):
    configuration = house(baseline=baseline)
    assert (configuration.training("big-noisy") == configuration.training("big")) == same


def test_a_training_depends_on_all_of_a_recipe_but_how_it_predicts(house):
    configuration = house(baseline={"prediction": {"dropout_passes": 3}})
    for name in ("big", "big-noisy"):
        recipe = configuration.teacher(name)
        assert configuration.training(name) == {key: recipe[key] for key in recipe.keys() - {"prediction"}}
    assert configuration.teacher("big-noisy")["prediction"] == {"dropout_passes": 3}
    assert configuration.teacher("big") != configuration.teacher("big-noisy")


def test_a_study_without_baselines_has_none(house):
    configuration = house(baseline=BASELINE, study={"baselines": []})
    assert configuration.study("mine")["baselines"] == []
    with pytest.raises(KeyError):
        configuration.teacher("big-noisy")


def test_a_data_set_may_have_baselines_of_its_own(house):
    configuration = house(dataset={"study": {"baselines": ["noisy"], "baseline_members": 2}}, study={"baselines": []})
    assert configuration.study("mine")["baseline_members"] == 2
    assert configuration.teacher("big-noisy")["loss"] == {"name": "gaussian"}


# Assessment


def test_how_uncertainties_are_assessed_has_defaults_that_name_what_there_is(house):
    assessment = house().assessment
    assert set(assessment["metrics"]) <= set(known_names("metric"))
    assert {method["method"] for method in assessment["conformal"].values()} <= set(known_names("conformal method"))
    assert assessment["conditional_level"] in assessment["levels"]
    assert assessment["shift"] == {"strength": 1.0}


def test_methods_that_are_named_stand_in_for_the_default_ones(house):
    conformal = {"mine": {"method": "mondrian", "by": "gc", "bins": 3}}
    assessment = house(
        {"assessment": {"metrics": ["crps"], "conformal": conformal, "shift": {"strength": 2}}}
    ).assessment
    assert (assessment["metrics"], assessment["conformal"]) == (["crps"], conformal)
    assert assessment["shift"] == {"strength": 2}
    assert assessment["bins"] == 5


@pytest.mark.parametrize(
    ("assessment", "message"),
    [
        ({"metrics": ["crsp"]}, r"assessment\.metrics: there is no metric 'crsp'\n  expected: did you mean 'crps'"),
        (
            {"conformal": {"mine": {"method": "mondrain"}}},
            r"assessment\.conformal\.mine\.method: there is no conformal method 'mondrain'\n.*did you mean 'mondrian'",
        ),
        (
            {"conformal": {"mine": {"method": "rows"}}},
            r"assessment\.conformal\.mine\.method: there is no conformal method 'rows'",
        ),
        (
            {"conformal": {"mine": {"method": "mondrian", "bin": 4}}},
            r"assessment\.conformal\.mine: unknown option 'bin'\n  expected: did you mean 'bins'",
        ),
        (
            {"conformal": {"mine": {"method": "mondrian", "bins": "many"}}},
            r"assessment\.conformal\.mine\.bins: 'many' is not of type int",
        ),
        (
            {"conformal": {"mine": {"method": "absolute", "std": "total"}}},
            r"assessment\.conformal\.mine: unknown option 'std'\n  expected: known: none",
        ),
        ({"conformal": {"mine": {"std": "total"}}}, r"assessment\.conformal\.mine: the key 'method' is missing"),
        ({"conformal": {}}, r"configuration: assessment\.conformal: "),
        ({"conformal": ["absolute"]}, r"configuration: assessment\.conformal: "),
        ({"metric": ["crps"]}, r"configuration: assessment: unknown key 'metric'\n  expected: did you mean 'metrics'"),
        ({"levels": [0.9, 1.0]}, r"configuration: assessment\.levels\.1: (.|\n)*above 0 and below 1"),
        ({"levels": []}, r"configuration: assessment\.levels: "),
        ({"bins": 1}, r"configuration: assessment\.bins: "),
        ({"shift": {"strenght": 1}}, r"assessment\.shift: unknown key 'strenght'\n  expected: did you mean 'strength'"),
    ],
)
def test_what_is_wrong_with_an_assessment_is_told(house, assessment, message):
    with pytest.raises(DeguError, match=message):
        house({"assessment": assessment})


# How predictions are explained


def test_by_default_nothing_is_explained(house):
    assert house().attribution == {
        "run": [],
        "methods": {},
        "heads": ["mean"],
        "sequences": {"top": 1000, "quantiles": 4, "per_quantile": 100},
        "background": {"method": "dinucleotide_shuffle", "number": 100},
        "reference_members": None,
        "correct": True,
        "motifs": {
            "method": None,
            "head": "mean",
            "window": 21,
            "flank": 10,
            "width": 30,
            "max_seqlets": 20000,
            "min_seqlets": 20,
            "runs": 50,
            "database": "resources/jaspar_2024_vertebrates.meme",
            "significance": 0.05,
        },
    }


def test_methods_that_are_run_are_modules_or_have_options_of_their_own_in_the_order_of_the_run(house):
    own = {"many": {"method": "smoothgrad", "samples": 200}, "idle": {"method": "saliency"}}
    settings = {"run": ["saliency", "many", "deep_shap"], "methods": own, "sequences": {"top": 5}}
    attribution = house({"attribution": settings}).attribution
    assert list(attribution["methods"].items()) == [
        ("saliency", {"method": "saliency"}),
        ("many", {"method": "smoothgrad", "samples": 200}),
        ("deep_shap", {"method": "deep_shap"}),
    ]
    assert attribution["sequences"] == {"top": 5, "quantiles": 4, "per_quantile": 100}


def test_a_method_of_ones_own_stands_in_for_the_module_of_its_name(house):
    own = {"smoothgrad": {"method": "smoothgrad", "std": 0.3}}
    assert house({"attribution": {"run": ["smoothgrad"], "methods": own}}).attribution["methods"] == own


@pytest.mark.parametrize("name", known_names("attribution method"))
def test_every_method_of_the_library_can_be_run_by_its_name(house, name):
    assert house({"attribution": {"run": [name]}}).attribution["methods"] == {name: {"method": name}}


@pytest.mark.parametrize("name", known_names("background"))
def test_every_kind_of_background_can_be_named(house, name):
    background = house({"attribution": {"background": {"method": name}}}).attribution["background"]
    assert background == {"method": name, "number": 100}


@pytest.mark.parametrize(
    ("attribution", "message"),
    [
        (
            {"run": ["deep_shp"]},
            r"attribution\.run: there is no attribution method 'deep_shp'\n  expected: did you mean 'deep_shap'",
        ),
        ({"run": ["differences"]}, r"attribution\.run: there is no attribution method 'differences'"),
        (
            {"run": ["mne"], "methods": {"mine": {"method": "saliency"}}},
            r"attribution\.run: there is no attribution method 'mne'\n  expected: did you mean 'mine'",
        ),
        # What is wrong is told even of a method that is not run.
        (
            {"methods": {"mine": {"method": "saliensy"}}},
            r"attribution\.methods\.mine\.method: there is no attribution method 'saliensy'\n.*did you mean 'saliency'",
        ),
        (
            {"methods": {"mine": {"method": "smoothgrad", "sample": 4}}},
            r"attribution\.methods\.mine: unknown option 'sample'\n  expected: did you mean 'samples'",
        ),
        (
            {"methods": {"mine": {"method": "integrated_gradients", "steps": "many"}}},
            r"attribution\.methods\.mine\.steps: 'many' is not of type int",
        ),
        ({"methods": {"mine": {"steps": 3}}}, r"attribution\.methods\.mine: the key 'method' is missing"),
        (
            {"methods": {"my own": {"method": "saliency"}}},
            r"attribution\.methods: the name 'my own'\n  expected: letters, digits and underscores",
        ),
        ({"methods": {"a/b": {"method": "saliency"}}}, r"attribution\.methods: the name 'a/b'"),
        (
            {"background": {"method": "shuffle"}},
            r"attribution\.background\.method: there is no background 'shuffle'",
        ),
        ({"background": {"number": 0}}, r"configuration: attribution\.background\.number: "),
        ({"heads": ["aleatoric"]}, r"attribution\.heads: heads \['aleatoric'\]"),
        ({"sequences": {"top": 0}}, r"attribution\.sequences\.top: 0"),
        ({"sequences": {"quantiles": 0}}, r"configuration: attribution\.sequences\.quantiles: "),
        ({"heads": ["lower"]}, r"configuration: attribution\.heads\.0: "),
        ({"heads": []}, r"configuration: attribution\.heads: "),
        ({"heads": ["mean", "mean"]}, r"configuration: attribution\.heads: "),
        ({"reference_members": 1}, r"configuration: attribution\.reference_members: "),
        ({"run": ["saliency", "saliency"]}, r"configuration: attribution\.run: "),
        ({"corect": False}, r"configuration: attribution: unknown key 'corect'\n  expected: did you mean 'correct'"),
    ],
)
def test_what_is_wrong_with_an_attribution_is_told(house, attribution, message):
    with pytest.raises(DeguError, match=message):
        house({"attribution": attribution})


# Where motifs are searched

HYPOTHETICAL = {"run": ["saliency", "mine"], "methods": {"mine": {"method": "deep_shap", "hypothetical": True}}}


@pytest.mark.parametrize("method", ["deep_shap", "integrated_gradients", "expected_gradients"])
def test_motifs_are_searched_in_hypothetical_maps(house, method):
    own = {"run": ["mine"], "methods": {"mine": {"method": method, "hypothetical": True}}, "motifs": {"method": "mine"}}
    assert house({"attribution": own}).attribution["motifs"]["method"] == "mine"


def test_where_nothing_is_explained_no_motifs_are_searched(house):
    settings = {**HYPOTHETICAL, "run": [], "motifs": {"method": "mine", "head": "epistemic"}}
    assert house({"attribution": settings}).attribution["motifs"]["method"] is None


@pytest.mark.parametrize(
    ("motifs", "message"),
    [
        (
            {"method": "mne"},
            r"attribution\.motifs\.method: 'mne' is not run\n  expected: did you mean 'mine'\? known: mine, saliency\n"
            r"  remedy:   add it to attribution\.run, or set attribution\.motifs\.method to null",
        ),
        ({"method": "deep_shap"}, r"attribution\.motifs\.method: 'deep_shap' is not run"),
        (
            {"method": "saliency"},
            r"attribution\.motifs\.method: the maps of 'saliency' are not hypothetical.*\n  remedy: .*: true",
        ),
        (
            {"method": "mine", "head": "epistemic"},
            r"attribution\.motifs\.head: 'epistemic' is not explained\n  expected: known: mean",
        ),
        ({"method": "mine", "window": 0}, r"configuration: attribution\.motifs\.window: "),
        ({"method": "mine", "significance": 2}, r"configuration: attribution\.motifs\.significance: "),
        ({"methd": "mine"}, r"attribution\.motifs: unknown key 'methd'\n  expected: did you mean 'method'"),
    ],
)
def test_what_is_wrong_with_a_search_of_motifs_is_told(house, motifs, message):
    with pytest.raises(DeguError, match=message):
        house({"attribution": {**HYPOTHETICAL, "motifs": motifs}})


def test_maps_that_are_said_not_to_be_hypothetical_are_refused(house):
    own = {"mine": {"method": "deep_shap", "hypothetical": False}}
    with pytest.raises(DeguError, match="the maps of 'mine' are not hypothetical"):
        house({"attribution": {"run": ["mine"], "methods": own, "motifs": {"method": "mine"}}})


# What is refused


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
def test_unknown_key_is_named_with_the_nearest_known_one(house, changes, place, unknown, nearest):
    with pytest.raises(DeguError) as caught:
        house(**changes)
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
        ({"teacher": {"monitor": "auroc"}}, "monitor: auroc is of labels"),
        ({"student": {"early_stopping": {"patience": 0}}}, "plain.yaml: early_stopping.patience: "),
    ],
)
def test_wrong_value_is_told_with_its_file_and_key(house, changes, place):
    with pytest.raises(DeguError) as caught:
        house(**changes)
    assert place in str(caught.value)


@pytest.mark.parametrize("study", [None, ["big"], "big"])
def test_study_of_a_data_set_that_is_no_mapping_is_told(house, study):
    with pytest.raises(DeguError, match=r"mine\.yaml: study"):
        house(dataset={"study": study})


def test_wrong_value_is_told_with_what_the_key_means(house):
    with pytest.raises(DeguError, match="'one' is not of type 'integer'\n  expected: the integer that every random"):
        house({"seed": "one"})


@pytest.mark.parametrize(
    "number",
    ["1e-3", "2e3", "1e+3", pytest.param("1E-3"), pytest.param("1.5e3")],
)
def test_number_that_yaml_reads_as_text_is_explained(house, number):
    assert yaml.safe_load(number) == number
    with pytest.raises(DeguError, match=r"big\.yaml: optimizer\.learning_rate: .*(.|\n)*write 1\.0e-3"):
        house(teacher={"optimizer": {"learning_rate": number}})


def test_text_where_a_list_is_meant_is_explained(house):
    with pytest.raises(DeguError, match=r"configuration: datasets(.|\n)*--config 'datasets=\[mine\]'"):
        house({"datasets": "mine"})


@pytest.mark.parametrize("key", ["importer", "files", "options"])
def test_missing_key_of_a_data_set_is_named(house, key):
    house()
    path = house.folder / "datasets" / "short.yaml"
    path.write_text(yaml.safe_dump({name: value for name, value in DATASET.items() if name != key}))
    with pytest.raises(DeguError, match=rf"short\.yaml: the key '{key}' is missing"):
        house({"datasets": ["short"]})


def test_missing_key_of_a_configuration_and_of_a_teacher_is_named(house):
    house()
    with pytest.raises(DeguError, match="configuration: the key 'datasets' is missing"):
        Configuration({}, [house.folder])
    (house.folder / "teachers" / "empty.yaml").write_text("")
    with pytest.raises(DeguError, match=r"empty\.yaml: the key 'model' is missing"):
        house(study={"teachers": ["empty"]})


def test_model_without_a_name_is_told(house):
    house()
    (house.folder / "teachers" / "nameless.yaml").write_text("model: {filters: 3}\n")
    with pytest.raises(DeguError, match=r"nameless\.yaml: model: the key 'name' is missing"):
        house(study={"teachers": ["nameless"]})


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
def test_file_that_does_not_exist_is_named_with_the_nearest(house, changes, kind, nearest):
    with pytest.raises(DeguError, match=f"there is no {kind}\n  expected: did you mean '{nearest}'"):
        house(**changes)


@pytest.mark.parametrize("name", ["../mine", "mine.yaml", "", "my-own"])
def test_name_of_other_letters_is_refused(house, name):
    with pytest.raises(DeguError, match="letters, digits and underscores"):
        house({"datasets": [name]})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"dataset": {"importer": "tabel"}},
            r"mine\.yaml: importer: there is no importer 'tabel'\n.*did you mean 'table'",
        ),
        ({"teacher": {"model": {"name": "motif_cn"}}}, r"big\.yaml: model\.name: there is no model(.|\n)*'motif_cnn'"),
        (
            {"teacher": {"loss": {"name": "mean_square"}}},
            r"big\.yaml: loss\.name: there is no loss(.|\n)*'mean_squared_error'",
        ),
        ({"student": {"loss": {"name": "gausian"}}}, r"plain\.yaml: loss\.name: there is no loss(.|\n)*'gaussian'"),
        ({"baseline": {"loss": {"name": "special"}}}, r"noisy\.yaml: loss\.name: there is no loss 'special'"),
        (
            {"teacher": {"loss": {"name": "mean_squared_error", "beta": 1}}},
            r"big\.yaml: loss: unknown option 'beta'\n  expected: known: none",
        ),
        (
            {"baseline": {"uncertainty": {"link": "softplus"}, "loss": {"name": "beta_gaussian", "bata": 0.5}}},
            r"noisy\.yaml: loss: unknown option 'bata'\n  expected: did you mean 'beta'",
        ),
        (
            {"baseline": {"heads": ["mean", "lower", "upper"], "loss": {"name": "pinball", "level": "90%"}}},
            r"noisy\.yaml: loss\.level: '90%' is not of type float",
        ),
        (
            {"student": {"loss": {"name": "kullback_leibler", "reverse": 1}}},
            r"plain\.yaml: loss\.reverse: 1 is not of type bool",
        ),
        ({"student": {"model": {"name": "cnn"}}}, r"plain\.yaml: model\.name: there is no model 'cnn'"),
        ({"dataset": {"options": {"sequnce": "x"}}}, r"mine\.yaml: options: unknown option 'sequnce'(.|\n)*'sequence'"),
        ({"dataset": {"options": {"sequence": 3}}}, r"mine\.yaml: options\.sequence: 3 is not of type str"),
        ({"dataset": {"options": {"drop_bad_rows": True}}}, "unknown option 'drop_bad_rows'"),
        ({"teacher": {"model": {"filter": 3}}}, r"big\.yaml: model: unknown option 'filter'\n.*did you mean 'filters'"),
        ({"teacher": {"model": {"filters": "3"}}}, r"big\.yaml: model\.filters: '3' is not of type int"),
        ({"student": {"model": {"unit": 3}}}, r"plain\.yaml: model: unknown option 'unit'"),
    ],
)
def test_module_or_option_that_does_not_exist_is_named(house, changes, message):
    with pytest.raises(DeguError, match=message):
        house(**changes)


@pytest.mark.parametrize("name", ["gaussian", "beta_gaussian", "laplace", "gaussian_as_published"])
def test_a_likelihood_of_standard_deviations_that_may_be_negative_is_refused(house, name):
    assert loss_declaration(name).positive
    message = (
        rf"noisy\.yaml: uncertainty\.link: the loss '{name}' needs standard deviations above 0\n  expected: softplus"
    )
    with pytest.raises(DeguError, match=message):
        house(baseline={"loss": {"name": name}})
    for link in ("softplus", "log_variance"):
        house(baseline={"loss": {"name": name}, "uncertainty": {"link": link}})


def test_a_link_that_a_student_takes_from_its_teacher_is_judged_as_its_own(house):
    own = {"loss": {"name": "crps_of_members"}}
    with pytest.raises(DeguError, match=r"plain\.yaml: uncertainty\.link: the loss 'crps_of_members' needs"):
        house(student=own)
    student = house(student=own, teacher={"uncertainty": {"link": "softplus"}}).student("big", "plain")
    assert student["uncertainty"]["link"] == "softplus"


def test_a_loss_of_parameters_of_its_own_needs_no_link(house):
    baseline = {"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "evidential"}}
    assert house(baseline=baseline).teacher("big-noisy")["uncertainty"]["link"] == "identity"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"baseline": {"heads": ["mean"], **BASELINE}},
            r"noisy\.yaml: heads: the loss 'gaussian' makes the heads \['mean', 'aleatoric'\], and the recipe has "
            r"\['mean'\]\n  remedy:   add \['aleatoric'\], or name another loss",
        ),
        (
            {"baseline": {"loss": {"name": "evidential"}}},
            r"noisy\.yaml: heads: the loss 'evidential' makes the heads (.|\n)*add \['epistemic'\]",
        ),
        ({"baseline": {"loss": {"name": "pinball"}}}, r"noisy\.yaml: heads: (.|\n)*add \['lower', 'upper'\]"),
        (
            {"student": {"heads": ["mean", "aleatoric"], "loss": {"name": "squared_wasserstein"}}},
            r"plain\.yaml: heads: (.|\n)*add \['epistemic'\]",
        ),
    ],
)
def test_heads_that_a_loss_makes_must_be_named(house, changes, message):
    with pytest.raises(DeguError, match=message):
        house(**changes)


@pytest.mark.parametrize(
    ("recipe", "missing"),
    [
        ({"heads": ["mean", "epistemic"]}, "epistemic"),
        ({"heads": ["mean", "lower"]}, "lower"),
        ({"heads": ["mean", "epistemic"], "loss": {"name": "gaussian_of_members"}}, "epistemic"),
        ({"heads": ["mean", "epistemic"], "loss": {"name": "crps_of_members"}}, "member_mean"),
        ({"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "evidential_of_members"}}, "member_mean"),
        ({"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "gaussian"}}, "epistemic"),
    ],
)
@pytest.mark.parametrize("kind", ["teacher", "baseline"])
def test_a_teacher_cannot_be_trained_on_what_only_an_ensemble_knows(house, kind, recipe, missing):
    recipe = {"uncertainty": {"link": "softplus"}, **recipe}
    file = {"teacher": "big", "baseline": "noisy"}[kind]
    message = rf"{file}\.yaml: heads and loss: '{missing}' is nothing that is measured(.|\n)*keep it for a student"
    with pytest.raises(DeguError, match=message):
        house(**{kind: recipe})


@pytest.mark.parametrize(
    ("changes", "head", "expected"),
    [
        ({"teacher": {"head_weights": {"epistemic": 2.0}}}, "epistemic", r"\['mean', 'aleatoric'\]"),
        ({"baseline": {**BASELINE, "head_weights": {"aleatoric": 2.0}}}, "aleatoric", r"\[\]"),
        (
            {"student": {"head_weights": {"lower": 2.0}}},
            "lower",
            r"\['mean', 'aleatoric', 'epistemic'\]",
        ),
    ],
)
def test_weights_without_effect_are_refused(house, changes, head, expected):
    message = rf"head_weights: a weight of '{head}' has no effect(.|\n)*expected: heads of {expected}"
    with pytest.raises(DeguError, match=message):
        house(**changes)


def test_weights_of_heads_that_a_loss_does_not_take_have_an_effect(house):
    own = {
        "loss": {"name": "gaussian_of_members"},
        "uncertainty": {"link": "softplus"},
        "head_weights": {"aleatoric": 3},
    }
    assert house(student=own).student("big", "plain")["head_weights"] == {"aleatoric": 3}


def test_one_pass_with_dropout_is_refused_with_what_the_key_means(house):
    with pytest.raises(
        DeguError, match=r"noisy\.yaml: prediction\.dropout_passes: (.|\n)*expected: 0 for one pass with"
    ):
        house(baseline={"prediction": {"dropout_passes": 1}})
    for passes in (0, 2):
        baseline = house(baseline={"prediction": {"dropout_passes": passes}}).teacher("big-noisy")
        assert baseline["prediction"]["dropout_passes"] == passes


@pytest.mark.parametrize("key", ["loss", "model"])
def test_a_baselines_loss_or_model_that_is_no_mapping_is_told(house, key):
    with pytest.raises(DeguError, match=rf"noisy\.yaml: {key}: 'gaussian' is not of type 'object'"):
        house(baseline={key: "gaussian"})


def test_a_student_of_a_teacher_that_predicts_with_dropout_is_refused(house):
    with pytest.raises(DeguError, match="dropout_passes"):
        house(teacher={"prediction": {"dropout_passes": 5}})


@pytest.mark.parametrize(
    "own",
    [
        {"heads": ["mean", "aleatoric", "epistemic"]},
        {"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "evidential_of_members"}},
        {"heads": ["mean", "lower", "epistemic"]},
    ],
)
def test_a_student_that_needs_a_head_that_its_teacher_lacks_is_refused(house, own):
    with pytest.raises(DeguError, match=r"plain\.yaml"):
        house(teacher={"heads": ["mean"]}, student=own)


def test_missing_option_of_an_importer_is_named(house):
    house()
    path = house.folder / "datasets" / "bare.yaml"
    path.write_text(yaml.safe_dump({**DATASET, "options": {}}))
    with pytest.raises(DeguError, match=r"bare\.yaml: options: option 'targets' is missing"):
        house({"datasets": ["bare"]})


# Recipes laid over one another


def test_a_recipe_laid_over_another_merges_but_for_a_model_or_loss_of_another_name():
    recipe = {"model": {"name": "a", "x": 1}, "loss": {"name": "b", "y": 2}, "optimizer": {"name": "c", "z": 3}}
    assert lay_over(recipe, {"model": {"x": 5}, "loss": {"name": "b"}}) == merge(recipe, {"model": {"x": 5}})
    other = lay_over(recipe, {"model": {"name": "d"}, "loss": {"name": "e", "w": 0}, "optimizer": {"name": "f"}})
    assert other == {
        "model": {"name": "d"},
        "loss": {"name": "e", "w": 0},
        "optimizer": {"name": "f", "z": 3},
    }
    # A recipe that names no loss has none to keep options of.
    assert lay_over({"model": {"name": "a"}}, {"loss": {"name": "e", "w": 0}})["loss"] == {"name": "e", "w": 0}


def test_laying_a_recipe_over_another_changes_and_shares_neither():
    recipe, own = {"loss": {"name": "a"}, "heads": ["mean"]}, {"loss": {"name": "b", "table": {"c": [1]}}}
    before = copy.deepcopy((recipe, own))
    lay_over(recipe, own)["loss"]["table"]["c"].append(2)
    assert (recipe, own) == before


# The files of the project


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_a_schema_has_a_description(name):
    found = list(properties(read_yaml(SCHEMAS[name])))
    assert found
    assert [key for key, part, _ in found if not part.get("description")] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_a_valid_one_and_refuses_unknown_keys(name):
    schema = read_yaml(SCHEMAS[name])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert schema["description"]


@pytest.mark.parametrize("name", ["config", "dataset", "teacher"])
def test_every_key_has_a_default_or_is_required(name):
    without = [
        key for key, part, required in properties(read_yaml(SCHEMAS[name])) if not required and "default" not in part
    ]
    # What a data set's own study does not say, the configuration's study says.
    study = read_yaml(SCHEMAS["config"])["properties"]["study"]["properties"]
    assert without == ([f"study.{key}" for key in study] if name == "dataset" else [])


@pytest.mark.parametrize("name", ["config", "dataset", "teacher"])
def test_every_default_is_valid_by_its_own_schema(name):
    for key, part, _ in properties(read_yaml(SCHEMAS[name])):
        if "default" in part:
            errors = list(jsonschema.Draft202012Validator(part).iter_errors(part["default"]))
            assert errors == [], key


def test_what_a_student_may_say_is_what_a_teacher_may_say():
    teacher, student = (read_yaml(SCHEMAS[name])["properties"] for name in ("teacher", "student"))
    own = {"ensemble_size", "validation_targets"}
    assert set(student) == {*teacher, *own} - {"resampling", "prediction"}
    for key in ("uncertainty", "optimizer", "early_stopping", "reduce_learning_rate"):
        assert set(student[key]["properties"]) == set(teacher[key]["properties"])


@pytest.mark.parametrize("name", NAMES["datasets"])
def test_every_data_set_of_the_project_loads(name):
    configuration = Configuration({"datasets": [name]}, [CONFIG])
    assert configuration.datasets[name]["title"]
    assert abs(sum(configuration.datasets[name]["split"]["fractions"].values()) - 1) < 1e-9


def configuration_of(teacher: str, **study) -> Configuration:
    """Return the project's configuration of one teacher on the simulated assay."""
    # Overrides the data set's own study.
    overrides = {"datasets": {"simulated_mpra": {"study": {"teachers": [teacher], "students": [], **study}}}}
    return Configuration({"datasets": ["simulated_mpra"], "overrides": overrides}, [CONFIG])


def available(teacher: dict) -> set[str]:
    """Return the names of the arrays that a student of a teacher can be trained on."""
    return {"measured", "epistemic", *teacher["heads"], *(f"member_{head}" for head in teacher["heads"])}


def suited(teacher: str) -> list[str]:
    """Return the students of the project that suit a teacher: one needs the members' aleatoric heads."""
    aleatoric = "aleatoric" in read_yaml(CONFIG / "teachers" / f"{teacher}.yaml").get("heads", [])
    return [name for name in NAMES["students"] if aleatoric or name != "degu_evidential"]


@pytest.mark.parametrize("teacher", NAMES["teachers"])
def test_every_teacher_and_every_student_that_suits_it_loads(teacher):
    configuration = configuration_of(teacher, students=suited(teacher))
    assert configuration.teacher(teacher)["model"]["name"] in known_names("model")
    for name in suited(teacher):
        student = configuration.student(teacher, name)
        assert set(targets_of(student)) <= available(configuration.teacher(teacher))
        assert student["heads"] == [*configuration.teacher(teacher)["heads"], "epistemic"]


@pytest.mark.parametrize("teacher", NAMES["teachers"])
def test_every_baseline_loads_over_every_teacher(teacher):
    configuration = configuration_of(teacher, baselines=NAMES["baselines"])
    recipe_of_teacher = configuration.teacher(teacher)
    for name in NAMES["baselines"]:
        recipe = configuration.teacher(f"{teacher}-{name}")
        assert recipe["model"] == recipe_of_teacher["model"]
        assert set(targets_of(recipe)) <= {"measured", "mean", "aleatoric"}
        assert recipe["heads"][0] == "mean"
        same = configuration.training(f"{teacher}-{name}") == configuration.training(teacher)
        # What it calls for is what the teacher does already.
        expected = {"mc_dropout"}
        if recipe_of_teacher["loss"]["name"] == "mean_squared_error":
            expected.add("replicate_std" if "aleatoric" in recipe_of_teacher["heads"] else "activity")
        assert same == (name in expected)


def test_the_baselines_of_the_project_are_what_they_are_called():
    configuration = configuration_of("motif_cnn", baselines=NAMES["baselines"])
    losses = {name: configuration.teacher(f"motif_cnn-{name}")["loss"]["name"] for name in NAMES["baselines"]}
    own = ("gaussian", "gaussian_as_published", "beta_gaussian", "laplace", "evidential", "evidential_as_published")
    assert {name: losses[name] for name in own} == {name: name for name in own}
    assert losses["quantile"] == "pinball"
    for name in set(losses) - {*own, "quantile"}:
        assert losses[name] == "mean_squared_error"
    assert configuration.teacher("motif_cnn-bootstrap")["resampling"] == "bootstrap"
    assert configuration.teacher("motif_cnn-cross_validation")["resampling"] == "folds"
    assert configuration.teacher("motif_cnn-mc_dropout")["prediction"]["dropout_passes"] >= 2


def test_the_published_student_is_trained_as_published():
    student = configuration_of("residualbind_aleatoric", students=["degu"]).student("residualbind_aleatoric", "degu")
    assert (student["loss"], student["head_weights"]) == ({"name": "mean_squared_error"}, "equal")
    assert (student["uncertainty"]["link"], student["target_scaling"]) == ("identity", "none")
    assert student["validation_targets"] == "measured"


@pytest.mark.parametrize("name", sorted(path.name for path in CONFIG.glob("*.yaml")))
def test_every_student_of_a_configuration_can_be_trained_on_its_ensemble(name):
    # As Snakemake lays it over the default run.
    configuration = Configuration(merge(read_yaml(CONFIG / "config.yaml"), read_yaml(CONFIG / name)), [CONFIG])
    for study in (configuration.study(dataset) for dataset in configuration.datasets):
        for teacher in study["teachers"]:
            known = available(configuration.teacher(teacher))
            for student in study["students"]:
                assert set(targets_of(configuration.student(teacher, student))) <= known, (teacher, student)


@pytest.mark.parametrize("name", sorted(path.name for path in CONFIG.glob("*.yaml")))
def test_every_configuration_of_the_project_loads(name):
    configuration = Configuration(read_yaml(CONFIG / name), [CONFIG])
    assert configuration.datasets


def test_parsing_the_configuration_loads_neither_numpy_nor_tensorflow():
    code = (
        "import sys; from pathlib import Path; "
        "from degu.config.configuration import Configuration; from degu.config.schemas import read_yaml; "
        f"Configuration(read_yaml(Path({str(CONFIG / 'paper.yaml')!r})), [{str(CONFIG)!r}]); "
        "print([name for name in ('numpy', 'keras', 'tensorflow', 'h5py') if name in sys.modules])"
    )
    scripts = CONFIG.parent / "scripts"
    done = subprocess.run([sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_parsing_the_configuration_reads_each_schema_once(monkeypatch):
    """Every job on a cluster parses it anew."""
    read = Counter()
    monkeypatch.setattr("degu.config.configuration.read_yaml", lambda path: read.update([path.name]) or read_yaml(path))
    Configuration(read_yaml(CONFIG / "paper.yaml"), [CONFIG])
    counts = {name: count for name, count in read.items() if name.endswith(".schema.yaml")}
    assert counts == dict.fromkeys((path.name for path in SCHEMAS.values()), 1)
    # By itself, and under each of its nine baselines, whatever the number of data sets.
    assert read["residualbind.yaml"] == 10
