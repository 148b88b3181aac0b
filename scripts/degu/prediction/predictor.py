"""Trained models that are read from disk and predict."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

# Keras comes from this module, which imports it without the notes that TensorFlow writes as it starts.
from degu.training.backend import derive_seed, keras
from degu.data.batches import EVALUATION_BATCH, Batches
from degu.data.sequences import as_tokens, other_strand, other_strand_of_values
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.errors import DeguError, name_rows
from degu.models.layers.kmer_ridge import mean_kmer_ridge
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.prediction.loading import load

# Parts are predicted together as long as they have this many sequences, which bounds the memory.
_TOGETHER = 5_000


class Predictor:
    """A trained model that predicts named heads from sequences.

    Parameters
    ----------
    path
        The `.keras` file; the JSON of the same name must lie beside it.

    Raises
    ------
    DeguError
        If a file is missing or damaged, or the two are not of one model.

    Examples
    --------
    >>> model = Predictor("model.keras")
    >>> model.predict(["ACGT" * 50])["epistemic"].shape
    (1, 1)
    """

    def __init__(self, path: str | Path) -> None:
        self.model, self.description, self.outputs = load(path)

    @property
    def heads(self) -> Heads:
        """The predictions that come out."""
        return self.outputs.heads

    @property
    def length(self) -> int:
        """Length of the sequences that the model takes."""
        return self.model.input_shape[1]

    def has_network_of(self, other: "Predictor") -> bool:
        """Return whether another model differs in its weights alone: both are of one recipe, and alike in shape."""
        recipes = [model.description.get("recipe") for model in (self, other)]
        shapes = [[weight.shape for weight in model.model.weights] for model in (self, other)]
        return recipes[0] is not None and recipes[0] == recipes[1] and shapes[0] == shapes[1]

    def strands_of(self, tokens: np.ndarray) -> list[np.ndarray]:
        """Return the sequences whose predictions are averaged: of one strand, or of both.

        They are tokens (N, L), or one-hot values (N, L, 4).
        """
        if self.description.get("strands") != "both":
            return [tokens]
        turn = other_strand if tokens.ndim == 2 else other_strand_of_values
        return [tokens, turn(tokens, self.description.get("flanks") or (0, 0))]

    def predict_array(self, tokens: np.ndarray) -> np.ndarray:
        """Return the heads side by side, float32 (N, W), for tokens (N, L), or for one-hot values (N, L, 4)."""
        return self._predict(self.model, tokens)

    def _predict(self, model: keras.Model, tokens: np.ndarray) -> np.ndarray:
        self._check_lengths(np.full(len(tokens), tokens.shape[1]))
        strands = [self._predict_strand(model, strand) for strand in self.strands_of(tokens)]
        return self.outputs.heads.mean_over_strands(strands)

    def _predict_strand(self, model: keras.Model, tokens: np.ndarray) -> np.ndarray:
        batches = Batches(tokens, batch_size=EVALUATION_BATCH) if tokens.ndim == 2 else tokens
        outputs = model.predict(batches, batch_size=None if tokens.ndim == 2 else EVALUATION_BATCH, verbose=0)
        return self.outputs.predictions(np.asarray(outputs, dtype=np.float32))

    def predict(self, sequences: np.ndarray | Sequence[str]) -> dict[str, np.ndarray]:
        """Return each head's predictions by name, (N, T) and its trailing axes, for tokens (N, L) or N strings.

        Raises
        ------
        DeguError
            If the sequences are neither, hold other letters or tokens, or have another length than in training.
        """
        values = self.predict_array(as_tokens(sequences, check_lengths=self._check_lengths))
        return {head: self.heads.select(values, head) for head in self.heads.heads}

    @property
    def kmer_ridge_weight(self) -> float:
        """Weight of the ridge regression on k-mers in the mean; 0 if the model contains none."""
        return (self.description.get("recipe") or {}).get("kmer_ridge_weight", 0)

    def kmer_ridge_part(self, tokens: np.ndarray) -> np.ndarray:
        """Return what the ridge regression on k-mers in the model adds to its mean, (N, T), for tokens (N, L)."""
        ridge = mean_kmer_ridge([(self.model, self.outputs)])
        return self.kmer_ridge_weight * mean_of([ridge.predict(strand) for strand in self.strands_of(tokens)])

    def _check_lengths(self, lengths: np.ndarray) -> None:
        odd = np.flatnonzero(lengths != self.length)
        if not odd.size:
            return
        left, right = self.description.get("flanks") or (0, 0)
        expected = f"{self.length} bases, as in training"
        if left or right:
            expected += f", of which the first {left} and the last {right} are the constant flanks of the assay"
        missing = (lengths[odd] == self.length - left - right).all()
        which = "the sequences have" if (lengths == lengths[0]).all() else _name_odd(odd, len(lengths))
        raise DeguError(
            f"{which} {lengths[odd[0]]} bases",
            expected=expected,
            remedy="put the flanks of the assay before and after each sequence" if missing else None,
        )


def mean_of(strands: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean of the predictions for one strand or for both, float32."""
    return strands[0] if len(strands) == 1 else np.stack(strands).mean(axis=0, dtype=np.float32)


