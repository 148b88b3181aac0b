"""Networks that pass back differences instead of derivatives: DeepLIFT's rescale rule, averaged by DeepSHAP.

A batch holds n sequences and then, sequence by sequence, the B backgrounds of each. In the backward pass every
background's row carries the multipliers of its pair, and the sequences' own rows carry nothing: so a sequence passes
the network once, however many backgrounds it has. The rules are those of `shap.DeepExplainer`.
"""

from collections.abc import Callable

import keras
import tensorflow as tf
from keras import activations, layers

from degu.errors import DeguError
from degu.models.layers.activations import softmax

# Differences below this are taken for none, as `shap` does.
_NO_DIFFERENCE = 1e-6
_NO_POOLED_DIFFERENCE = 1e-7
# Of a layer's sum rule, relative.
TOLERANCE = 1e-3


def pairs(values: tf.Tensor, backgrounds: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the sequences' values, (n, 1, ...), and the backgrounds', (n, B, ...), of a batch (n + n * B, ...)."""
    number = tf.shape(values)[0] // (1 + backgrounds)
    shape = values.shape[1:]
    return values[:number, None], tf.reshape(values[number:], (number, backgrounds, *shape))


def _of_pairs(gradient: tf.Tensor) -> tf.Tensor:
    """Return the gradient of a batch whose backgrounds have these gradients, (n, B, ...), and its sequences none."""
    flat = tf.reshape(gradient, (-1, *gradient.shape[2:]))
    return tf.concat([tf.zeros_like(gradient[:, 0]), flat], axis=0)


def rescaled(function: Callable[[tf.Tensor], tf.Tensor], backgrounds: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return an elementwise function that passes back the slope between each sequence and its background."""

    @tf.custom_gradient
    def apply(values: tf.Tensor):
        results = function(values)

        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            (value, reference), (result, reference_result) = (pairs(part, backgrounds) for part in (values, results))
            with tf.GradientTape() as tape:
                tape.watch(value)
                at_value = function(value)
            change = value - reference
            slope = tf.where(
                tf.abs(change) < _NO_DIFFERENCE,
                tape.gradient(at_value, value),
                (result - reference_result) / change,
            )
            return _of_pairs(pairs(upstream, backgrounds)[1] * slope)

        return results, gradient

    return apply


def rescaled_softmax(backgrounds: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return a softmax over channels by its parts: centred, rescaled exponentials, Shapley values of the quotient."""

    @tf.custom_gradient
    def apply(values: tf.Tensor):
        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            value, reference = pairs(values, backgrounds)
            upstream = pairs(upstream, backgrounds)[1]
            value, reference = (part - tf.reduce_mean(part, axis=-1, keepdims=True) for part in (value, reference))
            power, reference_power = tf.exp(value), tf.exp(reference)
            total, reference_total = (tf.reduce_sum(part, axis=-1, keepdims=True) for part in (power, reference_power))
            of_numerator = upstream * 0.5 * (1 / total + 1 / reference_total)
            of_total = -tf.reduce_sum(upstream * 0.5 * (power + reference_power), axis=-1, keepdims=True)
            multiplier = of_numerator + of_total / (total * reference_total)
            change = value - reference
            slope = tf.where(tf.abs(change) < _NO_DIFFERENCE, power, (power - reference_power) / change)
            centred = multiplier * slope
            return _of_pairs(centred - tf.reduce_mean(centred, axis=-1, keepdims=True))

        return softmax(values), gradient

    return apply


class _Product(layers.Multiply):
    """The product of two tensors, each of which gets its Shapley value."""

    def __init__(self, backgrounds: int, **options: object) -> None:
        super().__init__(**options)
        self.backgrounds = backgrounds

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        if len(inputs) != 2:
            raise DeguError(f"layer '{self.name}' multiplies {len(inputs)} tensors", expected="two, for DeepSHAP")

        @tf.custom_gradient
        def apply(first: tf.Tensor, second: tf.Tensor):
            def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                upstream = pairs(upstream, self.backgrounds)[1]
                means = (sum(pairs(part, self.backgrounds)) / 2 for part in (second, first))
                return tuple(_of_pairs(upstream * mean) for mean in means)

            return first * second, gradient

        return apply(*inputs)


class _Pooling(layers.MaxPooling1D):
    """Maximum over windows that do not overlap; the difference goes to the maxima of sequence and background."""

    def __init__(self, backgrounds: int, **options: object) -> None:
        super().__init__(**options)
        self.backgrounds = backgrounds
        if self.strides != self.pool_size:
            raise DeguError(f"the windows of layer '{self.name}' overlap", expected="strides as wide as windows")

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        pool = super().call

        @tf.custom_gradient
        def apply(values: tf.Tensor):
            results = pool(values)

            def gradient(upstream: tf.Tensor) -> tf.Tensor:
                windows = self._windows(values, results.shape[1])
                window, reference_window = pairs(windows, self.backgrounds)
                result, reference_result = pairs(results, self.backgrounds)
                upstream = pairs(upstream, self.backgrounds)[1]
                highest = tf.maximum(result, reference_result)
                to_value = upstream * (highest - reference_result)
                to_reference = upstream * (result - highest)
                change = window - reference_window
                parts = _first_highest(window) * to_value[..., None, :]
                parts += _first_highest(reference_window) * to_reference[..., None, :]
                slope = tf.where(tf.abs(change) < _NO_POOLED_DIFFERENCE, tf.zeros_like(change), parts / change)
                return self._positions(_of_pairs(slope), values.shape[1])

            return results, gradient

        return apply(inputs)

    def _before(self, length: int, windows: int) -> int:
        """Return how many positions of padding come first."""
        missing = windows * self.pool_size[0] - length
        return missing // 2 if missing > 0 else 0

    def _windows(self, values: tf.Tensor, windows: int) -> tf.Tensor:
        """Return values (B, L, C) as (B, W, window, C)."""
        size, length = self.pool_size[0], values.shape[1]
        missing, before = windows * size - length, self._before(length, windows)
        if missing > 0:
            values = tf.pad(values, [[0, 0], [before, missing - before], [0, 0]], constant_values=values.dtype.min)
        return tf.reshape(values[:, : windows * size], (-1, windows, size, values.shape[2]))

    def _positions(self, values: tf.Tensor, length: int) -> tf.Tensor:
        """Return values (B, W, window, C) as (B, L, C)."""
        windows, size, channels = values.shape[1:]
        before = self._before(length, windows)
        values = tf.reshape(values, (-1, windows * size, channels))[:, before : before + length]
        return tf.pad(values, [[0, 0], [0, length - values.shape[1]], [0, 0]])


def _first_highest(windows: tf.Tensor) -> tf.Tensor:
    """Return 1.0 at the first maximum of each window, (..., window, C), and 0.0 elsewhere."""
    highest = tf.argmax(windows, axis=-2)[..., None, :]
    return tf.cast(highest == tf.range(windows.shape[-2], dtype=tf.int64)[:, None], windows.dtype)


def difference_model(model: keras.Model, backgrounds: int) -> keras.Model:
    """Return a copy of a functional model, with the same weights, that passes back differences.

    Parameters
    ----------
    model
        Of linear layers, elementwise activations, softmax over the last axis, products of two, and maxima over windows
        that do not overlap.
    backgrounds
        B, how many backgrounds each sequence of a batch has.
    """

    def convert(layer: layers.Layer) -> layers.Layer:
        config = layer.get_config()
        if isinstance(layer, layers.Multiply):
            return _Product(backgrounds, **config)
        if isinstance(layer, layers.MaxPooling1D):
            return _Pooling(backgrounds, **config)
        copy = type(layer).from_config(config)
        activation = getattr(copy, "activation", activations.linear)
        if activation in (softmax, activations.softmax):
            copy.activation = rescaled_softmax(backgrounds)
        elif activation is not activations.linear:
            copy.activation = rescaled(activation, backgrounds)
        return copy

    copy = keras.models.clone_model(model, clone_function=convert)
    copy.set_weights(model.get_weights())
    return copy


def check_layers(model: keras.Model, inputs: tf.Tensor, backgrounds: int, *, where: object = None) -> None:
    """Check on a batch that what each layer passes back accounts for its change of output.

    Parameters
    ----------
    model
        As `difference_model` returns it.
    inputs
        One-hot, (n + n * B, L, 4).
    backgrounds
        B.
    where
        For the message.

    Raises
    ------
    DeguError
        Naming the first layer whose sum rule does not hold.
    """
    inner = [layer for layer in model.layers if not isinstance(layer, layers.InputLayer)]
    taken = [tf.nest.flatten(layer.input) for layer in inner]
    every = keras.Model(model.inputs, [tensor for tensors in taken for tensor in tensors])(inputs, training=False)
    values = iter(tf.nest.flatten(every))
    for layer, tensors in zip(inner, taken, strict=True):
        arguments = [next(values) for _ in tensors]
        error = _sum_rule_error(layer, arguments, backgrounds)
        if not error <= TOLERANCE:
            raise DeguError(
                f"DeepSHAP's contributions do not sum up at layer '{layer.name}' ({type(layer).__name__}): "
                f"off by {error:.2g} of the change of its output",
                where=where,
                expected="linear layers, elementwise activations, softmax, products of two, MaxPooling1D",
                remedy="explain this model by integrated_gradients or expected_gradients",
            )


def _sum_rule_error(layer: layers.Layer, arguments: list[tf.Tensor], backgrounds: int) -> float:
    """Return how far a layer's contributions are from its change of output, relative."""
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        result = layer(arguments if len(arguments) > 1 else arguments[0], training=False)
    upstream = _of_pairs(tf.random.stateless_normal(pairs(result, backgrounds)[1].shape, seed=(0, 1)))
    gradients = tape.gradient(result, arguments, upstream, unconnected_gradients="zero")
    found = sum(
        _weighted_change(gradient, value, backgrounds) for gradient, value in zip(gradients, arguments, strict=True)
    )
    wanted = _weighted_change(upstream, result, backgrounds)
    size = _weighted_change(tf.abs(upstream), result, backgrounds, absolute=True)
    return float(tf.reduce_max(tf.abs(found - wanted)) / tf.maximum(tf.reduce_max(size), 1e-12))


def _weighted_change(weights: tf.Tensor, values: tf.Tensor, backgrounds: int, absolute: bool = False) -> tf.Tensor:
    """Return the sum, (n, B), of weight times difference over all but the pairs."""
    value, reference = pairs(values, backgrounds)
    change = tf.abs(value - reference) if absolute else value - reference
    return tf.reduce_sum(pairs(weights, backgrounds)[1] * change, axis=list(range(2, len(change.shape))))
