"""The configuration: it is read, completed with defaults, checked, and looked up by name.

`config.yaml`, with what `--configfile` and `--config` lay over it, names data sets, teachers, baselines and students;
each of them has a file of its own. Snakemake parses the workflow often, so this module and all that it imports need
only the standard library, PyYAML and jsonschema.
"""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path

from degu.config.check_active_learning import check_active_learning
from degu.config.check_assessment import check_assessment
from degu.config.check_attribution import attribution_of, check_attribution, check_explained
from degu.config.check_augmentation import check_augmentation
from degu.config.check_bias import check_bias
from degu.config.check_dataset import check_dataset, check_is_measured
from degu.config.check_design import check_design
from degu.config.check_labels import check_suits_targets
from degu.config.check_pool import check_pool
from degu.config.check_recipe import check_teacher
from degu.config.check_shift import check_shift
from degu.config.check_student import check_ensemble_size, check_student
from degu.config.check_target_names import check_target_name
from degu.config.check_variants import check_variants
from degu.config.configured_files import CONFIGURATION, ConfiguredFiles
from degu.config.merging import merge
from degu.config.paths import expand_path, with_expanded_paths
from degu.config.recipes import baseline_names, lay_over, student_recipe
from degu.config.student_names import parse_student_name
from degu.errors import DeguError

# The lists of a study that name files.
_NAMING = ("teachers", "baselines", "students", "variants", "transfers")


