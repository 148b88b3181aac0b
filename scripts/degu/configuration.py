"""The configuration: read, checked against its schemas, resolved.

`config.yaml` (and whatever `--configfile` and `--config` lay over it) names data sets; each data set, teacher and
student has a file of its own. Only the standard library, PyYAML and jsonschema are needed here, since this runs
whenever Snakemake parses the workflow.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import jsonschema
import yaml

from degu.errors import DeguError, did_you_mean
from degu.signatures import check_module, check_options

KINDS = ("datasets", "teachers", "students")


class Configuration:
    """The resolved configuration.

    Parameters
    ----------
    config
        What Snakemake read.
    folders
        Where `datasets/`, `teachers/`, `students/` and `schemas/` are looked for, in this order.

    Attributes
    ----------
    seed, deterministic, data_directory
        The keys of that name.
    datasets
        Settings of the data sets to run, by name; `study` of each says what is run on it.

    Raises
    ------
    DeguError
        If a key is unknown or of the wrong type, or a file is missing.
    """

    def __init__(self, config: Mapping, folders: Sequence[Path]) -> None:
        self._folders = [Path(folder) for folder in folders]
        self._overrides = {}
        settings = self._complete(copy.deepcopy(dict(config)), "config", where="configuration")
        self.seed: int = settings["seed"]
        self.deterministic: bool = settings["deterministic"]
        self.data_directory: str = settings["data_directory"]
        self._overrides = settings["overrides"]
        self.datasets = {name: self._dataset(name, settings["study"]) for name in settings["datasets"]}
        self._check_overrides()
        self._teachers = {}
        self._students = {}
        for study in (self.study(name) for name in self.datasets):
            for teacher in study["teachers"]:
                self._teachers[teacher] = self._read_teacher(teacher)
                for student in study["students"]:
                    self._students[teacher, student] = self._read_student(teacher, student, study["members"])

    def study(self, dataset: str) -> dict:
        """Return what is run on a data set: teachers, students, fractions, members, student_seeds."""
        return self.datasets[dataset]["study"]

    def teacher(self, name: str) -> dict:
        """Return the resolved recipe of a teacher."""
        return self._teachers[name]

    def student(self, teacher: str, name: str) -> dict:
        """Return the resolved recipe of a student: what it does not say is its teacher's."""
        return self._students[teacher, name]

    def _read_teacher(self, name: str) -> dict:
        recipe, where = self._read("teachers", name)
        recipe = self._complete(recipe, "teacher", where=where)
        return self._checked_recipe(recipe, where)

    def _read_student(self, teacher: str, name: str, members: int) -> dict:
        recipe, where = self._read("students", name)
        own = self._complete(recipe, "student", where=where)
        resolved = merge(self.teacher(teacher), own)
        if own.get("model", {}).get("name", resolved["model"]["name"]) != self.teacher(teacher)["model"]["name"]:
            # The options of one architecture mean nothing to another.
            resolved["model"] = own["model"]
        if resolved["heads"] == "teacher":
            resolved["heads"] = [*self.teacher(teacher)["heads"], "epistemic"]
        size = own["ensemble_size"]
        if size is not None and size > members:
            raise DeguError(f"ensemble_size is {size}", where=where, expected=f"at most the {members} members")
        return self._checked_recipe(resolved, where)

    def _checked_recipe(self, recipe: dict, where: str) -> dict:
        check_module("models", recipe["model"].get("name"), where=f"{where}: model.name")
        options = {key: value for key, value in recipe["model"].items() if key != "name"}
        check_options("models", recipe["model"]["name"], "build", options, given=set(), where=f"{where}: model")
        check_module("losses", recipe["loss"], where=f"{where}: loss")
        return recipe

    def _dataset(self, name: str, study: Mapping) -> dict:
        settings, where = self._read("datasets", name)
        own = settings.get("study", {})
        if not isinstance(own, Mapping):
            raise DeguError(f"{own!r} is no mapping", where=f"{where}: study", expected="a mapping, as in config.yaml")
        # The data set's own study overrules the general one.
        settings["study"] = merge(study, own)
        settings = self._complete(settings, "dataset", where=where)
        check_module("importers", settings["importer"], where=f"{where}: importer")
        check_options(
            "importers",
            settings["importer"],
            "load",
            settings["options"],
            given={"drop_bad_rows"},
            where=f"{where}: options",
        )
        return settings

    def _read(self, kind: str, name: str) -> tuple[dict, str]:
        """Return the content of a file of `datasets/`, `teachers/` or `students/`, overridden, and its path."""
        if not re.fullmatch(r"[A-Za-z0-9_]+", str(name)):
            raise DeguError(f"the name '{name}'", where=kind, expected="letters, digits and underscores")
        for folder in self._folders:
            path = folder / kind / f"{name}.yaml"
            if path.is_file():
                return merge(read_yaml(path), self._overrides.get(kind, {}).get(name, {})), str(path)
        known = {path.stem for folder in self._folders for path in (folder / kind).glob("*.yaml")}
        raise DeguError(
            f"there is no {kind.removesuffix('s')} '{name}'",
            where=f"configuration: {kind}",
            expected=did_you_mean(name, known),
            remedy=f"add {self._folders[0] / kind / name}.yaml",
        )

    def _check_overrides(self) -> None:
        """Refuse overrides of what does not exist, which would be without effect."""
        for kind, entries in self._overrides.items():
            for name in entries:
                self._read(kind, name)

    def _complete(self, values: dict, schema: str, *, where: str) -> dict:
        path = next(
            folder / "schemas" / f"{schema}.schema.yaml"
            for folder in self._folders
            if (folder / "schemas" / f"{schema}.schema.yaml").is_file()
        )
        return complete(values, read_yaml(path), where=where)


