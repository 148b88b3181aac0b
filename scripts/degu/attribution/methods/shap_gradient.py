"""Expected gradients by `shap.GradientExplainer` (Erion et al. 2021), one sequence after the other.

Each sample is (x - x') times the gradient at a random point of the line from a random background x'. The mean over
samples is complete on average: the error of its sum falls with the square root of the number of samples. It is stored
with each map.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from degu.attribution.contributions import Maps, one_hot
from degu.attribution.explained import Explained
from degu.attribution.shap_package import HeadModel, head_change, shap

COMPILED = False
RANGES = {"samples": {"at_least": 1}, "seed": {"at_least": 0}}
# Number of samples that the network sees at a time, at most.
_BATCH = 256


def rows(length: int, backgrounds: int, *, samples: int = 200, **_: object) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    # The package predicts the sequence once; the change of the prediction needs it again, and its backgrounds.
    return samples + 1 + 1 + backgrounds


def explainer(
    explained: Explained, backgrounds: int, *, samples: int = 200, seed: int = 0
) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes.

    Parameters
    ----------
    explained, backgrounds
        Explained head, and the number of backgrounds of each sequence, B.
    samples
        Number of random pairs of a background and a point for each sequence.
    seed
        Seed of the pairs. Each sequence has pairs of its own, which are the same for every model and head.
    """
    # The package keeps this array, so that one explainer, whose gradients are traced once, serves all sequences.
    own = np.zeros((backgrounds, *explained.model.input_shape[1:]), dtype=np.float32)
    head = HeadModel(explained)
    package = shap.GradientExplainer(head.model, own, batch_size=min(samples, _BATCH))

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        inputs, references = one_hot(tokens), one_hot(background_tokens)
        values = np.empty(inputs.shape, dtype=np.float32)
        # The package seeds NumPy's global generator.
        state = np.random.get_state()  # noqa: NPY002
        try:
            for row, sequence in enumerate(tokens.numpy()):
                own[:] = references[row]
                head.explain(inputs[row])
                draw = int(np.random.SeedSequence([seed, *sequence.tolist()]).generate_state(1)[0])
                found = package.shap_values(inputs[row : row + 1].numpy(), nsamples=samples, rseed=draw)
                values[row] = found[0, ..., 0]
        finally:
            np.random.set_state(state)  # noqa: NPY002
        return Maps(tf.constant(values), head_change(explained, inputs, references))

    return attribute
