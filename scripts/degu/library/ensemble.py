"""Ensembles: models that differ by their seeds, and how far they disagree."""

import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

# Keras is imported by this module first, without the notes that TensorFlow writes as it starts.
import degu.training.backend  # noqa: F401
from degu.distillation.labelling import MemberLabels
from degu.errors import DeguError
from degu.formats.files import write_text
from degu.library.architectures import architecture_of
from degu.library.arrays import flanks_of, units_of
from degu.library.assay import Assay
from degu.library.distillation import Teachers, distil_students
from degu.library.members import Convention, check_alike, check_flanks, check_list, member_file
from degu.library.recipes import member_recipe
from degu.library.sequences import constructs_of
from degu.library.session import session
from degu.library.settings import STRANDS, Settings, check_number
from degu.library.student import Student
from degu.library.trainings import train_members
from degu.package.construct import Construct
from degu.package.folder import folder_aside
from degu.prediction.predictor import Predictor

log = logging.getLogger(__name__)

_FACTS = "ensemble.json"


class Ensemble:
    """Trained models whose disagreement is the epistemic uncertainty.

    Parameters
    ----------
    models
        Two or more models of Keras, or paths of `.keras` files. Each takes one-hot sequences, (N, L, 4), in the order
        A, C, G, T and all zero for N. It puts out one array, (N, T), the activity of T targets; or a mapping of some of
        the heads `mean`, `aleatoric`, `replicate_std`, `epistemic`, `lower` and `upper` to such arrays. Standard
        deviations and interval ends are in the unit of the activity. Models of the pipeline, with the JSON beside them,
        say themselves what they put out.
    heads
        Names of the outputs of models that put out a list of arrays, or one array of several heads side by side.
    targets
        Names of the T targets.
    units
        The unit of all targets, or one for each.
    flanks
        The constant bases that the assay has left and right of each sequence, which the models take, too.
    strands
        `both` if the mean of the predictions for a sequence and for its reverse complement is used.

    Attributes
    ----------
    construct
        The DNA that the models take.

    Raises
    ------
    DeguError
        If there are fewer than two models, one is given twice, a file is missing, or a model takes or puts out
        something else than the others.

    Examples
    --------
    >>> ensemble = Ensemble(["model.keras", "second.keras"], units="log2(RNA/DNA)")
    >>> ensemble.predict(["ACGT" * 50])["epistemic"].shape
    (1, 1)
    """

    def __init__(
        self,
        models: Sequence[Any],
        *,
        heads: Sequence[str] | None = None,
        targets: Sequence[str] | None = None,
        units: str | Sequence[str] = "",
        flanks: tuple[str, str] = ("", ""),
        strands: str = "one",
    ) -> None:
        check_list(models)
        if strands not in STRANDS:
            raise DeguError(f"{strands!r} was given", where="strands", expected=" or ".join(map(repr, STRANDS)))
        left, right = flanks_of(flanks)
        self._folder = tempfile.TemporaryDirectory(prefix="degu-ensemble-", ignore_cleanup_errors=True)
        convention = Convention(heads, targets, (len(left), len(right)), strands)
        self._paths = [
            member_file(model, number, convention, Path(self._folder.name)) for number, model in enumerate(models, 1)
        ]
        members = [Predictor(path) for path in self._paths]
        check_alike(members)
        first = members[0]
        check_flanks(first, left, right)
        self.construct = Construct(first.length, left, right, first.description.get("strands") or "one")
        self._units = units_of(units, len(first.heads.targets))
        recipe, digests = first.description.get("recipe"), {one.description.get("data_digest") for one in members}
        self._teachers = Teachers(
            paths=self._paths,
            heads=first.heads,
            construct=self.construct,
            named=bool(targets) or recipe is not None,
            recipe=recipe,
            data_digest=digests.pop() if len(digests) == 1 else None,
        )
        self._labels = MemberLabels(members, ())

    @classmethod
    def train(
        cls, build: Any, assay: Assay, *, members: int = 10, seed: int = 1, settings: Settings | None = None
    ) -> "Ensemble":
        """Train an ensemble on an assay, by the recommended recipe.

        Parameters
        ----------
        build
            The network: the name of a module of `degu.models` such as `"motif_cnn"`; a mapping of that `name` and of
            its options; or a function `build(length, outputs)` that returns a fresh functional model of Keras, from
            `keras.Input((length, 4))` to the outputs of `degu.output_layers`.
        assay
            The measured sequences. Members are trained on the split `train` and stopped by `validation`.
        members
            Number of members, 2 or more.
        seed
            Seed of the split and of the members. With the same seed the result is the same.
        settings
            What is seldom changed.

        Raises
        ------
        DeguError
            If something is refused, or a loss is not finite.
        """
        check_number(members, "members", 2)
        check_number(seed, "seed", 0)
        settings = settings or Settings()
        architecture = architecture_of(build)
        name = settings.recipe_of_members(assay.std is not None)
        own = architecture.build is not None
        recipe = member_recipe(name, architecture.model, settings.changes_of_members, own=own)
        store = assay.store(seed)
        folder = tempfile.TemporaryDirectory(prefix="degu-members-", ignore_cleanup_errors=True)
        with session(deterministic=settings.deterministic, verbose=settings.verbose) as device:
            numbers = range(1, members + 1)
            paths = train_members(architecture, recipe, store, numbers, seed, Path(folder.name), settings, device)
        ensemble = cls(paths, units=assay.units, flanks=(assay.construct.left, assay.construct.right))
        # The folder is kept as long as the ensemble is.
        ensemble._folder = folder
        ensemble._teachers = ensemble._teachers.built_by(architecture.build)
        return ensemble

    @classmethod
    def open(cls, folder: str | Path) -> "Ensemble":
        """Return the ensemble that `save` has written into a folder.

        Raises
        ------
        DeguError
            If there is none, or a file is missing or damaged.
        """
        path = Path(folder) / _FACTS
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            paths = [Path(folder) / f"member-{number}.keras" for number in range(1, facts["members"] + 1)]
            units, flanks = facts["units"], tuple(facts["flanks"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DeguError(
                f"this is not the folder of an ensemble: {error}", where=folder, expected=f"a folder with {_FACTS}"
            ) from error
        return cls(paths, units=units, flanks=flanks)

    def __len__(self) -> int:
        return len(self._paths)

    @property
    def targets(self) -> list[str]:
        """Names of the T targets."""
        return list(self._teachers.heads.targets)

    @property
    def units(self) -> list[str]:
        """Units of the T targets."""
        return list(self._units)

    def predict(self, sequences: Any) -> dict[str, np.ndarray]:
        """Return each head of the members together, float64 (N, T), by the law of total variance.

        `mean` is the mean over members. `aleatoric` is the root of the mean of their variances, and `epistemic` the
        standard deviation of their means.

        Parameters
        ----------
        sequences
            N sequences, as `Assay` takes them, with both flanks or without.

        Raises
        ------
        DeguError
            If they are no sequences, or have another length.
        """
        tokens = constructs_of(sequences, self.construct)
        return self._labels.predict(tokens).heads_of_ensemble("batch")

    def distil(self, assay: Assay, *, seed: int = 1, settings: Settings | None = None) -> Student:
        """Distil the ensemble into a student, by the recommended recipe.

        Parameters
        ----------
        assay
            Measured sequences. The student is trained on those of the split `train` and on variants of them, which the
            members label, and stopped by `validation`. Its intervals are calibrated on `calibration`, and `test` shows
            what it is worth; members must not have seen these two. An assay that names no splits is divided as the one
            that the members were trained on, and has to be the same.
        seed
            Seed of the split, of the variants and of the student.
        settings
            What is seldom changed.

        Raises
        ------
        DeguError
            If the assay does not fit the members, they agree completely, or a loss is not finite.
        """
        check_number(seed, "seed", 0)
        settings = settings or Settings()
        with session(deterministic=settings.deterministic, verbose=settings.verbose) as device:
            return distil_students(self._teachers, assay, seed, settings, device)

    def save(self, folder: str | Path) -> None:
        """Write the members into a folder, whole or not at all; `Ensemble.open` reads them.

        Raises
        ------
        DeguError
            If there is something of that name already.
        """
        with folder_aside(Path(folder)) as aside:
            for number, path in enumerate(self._paths, 1):
                for source in (path, path.with_suffix(".json")):
                    shutil.copyfile(source, aside / f"member-{number}{source.suffix}")
            flanks = [self.construct.left, self.construct.right]
            facts = {"members": len(self), "units": self._units, "flanks": flanks}
            write_text(aside / _FACTS, json.dumps(facts, indent=2) + "\n")
