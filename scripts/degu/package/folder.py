"""The folder of a student: written whole or not at all, checked when it is opened, and read without running its code."""

import contextlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from degu.errors import DeguError
from degu.formats.files import file_digest
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.novelty import Novelty
from degu.package.students import combine

if TYPE_CHECKING:
    from degu.prediction.predictor import Predictor

# The number of the layout, which grows when an older reader could no longer read a folder.
LAYOUT = 1
FACTS, ARRAYS, CARD, DIFFERENCE = "package.json", "arrays.npz", "README.md", "difference.keras"
_NEEDED = ("layout", "files", "students", "targets", "units", "heads", "construct")
_PARTS = {"calibration": Calibration, "novelty": Novelty, "background": Background}
_COPY_AGAIN = "copy the folder again from where it was made, or make it again"


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
    parts: Mapping[str, Calibration | Novelty | Background],
) -> None:
    """Write the models, the arrays and the facts of a student into an empty folder.

    Parameters
    ----------
    folder
        The folder, which exists.
    students
        The `.keras` file of each student, by its seed number; the JSON lies beside it.
    difference
        The `.keras` file of the head for the uncertainty of a difference, which belongs to the first student.
    facts
        What else is known of the student: `targets`, `units`, `heads`, and anything that its card tells.
    construct
        The DNA that it takes.
    parts
        Its `calibration`, `novelty` and `background`.
    """
    files = {}
    for seed, path in students.items():
        for source in (path, path.with_suffix(".json")):
            copy = folder / f"student-{seed}{source.suffix}"
            shutil.copyfile(source, copy)
            files[copy.name] = file_digest(copy)
    if difference is not None:
        shutil.copyfile(difference, folder / DIFFERENCE)
        files[DIFFERENCE] = file_digest(folder / DIFFERENCE)
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
    (folder / FACTS).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


class ModelFolder:
    """A student in its folder, which predicts heads for constructs.

    Parameters
    ----------
    path
        The folder.

    Attributes
    ----------
    facts
        The content of `package.json`.
    construct, calibration, novelty, background
        The DNA that the student takes, and what its intervals, warnings and quantiles come from.
    digest
        The sha256 of `package.json`, which holds that of every other file that matters.

    Raises
    ------
    DeguError
        If there is no such folder, it is damaged or of a newer layout, or a file in it is not the one that was put
        there.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.facts = _read_facts(self.path)
        self.digest = file_digest(self.path / FACTS)
        _check_files(self.path, self.facts["files"])
        try:
            self.construct = Construct.from_json(self.facts["construct"])
            arrays = _read_arrays(self.path / ARRAYS)
            self.calibration, self.novelty, self.background = (
                kind.from_arrays(arrays[part]) for part, kind in _PARTS.items()
            )
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise DeguError(f"it has not what is needed: {error}", where=self.path, remedy=_COPY_AGAIN) from error
        self._predictors: list[Predictor] | None = None
        self._difference: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None

    @property
    def targets(self) -> list[str]:
        """Names of the T targets."""
        return self.facts["targets"]

    @property
    def heads(self) -> list[str]:
        """Names of the heads."""
        return self.facts["heads"]

    @property
    def has_difference(self) -> bool:
        """Whether the student has a head for the uncertainty of a difference."""
        return DIFFERENCE in self.facts["files"]

    def predict(self, constructs: np.ndarray) -> dict[str, np.ndarray]:
        """Return each head of the students together, float32 (N, T), for constructs, uint8 (N, L)."""
        return combine([predictor.predict(constructs) for predictor in self.students()])

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
        if self._difference is None:
            from degu.distillation.differences import load_difference_head

            self._difference = load_difference_head(self.path / DIFFERENCE, self.students()[0].model)
        factors = [target["factor"] for target in self.facts["difference"]["calibration"]["head"]]
        return self._difference(first, second).astype(np.float64) * factors

    def students(self) -> "list[Predictor]":
        """Return the models of the students, which are read when they are first needed."""
        if self._predictors is None:
            # Keras takes seconds to import, and a folder may be opened just to be shown.
            from degu.prediction.predictor import Predictor

            files = (self.path / f"student-{seed}.keras" for seed in self.facts["students"])
            self._predictors = [Predictor(file) for file in files]
        return self._predictors


def _read_facts(path: Path) -> dict[str, Any]:
    file = path / FACTS
    if not file.is_file():
        raise DeguError(
            "this is not the folder of a student" if path.is_dir() else "there is no such folder",
            where=path,
            expected=f"a folder with the file {FACTS}, as a run writes it beside its students",
        )
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        missing = [key for key in _NEEDED if key not in facts]
        layout = facts["layout"] if not missing else LAYOUT
    except (OSError, ValueError, TypeError) as error:
        raise DeguError(f"the file is damaged: {error}", where=file, remedy=_COPY_AGAIN) from error
    if missing:
        raise DeguError(f"it does not tell '{missing[0]}'", where=file, remedy=_COPY_AGAIN)
    if layout != LAYOUT:
        raise DeguError(
            f"the folder has the layout {layout}, and this version reads layout {LAYOUT}",
            where=file,
            remedy="install the version of degu that made it, which its card names",
        )
    return facts


def _check_files(path: Path, files: Mapping[str, str]) -> None:
    """Check that the files of a folder are those that were put there."""
    for name, digest in files.items():
        if Path(name).name != name:
            raise DeguError(f"a file '{name}' outside of the folder is named", where=path / FACTS)
        if not (path / name).is_file():
            raise DeguError("there is no such file", where=path / name, remedy=_COPY_AGAIN)
        if file_digest(path / name) != digest:
            raise DeguError("the file is damaged, or another one was put in its place", where=path / name,
                            expected=f"sha256 {digest}", remedy=_COPY_AGAIN)  # fmt: skip


def _read_arrays(path: Path) -> dict[str, dict[str, np.ndarray]]:
    """Return the arrays of each part by name."""
    parts: dict[str, dict[str, np.ndarray]] = {part: {} for part in _PARTS}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            part, _, name = key.partition("/")
            if part in parts:
                parts[part][name] = arrays[key]
    return parts
