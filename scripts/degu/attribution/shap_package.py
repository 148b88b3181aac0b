"""The package `shap`: how it is given a head of a model, and what its `DeepExplainer` needs for the models here.

`DeepExplainer` replaces the gradient of each TensorFlow operation by a rule of its own, and refuses operations that it
has no rule for. It lacks some that are linear, or functions of one number, whose rules it has under other names.
"""

import contextlib
import re
import warnings
from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf
from keras import KerasTensor, layers
from tensorflow.python.eager import execute

from degu.attribution.explained import Explained
from degu.attribution.summation import TOLERANCE, layer_arguments
from degu.errors import DeguError
from degu.imports import hidden
from degu.outputs.heads import PROFILE

# Its figures are of no use here, and the environment of the jobs has no Matplotlib.
with hidden("matplotlib"):
    import shap
    from shap.explainers._deep import deep_tf

# Rules of the package for operations that it does not know. The first are linear: two belong to dilated convolutions.
# The others are functions of one number, in the activations leaky_relu and gelu and in standard deviations.
_RULES = dict.fromkeys(("BatchToSpaceND", "SpaceToBatchND", "Neg"), deep_tf.passthrough)
_RULES |= dict.fromkeys(("Erfc", "LeakyRelu", "Sqrt"), deep_tf.nonlinearity_1d(0))


class HeadModel:
    """Explained head as a Keras model with one output, (B, 1), which the package takes.

    Parameters
    ----------
    explained
        Explained head.

    Attributes
    ----------
    model
        The model. What it puts out of a profile depends on the sequence that is explained.
    """

    def __init__(self, explained: Explained) -> None:
        self._explained = explained
        self._own = tf.Variable(tf.zeros((1, explained.size)))
        self.model = _model_of(self._value, [explained.model.input_shape[1:]])

    def _value(self, inputs: KerasTensor) -> KerasTensor:
        # The weights of a profile are no part of the model's graph, so that the package sees a sum and no product.
        return self._explained.of_parameters(self._explained.parameters(inputs), self._own)

    def explain(self, sequence: tf.Tensor) -> None:
        """Let the model be that of a one-hot sequence, (L, 4), which is explained next."""
        if self._explained.head == PROFILE:
            self._own.assign(self._explained.parameters(sequence[None]))


def head_change(explained: Explained, inputs: tf.Tensor, references: tf.Tensor) -> tf.Tensor:
    """Return the head's value minus its mean over backgrounds, (n,), which contributions have to sum to.

    Parameters
    ----------
    explained
        Explained head.
    inputs, references
        One-hot sequences, (n, L, 4), and backgrounds, (n, B, L, 4).
    """
    number, each = references.shape[:2]
    value_of = explained.about(inputs)
    values = value_of(tf.reshape(references, (-1, *inputs.shape[1:])))
    return value_of(inputs) - tf.reduce_mean(tf.reshape(values, (number, each)), axis=1)


def _batch(inputs: tf.Tensor, references: tf.Tensor) -> tf.Tensor:
    """Return sequences and then the backgrounds of each, (n + n * B, L, 4)."""
    return tf.concat([inputs, tf.reshape(references, (-1, *inputs.shape[1:]))], axis=0)


class RowExplainer:
    """`shap.DeepExplainer` of a model, which explains one row at a time by backgrounds of its own.

    Parameters
    ----------
    model
        Model of one output, (B, 1).
    """

    def __init__(self, model: keras.Model) -> None:
        self._backgrounds: list[np.ndarray] = []
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Your TensorFlow version is newer than 2.4.0")
            # Backgrounds by a function leave one explainer, whose gradients are traced once, for all rows.
            self._package = shap.DeepExplainer(model, lambda _: self._backgrounds)

    def __call__(self, values: list[np.ndarray], backgrounds: list[np.ndarray]) -> list[np.ndarray]:
        """Return contributions, (...) for each input, of one row, (...) for each input, and its backgrounds, (B, ...).

        The package's own check of sums needs backgrounds that all rows share, so that it is left to the caller.
        """
        self._backgrounds = backgrounds
        rows = [value[None] for value in values]
        with _rules():
            found = self._package.shap_values(rows if len(rows) > 1 else rows[0], check_additivity=False)
        return [part[0, ..., 0] for part in (found if len(rows) > 1 else [found])]


