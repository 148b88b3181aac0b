"""Named predictions of a model."""

import json

import numpy as np
import pytest

from degu.errors import DeguError
from degu.outputs.heads import (
    ARRAYS,
    FIRST,
    HEADS,
    KINDS,
    STANDARD_DEVIATIONS,
    UNCERTAINTIES,
    Heads,
    standard_deviations,
)

TWO_TARGETS = ("Dev", "Hk")


def heads_of(*names: str) -> Heads:
    return Heads(names, TWO_TARGETS)


def numbered(heads: Heads, *leading: int) -> np.ndarray:
    """Return an array of predictions that holds the numbers of its columns."""
    return np.broadcast_to(np.arange(heads.width), (*leading, heads.width))


@pytest.mark.parametrize("leading", [(), (7,), (2, 3)])
def test_columns_go_by_head_and_then_by_target(leading):
    heads = heads_of("mean", "aleatoric", "epistemic")
    assert (heads.width, heads.size("mean"), heads.shape("mean")) == (6, 2, ())
    for head, columns in (("mean", [0, 1]), ("aleatoric", [2, 3]), ("epistemic", [4, 5])):
        found = heads.select(numbered(heads, *leading), head)
        np.testing.assert_array_equal(found, np.broadcast_to(columns, (*leading, 2)))


@pytest.mark.parametrize("leading", [(), (7,), (2, 3)])
def test_within_a_target_come_the_trailing_axes_of_a_head(leading):
    heads = Heads(("mean", "profile", "epistemic"), TWO_TARGETS, {"profile": (2, 3)})
    assert (heads.width, heads.size("profile"), heads.shape("profile")) == (16, 12, (2, 3))
    found = {head: heads.select(numbered(heads, *leading), head) for head in heads.heads}
    np.testing.assert_array_equal(found["mean"], np.broadcast_to([0, 1], (*leading, 2)))
    np.testing.assert_array_equal(found["epistemic"], np.broadcast_to([14, 15], (*leading, 2)))
    assert found["profile"].shape == (*leading, 2, 2, 3)
    # Target 1, strand 0, position 2.
    np.testing.assert_array_equal(found["profile"][..., 1, 0, 2], 2 + 6 + 2)


@pytest.mark.parametrize("leading", [(), (7,), (2, 3)])
def test_joined_heads_come_apart_again(leading):
    heads = Heads(("probability", "epistemic"), TWO_TARGETS, {"probability": (3,)})
    rng = np.random.default_rng(1)
    parts = {"probability": rng.normal(size=(*leading, 2, 3)), "epistemic": rng.normal(size=(*leading, 2))}
    joined = heads.join(parts)
    assert joined.shape == (*leading, 8)
    for head, values in parts.items():
        np.testing.assert_array_equal(heads.select(joined, head), values)


@pytest.mark.parametrize(
    ("names", "shapes"),
    [
        (("mean", "profile"), {}),
        (("mean", "profile"), {"profile": (0, 3)}),
        (("mean",), {"profile": (2, 3)}),
        (("probability",), {"probability": ()}),
    ],
)
def test_trailing_axes_belong_to_heads_that_are_there_and_have_them(names, shapes):
    with pytest.raises(DeguError, match="has the trailing axes"):
        Heads(names, TWO_TARGETS, shapes)


def test_select_refuses_a_head_that_the_model_lacks():
    with pytest.raises(DeguError, match="no head 'aleatoric'"):
        heads_of("mean", "epistemic").select(np.zeros((1, 4)), "aleatoric")


@pytest.mark.parametrize("names", [(), ("epistemic",), ("epistemic", "mean"), ("mean", "mean")])
def test_the_mean_comes_first_and_no_head_twice(names):
    with pytest.raises(DeguError, match="'mean' first"):
        heads_of(*names)


def test_an_unknown_head_is_refused_with_the_nearest_known():
    with pytest.raises(DeguError, match="did you mean 'epistemic'"):
        heads_of("mean", "epistemc")


def test_every_known_head_may_follow_the_mean_in_any_order():
    shapes = dict.fromkeys(ARRAYS, (2, 5))
    assert Heads(("mean", *reversed(HEADS[1:])), TWO_TARGETS, shapes).heads[1:] == HEADS[:0:-1]
    assert set(UNCERTAINTIES) < set(HEADS)


def test_every_head_is_named_once():
    assert len(set(HEADS)) == len(HEADS)
    assert set(STANDARD_DEVIATIONS) | set(ARRAYS) | set(FIRST) < set(HEADS)


@pytest.mark.parametrize("head", ["profile_aleatoric", "profile_epistemic"])
def test_a_standard_deviation_of_a_profile_has_axes_and_does_not_come_first(head):
    with pytest.raises(DeguError, match="'mean' first"):
        Heads((head, "mean"), TWO_TARGETS, {head: (2, 4)})
    with pytest.raises(DeguError, match="has the trailing axes"):
        Heads(("mean", head), TWO_TARGETS)
    assert Heads(("mean", head), TWO_TARGETS, {head: (2, 4)}).width == 2 + 16


