"""A ridge regression on k-mers as layers of a network.

Networks that are trained on a few thousand sequences make other errors than a ridge regression, and the mean of the two
is more accurate than either.
"""

from collections.abc import Sequence

import keras
import numpy as np
from keras import KerasTensor, layers, ops

from degu.data.kmer_ridge import KmerRidge
from degu.data.kmers import canonical_index
from degu.models.layers.blocks import joined, parameter_tensors
from degu.outputs.heads import LOCATIONS
from degu.outputs.outputs import Outputs


@keras.saving.register_keras_serializable("degu")
class KmerCounts(layers.Layer):
    """Counts of all k-mers, (B, 4 ** k), in one-hot sequences, (B, L, 4).

    A window counts as the product of its k entries, so that the counts have a gradient. One with an N counts for no
    k-mer. The k-mers are in the order of their letters, AA...A first.

    Parameters
    ----------
    k
        Length of the k-mers, 2 or more.
    margin
        Number of bases at either end of a sequence whose k-mers are not counted.
    """

    def __init__(self, k: int, margin: int = 0, **options: object) -> None:
        super().__init__(**options)
        self.k = k
        self.margin = margin

    def call(self, inputs: KerasTensor) -> KerasTensor:
        """Count the k-mers."""
        counted = inputs[:, self.margin : inputs.shape[1] - self.margin]
        windows = counted.shape[1] - self.k + 1
        half = self.k // 2
        words = {length: _words(counted, length) for length in {half, self.k - half}}
        first, second = words[half][:, :windows], words[self.k - half][:, half:]
        # A k-mer is a pair of a first and a second half; the sum over windows is a product of matrices.
        return ops.reshape(ops.einsum("bwi,bwj->bij", first, second), (-1, 4**self.k))

    def get_config(self) -> dict:
        """Return what a copy of the layer is made from."""
        return {**super().get_config(), "k": self.k, "margin": self.margin}


def _words(inputs: KerasTensor, length: int) -> KerasTensor:
    """Return which word of a length stands at each window of that length, as one-hot (B, windows, 4**length)."""
    windows = inputs.shape[1] - length + 1
    words = inputs[:, :windows]
    for offset in range(1, length):
        letters = inputs[:, offset : offset + windows, None]
        words = ops.reshape(words[..., None] * letters, (-1, windows, 4 * words.shape[-1]))
    return words


def add_kmer_ridge(model: keras.Model, outputs: Outputs, ridge: KmerRidge, weight: float) -> keras.Model:
    """Return a model whose mean is that of a network and of a ridge regression, weighted.

    The ends of an interval move with the mean, and all else that the network predicts stays. Training the model changes
    the network alone. The regression computes in single precision, whatever the network does.

    Parameters
    ----------
    model
        The network, which ends as `degu.models.layers.blocks.output_layers` ends it.
    outputs
        The parameters that the network puts out; `mean` is one of them.
    ridge
        The ridge regression, in the units of the data.
    weight
        Weight of the ridge regression, between 0 and 1; the network has the rest.
    """
    parts = parameter_tensors(model, outputs)
    scaled = _scaled_ridge(model.input, outputs, ridge)
    difference = layers.Subtract(name="ridge_minus_network", dtype="float32")([scaled, parts["mean"]])
    change = layers.Rescaling(weight, name="kmer_ridge_weight", dtype="float32")(difference)
    for name in parts:
        if name in LOCATIONS:
            parts[name] = layers.Add(name=f"{name}_with_kmer_ridge", dtype="float32")([parts[name], change])
    together = joined(list(parts.values()), "outputs_with_kmer_ridge")
    return keras.Model(model.input, together, name=model.name)


def _scaled_ridge(sequences: KerasTensor, outputs: Outputs, ridge: KmerRidge) -> KerasTensor:
    """Return what a ridge regression predicts, (B, T), in scaled units."""
    spread = np.array(outputs.spread)
    kernel = ridge.coefficients[canonical_index(ridge.k)] / spread
    regression = layers.Dense(len(spread), name="kmer_ridge", dtype="float32", trainable=False)
    predicted = regression(KmerCounts(ridge.k, ridge.margin, name="kmer_counts", dtype="float32")(sequences))
    regression.set_weights([kernel, (ridge.intercept - np.array(outputs.center)) / spread])
    return predicted


def mean_kmer_ridge(models: Sequence[tuple[keras.Model, Outputs]]) -> KmerRidge:
    """Return the mean of the ridge regressions that models contain, each model with its outputs.

    Members of one ensemble count k-mers within the same margins.
    """
    counts = models[0][0].get_layer("kmer_counts")
    # Both words of a canonical k-mer have its coefficient.
    _, first = np.unique(canonical_index(counts.k), return_index=True)
    coefficients, intercepts = [], []
    for model, outputs in models:
        kernel, bias = model.get_layer("kmer_ridge").get_weights()
        coefficients.append(kernel[first] * np.array(outputs.spread))
        intercepts.append(bias * np.array(outputs.spread) + np.array(outputs.center))
    return KmerRidge(np.mean(coefficients, axis=0), np.mean(intercepts, axis=0), k=counts.k, margin=counts.margin)
