"""The uncertainty of a difference: a small network that predicts it from what a student knows of two sequences.

The errors that members make for a sequence and for a mutant of it are nearly the same. So the standard deviation over
members of the difference is far below the root of the sum of both variances. It is learned from pairs of a sequence and
a mutant that the ensemble has labelled.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import KerasTensor, layers, ops

from degu.training.backend import derive_seed
from degu.data.batches import EVALUATION_BATCH
from degu.data.correlation import pearson
from degu.data.sequences import N_TOKEN, one_hot
from degu.models.layers.blocks import OUTPUTS

# As many substitutions separate a pair at most.
MOST_SUBSTITUTIONS = 3
# Mutants that each sequence is paired with, and pairs of all training sequences; more would make the head no better.
MUTANTS = 16
MOST_PAIRS = 40_000
# So many pairs of each other split tell what the head is worth.
MOST_JUDGED_PAIRS = 4_000
# The head says no less than all but this share of its pairs have.
_BELOW_LEAST = 0.001
_UNITS = 64
_EPOCHS = 20
_BATCH = 128
_LEARNING_RATE = 0.002


def rows_of_pairs(
    rows: np.ndarray, rng: np.random.Generator, *, mutants: int = MUTANTS, most: int = MOST_PAIRS
) -> tuple[np.ndarray, int]:
    """Return the rows whose sequences are paired with mutants of theirs, and how many mutants each gets.

    Parameters
    ----------
    rows
        Rows of the sequences.
    rng
        Random generator, which draws rows where there are more than `most`.
    mutants
        Number of mutants of each row, if all pairs together are not too many.
    most
        Greatest number of pairs.
    """
    if len(rows) > most:
        return np.sort(rng.choice(rows, most, replace=False)), 1
    return rows, min(mutants, max(most // max(len(rows), 1), 1))


def draw_mutants(tokens: np.ndarray, insert: slice, rng: np.random.Generator) -> np.ndarray:
    """Return a mutant of each sequence, uint8 (N, L), with one to three substitutions at known bases of the insert."""
    mutants = tokens.copy()
    columns = np.arange(tokens.shape[1])[insert]
    number = rng.integers(1, MOST_SUBSTITUTIONS + 1, size=len(tokens))
    rows = np.arange(len(tokens))
    for turn in range(MOST_SUBSTITUTIONS):
        chosen = rows[number > turn]
        positions = rng.choice(columns, size=len(chosen))
        old = tokens[chosen, positions]
        known = old < N_TOKEN
        # A base that is drawn twice is changed once, so that no substitution takes back another.
        new = (old + rng.integers(1, 4, size=len(chosen))) % 4
        mutants[chosen[known], positions[known]] = new[known]
    return mutants


def hidden_tensor(student: keras.Model) -> KerasTensor:
    """Return the values of the last hidden layer of a student, as a tensor of its graph, (B, F)."""
    return student.get_layer("mean").input


def feature_tensor(student: keras.Model) -> KerasTensor:
    """Return what a student knows of a sequence, as a tensor of its graph, (B, F).

    These are the values of its last hidden layer and its outputs before they become heads, but for those of profiles:
    they are hundreds of values, and the difference is one of the mean.
    """
    return layers.Concatenate(name="features")([hidden_tensor(student), *_scalar_outputs(student)])


def _scalar_outputs(student: keras.Model) -> list[KerasTensor]:
    """Return the outputs of a student that have one value a target; all together, if these are all."""
    last = student.layers[-1]
    parts = last.input if last.name == OUTPUTS else [student.output]
    targets = student.get_layer("mean").output.shape[-1]
    scalars = [part for part in parts if part.shape[-1] == targets]
    return scalars if 0 < len(scalars) < len(parts) else [student.output]


def features_of(
    student: keras.Model, tensor_of: Callable[[keras.Model], KerasTensor] = feature_tensor
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function that gives a student's features, (N, F), or another tensor of its graph, of tokens (N, L)."""
    network = keras.Model(student.input, tensor_of(student))

    def features(tokens: np.ndarray) -> np.ndarray:
        blocks = range(0, len(tokens), EVALUATION_BATCH)
        parts = (network.predict_on_batch(one_hot(tokens[at : at + EVALUATION_BATCH])) for at in blocks)
        return np.concatenate([np.asarray(part, dtype=np.float32) for part in parts])

    return features


