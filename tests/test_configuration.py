import copy
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from degu.configuration import Configuration, complete, fill_defaults, merge, read_yaml
from degu.errors import DeguError
from degu.signatures import known_modules

CONFIG = Path(__file__).parents[1] / "config"
SCHEMAS = {path.name.split(".")[0]: path for path in sorted((CONFIG / "schemas").glob("*.yaml"))}
NAMES = {
    kind: sorted(path.stem for path in (CONFIG / kind).glob("*.yaml")) for kind in ("datasets", "teachers", "students")
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
STUDENT = {"heads": "teacher"}


@pytest.fixture
def house(tmp_path):
    """Return a function that writes a configuration's files, each changed as told, and reads them."""
    shutil.copytree(CONFIG / "schemas", tmp_path / "schemas")

    def build(config=None, dataset=None, teacher=None, student=None, study=None):
        files = {
            "datasets/mine": merge(DATASET, dataset or {}),
            "teachers/big": merge(TEACHER, teacher or {}),
            "students/plain": merge(STUDENT, student or {}),
        }
        for name, content in files.items():
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(yaml.safe_dump(content))
        general = {"teachers": ["big"], "students": ["plain"], "members": 4, **(study or {})}
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
        "uncertainty": {"scale": "std", "activation": "linear", "floor": 1e-4},
        "loss": "mean_squared_error",
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
        "fractions": [0.5],
        "members": 3,
        "student_seeds": 6,
    }


def test_overrides_are_laid_over_single_files(house):
    overrides = {
        "datasets": {"mine": {"bad_rows": "drop", "options": {"name": "id"}}},
        "teachers": {"big": {"batch_size": 5, "model": {"units": 3}}},
        "students": {"plain": {"epochs": 2}},
    }
    configuration = house({"overrides": overrides})
    assert configuration.datasets["mine"]["bad_rows"] == "drop"
    assert configuration.datasets["mine"]["options"] == {**DATASET["options"], "name": "id"}
    assert configuration.teacher("big")["batch_size"] == 5
    assert configuration.teacher("big")["model"] == {"name": "motif_cnn", "filters": 8, "units": 3}
    assert configuration.student("big", "plain")["epochs"] == 2
    assert configuration.teacher("big")["epochs"] == 100


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
    for key in teacher.keys() - {"heads", "reduce_learning_rate"}:
        assert student[key] == teacher[key]
    assert student["ensemble_size"] is None


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
    assert student["model"] == {"name": "deepstarr", "dropout": 0.3}


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
        ({"teacher": {"uncertainty": {"scales": "std"}}}, "big.yaml: uncertainty", "scales", "scale"),
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
        ({"teacher": {"uncertainty": {"scale": "variance"}}}, "big.yaml: uncertainty.scale: "),
        ({"teacher": {"optimizer": {"learning_rate": 0}}}, "big.yaml: optimizer.learning_rate: "),
        ({"teacher": {"reduce_learning_rate": {"factor": 1.0}}}, "big.yaml: reduce_learning_rate.factor: "),
        ({"student": {"heads": "mean"}}, "plain.yaml: heads: "),
        ({"student": {"ensemble_size": 1}}, "plain.yaml: ensemble_size: "),
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
        ({"teacher": {"loss": "mean_square"}}, r"big\.yaml: loss: there is no loss(.|\n)*'mean_squared_error'"),
        ({"student": {"loss": "mean_square"}}, r"plain\.yaml: loss: there is no loss"),
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


def test_missing_option_of_an_importer_is_named(house):
    house()
    path = house.folder / "datasets" / "bare.yaml"
    path.write_text(yaml.safe_dump({**DATASET, "options": {}}))
    with pytest.raises(DeguError, match=r"bare\.yaml: options: option 'targets' is missing"):
        house({"datasets": ["bare"]})


