"""DeepSHAP (Lundberg and Lee 2017): DeepLIFT's multipliers (Shrikumar et al. 2017) averaged over backgrounds.

The maps are those of `shap.DeepExplainer`. The rescale rule is not used for the step from the network's parameters to
the head, such as a variance from its logarithm, or the total from its parts. That step is divided up exactly, by
Shapley values over the parameters. The step from logits to what is explained of a profile is linear.
"""

from collections.abc import Callable
from itertools import combinations
from math import comb

import tensorflow as tf

from degu.attribution.contributions import Maps, backgrounds_at_a_time, combine, mean_over_backgrounds, one_hot
from degu.attribution.explained import Explained
from degu.attribution.rescale import rescale_model
from degu.attribution.summation import check_layers
from degu.outputs.heads import PROFILE

EXACT = True
RECURRENT = False
# Changes of a parameter below this count as none.
_SMALLEST_CHANGE = 1e-6


def rows(length: int, backgrounds: int, **_: object) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return 1 + backgrounds


def explainer(
    explained: Explained, backgrounds: int, *, hypothetical: bool = False
) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes.

    Parameters
    ----------
    explained, backgrounds
        Explained head, and the number of backgrounds of each sequence, B.
    hypothetical
        Whether contributions are hypothetical; see `degu.attribution.contributions.combine`.
    """
    each = backgrounds_at_a_time(explained.model.input_shape[1], backgrounds)
    network = explained.through(rescale_model(explained.model, each))

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        number, inputs = tokens.shape[0], one_hot(tokens)

        def compare(references: tf.Tensor) -> Maps:
            batch = tf.concat([inputs, tf.reshape(references, (-1, *inputs.shape[1:]))], axis=0)
            with tf.GradientTape() as tape:
                tape.watch(batch)
                parameters = network.parameters(batch)
            value = tf.repeat(parameters[:number], each, axis=0)
            upstream = parameter_multipliers(network, value, parameters[number:])
            upstream = tf.concat([tf.zeros_like(parameters[:number]), upstream], axis=0)
            multipliers = tape.gradient(parameters, batch, upstream)[number:]
            multipliers = tf.reshape(multipliers, references.shape)
            change = network.of_parameters(value, value) - network.of_parameters(parameters[number:], value)
            difference = tf.reduce_mean(tf.reshape(change, (number, each)), axis=1)
            return Maps(combine(multipliers, inputs, references, hypothetical), difference)

        return mean_over_backgrounds(compare, one_hot(background_tokens), each)

    return attribute


def parameter_multipliers(explained: Explained, value: tf.Tensor, reference: tf.Tensor) -> tf.Tensor:
    """Return the Shapley value of each parameter divided by the parameter's change, (N, P).

    Parameters
    ----------
    explained
        Head that is computed from the parameters.
    value, reference
        Parameters of sequences and of backgrounds, (N, P) each.
    """
    if explained.head == PROFILE:
        return explained.weights(value)
    count = value.shape[1]

    def with_values_of(chosen: tuple[int, ...]) -> tf.Tensor:
        mask = tf.constant([[index in chosen for index in range(count)]])
        return explained.of_parameters(tf.where(mask, value, reference))

    subsets = {
        chosen: with_values_of(chosen) for size in range(count + 1) for chosen in combinations(range(count), size)
    }
    with tf.GradientTape() as tape:
        tape.watch(value)
        at_value = explained.of_parameters(value)
    slopes = tape.gradient(at_value, value)
    multipliers = []
    for index in range(count):
        shares = [
            (subsets[tuple(sorted((*chosen, index)))] - subsets[chosen]) / (count * comb(count - 1, len(chosen)))
            for chosen in subsets
            if index not in chosen
        ]
        change = value[:, index] - reference[:, index]
        multipliers.append(tf.where(tf.abs(change) < _SMALLEST_CHANGE, slopes[:, index], sum(shares) / change))
    return tf.stack(multipliers, axis=1)


def check(explained: Explained, tokens: tf.Tensor, backgrounds: tf.Tensor, *, where: object = None) -> None:
    """Check on some sequences that the method serves the model.

    Raises
    ------
    DeguError
        If the rescale rule does not hold at a layer; the message names the layer.
    """
    inputs = one_hot(tokens)
    batch = tf.concat([inputs, tf.reshape(one_hot(backgrounds), (-1, *inputs.shape[1:]))], axis=0)
    check_layers(rescale_model(explained.model, backgrounds.shape[1]), batch, backgrounds.shape[1], where=where)
