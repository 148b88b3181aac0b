"""The schemas, and the configurations, data sets and recipes that come with the project."""

import re

import jsonschema
import pytest

from degu.config.configuration import Configuration
from degu.config.declarations import loss_declaration, targets_of
from degu.config.merging import merge
from degu.config.plugins import known_names
from degu.config.recipes import has_only_negatives
from degu.config.schemas import read_yaml
from degu.data.augmenting import Augmenter
from degu.errors import DeguError
from tests.config.conftest import CONFIG

SCHEMAS = {path.name.split(".")[0]: path for path in sorted((CONFIG / "schemas").glob("*.yaml"))}
NAMES = {
    kind: sorted(path.stem for path in (CONFIG / kind).glob("*.yaml"))
    for kind in ("datasets", "augmentations", "pools", "variants", "teachers", "baselines", "students")
}
# This data set has labels of 0 and 1.
OF_LABELS = "synthetic_code"


def properties(schema, path=""):
    """Yield the path, the schema and whether it is required, of every key of a schema, however deep."""
    for key, part in schema.get("properties", {}).items():
        yield f"{path}{key}", part, key in schema.get("required", [])
        yield from properties(part, f"{path}{key}.")
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict):
        yield from properties(additional, f"{path}*.")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_a_schema_has_a_description(name):
    found = list(properties(read_yaml(SCHEMAS[name])))
    assert found
    assert [key for key, part, _ in found if not part.get("description")] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_description_consists_of_whole_sentences(name):
    """The configuration reference of the documentation shows them."""
    schema = read_yaml(SCHEMAS[name])
    texts = [schema["description"], *(part["description"] for _, part, _ in properties(schema))]
    assert [text for text in texts if not re.fullmatch(r"[A-Z].*\.", text)] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_valid_and_refuses_unknown_keys(name):
    schema = read_yaml(SCHEMAS[name])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert schema["description"]


@pytest.mark.parametrize("name", ["config", "dataset", "augmentation", "pool", "teacher"])
def test_every_key_has_a_default_or_is_required(name):
    without = [
        key for key, part, required in properties(read_yaml(SCHEMAS[name])) if not required and "default" not in part
    ]
    # Keys that are absent in the study of a data set are taken from the study of the configuration.
    study = read_yaml(SCHEMAS["config"])["properties"]["study"]["properties"]
    assert without == ([f"study.{key}" for key in study] if name == "dataset" else [])


@pytest.mark.parametrize("name", ["config", "dataset", "augmentation", "teacher"])
def test_every_default_is_valid_by_its_own_schema(name):
    for key, part, _ in properties(read_yaml(SCHEMAS[name])):
        if "default" in part:
            errors = list(jsonschema.Draft202012Validator(part).iter_errors(part["default"]))
            assert errors == [], key


def test_a_student_has_the_keys_of_a_teacher():
    teacher, student = (read_yaml(SCHEMAS[name])["properties"] for name in ("teacher", "student"))
    own = {"ensemble_size", "validation_targets", "dropout", "initial_weights"}
    own |= {"pool", "pool_size", "labels", "originals", "detectors"}
    assert set(student) == {*teacher, *own} - {"resampling", "prediction", "kmer_ridge_weight", "bias"}
    mappings = ("uncertainty", "optimizer", "early_stopping", "learning_rate_schedule", "reduce_learning_rate")
    for key in (*mappings, "fine_tuning", "windows"):
        assert set(student[key]["properties"]) == set(teacher[key]["properties"])


@pytest.mark.parametrize("name", NAMES["datasets"])
def test_every_data_set_of_the_project_loads(name):
    # The default teacher learns activities.
    study = {"teachers": ["cnn_dist_relu"], "students": []} if name == OF_LABELS else {}
    configuration = Configuration({"datasets": [name], "study": study}, [CONFIG])
    assert configuration.datasets[name]["title"]
    assert abs(sum(configuration.datasets[name]["split"]["fractions"].values()) - 1) < 1e-9


@pytest.mark.parametrize("name", NAMES["augmentations"])
def test_every_set_of_augmentations_of_the_project_can_be_used(name):
    settings = Configuration({"datasets": ["simulated_mpra"]}, [CONFIG]).augmentation(name)
    Augmenter(**settings, length=249)
    comment = (CONFIG / "augmentations" / f"{name}.yaml").read_text().partition("augmentations:")[0]
    assert comment.startswith("# ")
    if name.startswith(("degu", "evoaug")):
        assert "github.com/" in comment or "doi.org/" in comment


