"""Trained models on disk, and their predictions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import keras
import numpy as np

from degu.batches import Batches
from degu.errors import DeguError
from degu.files import write_aside, write_text
from degu.heads import Heads
from degu.sequences import encode
from degu.splits import SPLITS
from degu.store import SequenceStore
from degu.training import EVALUATION_BATCH

_REMEDY = "delete the file and run Snakemake again"


def save_model(model: keras.Model, heads: Heads, description: Mapping, path: Path, description_path: Path) -> None:
    """Write a model, and beside it, as JSON, its heads and provenance."""
    with write_aside(path) as aside:
        model.save(aside)
    content = {"heads": heads.to_json(), "length": model.input_shape[1], **description}
    write_text(description_path, json.dumps(content, indent=2, default=str) + "\n")


class Predictor:
    """A trained model that predicts named heads from sequences.

    Parameters
    ----------
    path
        The `.keras` file; the JSON of the same name must lie beside it.

    Examples
    --------
    >>> model = Predictor("model.keras")  # doctest: +SKIP
    >>> model.predict(["ACGT" * 50])["epistemic"]  # doctest: +SKIP
    """

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        try:
            self.description = json.loads(path.with_suffix(".json").read_text())
            self.heads = Heads.from_json(self.description["heads"])
            self.model = keras.saving.load_model(path, compile=False)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DeguError(f"not a readable model with its JSON beside it: {error}", where=path) from error

    @property
    def length(self) -> int:
        """Length of the sequences that the model takes."""
        return self.model.input_shape[1]

    def predict_array(self, tokens: np.ndarray) -> np.ndarray:
        """Return means and standard deviations, float32 (N, H * T), of tokens (N, L)."""
        if tokens.ndim != 2 or tokens.shape[1] != self.length:
            raise DeguError(f"sequences of shape {tokens.shape}", expected=f"(N, {self.length}), as in training")
        outputs = self.model.predict(Batches(tokens, batch_size=EVALUATION_BATCH), verbose=0)
        return self.heads.from_outputs(np.asarray(outputs, dtype=np.float32))

    def predict(self, sequences: np.ndarray | Sequence[str]) -> dict[str, np.ndarray]:
        """Return each head's prediction, (N, T), by name, of tokens (N, L) or of N strings."""
        tokens = sequences if isinstance(sequences, np.ndarray) else encode(sequences)
        values = self.predict_array(tokens)
        return {head: self.heads.select(values, head) for head in self.heads.heads}


@dataclass(frozen=True)
class Predictions:
    """What several models of one recipe predict for every row of a data set.

    Attributes
    ----------
    values
        float32, (M, n, H * T), for each split; the rows are those of `SequenceStore.rows`.
    heads
        Meaning of the last axis.
    seeds
        Of the M models.
    """

    values: dict[str, np.ndarray]
    heads: Heads
    seeds: list[int]

    def first(self, count: int) -> "Predictions":
        """Return the predictions of the first `count` models."""
        if not 1 <= count <= len(self.seeds):
            raise DeguError(f"{count} of {len(self.seeds)} members are asked for", where="ensemble_size")
        return Predictions({split: values[:count] for split, values in self.values.items()}, self.heads, self.seeds[:count])

    def mean(self, split: str) -> np.ndarray:
        """Return the mean over models, (n, H * T)."""
        return self.values[split].mean(axis=0, dtype=np.float64)

    def std(self, split: str) -> np.ndarray:
        """Return the standard deviation over models (ddof=0, as published), (n, H * T)."""
        return self.values[split].std(axis=0, dtype=np.float64)


def predict_store(models: Sequence[Path], seeds: Sequence[int], store: SequenceStore) -> Predictions:
    """Let each model predict every split once; one model is in memory at a time.

    Raises
    ------
    DeguError
        If the models differ in their heads.
    """
    values = {split: [] for split in SPLITS}
    heads = None
    for path in models:
        predictor = Predictor(path)
        if heads is not None and predictor.heads != heads:
            raise DeguError("the model's heads differ from those of the others", where=path)
        heads = predictor.heads
        predicted = predictor.predict_array(store.tokens)
        for split in SPLITS:
            values[split].append(predicted[store.rows(split)])
        keras.utils.clear_session()
    return Predictions({split: np.stack(arrays) for split, arrays in values.items()}, heads, list(seeds))


def write_predictions(predictions: Predictions, path: Path, digest: str) -> None:
    """Write predictions, with the digest of the store they belong to."""
    with write_aside(path) as aside, h5py.File(aside, "w") as file:
        file.attrs["heads"] = json.dumps(predictions.heads.to_json())
        file.attrs["seeds"] = predictions.seeds
        file.attrs["store_digest"] = digest
        for split, values in predictions.values.items():
            file.create_dataset(split, data=values, compression="gzip")


def read_predictions(path: Path, store: SequenceStore) -> Predictions:
    """Read predictions of a store.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    try:
        with h5py.File(path) as file:
            digest = file.attrs["store_digest"]
            heads = Heads.from_json(json.loads(file.attrs["heads"]))
            predictions = Predictions({split: file[split][:] for split in SPLITS}, heads, file.attrs["seeds"].tolist())
    except (OSError, KeyError, ValueError) as error:
        raise DeguError(f"not a readable file of predictions: {error}", where=path, remedy=_REMEDY) from error
    if digest != store.digest:
        raise DeguError("these predictions are of another version of the data set", where=path, remedy=_REMEDY)
    return predictions
