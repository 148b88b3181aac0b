"""The configuration: read, checked against its schemas, resolved.

`config.yaml` (and whatever `--configfile` and `--config` lay over it) names data sets; each data set, teacher and
student has a file of its own. Only the standard library, PyYAML and jsonschema are needed here, since this runs
whenever Snakemake parses the workflow.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from degu.config.declarations import loss_declaration, loss_options, targets_of
from degu.config.plugins import check_name, check_options, known_names
from degu.config.schemas import complete, merge, read_yaml
from degu.errors import DeguError, did_you_mean

KINDS = ("datasets", "teachers", "baselines", "students")


class Configuration:
    """The resolved configuration.

    Parameters
    ----------
    config
        What Snakemake read.
    folders
        Where `datasets/`, `teachers/`, `baselines/`, `students/` and `schemas/` are looked for, in this order.

    Attributes
    ----------
    seed, deterministic, members_per_job, students_per_job, data_directory
        The keys of that name.
    assessment, attribution
        How uncertainties are assessed, and predictions explained.
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
        self._schemas = {}
        settings = self._complete(copy.deepcopy(dict(config)), "config", where="configuration")
        self.seed: int = settings["seed"]
        self.deterministic: bool = settings["deterministic"]
        self.members_per_job: int = settings["members_per_job"]
        self.students_per_job: int = settings["students_per_job"]
        self.data_directory: str = settings["data_directory"]
        self.assessment: dict = self._checked_assessment(settings["assessment"])
        self.attribution: dict = _checked_attribution(settings["attribution"])
        self._overrides = settings["overrides"]
        self.datasets = {name: self._dataset(name, settings["study"]) for name in settings["datasets"]}
        self._check_overrides()
        self._teachers = {}
        self._students = {}
        for study in (self.study(name) for name in self.datasets):
            for teacher in study["teachers"]:
                names = (teacher, *baseline_names(teacher, study["baselines"]))
                self._teachers |= {name: self._read_teacher(name) for name in names if name not in self._teachers}
                for student in study["students"]:
                    self._students[teacher, student] = self._read_student(teacher, student, study["members"])

    def study(self, dataset: str) -> dict:
        """Return what is run on a data set: teachers, students, baselines, fractions and numbers of models."""
        return self.datasets[dataset]["study"]

    def teacher(self, name: str) -> dict:
        """Return the resolved recipe of a teacher; `TEACHER-BASELINE` is a teacher with a baseline laid over it."""
        return self._teachers[name]

    def training(self, teacher: str) -> dict:
        """Return what the training of a teacher's members depends on: its recipe without how they predict."""
        return {key: value for key, value in self.teacher(teacher).items() if key != "prediction"}

    def student(self, teacher: str, name: str) -> dict:
        """Return the resolved recipe of a student: what it does not say is its teacher's."""
        return self._students[teacher, name]

    def _read_teacher(self, name: str) -> dict:
        teacher, dash, baseline = name.partition("-")
        recipe, where = self._read("teachers", teacher)
        if dash:
            own, where = self._read("baselines", baseline)
            recipe = lay_over(recipe, own)
        recipe = self._checked_recipe(self._complete(recipe, "teacher", where=where), where)
        unknown = [name for name in targets_of(recipe) if name not in ("measured", "mean", "aleatoric")]
        if unknown:
            raise DeguError(
                f"'{unknown[0]}' is nothing that is measured, and a teacher is trained on measurements",
                where=f"{where}: heads and loss",
                remedy="keep it for a student, or take a loss that makes it, such as evidential",
            )
        return recipe

    def _read_student(self, teacher: str, name: str, members: int) -> dict:
        recipe, where = self._read("students", name)
        own = self._complete(recipe, "student", where=where)
        resolved = lay_over(self.teacher(teacher), own)
        if resolved["heads"] == "teacher":
            known = [head for head in self.teacher(teacher)["heads"] if head != "epistemic"]
            resolved["heads"] = [*known, "epistemic"]
        # How the members were trained and predict is nothing to the student.
        for key in ("resampling", "prediction"):
            del resolved[key]
        size = own["ensemble_size"]
        if size is not None and size > members:
            raise DeguError(f"ensemble_size is {size}", where=where, expected=f"at most the {members} members")
        self._check_teaching(teacher, resolved, where)
        return self._checked_recipe(resolved, where)

    def _check_teaching(self, teacher: str, student: dict, where: str) -> None:
        """Check that a teacher's ensemble predicts what a student's loss compares with."""
        recipe = self.teacher(teacher)
        if recipe["prediction"]["dropout_passes"]:
            raise DeguError(
                f"the teacher '{teacher}' predicts with dropout, and not for the training split",
                where=where,
                remedy="distil from a teacher without `prediction.dropout_passes`",
            )
        known = {"measured", "epistemic", *recipe["heads"], *(f"member_{head}" for head in recipe["heads"])}
        check_name("loss", student["loss"]["name"], where=f"{where}: loss.name")
        missing = [name for name in targets_of(student) if name not in known]
        if missing:
            raise DeguError(
                f"the student needs '{missing[0]}', and its teacher '{teacher}' predicts {recipe['heads']}",
                where=where,
                remedy="correct `heads` or `loss` of the student or of the teacher",
            )

    def _checked_recipe(self, recipe: dict, where: str) -> dict:
        check_name("model", recipe["model"].get("name"), where=f"{where}: model.name")
        options = {key: value for key, value in recipe["model"].items() if key != "name"}
        check_options("model", recipe["model"]["name"], options, where=f"{where}: model")
        check_name("loss", recipe["loss"]["name"], where=f"{where}: loss.name")
        check_options("loss", recipe["loss"]["name"], loss_options(recipe), where=f"{where}: loss")
        _check_loss(recipe, where)
        return recipe

    def _checked_assessment(self, settings: dict) -> dict:
        where = "configuration: assessment"
        if settings["conditional_level"] not in settings["levels"]:
            raise DeguError(
                f"{settings['conditional_level']}", where=f"{where}.conditional_level", expected="one of levels"
            )
        for metric in settings["metrics"]:
            check_name("metric", metric, where=f"{where}.metrics")
        _check_methods("conformal method", settings["conformal"], where=f"{where}.conformal")
        return settings

    def _dataset(self, name: str, study: Mapping) -> dict:
        settings, where = self._read("datasets", name)
        own = settings.get("study", {})
        if not isinstance(own, Mapping):
            raise DeguError(f"{own!r} is no mapping", where=f"{where}: study", expected="a mapping, as in config.yaml")
        # The data set's own study overrules the general one.
        settings["study"] = merge(study, own)
        settings = self._complete(settings, "dataset", where=where)
        check_name("importer", settings["importer"], where=f"{where}: importer")
        check_options(
            "importer",
            settings["importer"],
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
        if schema not in self._schemas:
            paths = (folder / "schemas" / f"{schema}.schema.yaml" for folder in self._folders)
            self._schemas[schema] = read_yaml(next(path for path in paths if path.is_file()))
        return complete(values, self._schemas[schema], where=where)


def _checked_attribution(settings: dict) -> dict:
    """Return the settings with `methods` those that are run: modules by their own names, and those with options."""
    where = "configuration: attribution"
    _check_methods("attribution method", settings["methods"], where=f"{where}.methods")
    check_name("background", settings["background"]["method"], where=f"{where}.background.method")
    known = {name: {"method": name} for name in known_names("attribution method")} | settings["methods"]
    for name in settings["run"]:
        if name not in known:
            raise DeguError(
                f"there is no attribution method '{name}'", where=f"{where}.run", expected=did_you_mean(name, known)
            )
    for name in settings["methods"]:
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise DeguError(f"the name '{name}'", where=f"{where}.methods", expected="letters, digits and underscores")
    if "mean" not in settings["heads"]:
        raise DeguError(f"heads {settings['heads']}", where=f"{where}.heads", expected="'mean' among them")
    methods = {name: known[name] for name in settings["run"]}
    # Without maps there is nothing to find motifs in.
    motifs = settings["motifs"] if methods else {**settings["motifs"], "method": None}
    _check_motifs(motifs, methods, settings["heads"], where=f"{where}.motifs")
    return {**settings, "methods": methods, "motifs": motifs}


def _check_motifs(motifs: Mapping, methods: Mapping[str, Mapping], heads: Sequence[str], *, where: str) -> None:
    """Check that motifs are searched in hypothetical maps that are made."""
    name = motifs["method"]
    if name is None:
        return
    if name not in methods:
        raise DeguError(
            f"'{name}' is not run",
            where=f"{where}.method",
            expected=did_you_mean(name, methods),
            remedy="add it to attribution.run, or set attribution.motifs.method to null",
        )
    if not methods[name].get("hypothetical"):
        raise DeguError(
            f"the maps of '{name}' are not hypothetical, which TF-MoDISco needs",
            where=f"{where}.method",
            remedy="name one with `hypothetical: true`, such as {method: deep_shap, hypothetical: true}",
        )
    if motifs["head"] not in heads:
        raise DeguError(
            f"'{motifs['head']}' is not explained", where=f"{where}.head", expected=did_you_mean(motifs["head"], heads)
        )


def _check_methods(kind: str, methods: Mapping[str, Mapping], *, where: str) -> None:
    """Check methods by name, each a mapping of `method`, a plugin, and its options."""
    for name, settings in methods.items():
        check_name(kind, settings["method"], where=f"{where}.{name}.method")
        options = {key: value for key, value in settings.items() if key != "method"}
        check_options(kind, settings["method"], options, where=f"{where}.{name}")


def baseline_names(teacher: str, baselines: Sequence[str]) -> list[str]:
    """Return what a teacher's baselines are called: `TEACHER-BASELINE`."""
    return [f"{teacher.partition('-')[0]}-{baseline}" for baseline in baselines]


def lay_over(recipe: Mapping, own: Mapping) -> dict:
    """Return a recipe with another laid over it; of a model or loss of another name, no option is kept."""
    resolved = merge(recipe, own)
    for key in ("model", "loss"):
        both = isinstance(own.get(key), Mapping) and isinstance(recipe.get(key), Mapping)
        if both and own[key].get("name", recipe[key].get("name")) != recipe[key].get("name"):
            resolved[key] = copy.deepcopy(dict(own[key]))
    if resolved.get("loss") != recipe.get("loss"):
        # Weights belong to the heads that a loss compares, and what is monitored to the targets that it reads.
        defaults = {"head_weights": "equal", "monitor": "loss"}
        resolved |= {key: value for key, value in defaults.items() if key in recipe and key not in own}
    return resolved


def _check_loss(recipe: Mapping, where: str) -> None:
    """Check that a recipe's heads, link and weights suit its loss."""
    name, heads = recipe["loss"]["name"], recipe["heads"]
    if heads[0] != "mean" or len(set(heads)) < len(heads):
        raise DeguError(f"heads {heads}", where=f"{where}: heads", expected="'mean' first, each at most once")
    if recipe["monitor"] == "auroc" and name != "binary_crossentropy":
        raise DeguError(
            f"auroc is of labels of 0 and 1, and the loss is '{name}'",
            where=f"{where}: monitor",
            remedy="monitor the loss, or name the loss binary_crossentropy",
        )
    declared = loss_declaration(name)
    missing = [head for head in declared.heads if head not in heads]
    if missing:
        raise DeguError(
            f"the loss '{name}' makes the heads {list(declared.heads)}, and the recipe has {heads}",
            where=f"{where}: heads",
            remedy=f"add {missing}, or name another loss",
        )
    if declared.positive and recipe["uncertainty"]["link"] == "identity":
        raise DeguError(
            f"the loss '{name}' needs standard deviations above 0",
            where=f"{where}: uncertainty.link",
            expected="softplus or log_variance",
        )
    weights = recipe["head_weights"]
    if isinstance(weights, Mapping):
        of_no_effect = [head for head in weights if head in declared.heads or head not in heads]
        if of_no_effect:
            raise DeguError(
                f"a weight of '{of_no_effect[0]}' has no effect with the loss '{name}' and the heads {heads}",
                where=f"{where}: head_weights",
                expected=f"heads of {[head for head in heads if head not in declared.heads]}",
            )
