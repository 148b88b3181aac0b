"""What a model puts out, and how its heads follow from that."""

import json
import sys
import types

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.outputs.outputs import LINKS, Outputs

TWO_TARGETS = ("Dev", "Hk")


def outputs_of(*names: str, **options) -> Outputs:
    return Outputs(Heads(names, TWO_TARGETS), **options)


def numpy(values) -> np.ndarray:
    return ops.convert_to_numpy(values)


# Parameters


@pytest.mark.parametrize(
    ("link", "activation"), [("identity", "linear"), ("softplus", "softplus"), ("log_variance", "linear")]
)
def test_each_head_is_a_parameter_and_a_standard_deviation_has_the_links_activation(link, activation):
    heads = ["mean", "aleatoric", "replicate_std", "epistemic", "lower", "upper"]
    outputs = outputs_of(*heads, link=link)
    assert list(outputs.parameters) == heads
    assert {outputs.parameters[head] for head in ("aleatoric", "replicate_std", "epistemic")} == {activation}
    assert {outputs.parameters[head] for head in ("mean", "lower", "upper")} == {"linear"}
    assert outputs.own_parameters == {}


def test_the_parameters_of_a_loss_stand_in_for_the_heads_that_it_makes():
    outputs = outputs_of("mean", "aleatoric", "epistemic", loss="evidential")
    expected = {"mean": "linear", "evidence": "softplus", "shape": "softplus", "rate": "softplus"}
    assert outputs.parameters == outputs.own_parameters == expected


def test_heads_that_a_loss_does_not_make_follow_its_parameters():
    outputs = outputs_of("mean", "epistemic", "aleatoric", loss="evidential_as_published", link="softplus")
    assert list(outputs.parameters.items()) == [
        ("mean", "linear"),
        ("log_variance", "softplus"),
        ("epistemic", "softplus"),
    ]


def test_an_output_is_split_by_parameter_and_then_by_target():
    outputs = outputs_of("mean", "aleatoric", "epistemic", loss="evidential")
    values = np.arange(5 * 8.0).reshape(5, 8)
    parts = outputs.split(values)
    for index, name in enumerate(("mean", "evidence", "shape", "rate")):
        np.testing.assert_array_equal(parts[name], values[:, 2 * index : 2 * index + 2])
    assert len(parts) == 4


@pytest.fixture
def counting(monkeypatch):
    """A loss `counting` that makes a profile and a mean from three parameters of its own."""
    module = types.ModuleType("degu.losses.counting")
    module.HEADS = ("profile", "mean")
    module.PARAMETERS = {"logits": "linear", "log_count": "linear", "spread": "softplus"}
    monkeypatch.setitem(sys.modules, "degu.losses.counting", module)
    return module


def profile_outputs() -> Outputs:
    shapes = {"profile": (2, 5), "profile_epistemic": (2, 3)}
    return Outputs(Heads(("mean", "profile", "profile_epistemic"), TWO_TARGETS, shapes), loss="counting")


def test_a_parameter_of_a_loss_has_the_shape_of_the_losss_first_head(counting):
    outputs = profile_outputs()
    assert {outputs.shape(name) for name in counting.PARAMETERS} == {(2, 2, 5)}
    assert outputs.shape("profile_epistemic") == (2, 2, 3)
    assert outputs.width == 3 * 20 + 12


@pytest.mark.parametrize("like", ["mean", "aleatoric"])
def test_a_parameter_of_a_loss_has_the_shape_of_the_head_that_the_loss_names(counting, like):
    """A head has one value a target if the model was told no trailing axes of it, whether or not it has that head."""
    counting.SHAPED_LIKE = {"log_count": like, "spread": like}
    outputs = profile_outputs()
    shapes = {name: outputs.shape(name) for name in outputs.parameters}
    assert shapes == {"logits": (2, 2, 5), "log_count": (2,), "spread": (2,), "profile_epistemic": (2, 2, 3)}
    values = np.arange(4.0 * outputs.width).reshape(4, outputs.width)
    parts = outputs.split(values)
    np.testing.assert_array_equal(numpy(parts["logits"]), values[:, :20].reshape(4, 2, 2, 5))
    np.testing.assert_array_equal(parts["log_count"], values[:, 20:22])
    np.testing.assert_array_equal(parts["spread"], values[:, 22:24])
    np.testing.assert_array_equal(numpy(parts["profile_epistemic"]), values[:, 24:].reshape(4, 2, 2, 3))


