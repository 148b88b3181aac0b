"""A student in use: predictions, intervals and effects of variants, for sequences in memory."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from degu.data.sequences import N_TOKEN
from degu.errors import DeguError
from degu.library.arrays import activity_of
from degu.library.sequences import constructs_of
from degu.package.assembly import write_package
from degu.package.calibration import Calibration
from degu.package.card import FIGURE
from degu.package.construct import Construct
from degu.package.effects import columns_of, predict_pairs
from degu.package.facts import DIFFERENCE
from degu.package.folder import ModelFolder, Part

# Random sequences by which ONNX is compared with Keras.
_COMPARED = 256


class Student:
    """One student, or the mean of several, in the folder that `degu predict` and the other commands read.

    Parameters
    ----------
    folder
        The folder.
    temporary
        The temporary folder that it lies in, which is kept as long as the student is.
    """

    def __init__(self, folder: ModelFolder, temporary: "tempfile.TemporaryDirectory[str] | None" = None) -> None:
        self._folder = folder
        self._temporary = temporary

    @property
    def targets(self) -> list[str]:
        """Names of the T targets."""
        return self._folder.targets

    @property
    def units(self) -> list[str]:
        """Units of the T targets."""
        return self._folder.facts["units"]

    @property
    def heads(self) -> list[str]:
        """Names of the heads."""
        return self._folder.heads

    @property
    def construct(self) -> Construct:
        """The DNA that the student takes."""
        return self._folder.construct

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the student, such as its accuracy on the test split, `measured`."""
        return self._folder.facts

    def predict(self, sequences: Any) -> dict[str, np.ndarray]:
        """Return each head, float32 (N, T), or (N, T, S, P) and (N, T, S, B) for those of profiles.

        `mean` is the activity, in the unit of the measurements. `aleatoric`, `epistemic` and `replicate_std`, as far as
        the ensemble had them, are standard deviations in the same unit.

        `profile` holds the share of the counts at each of P positions in the middle of a sequence on each of S strands,
        which sum to 1. `profile_epistemic` and `profile_aleatoric` are standard deviations of the share in each of B
        bins of these positions. `degu.package.expected_counts` makes counts of them, and `profile_intervals` intervals.

        Parameters
        ----------
        sequences
            N sequences, with both flanks or without: strings of ACGTN, tokens (N, L), or a one-hot array (N, L, 4) in
            the order A, C, G, T.

        Raises
        ------
        DeguError
            If they are no sequences, or have another length than in training.
        """
        return self._folder.predict(constructs_of(sequences, self.construct))

    def intervals(self, sequences: Any, level: float = 0.9, method: str = "normalized") -> np.ndarray:
        """Return an interval for a new measurement of each sequence, float64 (N, T, 2).

        Parameters
        ----------
        sequences
            As `predict` takes them.
        level
            Probability that the interval holds a new measurement, between 0 and 1.
        method
            `normalized`, `absolute` or `mondrian`, which are conformal; `recalibrated` or `predicted`, which trust the
            predicted standard deviation (see `degu.package.calibration`).

        Raises
        ------
        DeguError
            If sequences, level or method are refused, or there are too few calibration sequences for the level.
        """
        self._folder.calibration.check(level, method)
        return self._folder.calibration.intervals(self.predict(sequences), level, method)

    def profile_intervals(
        self, sequences: Any, level: float = 0.9, *, quantity: str = "share", simultaneous: bool = False
    ) -> np.ndarray:
        """Return conformal intervals for what all replicates together have in each bin, float64 (N, T, S, B, 2).

        Parameters
        ----------
        sequences
            As `predict` takes them.
        level
            Probability that an interval holds a new measurement, on average over the bins of a sequence, between 0 and
            1. With `simultaneous` it is that of all bins of a sequence and target at once.
        quantity
            `share`, the share of the counts of the sequence that is in the bin, or `counts`, the counts there.
        simultaneous
            Whether intervals hold all bins of a sequence and target at once.

        Raises
        ------
        DeguError
            If the student's profiles are not calibrated, sequences, level or quantity are refused, or there are too few
            calibration sequences for the level.
        """
        calibration = self._folder.profiles
        if calibration is None:
            raise DeguError(
                "the profiles of this student are not calibrated",
                expected="a student of profiles as a run packages it, from the counts of its calibration split",
            )
        calibration.check(level, simultaneous=simultaneous)
        return calibration.intervals(self.predict(sequences), level, quantity, simultaneous=simultaneous)

    def unusual(self, sequences: Any) -> dict[str, np.ndarray]:
        """Return which sequences are unlike those in training, bool (N,) for each reason (see `degu.package.novelty`).

        Parameters
        ----------
        sequences
            As `predict` takes them.
        """
        constructs = constructs_of(sequences, self.construct)
        left = len(self.construct.left)
        inserts = constructs[:, left : left + self.construct.insert]
        return self._folder.novelty.reasons(inserts, self._folder.predict(constructs))

    def variants(self, references: Any, alternatives: Any, level: float = 0.9) -> dict[str, np.ndarray]:
        """Return what changes between pairs of sequences, float64 (N, T) each.

        `effect` is the activity of the alternative less that of the reference. `effect_std` is its epistemic standard
        deviation, how far members of the ensemble would disagree about it, and `effect_lower` and `effect_upper` are
        the ends of its interval. `quantile` is the share of random substitutions with a smaller absolute effect. A
        student of profiles adds `profile_distance`, the Jensen-Shannon distance between both profiles in natural
        logarithms, which compares them position by position.

        Parameters
        ----------
        references, alternatives
            N sequences each, as `predict` takes them. An insertion or deletion has to push bases out, or take some in,
            at an end.
        level
            Probability of the interval, between 0 and 1.

        Raises
        ------
        DeguError
            If sequences or the level are refused, or their numbers differ.
        """
        first, second = (constructs_of(given, self.construct) for given in (references, alternatives))
        if len(first) != len(second):
            raise DeguError(
                f"there are {len(first):,} references and {len(second):,} alternatives",
                expected="a pair for each variant",
            )
        return columns_of(self._folder, predict_pairs(self._folder, first, second), level)

    def calibrated(self, sequences: Any, activity: Any) -> "Student":
        """Return the student with intervals that are calibrated on other sequences, such as those of a new library.

        Those of profiles are left out, because nothing is known of the counts at each position.

        Parameters
        ----------
        sequences
            N sequences that neither the student nor its ensemble has seen, as `predict` takes them.
        activity
            What was measured of them, (N,) or (N, T).

        Raises
        ------
        DeguError
            If sequences or activity are refused.
        """
        heads = self.predict(sequences)
        measured = activity_of(activity, len(heads["mean"]), None)
        if measured.shape[1] != len(self.targets):
            raise DeguError(
                f"there are {measured.shape[1]} targets", where="activity", expected=f"{', '.join(self.targets)}"
            )
        calibration = Calibration.with_floor(measured, heads, self._folder.calibration.floor)
        # What is known of intervals on the test split is of the old calibration.
        told = [{**own, "intervals": []} for own in self.facts["measured"]]
        temporary = tempfile.TemporaryDirectory(prefix="degu-student-", ignore_cleanup_errors=True)
        path = Path(temporary.name) / "student"
        changes = {"calibration_rows": len(calibration), "measured": told, "profiles": None}
        self._write(path, changes, {"calibration": calibration})
        return Student(ModelFolder(path), temporary)

    def save(self, folder: str | Path, *, title: str = "", citation: str = "", licence: str = "") -> None:
        """Write the student into a folder, whole or not at all, for `degu predict` and `open_student`.

        If the packages of `pip install '.[onnx]'` are there, the folder holds the student as ONNX, too,
        which is read and computed without Keras.

        Parameters
        ----------
        folder
            The folder, which must not exist.
        title, citation, licence
            What its card tells of the data; the licence is an identifier such as `cc-by-4.0`.

        Raises
        ------
        DeguError
            If there is something of that name already.
        """
        given = {"title": title, "citation": citation, "licence": licence}
        rng = np.random.default_rng(0)
        inserts = rng.integers(0, N_TOKEN, size=(_COMPARED, self.construct.insert), dtype=np.uint8)
        told = {name: text for name, text in given.items() if text}
        parts: dict[str, Part] = {"calibration": self._folder.calibration}
        if self._folder.profiles is not None:
            parts["profiles"] = self._folder.profiles
        self._write(Path(folder), told, parts, self.construct.around(inserts))

    def _write(
        self, path: Path, changes: dict[str, Any], parts: Mapping[str, Part], compared: np.ndarray | None = None
    ) -> None:
        own, difference = self._folder, self._folder.path / f"{DIFFERENCE}.keras"
        write_package(
            path,
            students={seed: own.path / f"student-{seed}.keras" for seed in own.facts["students"]},
            difference=difference if difference.name in own.facts["files"] else None,
            facts={name: value for name, value in {**own.facts, **changes}.items() if name != "files"},
            construct=own.construct,
            parts={**parts, "novelty": own.novelty, "background": own.background},
            figure=figure if (figure := own.path / FIGURE).is_file() else None,
            compared=compared,
        )


def open_student(folder: str | Path) -> Student:
    """Return the student in a folder that `Student.save` or a run has written.

    Raises
    ------
    DeguError
        If there is no such folder, it is damaged, or a file in it is not the one that was put there.
    """
    return Student(ModelFolder(folder))
