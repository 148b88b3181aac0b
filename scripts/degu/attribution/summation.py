"""Check of a network under the rescale rule: at each layer, contributions sum to the change of its output."""

from collections.abc import Iterator

import keras
import tensorflow as tf
from keras import layers

from degu.attribution.rescale import pairs, to_batch
from degu.errors import DeguError

# Largest relative error of a layer's summation to delta.
TOLERANCE = 1e-3


def check_layers(model: keras.Model, inputs: tf.Tensor, backgrounds: int, *, where: object = None) -> None:
    """Check on a batch that the contributions at each layer sum to the change of its output (summation to delta).

    Parameters
    ----------
    model
        Model that `rescale_model` returned.
    inputs
        One-hot sequences and backgrounds, (n + n * B, L, 4).
    backgrounds
        Number of backgrounds of each sequence, B.
    where
        Place that an error message names.

    Raises
    ------
    DeguError
        If the contributions do not sum to the change; the message names the first such layer.
    """
    for layer, arguments in layer_arguments(model, inputs):
        error = _summation_error(layer, arguments, backgrounds)
        if not error <= TOLERANCE:
            raise DeguError(
                f"DeepSHAP's contributions do not sum up at layer '{layer.name}' ({type(layer).__name__}): "
                f"off by {error:.2g} of the change of its output",
                where=where,
                expected="linear layers, elementwise activations, softmax, products of two, MaxPooling1D, k-mer counts",
                remedy="explain this model by shap_deep, integrated_gradients or expected_gradients",
            )


def layer_arguments(model: keras.Model, inputs: tf.Tensor) -> Iterator[tuple[layers.Layer, list[tf.Tensor]]]:
    """Yield each layer of a functional model in order, with the values of its inputs, (B, ...), for model inputs.

    In the place of a model within it are the layers of that one.
    """
    inner = [layer for layer in model.layers if not isinstance(layer, layers.InputLayer)]
    # The property `input` of a model is what stands within it.
    taken = [tf.nest.flatten(keras.Operation.input.fget(layer)) for layer in inner]
    every = keras.Model(model.inputs, [tensor for tensors in taken for tensor in tensors])(inputs, training=False)
    values = iter(tf.nest.flatten(every))
    for layer, tensors in zip(inner, taken, strict=True):
        arguments = [next(values) for _ in tensors]
        if isinstance(layer, keras.Model):
            yield from layer_arguments(layer, arguments if len(arguments) > 1 else arguments[0])
        else:
            yield layer, arguments


def _summation_error(layer: layers.Layer, arguments: list[tf.Tensor], backgrounds: int) -> float:
    """Return the relative distance of the sum of a layer's contributions from the change of its output."""
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        result = layer(arguments if len(arguments) > 1 else arguments[0], training=False)
    upstream = to_batch(tf.random.stateless_normal(pairs(result, backgrounds)[1].shape, seed=(0, 1)))
    gradients = tape.gradient(result, arguments, upstream, unconnected_gradients="zero")
    found = sum(
        _weighted_change(gradient, value, backgrounds) for gradient, value in zip(gradients, arguments, strict=True)
    )
    wanted = _weighted_change(upstream, result, backgrounds)
    size = _weighted_change(tf.abs(upstream), result, backgrounds, absolute=True)
    return float(tf.reduce_max(tf.abs(found - wanted)) / tf.maximum(tf.reduce_max(size), 1e-12))


def _weighted_change(weights: tf.Tensor, values: tf.Tensor, backgrounds: int, absolute: bool = False) -> tf.Tensor:
    """Return the sum of weight times change over all axes but those of the pairs, (n, B)."""
    value, reference = pairs(values, backgrounds)
    change = tf.abs(value - reference) if absolute else value - reference
    return tf.reduce_sum(pairs(weights, backgrounds)[1] * change, axis=list(range(2, len(change.shape))))