def test_heads_of_one_value_a_target_follow_from_their_parameters_alone(counting):
    counting.SHAPED_LIKE = {"log_count": "mean", "spread": "mean"}
    outputs = profile_outputs()
    assert outputs.scalar_parameters == ["log_count", "spread"]
    assert outputs.to_heads({name: np.ones((3, 2)) for name in outputs.scalar_parameters}) == {}
    shapes = {"profile": (1, 4)}
    outputs = Outputs(Heads(("mean", "profile"), TWO_TARGETS, shapes), loss="profile_divergence")
    assert (outputs.scalar_parameters, list(outputs.parameters)) == (["mean"], ["profile_logits", "mean"])
    found = outputs.to_heads({"mean": np.full((3, 2), 4.0)})
    assert {head: values.tolist() for head, values in found.items()} == {"mean": [[4.0, 4.0]] * 3}


@pytest.mark.parametrize("head", ["profile_aleatoric", "profile_epistemic"])
def test_a_standard_deviation_of_a_profile_passes_the_link_in_units_of_an_equal_share(head):
    heads = Heads(("mean", head), TWO_TARGETS, {head: (1, 4)})
    outputs = Outputs(heads, link="softplus", floor=0.01, center=(3.0, 4.0), spread=(2.0, 0.5))
    assert outputs.parameters == {"mean": "linear", head: "softplus"}
    put_out = np.random.default_rng(12).uniform(0, 1, size=(6, 10)).astype(np.float32)
    predictions = outputs.predictions(put_out)
    np.testing.assert_allclose(predictions[:, :2], put_out[:, :2] * [2, 0.5] + [3, 4], rtol=1e-6)
    # An equal share of four bins is a quarter.
    np.testing.assert_allclose(predictions[:, 2:], (put_out[:, 2:] + 0.01) / 4, rtol=1e-6)
    stds = put_out[:, 2:].reshape(6, 2, 1, 4)
    np.testing.assert_allclose(outputs.scale(f"member_{head}", stds), 4 * stds, rtol=1e-6)


def test_an_unknown_link_is_refused():
    with pytest.raises(
        DeguError, match=r"uncertainty\.link: unknown link 'exp'\n  expected: identity, softplus, log_v"
    ):
        outputs_of("mean", "epistemic", link="exp")


# Links


def test_standard_deviations_under_the_identity_are_put_out_as_they_are():
    outputs, values = outputs_of("mean", "epistemic"), np.array([[-0.3, 0.0, 2.5]])
    for head in ("mean", "epistemic"):
        np.testing.assert_array_equal(numpy(outputs.to_link(head, values)), values)
        np.testing.assert_array_equal(numpy(outputs.from_link(head, values)), values)


def test_log_variance_is_the_logarithm_of_the_squared_std():
    outputs = outputs_of("mean", "epistemic", link="log_variance")
    values = np.array([[0.5, 3.0]])
    np.testing.assert_allclose(numpy(outputs.to_link("epistemic", values)), [[np.log(0.25), np.log(9.0)]])
    np.testing.assert_allclose(numpy(outputs.from_link("epistemic", np.array([[0.0, np.log(4.0)]]))), [[1.0, 2.0]])


def test_a_softplus_cannot_fall_below_the_floor():
    outputs = outputs_of("mean", "aleatoric", link="softplus", floor=0.01)
    np.testing.assert_allclose(numpy(outputs.from_link("aleatoric", np.array([0.0, 0.5]))), [0.01, 0.51])


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("head", ["mean", "lower", "upper"])
def test_no_link_changes_what_is_no_standard_deviation(link, head):
    outputs, values = outputs_of("mean", "lower", "upper", link=link), np.array([[-5.0, 0.0, 2.0]])
    np.testing.assert_array_equal(numpy(outputs.to_link(head, values)), values)
    np.testing.assert_array_equal(numpy(outputs.from_link(head, values)), values)


@pytest.mark.parametrize("link", ["identity", "log_variance"])
@pytest.mark.parametrize("head", ["mean", "aleatoric", "replicate_std", "epistemic"])
@pytest.mark.parametrize("shape", [(), (7,), (3, 7)])
def test_what_is_put_out_for_a_value_turns_back_into_it(link, head, shape):
    outputs = outputs_of("mean", "aleatoric", "replicate_std", "epistemic", link=link, floor=0.01)
    values = np.random.default_rng(1).uniform(0.02, 3, size=shape).astype(np.float32)
    before = np.copy(values)
    np.testing.assert_allclose(numpy(outputs.from_link(head, outputs.to_link(head, values))), values, rtol=1e-5)
    np.testing.assert_array_equal(values, before)


def test_what_is_put_out_for_a_std_under_a_softplus_turns_back_into_it():
    outputs = outputs_of("mean", "aleatoric", link="softplus", floor=0.01)
    values = np.array([0.02, 0.3, 2.0])
    np.testing.assert_allclose(numpy(outputs.from_link("aleatoric", outputs.to_link("aleatoric", values))), values)


