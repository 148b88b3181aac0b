"""In-silico mutagenesis against one mutant at a time."""

import numpy as np
import pytest

from degu.attribution.explained import Explained
from degu.attribution.methods import in_silico_mutagenesis
from tests.attribution.networks import assert_near, function_of, maps_of, one_hot, random_tokens, scaled_outputs, smooth


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
