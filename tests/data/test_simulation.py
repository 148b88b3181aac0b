import math

import numpy as np
import pytest
from scipy import stats

from degu.data.motifs import Motif
from degu.data.sequences import encode, gc_content
from degu.data.simulation import Grammar, Interaction, draw_background, plant

PARTNER = [3, 2, 1, 0, 4]


def motif(name, width, seed):
    return Motif(name, name, np.random.default_rng(seed).dirichlet([0.3] * 4, size=width) * 0.96 + 0.01)


def fixed_motif(name, consensus):
    """Return a motif that always draws the same bases."""
    return Motif(name, name, np.eye(4)[encode([consensus])[0]])


def grammar(**changes):
    motifs = {name: motif(name, width, seed) for name, width, seed in (("A", 6, 1), ("B", 6, 2), ("C", 5, 3))}
    parts = {
        "motifs": motifs,
        "effects": {"A": 1.2, "B": -0.7},
        "noise_effects": {"C": 0.9, "A": -0.3},
        "interactions": (Interaction("A", "B", distance=9, width=2, effect=1.5),),
        "baseline": 0.2,
        "ceiling": 2.0,
        "gc_effect": 1.5,
        "noise_std": 0.3,
        "gc_noise": 2.0,
        "stringency": 0.5,
        "temperature": 1.3,
    }
    return Grammar(**{**parts, **changes})


def site_probabilities(sequence, one, rules):
    """Return the occupation of each start on (forward, reverse), by the docstring of Grammar."""
    width = len(one.probability)
    odds = [[math.log2(p / 0.25) for p in row] for row in one.probability]
    odds = [[*row, sum(row) / 4] for row in odds]
    threshold = rules.stringency * sum(max(row[:4]) for row in odds)
    sites = []
    for start in range(len(sequence) - width + 1):
        window = sequence[start : start + width]
        both = []
        for letters in (window, [PARTNER[token] for token in reversed(window)]):
            score = sum(odds[position][token] for position, token in enumerate(letters))
            both.append(1 / (1 + math.exp(-(score - threshold) / rules.temperature)))
        sites.append(both)
    return sites


def plain_mean_and_noise(sequence, rules):
    """Return mean and noise of one sequence by the formulas of the docstrings, in plain loops."""
    sites = {name: site_probabilities(sequence, one, rules) for name, one in rules.motifs.items()}
    occupancy = {name: 1 - math.exp(-sum(map(sum, values))) for name, values in sites.items()}
    known = [token for token in sequence if token != 4]
    gc = sum(token in (1, 2) for token in known) / len(known) if known else 0.5
    linear = rules.baseline + rules.gc_effect * (gc - 0.5)
    for name, effect in rules.effects.items():
        linear += effect * occupancy[name]
    for pair in rules.interactions:
        total = 0.0
        for first_start, first in enumerate(sites[pair.first]):
            for second_start, second in enumerate(sites[pair.second]):
                distance = abs(second_start - first_start)
                if distance > 0 and abs(distance - pair.distance) <= 3 * pair.width:
                    weight = math.exp(-0.5 * ((distance - pair.distance) / pair.width) ** 2)
                    total += weight * sum(first) * sum(second)
        linear += pair.effect * (1 - math.exp(-total))
    noise = rules.gc_noise * (gc - 0.5)
    for name, effect in rules.noise_effects.items():
        noise += effect * occupancy[name]
    return rules.ceiling * math.tanh(linear / rules.ceiling), rules.noise_std * math.exp(noise)


def assert_agrees_with_plain_loops(tokens, rules):
    mean, noise = rules.mean_and_noise(tokens)
    expected = np.array([plain_mean_and_noise(sequence, rules) for sequence in tokens.tolist()])
    assert mean.shape == noise.shape == (len(tokens),)
    np.testing.assert_allclose(mean, expected[:, 0], atol=2e-5)
    np.testing.assert_allclose(noise, expected[:, 1], rtol=2e-5)
    return expected