@contextlib.contextmanager
def _rules() -> Iterator[None]:
    """Let the package know the rules it lacks, and undo what it leaves behind in TensorFlow after an error."""
    lacking = {operation: rule for operation, rule in _RULES.items() if operation not in deep_tf.op_handlers}
    record_gradient = execute.record_gradient
    deep_tf.op_handlers.update(lacking)
    try:
        yield
    finally:
        for operation in lacking:
            del deep_tf.op_handlers[operation]
        execute.record_gradient = record_gradient


def refusal(
    explained: Explained, inputs: tf.Tensor, references: tf.Tensor, reason: str, *, where: object = None
) -> DeguError:
    """Return an error that names the first layer that the package cannot explain.

    Parameters
    ----------
    explained
        Explained head.
    inputs, references
        One-hot sequences, (n, L, 4), and backgrounds, (n, B, L, 4), on which each layer is tried alone.
    reason
        What is wrong with the whole network, if each layer alone can be explained.
    where
        Place that the message names.
    """
    backgrounds = references.shape[1]
    batch = _batch(inputs, references)
    problem = f"the network as a whole: {reason}"
    steps = [
        (f"layer '{layer.name}' ({type(layer).__name__})", _applied(layer), arguments)
        for layer, arguments in layer_arguments(explained.model, batch)
    ]
    if explained.head != PROFILE:
        # That of a profile is a weighted sum.
        steps.append(
            (f"the step to the head '{explained.head}'", explained.of_parameters, [explained.parameters(batch)])
        )
    for name, function, arguments in steps:
        found = _problem(function, [argument.numpy() for argument in arguments], len(inputs), backgrounds)
        if found:
            problem = f"{name}: {found}"
            break
    return DeguError(
        f"the package shap cannot explain {problem}",
        where=where,
        remedy="explain this model by deep_shap, or if that refuses it too, by integrated_gradients",
    )


def reason_of(error: Exception) -> str:
    """Return in words why the package cannot explain a model."""
    text = str(error)
    operation = re.search(r"gradient registry has no entry for: shap_(\w+)", text)
    if operation:
        return f"it has no rule for TensorFlow's operation {operation[1]}"
    # The last line of what TensorFlow says is the error itself, before the names of its nodes.
    last = (text.strip().splitlines() or [type(error).__name__])[-1]
    return last.strip().partition(" for '{{node")[0]


def _applied(layer: layers.Layer) -> Callable[..., tf.Tensor]:
    """Return a layer as a function of its inputs, without dropout."""
    return lambda values: layer(values, training=False)


def _problem(function: Callable, arguments: list[np.ndarray], number: int, backgrounds: int) -> str | None:
    """Return why the package cannot explain a weighted sum of what a function returns, or None if it can.

    The arguments hold the values for `number` sequences, and then those for the backgrounds of each.
    """
    values = function(arguments if len(arguments) > 1 else arguments[0]).numpy()
    weights = np.random.default_rng(0).standard_normal(values.shape[1:]).astype(np.float32)

    def weighted(inputs: KerasTensor) -> KerasTensor:
        products = function(inputs) * weights
        return tf.reduce_sum(products, axis=list(range(1, len(products.shape))))

    try:
        explainer = RowExplainer(_model_of(weighted, [argument.shape[1:] for argument in arguments]))
        for row in range(number):
            own = slice(number + row * backgrounds, number + (row + 1) * backgrounds)
            parts = explainer([part[row] for part in arguments], [part[own] for part in arguments])
            changes = (values[row] - values[own]) * weights
            off = abs(sum(part.sum() for part in parts) - changes.sum() / backgrounds)
            if not off <= TOLERANCE * max(np.abs(changes).sum() / backgrounds, 1e-12):
                return f"its contributions miss the change of the output by {off:.2g}"
    # The package raises whatever its rules and TensorFlow do.
    except Exception as error:
        return reason_of(error)
    return None


def _model_of(function: Callable, shapes: list[tuple[int, ...]]) -> keras.Model:
    """Return a model of a function that returns one number, (B,), for each row of its inputs, (B, ...) each."""
    inputs = [keras.Input(shape) for shape in shapes]
    output = layers.Lambda(lambda values: function(values)[:, None])(inputs if len(inputs) > 1 else inputs[0])
    # A list of one input is what the package calls the model with.
    return keras.Model(inputs, output)
