"""Simulated cuts against the formula, position by position, and counts against their distribution."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from degu.data.motifs import Motif
from degu.data.profile_simulation import Chromatin, draw_counts, draw_preference, replicate_noise
from degu.data.sequences import reverse_complement

RNG = np.random.default_rng(1)


def motif(name, consensus):
    probability = np.full((len(consensus), 4), 0.02)
    probability[np.arange(len(consensus)), ["ACGT".index(base) for base in consensus]] = 0.94
    return Motif(name, name, probability)


def chromatin(strands=1, **changed):
    motifs = {one.name: one for one in (motif("ODD", "GATTACA"), motif("EVEN", "CCGGAATC"))}
    settings = {
        "motifs": motifs,
        "effects": {"ODD": 2.0, "EVEN": 1.0},
        "background": 0.05,
        "reach": 6.0,
        "footprint": 0.8,
        "preference": draw_preference(5, 0.5, np.random.default_rng(2)),
        "stringency": 0.6,
        "temperature": 1.0,
        "strands": strands,
    }
    return Chromatin(**{**settings, **changed})


def tokens_with_sites(number=4, length=90):
    tokens = RNG.integers(0, 4, (number, length), dtype=np.uint8)
    for row, word in enumerate(("GATTACA", "CCGGAATC", "TGTAATC")):
        tokens[row, 40 : 40 + len(word)] = ["ACGT".index(base) for base in word]
    return tokens


def rates_by_hand(model, sequence, reverse=False):
    """Return the expected cuts at each position of a sequence, (L,), by the formula."""
    length = len(sequence)
    opened, protected = np.full(length, model.background), np.zeros(length)
    for name, own in model.motifs.items():
        starts = range(length - own.width + 1)
        log_odds = np.log2(own.probability / 0.25)
        for start in starts:
            occupancy = 0.0
            for word in (sequence[start : start + own.width], reverse_complement(sequence[start : start + own.width])):
                score = sum(log_odds[position, base] for position, base in enumerate(word))
                occupancy += expit((score - model.stringency * own.highest_score) / model.temperature)
            occupancy, centre = min(occupancy, 1), start + own.width // 2
            for position in range(length):
                if abs(position - centre) <= round(4 * model.reach):
                    distance = (position - centre) / model.reach
                    opened[position] += model.effects[name] * occupancy * np.exp(-0.5 * distance**2)
            covered = np.zeros(length)
            covered[start : start + own.width] = occupancy
            protected = np.maximum(protected, covered)
    preference, half = model.preference, len(model.preference) // 2
    bias = np.zeros(length)
    for position in range(length):
        word = [
            sequence[place] if 0 <= place < length else None for place in range(position - half, position + half + 1)
        ]
        if reverse:
            word = [None if base is None else 3 - base for base in word[::-1]]
        bias[position] = sum(preference[index, base] for index, base in enumerate(word) if base is not None)
    return opened * (1 - model.footprint * protected) * np.exp(bias)


@pytest.mark.parametrize("strands", [1, 2])
def test_rates_are_those_of_the_formula(strands):
    model, tokens = chromatin(strands), tokens_with_sites()
    found = model.rates(tokens)
    assert found.shape == (4, strands, 90)
    for row, sequence in enumerate(tokens):
        for strand in range(strands):
            expected = rates_by_hand(model, sequence, reverse=strand == 1)
            # Gaussians are cut off at four standard deviations, and sites that overlap add up in the footprint.
            np.testing.assert_allclose(found[row, strand], expected, rtol=0.03)


def test_the_other_strand_has_the_same_cuts_from_the_other_end():
    model, tokens = chromatin(2), tokens_with_sites()
    turned = model.rates(reverse_complement(tokens))[:, ::-1, ::-1]
    # The middle of a site of even width lies one base beside that of the other strand.
    odd = chromatin(2, motifs={"ODD": model.motifs["ODD"]}, effects={"ODD": 2.0})
    np.testing.assert_allclose(odd.rates(reverse_complement(tokens))[:, ::-1, ::-1], odd.rates(tokens), rtol=1e-6)
    np.testing.assert_allclose(turned, model.rates(tokens), rtol=0.3)


def test_a_position_depends_on_no_base_beyond_the_margin():
    model = chromatin(2)
    tokens = RNG.integers(0, 4, (30, 200), dtype=np.uint8)
    whole, inner = model.rates(tokens), model.rates(tokens[:, 20:-20])
    margin = model.margin
    np.testing.assert_allclose(inner[:, :, margin:-margin], whole[:, :, 20 + margin : -20 - margin], rtol=1e-6)


def test_the_total_of_a_replicate_is_negative_binomial():
    rates = np.full((20_000, 1, 4), 3.0)
    counts = draw_counts(rates, 2, 0.25, np.random.default_rng(3))
    assert counts.shape == (20_000, 2, 1, 4)
    totals = counts.sum(axis=(2, 3))
    size, mean = 1 / 0.25, 6.0
    expected = stats.nbinom(size, size / (size + mean))
    for replicate in range(2):
        observed = np.bincount(totals[:, replicate], minlength=41)[:40]
        probabilities = expected.pmf(np.arange(40))
        usual = probabilities * len(totals) > 5
        test = stats.chisquare(
            [*observed[usual], len(totals) - observed[usual].sum()],
            [*(probabilities[usual] * len(totals)), len(totals) * (1 - probabilities[usual].sum())],
        )
        assert test.pvalue > 1e-3
    assert abs(np.corrcoef(totals.T)[0, 1]) < 0.03


def test_without_overdispersion_counts_are_poisson():
    counts = draw_counts(np.full((20_000, 2, 3), 2.0), 4, 0.0, np.random.default_rng(4)).sum(axis=(2, 3))
    assert counts.var() == pytest.approx(counts.mean(), rel=0.03)


@pytest.mark.parametrize("overdispersion", [0.0, 0.05, 0.5])
def test_the_noise_of_a_replicate_is_that_of_many_draws(overdispersion):
    totals = np.array([6.0, 60.0, 300.0, 3000.0])
    repeated = np.repeat(totals[:, None, None] * np.full((1, 1, 10), 0.1), 20_000, axis=0)
    counts = draw_counts(repeated, 3, overdispersion, np.random.default_rng(5)).sum(axis=(2, 3))
    measured = np.log1p(3 * counts[:, 0]).reshape(4, -1).std(axis=1)
    np.testing.assert_allclose(measured, replicate_noise(totals, 3, overdispersion), rtol=0.02)


def sites_by_hand(model, sequence, middles):
    """Return the motif that occupies each base of a sequence, (L,), and how likely that is."""
    codes, highest = np.zeros(len(sequence), dtype=int), np.zeros(len(sequence))
    for index, own in enumerate(model.motifs.values()):
        log_odds = np.log2(own.probability / 0.25)
        for start in range(len(sequence) - own.width + 1):
            word = sequence[start : start + own.width]
            scores = [log_odds[np.arange(own.width), bases].sum() for bases in (word, reverse_complement(word))]
            occupancy = min(sum(expit(score - model.stringency * own.highest_score) for score in scores), 1)
            for place in range(start, start + own.width) if start + own.width // 2 in middles else ():
                if occupancy >= max(0.5, highest[place]):
                    codes[place], highest[place] = index + 1, occupancy
    return codes


@pytest.mark.parametrize("middles", [range(90), range(43, 90), range(44, 60)])
def test_occupied_sites_are_those_of_the_formula(middles):
    model, tokens = chromatin(stringency=0.4), tokens_with_sites(number=300)
    found = model.sites(tokens, slice(middles.start, middles.stop))
    expected = np.stack([sites_by_hand(model, sequence, middles) for sequence in tokens])
    np.testing.assert_array_equal(found, expected)
    # Both motifs are found, on either strand, planted or not.
    assert set(np.unique(found)) == {0, 1, 2}
    assert (found[0, 40:47] == 1).all() == (middles.start < 44)
    assert (found[2, 40:47] == 1).all() == (middles.start < 44)
    assert (found[4:] > 0).any()
