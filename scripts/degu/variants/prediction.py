"""What models predict for measured variants: the activity of either allele, and the uncertainty of the difference."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from degu.formats.hdf5 import read_hdf5, write_hdf5
from degu.prediction.ensemble import Predictions, get_predictions, put_predictions
from degu.variants.placing import Placed

ALLELES = ("reference", "alternative")
_FILE = "file of predictions for measured variants"
_WINDOWS, _STD = "windows", "difference_std"


@dataclass(frozen=True)
class PairPredictions:
    """Predictions of the models of a recipe for n variants.

    Attributes
    ----------
    predictions
        The heads of each model, whose parts are named by `part_name`.
    windows
        The kinds of window.
    difference_std
        The epistemic standard deviation of the difference that the first model predicts, (n, T), by the kind of
        window; empty without a head for it.
    """

    predictions: Predictions
    windows: Sequence[str]
    difference_std: Mapping[str, np.ndarray] = field(default_factory=dict)

    def select(self, windows: str, head: str) -> tuple[np.ndarray, np.ndarray]:
        """Return a head of all models for the reference and for the alternative allele, float64 (M, n, T) each."""
        values = self.predictions.values
        heads = self.predictions.heads
        first, second = (heads.select(values[part_name(windows, allele)], head).astype(float) for allele in ALLELES)
        return first, second


def part_name(windows: str, allele: str) -> str:
    """Return the name under which predictions for one allele in one kind of window are kept."""
    return f"{windows}-{allele}"


def averaged(
    predicted: Predictions, placed: Mapping[str, Placed], difference_std: Mapping[str, np.ndarray] | None = None
) -> PairPredictions:
    """Return predictions for alleles from those for distinct constructs, averaged over the windows of each variant.

    Standard deviations are averaged, too, which is an upper bound: that of an average is lower where the errors differ.

    Parameters
    ----------
    predicted
        Predictions for the distinct constructs, by the kind of window.
    placed
        Where each allele is among them.
    difference_std
        What `stds_of_differences` returns for the first model, if it has a head for it.
    """
    values = {}
    for windows, own in placed.items():
        for allele, rows in zip(ALLELES, own.rows, strict=True):
            windows_of_allele = [predicted.values[windows][:, window] for window in rows]
            values[part_name(windows, allele)] = np.stack(windows_of_allele).mean(axis=0, dtype=np.float32)
    return PairPredictions(Predictions(values, predicted.heads, predicted.seeds), list(placed), difference_std or {})


def stds_of_differences(
    features: Callable[[np.ndarray], np.ndarray],
    head: Callable[[np.ndarray, np.ndarray], np.ndarray],
    factors: Sequence[float],
    placed: Mapping[str, Placed],
) -> dict[str, np.ndarray]:
    """Return the standard deviation of the difference that a student predicts, (n, T), by the kind of window.

    Parameters
    ----------
    features
        The function that gives what the student knows of constructs (see `degu.distillation.differences`).
    head
        The network for the uncertainty of a difference, a function of the features of both sequences.
    factors
        What its output is multiplied by, for each target.
    placed
        The variants in constructs; the average is taken over the windows of each.
    """
    stds = {}
    for windows, own in placed.items():
        known = features(own.distinct)
        each = [
            np.asarray(head(known[first], known[second]), np.float64) for first, second in zip(*own.rows, strict=True)
        ]
        stds[windows] = np.mean(each, axis=0) * np.asarray(factors)
    return stds


def write_pair_predictions(pairs: PairPredictions, path: Path, digest: str) -> None:
    """Write predictions for variants, with the digest of the store that the models were trained on."""
    with write_hdf5(path) as file:
        put_predictions(pairs.predictions, file, digest)
        file.attrs[_WINDOWS] = list(pairs.windows)
        for windows, std in pairs.difference_std.items():
            file.create_dataset(f"{_STD}/{windows}", data=std)


def read_pair_predictions(path: str | Path, digest: str) -> PairPredictions:
    """Read predictions for variants.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    with read_hdf5(path, _FILE, digest=digest) as file:
        windows = [str(name) for name in file.attrs[_WINDOWS]]
        parts = [part_name(name, allele) for name in windows for allele in ALLELES]
        stds = {name: file[_STD][name][:] for name in windows if _STD in file}
        return PairPredictions(get_predictions(file, parts), windows, stds)
