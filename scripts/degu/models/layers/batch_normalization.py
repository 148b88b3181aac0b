"""Batch normalisation by TensorFlow's fused operation."""

import keras
from keras import KerasTensor, layers, ops


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