@pytest.mark.parametrize("head", [head for head in ARRAYS if head in FIRST])
def test_class_probabilities_or_a_profile_may_come_first(head):
    assert Heads((head, "epistemic"), TWO_TARGETS, {head: (4,)}).heads == (head, "epistemic")


def test_heads_survive_json():
    heads = heads_of("mean", "lower", "upper")
    assert heads.to_json() == {"heads": ["mean", "lower", "upper"], "targets": ["Dev", "Hk"]}
    assert Heads.from_json(json.loads(json.dumps(heads.to_json()))) == heads
    heads = Heads(("mean", "profile"), TWO_TARGETS, {"profile": (2, 3)})
    assert Heads.from_json(json.loads(json.dumps(heads.to_json()))) == heads


def test_total_is_the_root_of_the_sum_of_variances():
    stds = standard_deviations(
        {"mean": np.zeros(3), "aleatoric": np.array([3, 5, 0]), "epistemic": np.array([4, 12, 2])}
    )
    assert tuple(stds) == KINDS == ("aleatoric", "epistemic", "total")
    np.testing.assert_allclose(stds["total"], [5, 13, 2], rtol=1e-15)
    np.testing.assert_array_equal(stds["aleatoric"], [3, 5, 0])
    np.testing.assert_array_equal(stds["epistemic"], [4, 12, 2])


@pytest.mark.parametrize("kind", ["aleatoric", "epistemic"])
def test_the_total_of_one_kind_is_that_kind(kind):
    values = np.random.default_rng(1).uniform(0.1, 2, size=(4, 2)).astype(np.float32)
    stds = standard_deviations({"mean": values, kind: values, "lower": values, "upper": values})
    assert set(stds) == {kind, "total"}
    np.testing.assert_allclose(stds["total"], values, rtol=1e-12)
    assert stds["total"].shape == (4, 2)
    assert {array.dtype for array in stds.values()} == {np.dtype(np.float64)}


def test_without_an_uncertainty_there_is_no_total():
    values = np.ones(3)
    assert standard_deviations({"mean": values, "lower": values, "upper": values, "replicate_std": values}) == {}
    assert standard_deviations({"mean": values, "profile_aleatoric": values, "profile_epistemic": values}) == {}


def test_the_std_over_replicates_is_no_part_of_the_total():
    stds = standard_deviations({"mean": np.zeros(1), "aleatoric": np.array([3.0]), "replicate_std": np.array([9.0])})
    assert {kind: values.tolist() for kind, values in stds.items()} == {"aleatoric": [3.0], "total": [3.0]}


def test_a_negative_std_counts_as_zero_by_itself_and_in_the_total():
    heads = {"aleatoric": np.array([-3.0, 3.0, -1.0]), "epistemic": np.array([4.0, -4.0, -1.0])}
    stds = standard_deviations(heads)
    np.testing.assert_array_equal(stds["aleatoric"], [0, 3, 0])
    np.testing.assert_array_equal(stds["epistemic"], [4, 0, 0])
    np.testing.assert_array_equal(stds["total"], [4, 3, 0])
    assert heads["aleatoric"][0] == -3, "what was predicted is left as it is"


def test_the_total_of_small_stds_is_not_lost_to_single_precision():
    small = np.full(2, 1e-25, dtype=np.float32)
    np.testing.assert_allclose(standard_deviations({"aleatoric": small, "epistemic": small})["total"], 2**0.5 * 1e-25)


def test_heads_of_one_value_are_found_among_others():
    shapes = {"profile": (2, 3), "profile_epistemic": (2, 1)}
    heads = Heads(("mean", "profile", "aleatoric", "profile_epistemic", "epistemic"), ("a", "b"), shapes)
    own = heads.of_one_value()
    assert own == Heads(("mean", "aleatoric", "epistemic"), ("a", "b"))
    values = np.arange(heads.width)[None]
    columns = heads.columns(own.heads)
    for head in own.heads:
        np.testing.assert_array_equal(own.select(values[:, columns], head), heads.select(values, head))
    with pytest.raises(DeguError, match="'mean' first"):
        Heads(("profile", "aleatoric"), ("a",), {"profile": (1, 4)}).of_one_value()


def test_profiles_of_the_other_strand_are_turned_back_and_nothing_else():
    shapes = {"profile": (2, 3), "profile_epistemic": (2, 3), "profile_aleatoric": (2, 1)}
    heads = Heads(("mean", "profile", "profile_epistemic", "profile_aleatoric"), ("a", "b"), shapes)
    values = np.random.default_rng(1).normal(size=(4, heads.width))
    turned = heads.turned(values)
    np.testing.assert_array_equal(heads.select(turned, "mean"), heads.select(values, "mean"))
    for head, (strands, positions) in shapes.items():
        own, other = heads.select(values, head), heads.select(turned, head)
        for strand in range(strands):
            for position in range(positions):
                np.testing.assert_array_equal(
                    other[..., strand, position], own[..., strands - 1 - strand, positions - 1 - position]
                )
    np.testing.assert_array_equal(heads.turned(turned), values)
    plain = Heads(("mean", "aleatoric"), ("a",))
    assert plain.turned(values) is values
