"""The distillation of an ensemble into students, on the sequences and labels that the pipeline takes."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from degu.training.backend import keras
from degu import __version__
from degu.config.declarations import targets_of
from degu.data.store import SequenceStore
from degu.data.training_rows import TrainingRows, training_rows
from degu.distillation.drawing import draw_pool
from degu.distillation.inheritance import inheritance_of
from degu.distillation.labelling import MemberLabels, label_sequences
from degu.distillation.labels import student_targets
from degu.distillation.training_data import student_data
from degu.errors import DeguError
from degu.library.architectures import Architecture, architecture_of
from degu.library.assay import Assay
from degu.library.packaging import package
from degu.library.recipes import distilled_recipe, recipe_of_others
from degu.library.settings import Settings
from degu.library.student import Student
from degu.library.trainings import train_packs
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.package.construct import Construct
from degu.package.keras_networks import layers_with_code
from degu.prediction.ensemble import Predictions
from degu.prediction.predictor import predict_store
from degu.prediction.unlearned import models_that_have_not_learned
from degu.training.building import Build, build_model
from degu.training.job import TrainingJob
from degu.training.training import TrainingData

log = logging.getLogger(__name__)

# Members whose predictions differ by less than this part of how sequences differ are taken for equal.
_LEAST_DISAGREEMENT = 1e-6


@dataclass(frozen=True)
class Teachers:
    """The members of an ensemble, as a distillation needs them.

    Attributes
    ----------
    paths
        Files of the members.
    heads
        What they predict.
    construct
        The DNA that they take.
    named
        Whether the names of their targets are known.
    recipe
        The recipe that they were trained by, if it is known.
    data_digest
        Digest of the sequences that they were trained on and of their splits, if it is known.
    build
        Function that builds their network, if one does and is known.
    """

    paths: list[Path]
    heads: Heads
    construct: Construct
    named: bool
    recipe: Mapping | None = None
    data_digest: str | None = None
    build: Build | None = None

    def built_by(self, build: Build | None) -> "Teachers":
        """Return the same members with the function that builds their network."""
        return replace(self, build=build)

    def first(self, size: int | None) -> "Teachers":
        """Return the first members in some number; None stands for all.

        Raises
        ------
        DeguError
            If there are fewer.
        """
        if size is not None and size > len(self.paths):
            raise DeguError(
                f"{size} members are asked for, and there are {len(self.paths)}", where="student['ensemble_size']"
            )
        return replace(self, paths=self.paths[:size])


def distil_students(teachers: Teachers, assay: Assay, seed: int, settings: Settings, device: str) -> Student:
    """Return the students that are distilled from the members of an ensemble, together.

    Parameters
    ----------
    teachers, assay, seed, settings
        As `Ensemble.distil` takes them.
    device
        Name of the device.

    Raises
    ------
    DeguError
        As `Ensemble.distil` says.
    """
    _check_fit(teachers, assay)
    store = assay.store(seed)
    _check_unseen(teachers, assay, store)
    recipe, architecture = _plan(teachers, settings)
    teachers = teachers.first(recipe["ensemble_size"])
    rows = training_rows(store, 1.0, seed)
    outputs = Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names)
    if architecture.build is not None:
        _check_layers(build_model(recipe, teachers.construct.length, outputs, seed, build=architecture.build))
    ensemble = predict_store(teachers.paths, _numbers(teachers.paths), store)
    _check_disagreement(ensemble)
    for number, correlation in models_that_have_not_learned(store, ensemble, teachers.paths).items():
        log.warning("member %d has not learned: r = %.3f on the validation split", number, correlation)
    numbers = range(1, settings.students + 1)
    data = training_data(teachers, store, rows, ensemble, recipe, numbers, seed=seed)
    log.info("training %d student%s", settings.students, "s" if settings.students > 1 else "")

    def job(own: Sequence[int]) -> TrainingJob:
        return TrainingJob(
            recipe=recipe,
            stage="student",
            seed=seed,
            code=__version__,
            outputs=outputs,
            data={number: data[number] for number in own},
            label="student",
            labels={"dataset": "assay", "teacher": _name_of(teachers), "student": "degu", "fraction": 1.0},
            data_digest=store.digest,
            flanks=store.attributes["flanks"],
            inheritance=inheritance_of(recipe, teachers.paths, own, architecture.build),
        )

    with tempfile.TemporaryDirectory(prefix="degu-students-") as folder:
        paths = train_packs(job, numbers, Path(folder), settings, device)
        facts = {"members": len(teachers.paths), "teacher": _name_of(teachers)}
        return package(dict(zip(numbers, paths, strict=True)), teachers.paths, store, rows.subset, seed, facts)


def training_data(
    teachers: Teachers,
    store: SequenceStore,
    rows: TrainingRows,
    ensemble: Predictions,
    recipe: Mapping,
    numbers: Sequence[int],
    *,
    seed: int,
) -> dict[int, TrainingData]:
    """Return what each student is trained on, by its seed number: what the members predict, for a pool too.

    Parameters
    ----------
    teachers, store, rows, ensemble
        The members, the data set, the rows that students are trained on, and what the members predict for the data set.
    recipe, numbers, seed
        The recipe and the seed numbers of the students, and the seed that their pool follows from.
    """
    tokens = pool = None
    if recipe["pool"]:
        tokens = draw_pool(recipe["pool"], store, rows, seed)
        log.info("labelling %s new sequences", f"{sum(map(len, tokens.values())):,}")
        pool = label_sequences(teachers.paths, _numbers(teachers.paths), tokens)
    names = targets_of(recipe)
    return student_data(
        store,
        rows,
        student_targets(store, ensemble, names, validation=recipe["validation_targets"], pool=pool),
        recipe,
        numbers,
        pool=tokens,
        label=MemberLabels(teachers.paths, names) if recipe["labels"] == "members" else None,
        seed=seed,
    )


def _plan(teachers: Teachers, settings: Settings) -> tuple[dict, Architecture]:
    """Return the recipe of students, and the network that it names or that a function builds."""
    others = teachers.recipe is None
    teacher = recipe_of_others(teachers.heads.heads, teachers.construct.strands) if others else teachers.recipe
    assert teacher is not None
    if settings.student_build is not None:
        architecture = architecture_of(settings.student_build, "student_build")
        recipe = distilled_recipe(teacher, architecture.model, settings.student, own=architecture.build is not None)
        return recipe, Architecture(recipe["model"], architecture.build)
    if "." in teacher["model"]["name"] and teachers.build is None:
        raise DeguError(
            f"the function '{teacher['model']['name']}' built the members, and is not known here",
            where="settings",
            remedy="give it, or another network, as Settings(student_build=...)",
        )
    recipe = distilled_recipe(teacher, None, settings.student, own=teachers.build is not None)
    return recipe, Architecture(recipe["model"], teachers.build)


def _check_layers(network: keras.Model) -> None:
    """Check that a student can be read without running code that its folder brings."""
    for name in layers_with_code(keras.saving.serialize_keras_object(network)):
        raise DeguError(
            f"the network of students has a layer of the kind '{name}', which is not one of Keras",
            where="build or student_build",
            expected="layers of Keras, because the folder of a student is read without running code that comes with it",
            remedy="write the function with layers of Keras alone; members may have others, if "
            "Settings(student_build=...) gives students another network",
        )


def _numbers(paths: Sequence[Path]) -> list[int]:
    return list(range(1, len(paths) + 1))


def _name_of(teachers: Teachers) -> str:
    return "models of Keras" if teachers.recipe is None else teachers.recipe["model"]["name"]


def _check_fit(teachers: Teachers, assay: Assay) -> None:
    """Check that an assay has the sequences and the targets that members take and predict."""
    construct, own = teachers.construct, assay.construct
    if (construct.length, construct.left, construct.right) != (own.length, own.left, own.right):
        told = [f"{one.insert} bases between '{one.left}' and '{one.right}'" for one in (own, construct)]
        raise DeguError(f"its sequences are {told[0]}", where="assay", expected=f"{told[1]}, which the members take")
    targets = list(teachers.heads.targets)
    if len(targets) != len(assay.targets) or (teachers.named and targets != assay.targets):
        raise DeguError(
            f"its targets are {', '.join(assay.targets)}",
            where="assay",
            expected=f"{', '.join(targets)} in this order, which the members predict",
        )


def _check_unseen(teachers: Teachers, assay: Assay, store: SequenceStore) -> None:
    """Check that the members have not been trained on the rows that students are calibrated and judged on."""
    if assay.named_splits or store.digest == teachers.data_digest:
        return
    known = teachers.data_digest is not None
    raise DeguError(
        "the members were trained on other sequences, or with another seed"
        if known
        else "nobody knows here on which of these sequences the members were trained",
        where="assay: split",
        expected="calibration and test sequences that no member has seen",
        remedy="name for each sequence 'train', 'validation', 'calibration' or 'test'",
    )


def _check_disagreement(ensemble: Predictions) -> None:
    """Check that members differ in what they predict."""
    spread = ensemble.heads.select(ensemble.mean("train"), "mean").std(axis=0)
    largest = ensemble.heads.select(ensemble.std("train"), "mean").max(axis=0)
    agreeing = largest <= _LEAST_DISAGREEMENT * spread
    if agreeing.any():
        raise DeguError(
            f"the members agree completely about '{ensemble.heads.targets[int(agreeing.argmax())]}', so that there is "
            "no epistemic uncertainty to learn",
            where="models",
            expected="models that were trained from different seeds",
        )