def _name_odd(odd: np.ndarray, total: int) -> str:
    if odd.size == 1:
        return f"sequence {odd[0] + 1} has"
    return f"{name_rows(odd + 1, word='sequence')} ({odd.size:,} of {total:,}) have another length, the first has"


class MonteCarloDropout(Predictor):
    """A trained model that predicts with its dropout switched on, several times (Gal and Ghahramani, ICML 2016).

    Each of the model's heads is averaged over the passes, and the standard deviation of its mean over the passes is the
    head `epistemic`. Batch normalisation stays in inference mode.

    Parameters
    ----------
    path
        The `.keras` file, as for `Predictor`.
    passes
        Number of passes.
    seed
        Seed of the dropout.

    Raises
    ------
    DeguError
        If the model has no dropout, or predicts an epistemic uncertainty by itself.
    """

    def __init__(self, path: str | Path, *, passes: int, seed: int) -> None:
        super().__init__(path)
        if not any(isinstance(layer, keras.layers.Dropout) and layer.rate > 0 for layer in self.model.layers):
            raise DeguError("the model has no dropout", where=path, remedy="take `dropout_passes` out of the recipe")
        if "epistemic" in super().heads.heads:
            raise DeguError("the model predicts 'epistemic' by itself", where=path, remedy="leave out `dropout_passes`")
        self.passes = passes
        draws = iter(np.random.SeedSequence(seed).generate_state(len(self.model.layers)).tolist())
        self._stochastic = keras.models.clone_model(self.model, clone_function=lambda layer: _switched_on(layer, draws))
        self._stochastic.set_weights(self.model.get_weights())

    @property
    def heads(self) -> Heads:
        """The predictions that come out: the model's own, and `epistemic`."""
        own = self.outputs.heads
        return Heads((*own.heads, "epistemic"), own.targets, own.shapes)

    def predict_array(self, tokens: np.ndarray) -> np.ndarray:
        """Return the heads side by side, float32 (N, W), as `Predictor.predict_array` does."""
        own = self.outputs.heads
        first = self._predict(self._stochastic, tokens).astype(np.float64)
        total, squares = first.copy(), np.zeros_like(first)
        for _ in range(self.passes - 1):
            values = self._predict(self._stochastic, tokens).astype(np.float64)
            # Squares are taken about the first pass, so that nothing cancels.
            total += values
            squares += np.square(values - first)
        mean = total / self.passes
        variance = np.maximum(squares / self.passes - np.square(mean - first), 0)
        return np.concatenate([mean, np.sqrt(own.select(variance, "mean"))], axis=1).astype(np.float32)


