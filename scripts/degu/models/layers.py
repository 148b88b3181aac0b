"""Layers that the architectures share."""

import keras
from keras import KerasTensor, layers, ops

from degu.outputs import Outputs


def width_of(units: int, width: float) -> int:
    """Return a layer's number of units at a width factor, at least 1."""
    return max(1, round(units * width))


def silu(x: KerasTensor) -> KerasTensor:
    """Return x * sigmoid(x), as a product of layers: DeepSHAP keeps its sum rule on this and not on `silu`."""
    return layers.Multiply()([x, layers.Activation("sigmoid")(x)])


@keras.saving.register_keras_serializable("degu")
def softmax(x: KerasTensor) -> KerasTensor:
    """Return a softmax over channels, centred on their mean where Keras subtracts their maximum.

    The mean is linear, so that DeepSHAP keeps its sum rule; on the library's it does not (`shap` takes the maximum
    of sequence and background for the same).
    """
    powers = ops.exp(x - ops.mean(x, axis=-1, keepdims=True))
    return powers / ops.sum(powers, axis=-1, keepdims=True)


@keras.saving.register_keras_serializable("degu")
class BatchNormalization(layers.BatchNormalization):
    """Keras's batch normalisation over the last axis, trained by TensorFlow's fused operation.

    Keras computes it from single operations, each a pass over memory, which took a third of a step of DeepSTARR on
    a CPU; fused, it takes a tenth. The result is the same but for rounding.
    """

    def call(self, inputs: KerasTensor, training: bool | None = None, mask: KerasTensor | None = None) -> KerasTensor:
        """Normalise by the batch in training, else by the moving statistics."""
        if not (training and self.trainable and keras.backend.backend() == "tensorflow"):
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        shape = ops.shape(inputs)
        # Mean and variance are of single precision in any case.
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            ops.reshape(inputs, (shape[0], 1, -1, shape[-1])),
            ops.convert_to_tensor(self.gamma),
            ops.convert_to_tensor(self.beta),
            epsilon=self.epsilon,
            is_training=True,
        )
        count = ops.cast(ops.size(inputs) // shape[-1], mean.dtype)
        # The operation returns the unbiased variance; Keras keeps the biased one.
        variance = variance * (count - 1) / count
        for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + value * (1 - self.momentum))
        return ops.reshape(outputs, shape)


def activate(x: KerasTensor, activation: str) -> KerasTensor:
    """Apply an activation by name."""
    return silu(x) if activation == "silu" else layers.Activation(activation)(x)


def output_layers(features: KerasTensor, outputs: Outputs) -> KerasTensor:
    """Return the outputs, (B, P * T), of features (B, F): a dense layer named for each parameter.

    They are in single precision even where the network is trained in mixed precision.
    """
    targets = len(outputs.heads.targets)
    parts = [
        layers.Dense(targets, activation=activation, name=name, dtype="float32")(features)
        for name, activation in outputs.parameters.items()
    ]
    return parts[0] if len(parts) == 1 else layers.Concatenate(name="outputs", dtype="float32")(parts)


def sequence_input(length: int) -> KerasTensor:
    """Return the input of every model: one-hot sequences of shape (L, 4)."""
    return keras.Input((length, 4), name="sequence")


def normalised(layer: layers.Layer, x: KerasTensor, activation: str, dropout: float) -> KerasTensor:
    """Apply a layer, then batch normalisation, an activation by name and dropout."""
    x = activate(BatchNormalization()(layer(x)), activation)
    return layers.Dropout(dropout)(x)