@pytest.mark.parametrize("name", NAMES["pools"])
def test_every_pool_of_the_project_can_be_read(name):
    assert Configuration({"datasets": ["simulated_mpra"]}, [CONFIG]).pool(name)["name"] == name


def test_published_sets_of_augmentations_are_as_published():
    """They are compared by their longest deletion, insertion and shift, their noise, fraction and number."""
    configuration = Configuration({"datasets": ["simulated_mpra"]}, [CONFIG])
    found = {}
    for name in ("evoaug_deepstarr", "evoaug_basset", "evoaug_chip", "evoaug_tf_example", "degu", "degu_dynamic"):
        settings = configuration.augmentation(name)
        entries = {entry["name"]: entry for entry in settings["augmentations"]}
        lengths = [entries.get(kind, {}).get("maximum") for kind in ("deletion", "insertion", "translocation")]
        strength = entries["gaussian_noise"]["std"], entries["mutation"]["fraction"]
        reverse = entries.get("reverse_complement", {}).get("probability")
        found[name] = (*lengths, *strength, reverse, settings["number"], settings["selection"])
    assert found == {
        "evoaug_deepstarr": (30, 20, 20, 0.3, 0.05, None, 3, "hard"),
        "evoaug_basset": (30, 30, 30, 0.3, 0.15, 0.5, 3, "hard"),
        "evoaug_chip": (30, 20, 20, 0.3, 0.05, 0.5, 3, "soft"),
        "evoaug_tf_example": (30, 20, 20, 0.3, 0.05, 0.5, 1, "hard"),
        "degu": (20, None, 20, 0.2, 0.05, None, 1, "hard"),
        "degu_dynamic": (20, None, 20, 0.2, 0.05, None, 2, "soft"),
    }


def learns_labels(teacher: str) -> bool:
    """Return whether a teacher of the project has a loss for labels."""
    loss = read_yaml(CONFIG / "teachers" / f"{teacher}.yaml").get("loss", {"name": "mean_squared_error"})
    return loss_declaration(loss["name"]).labels


def predicts_profiles(teacher: str) -> bool:
    """Return whether a teacher of the project predicts profiles."""
    return "profile" in read_yaml(CONFIG / "teachers" / f"{teacher}.yaml").get("heads", [])


def has_bias(teacher: str) -> bool:
    """Return whether a teacher of the project has a bias network, which only some losses can be with."""
    return "bias" in read_yaml(CONFIG / "teachers" / f"{teacher}.yaml")


def configuration_of(teacher: str, **study) -> Configuration:
    """Return the project's configuration of one teacher on a simulated data set that suits it."""
    dataset, options = OF_LABELS if learns_labels(teacher) else "simulated_mpra", {}
    if predicts_profiles(teacher):
        dataset = "simulated_profiles"
        # One of them is for the windows of this data set, and the others are for longer ones.
        long = {"input_length": 2114, "output_length": 1000}
        options = {"negatives": 1, **({} if teacher == "bpnet_small" else long)}
    # These overrides win over the study in the file of the data set.
    own = {"study": {"teachers": [teacher], "students": [], **study}, "options": options}
    overrides = {"datasets": {dataset: own}}
    return Configuration({"datasets": [dataset], "overrides": overrides}, [CONFIG])


def available(teacher: dict) -> set[str]:
    """Return the names of the arrays that a student of a teacher can be trained on."""
    known = {"measured", "epistemic", *teacher["heads"], *(f"member_{head}" for head in teacher["heads"])}
    return known | ({"profile_epistemic"} if "profile" in teacher["heads"] else set())


def suited(teacher: str) -> list[str]:
    """Return the students of the project that suit a teacher.

    One of them needs the aleatoric heads of the members, and the published ones are validated on measurements, with
    which log odds cannot be compared. Some are for profiles, and the others are for teachers without.
    """
    of_profiles = [name for name in NAMES["students"] if name.startswith("degu_profile")]
    if predicts_profiles(teacher):
        return of_profiles
    aleatoric = "aleatoric" in read_yaml(CONFIG / "teachers" / f"{teacher}.yaml").get("heads", [])
    files = {name: read_yaml(CONFIG / "students" / f"{name}.yaml") for name in NAMES["students"]}
    names = [name for name in files if (aleatoric or name != "degu_evidential") and name not in of_profiles]
    on_ensemble = [name for name in names if files[name].get("validation_targets") == "ensemble"]
    return on_ensemble if learns_labels(teacher) else names