class Configuration:
    """The checked configuration, complete with its defaults.

    Parameters
    ----------
    config
        The configuration that Snakemake has read.
    folders
        The folders in which `datasets/`, `augmentations/`, `pools/`, `variants/`, `teachers/`, `baselines/`,
        `students/` and `schemas/` are searched, in this order.

    Attributes
    ----------
    files
        The files of the configuration.
    seed, deterministic, members_per_job, students_per_job, data_directory
        The values of the keys with these names.
    assessment, shift, design, variants, active_learning, attribution
        The settings that tell how uncertainties are assessed, how sequences are shifted and designed, how effects of
        variants are predicted, how active learning is simulated and how predictions are explained.
    datasets
        The settings of each data set, by its name. The key `study` of each tells what is run on it.
    transfers
        The settings of each transfer that a study names, by its name.
    imported
        The settings of all data sets that are imported: those that models are trained on, and those of transfers.
    variant_sets
        The settings of each set of variants that a study names, by its name.

    Raises
    ------
    DeguError
        If a key is unknown, a value is wrong or a file is missing.
    """

    def __init__(self, config: Mapping, folders: Sequence[Path]) -> None:
        self.files = ConfiguredFiles(folders)
        # The file of each data set.
        self._dataset_files: dict[str, str] = {}
        # Where the teachers, baselines and students of each data set are named.
        self._places: dict[str, dict[str, str]] = {}
        settings = self.files.complete(copy.deepcopy(dict(config)), "config", where="configuration")
        self.seed: int = settings["seed"]
        self.deterministic: bool = settings["deterministic"]
        self.members_per_job: int = settings["members_per_job"]
        self.students_per_job: int = settings["students_per_job"]
        self.data_directory: str = expand_path(settings["data_directory"], where="configuration: data_directory")
        self.assessment: dict = check_assessment(settings["assessment"], "configuration: assessment")
        self.shift: dict = check_shift(settings["shift"], "configuration: shift")
        self.design: dict = check_design(settings["design"], "configuration: design", self.shift["ladders"])
        self.variants: dict = settings["variants"]
        self.active_learning: dict = check_active_learning(
            settings["active_learning"], "configuration: active_learning"
        )
        self.attribution: dict = check_attribution(settings["attribution"], "configuration: attribution")
        self.files.overrides = settings["overrides"]
        self.datasets = {name: self._read_dataset(name, settings["study"]) for name in settings["datasets"]}
        named = {
            name: self._places[dataset]["transfers"]
            for dataset in self.datasets
            for name in self.study(dataset)["transfers"]
        }
        self.transfers = {name: self._read_transfer(name, place) for name, place in named.items()}
        others = [transfer["dataset"] for transfer in self.transfers.values()]
        self.imported = self.datasets | {
            name: self._read_dataset(name, settings["study"]) for name in others if name not in self.datasets
        }
        self._check_target_names()
        for teacher in self.attribution["teachers"]:
            self.files.path_of("teachers", teacher, named=f"{CONFIGURATION}: attribution.teachers")
        self.files.check_overrides()
        self._teachers: dict[str, dict] = {}
        self._students: dict[tuple[str, str], dict] = {}
        self.variant_sets: dict[str, dict] = {}
        for dataset in self.datasets:
            self._read_recipes(dataset)
            for name in self.study(dataset)["variants"]:
                self.variant_sets[name] = self._read_variants(name, self._places[dataset]["variants"])

    def study(self, dataset: str) -> dict:
        """Return what is run on a data set: teachers, baselines, students, fractions and numbers of models."""
        return self.datasets[dataset]["study"]

    def teacher(self, name: str) -> dict:
        """Return the resolved recipe of a teacher; `TEACHER-BASELINE` is a teacher with a baseline laid over it."""
        return self._teachers[name]

    def training(self, teacher: str) -> dict:
        """Return the part of a teacher's recipe that its training depends on; how its members predict is left out."""
        return {key: value for key, value in self.teacher(teacher).items() if key != "prediction"}

    def student(self, teacher: str, name: str) -> dict:
        """Return the resolved recipe of a student; what it does not set itself, it takes from its teacher.

        `degu.config.student_names` tells what a name may change in its recipe.
        """
        return self._students[teacher, name]

    def attribution_of(self, teacher: str) -> dict:
        """Return the settings that tell how the members and students of one teacher are explained."""
        return attribution_of(self.attribution, teacher)

    def pools(self) -> list[dict]:
        """Return the settings of each pool that a student of this run is trained on."""
        pools = {student["pool"]["name"]: student["pool"] for student in self._students.values() if student["pool"]}
        return list(pools.values())

    def augmentation(self, name: str, *, named: str = CONFIGURATION) -> dict:
        """Return a set of augmentations, as `degu.data.augmenting.Augmenter` takes it.

        Parameters
        ----------
        name
            The name of its file.
        named
            The place that names it, for error messages.

        Raises
        ------
        DeguError
            If there is no such file, or if it names an augmentation or an option that does not exist.
        """
        with self.files.read("augmentations", name, named) as (settings, where):
            return check_augmentation(self.files.complete(settings, "augmentation", where=where), where)

    def pool(self, name: str, *, named: str = CONFIGURATION) -> dict:
        """Return the settings of a pool of sequences without measurements, as `degu.distillation.pool` takes them.

        Parameters
        ----------
        name
            The name of its file.
        named
            The place that names it, for error messages.

        Raises
        ------
        DeguError
            If there is no such file, or if it names a source, an augmentation or an option that does not exist.
        """
        with self.files.read("pools", name, named) as (settings, where):
            settings = self._with_inputs(self.files.complete(settings, "pool", where=where), where)
            return {"name": name, **check_pool(settings, where)}

    def _read_dataset(self, name: str, study: Mapping) -> dict:
        with self.files.read("datasets", name, f"{CONFIGURATION}: datasets") as (settings, where):
            own = settings.get("study", {})
            if not isinstance(own, Mapping):
                raise DeguError(
                    f"{own!r} is not a mapping", where=f"{where}: study", expected="a mapping, as in config.yaml"
                )
            # The study in the file of a data set overrules the general one.
            settings["study"] = merge(study, own)
            self._dataset_files[name] = where
            self._places[name] = {key: f"{where if key in own else CONFIGURATION}: study.{key}" for key in _NAMING}
            # What an override changes takes the effect from other settings of the file on purpose.
            over = self.files.overrides_of("datasets", name)
            given = over if "split" in over or "standardize_batches" in over else settings
            settings = check_dataset(self.files.complete(settings, "dataset", where=where), given, where)
            return with_expanded_paths(settings, where)

    def _read_variants(self, name: str, named: str) -> dict:
        with self.files.read("variants", name, named) as (settings, where):
            settings = check_variants(self.files.complete(settings, "variant", where=where), where)
            return with_expanded_paths(settings, where)

    def _check_target_names(self) -> None:
        """Check the targets that designs and transfers name."""
        for dataset, settings in self.datasets.items():
            study = self.study(dataset)
            for name, design in self.design["designs"].items() if study["design"] else ():
                if design["target"] is not None:
                    place = f"{CONFIGURATION}: design.designs.{name}.target"
                    remedy = "name another target, or set `study.design: false` for this data set"
                    check_target_name(settings, dataset, design["target"], where=place, remedy=remedy)
            for name in study["transfers"]:
                other, place = self.transfers[name]["dataset"], f"{self.files.path_of('transfers', name)}: targets"
                for own, counterpart in self.transfers[name]["targets"].items():
                    check_target_name(settings, dataset, own, where=place)
                    check_target_name(self.imported[other], other, counterpart, where=place)

    def _read_transfer(self, name: str, named: str) -> dict:
        with self.files.read("transfers", name, named) as (settings, where):
            settings = self.files.complete(settings, "transfer", where=where)
            self.files.path_of("datasets", settings["dataset"], named=f"{where}: dataset")
            return settings

    def _read_recipes(self, dataset: str) -> None:
        """Read the recipes of all that is run on a data set, and check that it has what they are trained on."""
        study, places = self.study(dataset), self._places[dataset]
        for teacher in study["teachers"]:
            for name in (teacher, *baseline_names(teacher, study["baselines"])):
                if name not in self._teachers:
                    named = places["teachers" if name == teacher else "baselines"]
                    self._teachers[name] = self._read_teacher(name, named)
                self._check_suits(dataset, name, self.teacher(name))
                self._read_bias(dataset, name)
            for student in study["students"]:
                recipe = self._students[teacher, student] = self._read_student(dataset, teacher, student)
                self._check_suits(dataset, student, recipe)
                if study["explain"]:
                    for explained, own in ((teacher, self.teacher(teacher)), (student, recipe)):
                        model, where = own["model"]["name"], f"{CONFIGURATION}: attribution"
                        check_explained(self.attribution, teacher, explained, model, where)

    def _read_bias(self, dataset: str, name: str) -> None:
        """Read the teacher whose member is the bias network of a teacher or baseline, if it has one, and check both."""
        bias = self.teacher(name)["bias"]
        if bias is None:
            return
        place = f"{self.files.path_of('teachers', name.partition('-')[0])}: bias"
        if bias not in self._teachers:
            self._teachers[bias] = self._read_teacher(bias, place)
        check_bias(bias, self.teacher(bias), place)
        self._check_suits(dataset, bias, self.teacher(bias))

    def _check_suits(self, dataset: str, name: str, recipe: Mapping) -> None:
        """Check that a data set has what a teacher, baseline or student is trained on."""
        settings, where = self.datasets[dataset], self._dataset_files[dataset]
        with self.files.naming_overrides("datasets", dataset, where):
            check_suits_targets(settings, name, recipe, where)
            check_is_measured(settings, name, recipe, where)

    def _read_teacher(self, name: str, named: str) -> dict:
        teacher, dash, baseline = name.partition("-")
        with self.files.read("teachers", teacher, named) as (recipe, where):
            if not dash:
                return self._checked_teacher(recipe, where)
        with self.files.read("baselines", baseline, named) as (changes, where):
            return self._checked_teacher(lay_over(recipe, changes), where)

    def _checked_teacher(self, recipe: dict, where: str) -> dict:
        return check_teacher(self._with_inputs(self.files.complete(recipe, "teacher", where=where), where), where)

    def _read_student(self, dataset: str, teacher: str, name: str) -> dict:
        place, members = self._places[dataset]["students"], self.study(dataset)["members"]
        parts = parse_student_name(name, where=place)
        with self.files.read("students", parts.recipe, place) as (own, where):
            own = self.files.complete(own | parts.changes(), "student", where=where)
            own = self._with_inputs(own, where, {"pool": place} if parts.pool else {})
            recipe = student_recipe(self.teacher(teacher), own)
            # A number of members stands in the student's name or in its file.
            check_ensemble_size(recipe, name, members, place if parts.members else f"{where}: ensemble_size")
            return check_student(recipe, teacher, self.teacher(teacher), where)

    def _with_inputs(self, recipe: dict, where: str, places: Mapping[str, str] | None = None) -> dict:
        """Return a recipe with the settings of its augmentation and of its pool in place of their names.

        They are named in the file of the recipe, or in other places.
        """
        named = {key: f"{where}: {key}" for key in ("augmentation", "pool")} | {**(places or {})}
        read = {"augmentation": self.augmentation, "pool": self.pool}
        return recipe | {
            key: read[key](recipe[key], named=place) for key, place in named.items() if recipe.get(key) is not None
        }