@dataclass(frozen=True)
class Pairs:
    """Pairs of sequences, by their features.

    Attributes
    ----------
    first, second
        Features of the sequences of each pair, (N, F).
    std
        Standard deviation over members of the difference, (N, T).
    """

    first: np.ndarray
    second: np.ndarray
    std: np.ndarray


def joined(*pairs: Pairs) -> Pairs:
    """Return the pairs of several sets, one set after the other."""
    return Pairs(*(np.concatenate([getattr(own, name) for own in pairs]) for name in ("first", "second", "std")))


def train_difference_head(pairs: Pairs, seed: int) -> keras.Model:
    """Return a network that predicts the standard deviation, (B, T), from the features, (B, F), of two sequences.

    It is symmetric: the order of the two sequences does not matter. Its loss is the squared error of standard
    deviations that are divided by their mean, so that each target counts the same. It says no less than nearly all
    pairs have that it learns from, so that no interval vanishes for sequences of another kind.

    Parameters
    ----------
    pairs
        The pairs that it is trained on.
    seed
        Seed of the initial weights and of the order of the pairs.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(derive_seed(seed, "difference", 1))
    both = np.concatenate([pairs.first, pairs.second])
    scale = pairs.std.mean(axis=0, dtype=np.float64)
    # A mutant whose substitutions fall on N is the sequence itself, and its difference of 0 says nothing.
    least = np.nanquantile(np.where(pairs.std > 0, pairs.std, np.nan), _BELOW_LEAST, axis=0)
    first, second = keras.Input((both.shape[1],), name="first"), keras.Input((both.shape[1],), name="second")
    spread = np.sqrt(both.var(axis=0) + 1e-6)
    normalise = layers.Rescaling((1 / spread).tolist(), (-both.mean(axis=0) / spread).tolist(), name="normalise")
    x = Pairing(name="pair")([normalise(first), normalise(second)])
    for number in (1, 2):
        x = layers.Dense(_UNITS, activation="relu", name=f"hidden_{number}")(x)
    relative = layers.Dense(pairs.std.shape[1], activation="softplus", name="relative")(x)
    steps = _EPOCHS * -(-len(pairs.std) // _BATCH)
    model = keras.Model([first, second], relative)
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="mean_squared_error")
    targets = (np.maximum(pairs.std - least, 0) / scale).astype(np.float32)
    model.fit([pairs.first, pairs.second], targets, batch_size=_BATCH, epochs=_EPOCHS, verbose=0)
    scaled = layers.Rescaling(scale.tolist(), least.tolist(), name="std")(relative)
    return keras.Model([first, second], scaled, name="difference")


@keras.saving.register_keras_serializable("degu")
class Pairing(layers.Layer):
    """Features of a pair, (B, 3 F), that do not depend on its order: two sizes of the difference, and the mean."""

    def call(self, inputs: list[KerasTensor]) -> KerasTensor:
        """Combine the features of the first and of the second sequence."""
        first, second = inputs
        difference = ops.abs(first - second)
        return ops.concatenate([difference, ops.log(1 + 10 * difference), (first + second) / 2], axis=-1)


def std_of_difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the standard deviation over members (ddof=0) of the difference of what they predict, (N, T).

    Parameters
    ----------
    first, second
        What each member predicts for the sequences of each pair, (M, N, T).
    """
    return (second.astype(np.float64) - first).std(axis=0)


def judge(predicted: np.ndarray, std: np.ndarray) -> list[dict[str, float]]:
    """Return how well predictions follow the standard deviations over members, for each target.

    Parameters
    ----------
    predicted, std
        Predicted and true standard deviations of the differences of some pairs, (N, T).

    Returns
    -------
    For each target a mapping of `pearson`, and of `factor`: what the predictions must be multiplied by, so that their
    mean square is that of the truth
    """
    return [
        {
            "pearson": pearson(predicted[:, target], std[:, target]),
            "factor": float(np.sqrt(np.mean(np.square(std[:, target])) / np.mean(np.square(predicted[:, target])))),
        }
        for target in range(std.shape[1])
    ]