@pytest.mark.parametrize("teacher", NAMES["teachers"])
def test_every_teacher_and_every_student_that_suits_it_loads(teacher):
    configuration = configuration_of(teacher, students=suited(teacher))
    assert configuration.teacher(teacher)["model"]["name"] in known_names("model")
    for name in suited(teacher):
        student = configuration.student(teacher, name)
        assert set(targets_of(student)) <= available(configuration.teacher(teacher))
        known = [*configuration.teacher(teacher)["heads"], "epistemic"]
        known += ["profile_epistemic"] if predicts_profiles(teacher) else []
        of_teacher = read_yaml(CONFIG / "students" / f"{name}.yaml").get("heads", "teacher") == "teacher"
        assert student["heads"] == (known if of_teacher else [head for head in known if head != "replicate_std"])


@pytest.mark.parametrize("teacher", NAMES["teachers"])
def test_every_baseline_that_suits_a_teacher_loads_over_it(teacher):
    own_loss = [name for name in NAMES["baselines"] if "loss" in read_yaml(CONFIG / "baselines" / f"{name}.yaml")]
    refused = own_loss if learns_labels(teacher) or has_bias(teacher) else []
    if has_only_negatives(configuration_of(teacher).teacher(teacher)):
        refused = [*refused, "bootstrap", "cross_validation"]
    baselines = [name for name in NAMES["baselines"] if name not in refused]
    configuration = configuration_of(teacher, baselines=baselines)
    recipe_of_teacher = configuration.teacher(teacher)
    for name in baselines:
        recipe = configuration.teacher(f"{teacher}-{name}")
        assert recipe["model"] == recipe_of_teacher["model"]
        measured = {"measured", "mean", "aleatoric", "replicate_std"}
        measured |= {"profile", "profile_aleatoric"} if predicts_profiles(teacher) else set()
        assert set(targets_of(recipe)) <= measured
        assert recipe["heads"][0] == "mean"
        same = configuration.training(f"{teacher}-{name}") == configuration.training(teacher)
        # A baseline whose settings the teacher has already is trained like the teacher.
        expected = {"mc_dropout"}
        if recipe_of_teacher["loss"]["name"] == "mean_squared_error":
            expected.add("replicate_std" if "aleatoric" in recipe_of_teacher["heads"] else "activity")
        assert same == (name in expected)


def test_the_baselines_of_the_project_do_what_their_names_say():
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
    student = configuration_of("residualbind_aleatoric", students=["degu_published"]).student(
        "residualbind_aleatoric", "degu_published"
    )
    assert (student["loss"], student["head_weights"]) == ({"name": "mean_squared_error"}, "equal")
    assert (student["uncertainty"]["link"], student["target_scaling"]) == ("identity", "none")
    assert student["validation_targets"] == "measured"


def settings_of(name):
    """Return the configuration of a file; that of own assays, whose data sets a person names, with a data set."""
    settings = read_yaml(CONFIG / name)
    return settings | {"datasets": settings["datasets"] or ["yeast_promoters"]}


@pytest.mark.parametrize("name", sorted(path.name for path in CONFIG.glob("*.yaml")))
def test_every_student_of_a_configuration_can_be_trained_on_its_ensemble(name):
    # Snakemake lays a configuration over that of the default run.
    configuration = Configuration(merge(read_yaml(CONFIG / "config.yaml"), settings_of(name)), [CONFIG])
    for study in (configuration.study(dataset) for dataset in configuration.datasets):
        for teacher in study["teachers"]:
            known = available(configuration.teacher(teacher))
            for student in study["students"]:
                assert set(targets_of(configuration.student(teacher, student))) <= known, (teacher, student)


@pytest.mark.parametrize("name", sorted(path.name for path in CONFIG.glob("*.yaml")))
def test_every_configuration_of_the_project_loads(name):
    assert Configuration(settings_of(name), [CONFIG]).datasets


def test_the_run_that_explains_profiles_has_the_models_of_the_run_that_makes_them():
    """Else it would train them again."""
    made, explained = (read_yaml(CONFIG / f"{name}.yaml") for name in ("profiles", "profile_attribution"))
    assert explained["overrides"] == made["overrides"]
    assert {key: explained["study"][key] for key in made["study"]} == made["study"]


@pytest.mark.parametrize("teacher", ["small", "motif_cnn_noise_replicates"])
def test_a_published_table_without_replicates_trains_no_head_of_replicates(teacher):
    config = read_yaml(CONFIG / "config.yaml") | {"datasets": ["deepstarr_subset"]}
    config["overrides"] = {"datasets": {"deepstarr_subset": {"study": {"teachers": [teacher]}}}}
    with pytest.raises(
        DeguError, match=rf"deepstarr_subset\.yaml: importer: '{teacher}' is trained on the standard dev"
    ):
        Configuration(config, [CONFIG])