def test_no_logarithm_is_taken_of_a_std_below_the_floor():
    outputs = outputs_of("mean", "epistemic", link="log_variance", floor=0.01)
    linked = numpy(outputs.to_link("epistemic", np.array([0.0, 0.001, 0.02, -1.0])))
    np.testing.assert_allclose(linked, np.log(np.array([0.01, 0.01, 0.02, 0.01]) ** 2))


# Heads


def test_heads_come_in_their_order_in_the_units_of_the_data():
    outputs = outputs_of("mean", "epistemic", "upper", link="log_variance", center=(10.0, -1.0), spread=(2.0, 0.5))
    put_out = np.random.default_rng(2).normal(size=(6, 6)).astype(np.float32)
    predictions = outputs.predictions(put_out)
    assert predictions.dtype == np.float32
    mean, log_variance, upper = put_out[:, :2], put_out[:, 2:4], put_out[:, 4:]
    expected = np.concatenate(
        [mean * [2, 0.5] + [10, -1], np.sqrt(np.exp(log_variance)) * [2, 0.5], upper * [2, 0.5] + [10, -1]], axis=1
    )
    np.testing.assert_allclose(predictions, expected, rtol=1e-5)


def test_heads_of_a_loss_follow_from_its_parameters_and_others_from_their_link():
    outputs = outputs_of("mean", "epistemic", "aleatoric", loss="evidential_as_published", link="log_variance")
    put_out = np.random.default_rng(3).uniform(0.1, 2, size=(4, 6)).astype(np.float32)
    predictions = outputs.predictions(put_out)
    np.testing.assert_allclose(predictions[:, :2], put_out[:, :2])
    # The model puts out the mean, the loss's log variance, and the log variance that is the epistemic head's link.
    np.testing.assert_allclose(predictions[:, 2:4], np.exp(put_out[:, 4:] / 2), rtol=1e-5)
    np.testing.assert_allclose(predictions[:, 4:], np.exp(put_out[:, 2:4] / 2), rtol=1e-5)


def test_the_heads_of_a_normal_inverse_gamma_are_its_moments():
    outputs = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("activity",)), loss="evidential", spread=(3.0,))
    nu, alpha, beta = 2.0, 4.0, 1.5
    (mean, aleatoric, epistemic) = outputs.predictions(np.array([[0.7, nu, alpha - 1, beta]], dtype=np.float32))[0]
    variance = stats.invgamma(alpha, scale=beta)
    assert mean == pytest.approx(3 * 0.7, rel=1e-5)
    assert aleatoric == pytest.approx(3 * np.sqrt(variance.mean()), rel=1e-5)
    # Given the variance, the mean has that variance over nu.
    assert epistemic == pytest.approx(3 * np.sqrt(variance.mean() / nu), rel=1e-5)


@pytest.mark.parametrize("link", LINKS)
def test_an_output_of_one_target_and_head_is_its_own_prediction(link):
    outputs = Outputs(Heads(("mean",), ("activity",)), link=link)
    values = np.random.default_rng(4).normal(size=(5, 1)).astype(np.float32)
    np.testing.assert_array_equal(outputs.predictions(values), values)


# Scaling


def test_without_a_scaling_everything_stays_as_it_is():
    outputs = outputs_of("mean", "epistemic")
    assert (outputs.center, outputs.spread) == ((0.0, 0.0), (1.0, 1.0))
    values = np.random.default_rng(5).normal(size=(4, 2)).astype(np.float32)
    for name in ("measured", "mean", "epistemic", "member_mean"):
        np.testing.assert_array_equal(outputs.scale(name, values), values)


@pytest.mark.parametrize("name", ["measured", "mean", "lower", "upper", "member_mean"])
@pytest.mark.parametrize("shape", [(2,), (6, 2), (6, 3, 2)])
def test_activities_are_moved_and_divided_target_by_target(name, shape):
    outputs = outputs_of("mean", center=(10.0, -1.0), spread=(2.0, 0.5))
    values = np.random.default_rng(6).normal(size=shape).astype(np.float32)
    expected = np.stack([(values[..., 0] - 10) / 2, (values[..., 1] + 1) / 0.5], axis=-1)
    scaled = outputs.scale(name, values)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, expected, rtol=1e-6)