def random_tokens(number=25, length=40, seed=0, letters=4):
    return np.random.default_rng(seed).integers(0, letters, size=(number, length), dtype=np.uint8)


def test_mean_and_noise_agree_with_plain_loops():
    expected = assert_agrees_with_plain_loops(random_tokens(), grammar())
    assert expected.std(axis=0).min() > 0.05


@pytest.mark.parametrize(
    "changes",
    [
        {"interactions": ()},
        {"effects": {}, "noise_effects": {}},
        {"baseline": -5.0},
        {"ceiling": 0.1},
        {"stringency": 0.9, "temperature": 0.3},
        {"gc_effect": 0.0, "gc_noise": -1.0, "noise_std": 2.0},
        {"interactions": (Interaction("A", "B", 2, 1, -2.0), Interaction("B", "A", 12, 3, 1.0))},
    ],
)
def test_mean_and_noise_agree_with_plain_loops_for_other_grammars(changes):
    assert_agrees_with_plain_loops(random_tokens(8), grammar(**changes))


def test_unknown_bases_agree_with_plain_loops():
    assert_agrees_with_plain_loops(random_tokens(letters=5), grammar())
    assert_agrees_with_plain_loops(np.full((1, 20), 4, dtype=np.uint8), grammar())


def test_pair_of_motifs_of_two_widths_agrees_with_plain_loops():
    rules = grammar(
        motifs={"A": motif("A", 11, 1), "B": motif("B", 4, 2), "C": motif("C", 5, 3)},
        interactions=(Interaction("A", "B", distance=12, width=2, effect=3.0),),
    )
    # The pair lies at the right end, where only the narrow motif still fits.
    tokens = random_tokens(10)
    tokens[:, 25:36] = rules.motifs["A"].probability.argmax(axis=1)
    tokens[:, 36:40] = rules.motifs["B"].probability.argmax(axis=1)
    assert_agrees_with_plain_loops(tokens, rules)


def test_pair_with_itself_agrees_with_plain_loops():
    # A first site at i with a second at j and the other order are both counted, as for two factors.
    assert_agrees_with_plain_loops(random_tokens(8), grammar(interactions=(Interaction("A", "A", 8, 2, 1.0),)))


def test_pair_that_does_not_fit_the_sequence_has_no_effect():
    far = grammar(interactions=(Interaction("A", "B", 500, 2, 9.0),)).mean_and_noise(random_tokens(5))
    none = grammar(interactions=()).mean_and_noise(random_tokens(5))
    np.testing.assert_array_equal(far, none)


def test_reverse_complement_has_the_same_noise_and_without_pairs_the_same_mean():
    tokens = random_tokens()
    reverse = np.array(PARTNER, dtype=np.uint8)[tokens[:, ::-1]]
    rules = grammar(interactions=())
    np.testing.assert_allclose(rules.mean_and_noise(tokens), rules.mean_and_noise(reverse), rtol=1e-4, atol=1e-5)


def test_each_sequence_is_judged_alone_also_beyond_one_block():
    tokens = random_tokens(1030, 20)
    rules = grammar()
    mean, noise = rules.mean_and_noise(tokens)
    for row in (0, 1023, 1024, 1029):
        one = rules.mean_and_noise(tokens[row : row + 1])
        np.testing.assert_allclose([mean[row], noise[row]], np.ravel(one), rtol=1e-5)


def test_background_has_the_gc_content_of_its_range():
    tokens = draw_background(400, 3000, (0.3, 0.6), np.random.default_rng(0))
    assert tokens.shape == (400, 3000)
    assert tokens.dtype == np.uint8
    # Uniform over the range; the counting error of one sequence is 0.009.
    gc = gc_content(tokens)
    assert stats.kstest(gc, stats.uniform(0.3, 0.3).cdf).pvalue > 0.001


