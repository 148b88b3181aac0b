"""The folder of a student: written whole or not at all, checked when it is opened, and read without running its code.

The order of what is read matters: nothing but `package.json` is opened before its digest has been compared.
"""

import contextlib
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from degu.data.sequences import other_strand
from degu.errors import DeguError
from degu.formats.files import file_digest
from degu.outputs.heads import Heads
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.facts import (
    COPY_AGAIN,
    DIFFERENCE,
    FACTS,
    LAYOUT,
    check_descriptions,
    difference_factors,
    read_facts,
    write_facts,
)
from degu.package.networks import Difference, Student, load_difference, load_students
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.provenance.digests import without_run
from degu.uncertainty.profile_calibration import ProfileCalibration

if TYPE_CHECKING:
    from degu.prediction.predictor import Predictor

ARRAYS, CARD = "arrays.npz", "README.md"
Part = Calibration | Novelty | Background | ProfileCalibration
_PARTS = ("calibration", "novelty", "background", "profiles")


@contextlib.contextmanager
def folder_aside(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path`, and rename it to `path` when the block ends without an error.

    Raises
    ------
    DeguError
        If there is something of that name already.
    """
    if path.exists():
        raise DeguError("there is something of this name already", where=path, remedy="choose another name")
    aside = path.with_name(f".{path.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        aside.replace(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_contents(
    folder: Path,
    *,
    students: Mapping[int, Path],
    difference: Path | None = None,
    facts: Mapping[str, Any],
    construct: Construct,
    parts: Mapping[str, Part],
) -> dict[str, Any]:
    """Write the models, the arrays and the facts of a student into a folder, and note the digests of all that is there.

    Parameters
    ----------
    folder
        The folder, which exists, and may hold the students as ONNX (see `degu.package.keras_networks`).
    students
        The `.keras` file of each student, by its seed number; the JSON lies beside it.
    difference
        The `.keras` file of the head for the uncertainty of a difference, which belongs to the first student.
    facts
        What else is known of the student: `targets`, `units`, `heads`, and anything that its card tells.
    construct
        The DNA that it takes.
    parts
        Its `calibration`, `novelty` and `background`, and for a student of profiles `profiles`, their calibration.

    Returns
    -------
    The content of `package.json`
    """
    files = {}
    for seed, path in students.items():
        shutil.copyfile(path, folder / f"student-{seed}.keras")
        # When and how fast it was trained would make the folders of equal students differ.
        description = without_run(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        (folder / f"student-{seed}.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    if difference is not None:
        shutil.copyfile(difference, folder / f"{DIFFERENCE}.keras")
    files = {path.name: file_digest(path) for path in sorted(folder.iterdir())}
    arrays = {f"{part}/{name}": values for part, own in parts.items() for name, values in own.to_arrays().items()}
    np.savez(folder / ARRAYS, allow_pickle=False, **arrays)
    files[ARRAYS] = file_digest(folder / ARRAYS)
    content = {
        "layout": LAYOUT,
        "students": list(students),
        "construct": construct.to_json(),
        **facts,
        "files": files,
    }
    write_facts(folder / FACTS, content)
    return content


class ModelFolder:
    """A student in its folder, which predicts heads for constructs.

    Parameters
    ----------
    path
        The folder.
    runtime
        What computes the students, `onnx` or `keras`; None stands for ONNX Runtime where the folder has what it reads.
    threads
        Number of processor cores that ONNX Runtime takes; for Keras see `degu.training.backend.prepare`.

    Attributes
    ----------
    facts
        The content of `package.json`.
    construct, calibration, novelty, background
        The DNA that the student takes, and what its intervals, warnings and quantiles come from.
    profiles
        What the intervals of profiles come from; None if it predicts none, or if no counts have calibrated them.
    digest
        The sha256 of `package.json`, which holds that of every other file that matters.

    Raises
    ------
    DeguError
        If there is no such folder, it is damaged or of a newer layout, or a file in it is not the one that was put
        there.
    """

    def __init__(self, path: str | Path, *, runtime: str | None = None, threads: int = 1) -> None:
        self.path = Path(path)
        self.facts = read_facts(self.path / FACTS)
        self.digest = file_digest(self.path / FACTS)
        _check_files(self.path, self.facts["files"])
        check_descriptions(self.path, self.facts)
        try:
            self.construct = Construct.from_json(self.facts["construct"])
            arrays = _read_arrays(self.path / ARRAYS)
            self.calibration = Calibration.from_arrays(arrays["calibration"])
            self.novelty = Novelty.from_arrays(arrays["novelty"])
            self.background = Background.from_arrays(arrays["background"])
            of_profiles = arrays["profiles"]
            self.profiles = ProfileCalibration.from_arrays(of_profiles) if of_profiles else None
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise DeguError(f"it has not what is needed: {error}", where=self.path, remedy=COPY_AGAIN) from error
        self.runtime = self._runtime_of(runtime)
        self.threads = threads
        self._students: list[Student] | None = None
        self._difference: Difference | None = None

    def _runtime_of(self, wanted: str | None) -> str:
        """Return what computes the networks: what is wanted, or ONNX Runtime if the folder has what it reads."""
        has = all(f"student-{seed}.onnx" in self.facts["files"] for seed in self.facts["students"])
        if wanted == "onnx" and not has:
            raise DeguError(
                "the student was not written as ONNX",
                where=self.path,
                remedy="use --runtime keras, or package it again with the package tf2onnx installed",
            )
        return wanted or ("onnx" if has else "keras")

    @property
    def targets(self) -> list[str]:
        """Names of the T targets."""
        return self.facts["targets"]

    @property
    def heads(self) -> list[str]:
        """Names of the heads."""
        return self.facts["heads"]

    @property
    def described(self) -> Heads:
        """Names and shapes of the heads."""
        return Heads.from_json(self.facts)

    @property
    def has_difference(self) -> bool:
        """Whether the student has a head for the uncertainty of a difference."""
        return f"{DIFFERENCE}.keras" in self.facts["files"]

    def predict(self, constructs: np.ndarray) -> dict[str, np.ndarray]:
        """Return each head of the students together, for constructs, uint8 (N, L).

        A head is float32 (N, T), or (N, T, S, P) for a profile, or (N, T, S, B) for the standard deviations in bins.
        """
        return self.predict_with_features(constructs)[0]

    def predict_with_features(self, constructs: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return each head as `predict` does, and the features, (N, F), that `std_of_features` takes."""
        strands = [constructs]
        if self.construct.strands == "both":
            strands.append(other_strand(constructs, self.construct.flanks))
        heads = self.described
        predicted, features = [], []
        for student in self._load_students():
            values, own = zip(*(student(strand) for strand in strands), strict=True)
            mean = heads.mean_over_strands(values)
            predicted.append({head: heads.select(mean, head) for head in self.heads})
            features.append(own[0])
        # The head for the uncertainty of a difference belongs to the first student.
        return combine(predicted), features[0]

    def std_of_difference(self, first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
        """Return the epistemic standard deviation of the difference between two constructs, float64 (N, T).

        It is what the members of the ensemble would differ by about the difference. None stands for a student that has
        no head for it.

        Parameters
        ----------
        first, second
            Constructs, uint8 (N, L) each.
        """
        if not self.has_difference:
            return None
        student = self._load_students()[0]
        return self.std_of_features(student(first)[1], student(second)[1])

    def std_of_features(self, first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
        """Return what `std_of_difference` does, from the features of the constructs, (N, F) each."""
        if not self.has_difference:
            return None
        if self._difference is None:
            self._difference = load_difference(self.path, self.runtime, self.threads)
        return self._difference(first, second).astype(np.float64) * difference_factors(self.facts)

    def networks(self) -> "list[Predictor]":
        """Return the networks of the students in Keras, with their outputs, for what needs their gradients.

        Raises
        ------
        DeguError
            If a file would run code that it brings with it.
        """
        # Keras takes seconds to import, and a folder may be opened just to be shown.
        from degu.package.keras_networks import check_no_code
        from degu.prediction.predictor import Predictor

        files = [self.path / f"student-{seed}.keras" for seed in self.facts["students"]]
        for file in files:
            check_no_code(file)
        return [Predictor(file) for file in files]

    def _load_students(self) -> list[Student]:
        """Return the functions of the students, which are read when they are first needed."""
        if self._students is None:
            self._students = load_students(self.path, self.facts["students"], self.runtime, self.threads)
        return self._students


def _check_files(path: Path, files: Mapping[str, str]) -> None:
    """Check that the files of a folder are those that were put there."""
    for name, digest in files.items():
        if Path(name).name != name:
            raise DeguError(f"a file '{name}' outside of the folder is named", where=path / FACTS)
        if not (path / name).is_file():
            raise DeguError("there is no such file", where=path / name, remedy=COPY_AGAIN)
        if file_digest(path / name) != digest:
            raise DeguError("the file is damaged, or another one was put in its place", where=path / name,
                            expected=f"sha256 {digest}", remedy=COPY_AGAIN)  # fmt: skip


def _read_arrays(path: Path) -> dict[str, dict[str, np.ndarray]]:
    """Return the arrays of each part by name."""
    parts: dict[str, dict[str, np.ndarray]] = {part: {} for part in _PARTS}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            part, _, name = key.partition("/")
            if part in parts:
                parts[part][name] = arrays[key]
    return parts
