"""Saliency against finite differences of the network in NumPy and double precision."""

import numpy as np
import pytest

from degu.attribution.explained import Explained
from degu.attribution.methods import saliency
from degu.outputs.outputs import LINKS
from tests.attribution.networks import (
    assert_near,
    function_of,
    linear,
    maps_of,
    one_hot,
    outputs_of,
    random_tokens,
    scaled_outputs,
    slopes,
    smooth,
    weights_of,
)

EVERY_HEAD = [("mean", {})]
EVERY_HEAD += [(head, {"link": link}) for head in ("aleatoric", "epistemic", "total") for link in LINKS]
EVERY_HEAD += [(head, {"loss": "evidential"}) for head in ("mean", "aleatoric", "epistemic", "total")]


@pytest.mark.parametrize(("head", "options"), EVERY_HEAD)
@pytest.mark.parametrize("target", [0, 1])
def test_it_is_the_derivative_of_the_head_in_the_units_of_the_data(head, options, target):
    outputs = scaled_outputs(**options)
    explained = Explained(smooth(8, outputs), outputs, head, target)
    tokens = random_tokens(6, 8, letters=5)
    values, difference = maps_of(saliency, explained, tokens)
    assert values.shape == (6, 8, 4) and difference is None
    assert_near(values, slopes(function_of(explained), one_hot(tokens)))


def test_a_negative_std_has_a_slope_of_its_own_and_none_in_the_total():
    outputs = outputs_of("mean", "aleatoric")
    model = linear(6, outputs)
    kernel, _ = weights_of(model, "aleatoric")
    model.get_layer("aleatoric").set_weights([kernel, np.array([-100.0])])
    tokens = random_tokens(3, 6)
    values, _ = maps_of(saliency, Explained(model, outputs, "aleatoric"), tokens)
    np.testing.assert_allclose(values, np.tile(kernel.reshape(1, 6, 4), (3, 1, 1)), rtol=1e-6)
    np.testing.assert_array_equal(maps_of(saliency, Explained(model, outputs, "total"), tokens)[0], 0)


@pytest.mark.parametrize("target", [0, 1])
def test_on_a_linear_model_it_is_the_weights_at_every_sequence(target):
    outputs = scaled_outputs()
    model = linear(7, outputs)
    kernel = weights_of(model, "mean")[0][:, target].reshape(7, 4)
    values, _ = maps_of(saliency, Explained(model, outputs, "mean", target), random_tokens(4, 7, letters=5))
    np.testing.assert_allclose(values, np.tile(outputs.spread[target] * kernel, (4, 1, 1)), rtol=1e-6)
