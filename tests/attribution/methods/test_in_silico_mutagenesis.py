"""In-silico mutagenesis against one mutant at a time."""

import numpy as np
import pytest

from degu.attribution import contributions
from degu.attribution.explained import Explained
from degu.attribution.methods import in_silico_mutagenesis
from degu.models import dream_rnn
from tests.attribution.networks import (
    assert_near,
    function_of,
    maps_of,
    one_hot,
    parameters_by_hand,
    profile_outputs,
    profile_weights,
    random_tokens,
    scaled_outputs,
    smooth,
)


def example(head: str) -> Explained:
    outputs = scaled_outputs(link="log_variance")
    return Explained(smooth(7, outputs), outputs, head, target=1)


@pytest.mark.parametrize("head", ["mean", "epistemic", "total"])
@pytest.mark.parametrize("letters", [4, 5])
def test_it_is_the_change_by_each_substitution(head, letters):
    explained, tokens = example(head), random_tokens(4, 7, seed=3, letters=letters)
    of, expected = function_of(explained), np.zeros((4, 7, 4))
    for row, position, base in np.ndindex(4, 7, 4):
        if tokens[row, position] != 4:
            mutant = tokens[row].copy()
            mutant[position] = base
            expected[row, position, base] = of(one_hot(mutant)[None])[0] - of(one_hot(tokens[row])[None])[0]
    values, difference = maps_of(in_silico_mutagenesis, explained, tokens)
    assert_near(values, expected)
    assert difference is None


def test_the_sequences_own_bases_and_unknown_ones_have_exactly_0():
    tokens = random_tokens(4, 7, seed=3, letters=5)
    assert (tokens == 4).any()
    values, _ = maps_of(in_silico_mutagenesis, example("mean"), tokens)
    np.testing.assert_array_equal(values[one_hot(tokens) == 1], 0)
    np.testing.assert_array_equal(values[tokens == 4], 0)
    others = (one_hot(tokens) == 0) & (tokens != 4)[..., None]
    assert (values[others] != 0).all()


@pytest.mark.parametrize(
    ("centre", "changed"), [(None, range(7)), (7, range(7)), (100, range(7)), (3, range(2, 5)), (4, range(1, 5))]
)
# All mutants at a time, or those at three positions, of which the last block has not all.
@pytest.mark.parametrize("rows", [512, 10])
def test_only_the_bases_in_the_middle_are_mutated_if_that_is_asked_for(monkeypatch, centre, changed, rows):
    monkeypatch.setattr(contributions, "ROWS", rows)
    tokens = random_tokens(4, 7, seed=3, letters=5)
    values, _ = maps_of(in_silico_mutagenesis, example("mean"), tokens, centre=centre)
    monkeypatch.undo()
    expected = maps_of(in_silico_mutagenesis, example("mean"), tokens)[0]
    expected[:, [position for position in range(7) if position not in changed]] = 0
    assert_near(values, expected)
    assert in_silico_mutagenesis.rows(7, 0, centre=centre) == 1 + 3 * len(changed)


def test_of_a_profile_it_is_the_change_of_the_logits_weighed_by_the_sequences_probabilities():
    outputs = profile_outputs()
    model, tokens = smooth(7, outputs), random_tokens(3, 7, seed=3)
    expected = np.zeros((3, 7, 4))
    for row, position, base in np.ndindex(3, 7, 4):
        mutant = tokens[row].copy()
        mutant[position] = base
        own, other = (
            parameters_by_hand(model, outputs, one_hot(t)[None])["profile_logits"][:, 1] for t in (tokens[row], mutant)
        )
        expected[row, position, base] = (profile_weights(own) * (other - own)).sum()
    assert_near(maps_of(in_silico_mutagenesis, Explained(model, outputs, "profile", 1), tokens)[0], expected, 1e-4)


def test_recurrent_networks_are_explained():
    outputs = scaled_outputs()
    model, tokens, places = dream_rnn.build(12, outputs, width=0.01), random_tokens(1, 12, seed=3), [0, 5, 11]
    mutants = np.repeat(tokens, 3, axis=0)
    mutants[range(3), places] = (mutants[range(3), places] + 1) % 4
    mean = model(one_hot(np.concatenate([tokens, mutants])).astype(np.float32)).numpy()[:, 1]
    found = maps_of(in_silico_mutagenesis, Explained(model, outputs, "mean", 1), tokens)[0]
    assert_near(found[0, places, mutants[range(3), places]], outputs.spread[1] * (mean[1:] - mean[0]), 1e-3)
