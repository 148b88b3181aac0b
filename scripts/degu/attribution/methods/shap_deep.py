"""DeepSHAP by `shap.DeepExplainer` (Lundberg and Lee 2017), one sequence after the other.

The maps are those of `deep_shap`, which also returns hypothetical ones and explains counts of k-mers. The two differ
where a head depends on several outputs of the network, such as the total uncertainty: the package has a rule for each
step from them to the head, and `deep_shap` takes Shapley values. Layers that the package cannot explain are named.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from degu.attribution.contributions import Maps, one_hot
from degu.attribution.explained import Explained
from degu.attribution.shap_package import HeadModel, RowExplainer, head_change, reason_of, refusal
from degu.attribution.summation import TOLERANCE

COMPILED = False
EXACT = True
RECURRENT = False
# Contributions that sum to less are not distinguished from rounding errors when a model is checked.
_SMALLEST_SUM = 1e-3


def rows(length: int, backgrounds: int) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    # The package repeats the sequence for each background; the change of the prediction needs both once more.
    return 2 * backgrounds + 1 + backgrounds


def explainer(explained: Explained, backgrounds: int) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes.

    The function raises a `DeguError` if the package cannot explain the model; the message names the layer.
    """
    return _method(explained)


def check(explained: Explained, tokens: tf.Tensor, backgrounds: tf.Tensor, *, where: object = None) -> None:
    """Check on some sequences that the method serves the model.

    Raises
    ------
    DeguError
        If the package has no rule for a layer, or contributions do not sum up; the message names the layer.
    """
    maps = _method(explained, where)(tokens, backgrounds)
    off = tf.reduce_max(tf.abs(tf.reduce_sum(maps.values, axis=(1, 2)) - maps.difference))
    size = tf.reduce_max(tf.reduce_sum(tf.abs(maps.values), axis=(1, 2)))
    if not off <= TOLERANCE * tf.maximum(size, _SMALLEST_SUM):
        reason = f"contributions miss the change of the prediction by {float(off):.2g}"
        raise refusal(explained, one_hot(tokens), one_hot(backgrounds), reason, where=where)


def _method(explained: Explained, where: object = None) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method; `where` is a place for the message of an error."""
    head = HeadModel(explained)
    package = RowExplainer(head.model)

    def explain(sequence: tf.Tensor, references: tf.Tensor) -> np.ndarray:
        head.explain(sequence)
        return package([sequence.numpy()], [references.numpy()])[0]

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        inputs, references = one_hot(tokens), one_hot(background_tokens)
        try:
            values = [explain(sequence, own) for sequence, own in zip(inputs, references, strict=True)]
        # The package raises whatever its rules and TensorFlow do.
        except Exception as error:
            raise refusal(explained, inputs, references, reason_of(error), where=where) from error
        return Maps(tf.constant(np.stack(values), dtype=tf.float32), head_change(explained, inputs, references))

    return attribute