def test_background_of_one_gc_content_draws_the_bases_of_a_pair_equally_often():
    tokens = draw_background(100, 1000, (0.4, 0.4), np.random.default_rng(1))
    observed = np.bincount(tokens.ravel(), minlength=4)
    assert stats.chisquare(observed, 100_000 * np.array([0.3, 0.2, 0.2, 0.3])).pvalue > 0.001


MOTIFS = [fixed_motif("X", "AACCGT"), fixed_motif("Y", "GATTACA"), fixed_motif("Z", "CGCGG")]
PAIRS = (Interaction("X", "Y", distance=12, width=2, effect=1.0),)


def planted(number=400, length=120, mean_count=3.0, pairs=PAIRS, probability=0.5, seed=0):
    tokens = np.full((number, length), 4, dtype=np.uint8)
    return tokens, plant(tokens, MOTIFS, mean_count, pairs, probability, np.random.default_rng(seed))


def test_planted_sites_hold_the_bases_of_their_motif_and_strand():
    tokens, sites = planted()
    assert set(sites.strand) == {-1, 1}
    assert set(sites.motif) == {0, 1, 2}
    for row, start, index, strand in zip(sites.row, sites.start, sites.motif, sites.strand, strict=True):
        consensus = MOTIFS[index].probability.argmax(axis=1)
        bases = consensus if strand > 0 else 3 - consensus[::-1]
        np.testing.assert_array_equal(tokens[row, start : start + len(bases)], bases)


def test_planted_sites_never_overlap_and_nothing_else_changes():
    tokens, sites = planted()
    covered = np.zeros(tokens.shape, dtype=int)
    for row, start, index in zip(sites.row, sites.start, sites.motif, strict=True):
        covered[row, start : start + MOTIFS[index].width] += 1
    assert covered.max() == 1
    np.testing.assert_array_equal(tokens != 4, covered == 1)


def test_number_of_single_sites_is_poisson_and_their_motifs_are_uniform():
    # The sequences are long enough that there is always room.
    _, sites = planted(number=3000, length=400, mean_count=2.0, pairs=())
    counts = np.bincount(sites.row, minlength=3000)
    expected = 3000 * stats.poisson(2).pmf(np.arange(7))
    expected[6] += 3000 - expected.sum()
    observed = np.bincount(np.minimum(counts, 6), minlength=7)
    assert stats.chisquare(observed, expected).pvalue > 0.001
    assert stats.chisquare(np.bincount(sites.motif)).pvalue > 0.001
    assert stats.binomtest(int((sites.strand == 1).sum()), len(sites.strand)).pvalue > 0.001


def test_pairs_are_planted_with_their_probability_at_about_their_distance():
    number = 3000
    _, sites = planted(number=number, length=200, mean_count=0.0, probability=0.3)
    first, second = (sites.start[sites.motif == index] for index in (0, 1))
    assert len(first) == len(second)
    # Distances shorter than the first site do not fit: normal(12, 2), rounded, at least 6, almost always fits.
    assert stats.binomtest(len(first), number, 0.3).pvalue > 0.001
    distance = second - first
    assert distance.min() >= 6
    assert abs(distance.mean() - 12) < 4 * 2 / len(first) ** 0.5
    assert distance.std() == pytest.approx((2**2 + 1 / 12) ** 0.5, rel=0.1)


def test_motif_longer_than_the_sequence_is_not_planted():
    tokens, sites = planted(number=20, length=4)
    assert len(sites.row) == 0
    assert (tokens == 4).all()


def test_motif_as_long_as_the_sequence_is_planted():
    tokens = np.full((50, 6), 4, dtype=np.uint8)
    sites = plant(tokens, MOTIFS[:1], 2.0, (), 0.0, np.random.default_rng(0))
    assert set(sites.start) == {0}
    assert len(np.unique(sites.row)) == len(sites.row)