def _switched_on(layer: keras.layers.Layer, draws: Iterator[int]) -> keras.layers.Layer:
    """Return a copy of a layer; the copy of a dropout layer always drops."""
    config, seed = layer.get_config(), next(draws)
    if not isinstance(layer, keras.layers.Dropout):
        return type(layer).from_config(config)
    return _AlwaysDropout(**{**config, "seed": int(seed)})


class _AlwaysDropout(keras.layers.Dropout):
    def call(self, inputs: keras.KerasTensor, training: bool | None = None) -> keras.KerasTensor:
        return super().call(inputs, training=True)


def predict_store(
    models: Sequence[Path], seeds: Sequence[int], store: SequenceStore, *, dropout_passes: int = 0, seed: int = 0
) -> Predictions:
    """Let each model predict every split, as `predict_members` does.

    Parameters
    ----------
    models, seeds
        Files of the models, and their seed numbers.
    store
        The data set.
    dropout_passes, seed
        If passes are above 0, each model predicts only the calibration and test splits, by so many passes with dropout
        of this seed.

    Raises
    ------
    DeguError
        If the models differ in their heads.
    """
    splits = ("calibration", "test") if dropout_passes else SPLITS
    tokens = {split: store.tokens[store.rows(split)] for split in splits}
    return predict_members(models, seeds, tokens, dropout_passes=dropout_passes, seed=seed)


def predict_members(
    models: Sequence[Path],
    seeds: Sequence[int],
    tokens: Mapping[str, np.ndarray],
    *,
    dropout_passes: int = 0,
    seed: int = 0,
) -> Predictions:
    """Let each model predict all sequences; at most two models are in memory at a time.

    Parameters
    ----------
    models, seeds, dropout_passes, seed
        As `predict_store` takes them.
    tokens
        Sequences by the name of their part: tokens (n, L), or one-hot values (n, L, 4).

    Raises
    ------
    DeguError
        If the models differ in their heads.
    """
    values: dict[str, list[np.ndarray]] = {name: [] for name in tokens}
    all_heads: list[Heads] = []
    previous: Predictor | None = None
    for number, path in zip(seeds, models, strict=True):
        predictor = _predictor_of(path, dropout_passes, derive_seed(seed, "dropout", number))
        all_heads.append(predictor.heads)
        if predictor.heads != all_heads[0]:
            raise DeguError("the model's heads differ from those of the others", where=path)
        if previous is not None and not dropout_passes and previous.has_network_of(predictor):
            # The network of the model before is compiled already, which takes longer than to predict some thousands.
            previous.model.set_weights(predictor.model.get_weights())
            predictor = previous
        previous = predictor
        for name, predicted in _predict_parts(predictor, tokens):
            values[name].append(predicted)
        keras.utils.clear_session()
    return Predictions({name: np.stack(arrays) for name, arrays in values.items()}, all_heads[0], list(seeds))


def _predict_parts(predictor: Predictor, parts: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each part and the heads side by side, float32 (n, W), of its sequences."""
    # Many parts of some hundred sequences are predicted together in less time. Tokens and values wait apart.
    waiting: dict[int, dict[str, np.ndarray]] = {}
    for name in parts:
        part = parts[name]
        alike = waiting.setdefault(part.ndim, {})
        if alike and sum(map(len, alike.values())) + len(part) > _TOGETHER:
            yield from _predict_together(predictor, alike)
            alike.clear()
        alike[name] = part
    for alike in waiting.values():
        yield from _predict_together(predictor, alike)


def _predict_together(predictor: Predictor, parts: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    ends = np.cumsum([len(part) for part in parts.values()])[:-1]
    predicted = predictor.predict_array(np.concatenate(list(parts.values())))
    return zip(parts, np.split(predicted, ends), strict=True)


def _predictor_of(path: Path, dropout_passes: int, seed: int) -> Predictor:
    return MonteCarloDropout(path, passes=dropout_passes, seed=seed) if dropout_passes else Predictor(path)