def read_yaml(path: Path) -> dict:
    """Read a mapping from a YAML file.

    Raises
    ------
    DeguError
        If it is not YAML or not a mapping.
    """
    try:
        with path.open() as handle:
            content = yaml.safe_load(handle)
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise DeguError(f"not readable as YAML: {error}", where=path) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise DeguError(f"holds a {type(content).__name__}", where=path, expected="a mapping of keys to values")
    return content


def merge(base: Mapping, over: Mapping) -> dict:
    """Return `base` with `over` laid over it: mappings merge, everything else is replaced."""
    merged = copy.deepcopy(dict(base))
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = merge(merged[key], value) if both else copy.deepcopy(value)
    return merged


def complete(values: dict, schema: Mapping, *, where: str) -> dict:
    """Check values against a JSON schema and fill in its defaults.

    Raises
    ------
    DeguError
        Naming the key; for an unknown key, with the nearest known one.
    """
    values = fill_defaults(values, schema)
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(values), key=lambda error: list(error.path))
    if errors:
        raise _explain(errors[0], where)
    return values


def fill_defaults(values: dict, schema: Mapping) -> dict:
    """Return values with the schema's defaults for what they do not say, in nested mappings too."""
    if not isinstance(values, dict):
        return values
    filled = dict(values)
    for key, part in schema.get("properties", {}).items():
        if key not in filled and "default" in part:
            filled[key] = copy.deepcopy(part["default"])
        if key in filled:
            filled[key] = fill_defaults(filled[key], part)
    additional = schema.get("additionalProperties")
    if isinstance(additional, Mapping):
        for key in filled.keys() - schema.get("properties", {}).keys():
            filled[key] = fill_defaults(filled[key], additional)
    return filled


def _explain(error: jsonschema.ValidationError, where: str) -> DeguError:
    """Turn a schema error into one for a person."""
    key = ".".join(str(part) for part in error.path)
    place = f"{where}: {key}" if key else where
    description = error.schema.get("description")
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = next(name for name in error.instance if name not in known)
        return DeguError(f"unknown key '{unknown}'", where=place, expected=did_you_mean(unknown, known))
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return DeguError(f"the key '{missing}' is missing", where=place, remedy="see config/README.md")
    remedy = None
    if error.validator == "type" and isinstance(error.instance, str):
        if re.fullmatch(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+", error.instance):
            remedy = "YAML reads a number without a point, such as 1e-3, as text: write 1.0e-3"
        elif error.validator_value == "array":
            remedy = f"write a list: --config '{key}=[{error.instance}]'"
    message = f"'{error.instance}' is not of the right form" if error.validator == "pattern" else error.message
    return DeguError(message, where=place, expected=description, remedy=remedy)