@pytest.mark.parametrize("content", ["a: [1\n", "a: b: c\n", "\t- a"])
def test_file_that_is_no_yaml_is_told(tmp_path, content):
    (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(DeguError, match="not readable as YAML") as caught:
        read_yaml(tmp_path / "a.yaml")
    assert str(tmp_path / "a.yaml") in str(caught.value)


def test_binary_or_absent_file_is_told(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00\x81")
    for name in ("a.yaml", "absent.yaml"):
        with pytest.raises(DeguError, match="not readable as YAML"):
            read_yaml(tmp_path / name)


@pytest.mark.parametrize(("content", "kind"), [("[1, 2]", "list"), ("text", "str"), ("3", "int")])
def test_yaml_that_is_no_mapping_is_told(tmp_path, content, kind):
    (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(DeguError, match=f"holds a {kind}"):
        read_yaml(tmp_path / "a.yaml")


def test_empty_yaml_is_an_empty_mapping(tmp_path):
    (tmp_path / "a.yaml").write_text("# nothing\n")
    assert read_yaml(tmp_path / "a.yaml") == {}


# Merging and defaults


def test_mappings_merge_and_everything_else_is_replaced():
    base = {"a": 1, "b": {"c": [1, 2], "d": {"e": 1, "f": 2}}, "g": {"h": 1}, "i": [1]}
    over = {"b": {"c": [3], "d": {"e": 9}}, "g": 5, "i": {"j": 1}, "k": None}
    expected = {"a": 1, "b": {"c": [3], "d": {"e": 9, "f": 2}}, "g": 5, "i": {"j": 1}, "k": None}
    assert merge(base, over) == expected


def test_merging_changes_and_shares_neither_part():
    base, over = {"a": {"b": [1]}}, {"c": {"d": [2]}}
    merged = merge(base, over)
    merged["a"]["b"].append(9)
    merged["c"]["d"].append(9)
    assert (base, over) == ({"a": {"b": [1]}}, {"c": {"d": [2]}})


def test_defaults_fill_nested_mappings_and_those_of_any_name():
    schema = {
        "properties": {"a": {"default": 1}, "b": {"default": {}, "properties": {"c": {"default": [2]}}}, "n": {}},
        "additionalProperties": {"properties": {"d": {"default": 3}}},
    }
    assert fill_defaults({"x": {"e": 0}}, schema) == {"a": 1, "b": {"c": [2]}, "x": {"e": 0, "d": 3}}
    assert fill_defaults({"a": None, "b": {"c": 0}}, schema) == {"a": None, "b": {"c": 0}}


def test_defaults_are_not_shared():
    schema = {"properties": {"a": {"default": [1]}}}
    fill_defaults({}, schema)["a"].append(2)
    assert fill_defaults({}, schema) == {"a": [1]}


def test_values_are_checked_after_they_are_filled():
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "default": 1}}}
    assert complete({}, schema, where="x") == {"a": 1}


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
    assert set(student) == {*teacher, "ensemble_size"}
    for key in ("uncertainty", "optimizer", "early_stopping", "reduce_learning_rate"):
        assert set(student[key]["properties"]) == set(teacher[key]["properties"])


@pytest.mark.parametrize("name", NAMES["datasets"])
def test_every_data_set_of_the_project_loads(name):
    configuration = Configuration({"datasets": [name]}, [CONFIG])
    assert configuration.datasets[name]["title"]
    assert abs(sum(configuration.datasets[name]["split"]["fractions"].values()) - 1) < 1e-9


@pytest.mark.parametrize("teacher", NAMES["teachers"])
def test_every_teacher_and_every_student_of_it_loads(teacher):
    study = {"teachers": [teacher], "students": NAMES["students"]}
    # Overrides the data set's own study.
    overrides = {"datasets": {"simulated_mpra": {"study": study}}}
    configuration = Configuration({"datasets": ["simulated_mpra"], "overrides": overrides}, [CONFIG])
    assert configuration.teacher(teacher)["model"]["name"] in known_modules("models")
    for student in NAMES["students"]:
        heads = configuration.student(teacher, student)["heads"]
        assert heads == [*configuration.teacher(teacher)["heads"], "epistemic"]


@pytest.mark.parametrize("name", sorted(path.name for path in CONFIG.glob("*.yaml")))
def test_every_configuration_of_the_project_loads(name):
    configuration = Configuration(read_yaml(CONFIG / name), [CONFIG])
    assert configuration.datasets


def test_parsing_the_configuration_loads_neither_numpy_nor_tensorflow():
    code = (
        "import sys; from pathlib import Path; from degu.configuration import Configuration, read_yaml; "
        f"Configuration(read_yaml(Path({str(CONFIG / 'paper.yaml')!r})), [{str(CONFIG)!r}]); "
        "print([name for name in ('numpy', 'keras', 'tensorflow', 'h5py') if name in sys.modules])"
    )
    scripts = CONFIG.parent / "scripts"
    done = subprocess.run([sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
