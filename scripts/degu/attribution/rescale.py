"""The rescale rule of DeepLIFT, which DeepSHAP averages over backgrounds, as gradients of a network's layers.

A batch holds n sequences and then the B backgrounds of each sequence, one sequence after the other. In the backward
pass the row of a background carries the multipliers of its pair, and the rows of the sequences carry zeros. So a
sequence passes the network only once, whatever the number of its backgrounds. The rules are those of
`shap.DeepExplainer`.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import activations, layers

from degu.errors import DeguError
from degu.models.layers.activations import softmax
from degu.models.layers.kmer_ridge import KmerCounts

# Changes below this count as none, as in `shap`.
_SMALLEST_CHANGE = 1e-6
_SMALLEST_POOLED_CHANGE = 1e-7

Gradient = Callable[[tf.Tensor], tf.Tensor]


def pairs(values: tf.Tensor, backgrounds: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Split a batch, (n + n * B, ...), into the sequences' values, (n, 1, ...), and the backgrounds', (n, B, ...)."""
    number = tf.shape(values)[0] // (1 + backgrounds)
    shape = values.shape[1:]
    return values[:number, None], tf.reshape(values[number:], (number, backgrounds, *shape))


def to_batch(gradient: tf.Tensor) -> tf.Tensor:
    """Return the gradient of a batch from the gradients of its backgrounds, (n, B, ...); its sequences have zeros."""
    flat = tf.reshape(gradient, (-1, *gradient.shape[2:]))
    return tf.concat([tf.zeros_like(gradient[:, 0]), flat], axis=0)


def rescale(function: Callable[[tf.Tensor], tf.Tensor], backgrounds: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return an elementwise function whose gradient is the slope between each sequence and its background."""

    @tf.custom_gradient
    def apply(values: tf.Tensor) -> tuple[tf.Tensor, Gradient]:
        results = function(values)

        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            (value, reference), (result, reference_result) = (pairs(part, backgrounds) for part in (values, results))
            with tf.GradientTape() as tape:
                tape.watch(value)
                at_value = function(value)
            change = value - reference
            slope = tf.where(
                tf.abs(change) < _SMALLEST_CHANGE,
                tape.gradient(at_value, value),
                (result - reference_result) / change,
            )
            return to_batch(pairs(upstream, backgrounds)[1] * slope)

        return results, gradient

    return apply


def rescale_softmax(backgrounds: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return a softmax over channels whose gradient follows its parts.

    These are the centring of the values, exponentials by the rescale rule, and the quotient by Shapley values.
    """

    @tf.custom_gradient
    def apply(values: tf.Tensor) -> tuple[tf.Tensor, Gradient]:
        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            value, reference = pairs(values, backgrounds)
            upstream = pairs(upstream, backgrounds)[1]
            value, reference = (part - tf.reduce_mean(part, axis=-1, keepdims=True) for part in (value, reference))
            power, reference_power = tf.exp(value), tf.exp(reference)
            total, reference_total = (tf.reduce_sum(part, axis=-1, keepdims=True) for part in (power, reference_power))
            numerator_part = upstream * 0.5 * (1 / total + 1 / reference_total)
            total_part = -tf.reduce_sum(upstream * 0.5 * (power + reference_power), axis=-1, keepdims=True)
            multiplier = numerator_part + total_part / (total * reference_total)
            change = value - reference
            slope = tf.where(tf.abs(change) < _SMALLEST_CHANGE, power, (power - reference_power) / change)
            centred = multiplier * slope
            return to_batch(centred - tf.reduce_mean(centred, axis=-1, keepdims=True))

        return softmax(values), gradient

    return apply


class _Product(layers.Multiply):
    """Product of two tensors, whose gradients are their Shapley values."""

    def __init__(self, backgrounds: int, **options: object) -> None:
        super().__init__(**options)
        self.backgrounds = backgrounds

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        if len(inputs) != 2:
            raise DeguError(f"layer '{self.name}' multiplies {len(inputs)} tensors", expected="two, for DeepSHAP")

        @tf.custom_gradient
        def apply(
            first: tf.Tensor, second: tf.Tensor
        ) -> tuple[tf.Tensor, Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]]:
            def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                upstream = pairs(upstream, self.backgrounds)[1]
                means = (sum(pairs(part, self.backgrounds)) / 2 for part in (second, first))
                return tuple(to_batch(upstream * mean) for mean in means)

            return first * second, gradient

        return apply(*inputs)


