"""Labels of new sequences: what the members of an ensemble predict for those of a batch, or of a pool."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import KerasTensor, ops

from degu.data.batches import EVALUATION_BATCH
from degu.data.sequences import one_hot
from degu.distillation.labels import ensemble_targets
from degu.errors import DeguError
from degu.prediction.ensemble import Predictions
from degu.prediction.predictor import Predictor


class MemberLabels:
    """The targets of a student for any sequences: what all members predict, in one compiled function.

    Parameters
    ----------
    models
        Files of the members, or the members themselves.
    names
        Names of the arrays that the student's loss reads (see `degu.distillation.targets`).
    bins
        Number of bins of profiles whose standard deviation is wanted.

    Raises
    ------
    DeguError
        If the members differ in their heads or in the length of their sequences, or do not predict what is asked for.
    """

    def __init__(self, models: Sequence[Path | Predictor], names: Sequence[str], bins: int = 1) -> None:
        members = [model if isinstance(model, Predictor) else Predictor(model) for model in models]
        first = members[0]
        for member, path in zip(members, models, strict=True):
            if (member.heads, member.length) != (first.heads, first.length):
                raise DeguError("the model's heads or its length differ from those of the others", where=path)
        self._strands_of = first.strands_of
        self._outputs = [member.outputs for member in members]
        self._heads, self._names, self._bins = first.heads, tuple(names), bins
        self._together = _Together([member.model for member in members])
        known = self._known(np.zeros((1, first.length), dtype=np.uint8))
        missing = [name for name in names if name not in known]
        if missing:
            raise DeguError(
                f"the student's loss needs '{missing[0]}', which its ensemble does not predict",
                expected=", ".join(known),
                remedy="correct `heads` or `loss` in the student's or the teacher's recipe",
            )

    def predict(self, tokens: np.ndarray, heads: Sequence[str] | None = None) -> Predictions:
        """Return the predictions of the members for tokens (B, L), of some heads or of all, under the name `batch`."""
        kept = self._heads if heads is None else self._heads.only(heads)
        # Batches of a training want all heads, and a slice copies nothing.
        columns = slice(None) if heads is None else self._heads.columns(heads)
        blocks = [tokens[start : start + EVALUATION_BATCH] for start in range(0, len(tokens), EVALUATION_BATCH)]
        predicted = np.concatenate([self._predict_block(block)[..., columns] for block in blocks], axis=1)
        return Predictions({"batch": predicted}, kept, list(range(1, len(predicted) + 1)))

    def _predict_block(self, tokens: np.ndarray) -> np.ndarray:
        """Return the heads of each member side by side, (M, B, W), over one strand or both."""
        return self._heads.mean_over_strands([self._predict_strand(strand) for strand in self._strands_of(tokens)])

    def _predict_strand(self, tokens: np.ndarray) -> np.ndarray:
        """Return the heads of each member side by side, (M, B, W)."""
        values = ops.convert_to_numpy(self._together.predict_on_batch(one_hot(tokens)))
        return np.stack([outputs.predictions(values[:, index]) for index, outputs in enumerate(self._outputs)])

    def __call__(self, tokens: np.ndarray) -> dict[str, np.ndarray]:
        """Return the named target arrays of a batch, for tokens (B, L)."""
        known = self._known(tokens)
        return {name: known[name].astype(np.float32) for name in self._names}

    def _known(self, tokens: np.ndarray) -> dict[str, np.ndarray]:
        return ensemble_targets(self.predict(tokens), "batch", self._bins)


def label_sequences(
    models: Sequence[Path],
    seeds: Sequence[int],
    tokens: Mapping[str, np.ndarray],
    *,
    heads: Sequence[str] | None = None,
) -> Predictions:
    """Return what members predict for many sequences.

    All members predict in one compiled function, which counts k-mers once for all that contain a ridge regression on
    them.

    Parameters
    ----------
    models, seeds
        Files of the members, and their seed numbers.
    tokens
        Sequences, (n, L), by the name of their part.
    heads
        The heads that are wanted, so that profiles take no memory where nothing needs them; None stands for all.

    Raises
    ------
    DeguError
        If the members differ in their heads or in the length of their sequences.
    """
    labels = MemberLabels(models, ())
    parts = {part: labels.predict(own, heads) for part, own in tokens.items()}
    values = {part: predictions.values["batch"] for part, predictions in parts.items()}
    return Predictions(values, next(iter(parts.values())).heads, list(seeds))


class _Together(keras.Model):
    """Several models of one input, whose outputs (B, M, P) come from one compiled function."""

    def __init__(self, members: Sequence[keras.Model]) -> None:
        super().__init__(name="members")
        self.members = list(members)

    def call(self, inputs: KerasTensor) -> KerasTensor:
        return ops.stack([member(inputs, training=False) for member in self.members], axis=1)