@pytest.mark.parametrize("name", ["aleatoric", "epistemic", "replicate_std", "member_aleatoric", "member_epistemic"])
@pytest.mark.parametrize("shape", [(6, 2), (6, 3, 2)])
def test_standard_deviations_are_divided_alone(name, shape):
    outputs = outputs_of("mean", center=(10.0, -1.0), spread=(2.0, 0.5))
    values = np.random.default_rng(7).uniform(size=shape).astype(np.float32)
    scaled = outputs.scale(name, values)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, values / [2.0, 0.5], rtol=1e-6)


@pytest.mark.parametrize("head", ["mean", "aleatoric", "replicate_std", "epistemic", "lower", "upper"])
@pytest.mark.parametrize(("center", "spread"), [((0.0, 0.0), (1.0, 1.0)), ((300.0, -0.02), (17.0, 0.003))])
def test_scaled_values_turn_back_into_those_they_came_from(head, center, spread):
    outputs = outputs_of("mean", center=center, spread=spread)
    values = np.random.default_rng(8).normal(size=(50, 2)) * spread + center
    back = outputs.unscale(head, outputs.scale(head, values.astype(np.float32)))
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, values, atol=1e-6 * np.max(spread) + 1e-7 * np.max(np.abs(center)), rtol=1e-5)


def test_a_large_offset_costs_no_precision_of_what_varies():
    activity = 5000 + np.random.default_rng(9).normal(size=(2000, 1)).astype(np.float32) * 0.25
    outputs = Outputs.of_recipe(recipe_of(target_scaling="standard"), activity, ("activity",))
    expected = (activity.astype(np.float64) - activity.mean(dtype=np.float64)) / activity.std(dtype=np.float64)
    np.testing.assert_allclose(outputs.scale("mean", activity), expected, atol=2e-3)


def recipe_of(**changes) -> dict:
    recipe = {
        "heads": ["mean", "epistemic"],
        "loss": {"name": "mean_squared_error"},
        "uncertainty": {"link": "log_variance", "floor": 0.2},
        "target_scaling": "none",
        "output_bias": "zero",
        "precision": "float32",
    }
    return {**recipe, **changes}


def test_outputs_of_a_recipe_take_its_settings_and_the_data_sets_targets():
    outputs = Outputs.of_recipe(recipe_of(), np.zeros((3, 2)), ["Dev", "Hk"])
    assert outputs == Outputs(Heads(("mean", "epistemic"), TWO_TARGETS), link="log_variance", floor=0.2)
    pinball = recipe_of(heads=["mean", "lower", "upper"], loss={"name": "pinball", "level": 0.8})
    assert Outputs.of_recipe(pinball, np.zeros((3, 2)), ["Dev", "Hk"]).loss == "pinball"


def test_a_standard_scaling_is_by_mean_and_std_of_each_target():
    activity = np.random.default_rng(10).normal(size=(40, 2)).astype(np.float32) * [3, 0.1] + [7, -2]
    outputs = Outputs.of_recipe(recipe_of(target_scaling="standard"), activity, TWO_TARGETS)
    for target in range(2):
        values = activity[:, target].tolist()
        mean = sum(values) / 40
        assert outputs.center[target] == pytest.approx(mean, rel=1e-12)
        std = (sum((value - mean) ** 2 for value in values) / 40) ** 0.5
        assert outputs.spread[target] == pytest.approx(std, rel=1e-12)
    scaled = outputs.scale("mean", activity)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-5)


def test_a_target_that_does_not_vary_cannot_be_scaled():
    activity = np.array([[1.0, 2.0], [3.0, 2.0]], dtype=np.float32)
    with pytest.raises(DeguError, match="target_scaling: standard: a target does not vary"):
        Outputs.of_recipe(recipe_of(target_scaling="standard"), activity, TWO_TARGETS)
    assert Outputs.of_recipe(recipe_of(), activity, TWO_TARGETS).spread == (1.0, 1.0)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"loss": "gaussian", "link": "softplus", "floor": 0.5},
        {"link": "log_variance", "center": (1 / 3, -2e-7), "spread": (0.1, 1e5)},
    ],
)
def test_outputs_survive_json(options):
    outputs = outputs_of("mean", "aleatoric", **options)
    again = Outputs.from_json(json.loads(json.dumps(outputs.to_json())))
    assert again == outputs
    assert isinstance(again.center, tuple) and isinstance(again.heads.heads, tuple)


def test_tensors_of_a_batch_keep_their_type_and_can_be_differentiated():
    outputs = outputs_of("mean", "epistemic", link="log_variance", center=(1.0, 1.0), spread=(2.0, 2.0))
    inputs = keras.Input((4,))
    heads = outputs.to_heads(outputs.split(inputs))
    assert {head: values.shape for head, values in heads.items()} == {"mean": (None, 2), "epistemic": (None, 2)}
    assert {values.dtype for values in heads.values()} == {"float32"}