class _KmerCounts(KmerCounts):
    """Counts of k-mers, whose gradient is its mean on the line from background to sequence (integrated gradients).

    On that line a count is a polynomial of degree k, so that Gauss's quadrature has no error.
    """

    def __init__(self, backgrounds: int, k: int, margin: int, **options: object) -> None:
        super().__init__(k, margin, **options)
        self.backgrounds = backgrounds

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        count = super().call
        nodes, weights = np.polynomial.legendre.leggauss((self.k + 1) // 2)

        @tf.custom_gradient
        def apply(values: tf.Tensor) -> tuple[tf.Tensor, Gradient]:
            def gradient(upstream: tf.Tensor) -> tf.Tensor:
                value, reference = pairs(values, self.backgrounds)
                upstream = tf.reshape(pairs(upstream, self.backgrounds)[1], (-1, 4**self.k))
                total = tf.zeros_like(reference)
                for node, weight in zip(nodes, weights, strict=True):
                    point = reference + float(node + 1) / 2 * (value - reference)
                    with tf.GradientTape() as tape:
                        tape.watch(point)
                        counts = count(tf.reshape(point, (-1, *values.shape[1:])))
                    total += float(weight) / 2 * tape.gradient(counts, point, upstream)
                return to_batch(total)

            return count(values), gradient

        return apply(inputs)


class _Pooling(layers.MaxPooling1D):
    """Maximum over windows that do not overlap; the change goes to the maxima of sequence and background."""

    def __init__(self, backgrounds: int, **options: object) -> None:
        super().__init__(**options)
        self.backgrounds = backgrounds
        if self.strides != self.pool_size:
            raise DeguError(f"the windows of layer '{self.name}' overlap", expected="strides as wide as windows")

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        pool = super().call

        @tf.custom_gradient
        def apply(values: tf.Tensor) -> tuple[tf.Tensor, Gradient]:
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
                slope = tf.where(tf.abs(change) < _SMALLEST_POOLED_CHANGE, tf.zeros_like(change), parts / change)
                return self._positions(to_batch(slope), values.shape[1])

            return results, gradient

        return apply(inputs)

    def _before(self, length: int, windows: int) -> int:
        """Return the number of padded positions before the first one."""
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


def rescale_model(model: keras.Model, backgrounds: int) -> keras.Model:
    """Return a copy of a functional model, with the same weights, whose gradients follow the rescale rule.

    Parameters
    ----------
    model
        Model that consists of linear layers, elementwise activations, softmax over the last axis, products of two
        tensors, maxima over windows that do not overlap, counts of k-mers, and models of such layers.
    backgrounds
        Number of backgrounds of each sequence in a batch, B.
    """

    def convert(layer: layers.Layer) -> layers.Layer:
        if isinstance(layer, keras.Model):
            return rescale_model(layer, backgrounds)
        config = layer.get_config()
        if isinstance(layer, layers.Multiply):
            return _Product(backgrounds, **config)
        if isinstance(layer, KmerCounts):
            return _KmerCounts(backgrounds, **config)
        if isinstance(layer, layers.MaxPooling1D):
            return _Pooling(backgrounds, **config)
        copy = type(layer).from_config(config)
        activation = getattr(copy, "activation", activations.linear)
        if activation in (softmax, activations.softmax):
            copy.activation = rescale_softmax(backgrounds)
        elif activation is not activations.linear:
            copy.activation = rescale(activation, backgrounds)
        return copy

    copy = keras.models.clone_model(model, clone_function=convert)
    copy.set_weights(model.get_weights())
    return copy
