"""Trained models on disk, and what they predict."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from degu.batches import Batches
from degu.ensemble import Predictions
from degu.errors import DeguError
from degu.files import write_aside, write_text
from degu.heads import Heads
from degu.sequences import encode
from degu.splits import SPLITS
from degu.store import SequenceStore
from degu.training import EVALUATION_BATCH


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
        tokens = np.asarray(sequences)
        if not np.issubdtype(tokens.dtype, np.integer):
            tokens = encode([str(sequence) for sequence in sequences])
        values = self.predict_array(tokens)
        return {head: self.heads.select(values, head) for head in self.heads.heads}


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
