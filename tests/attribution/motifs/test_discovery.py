"""Maps in which motifs are planted by hand give back these motifs."""

import numpy as np
import pytest

from degu.attribution.motifs.discovery import CORE, discover
from degu.attribution.motifs.patterns import Pattern
from degu.data.sequences import one_hot, reverse_complement
from degu.errors import DeguError
from tests.conftest import REPOSITORY

# TF-MoDISco takes half a minute to compile.
pytestmark = pytest.mark.system

LENGTH = 240
CODE = {base: index for index, base in enumerate("ACGT")}
# By consensus: the contribution of each of its bases.
PLANTED = {"TGACTCAT": 1.0, "GTTAATGATTAAC": 0.8, "TTCAGCACCATGGACAG": -0.9}
SETTINGS = {"window": 15, "flank": 5, "width": 20, "runs": 2}


def tokens_of(word: str) -> np.ndarray:
    return np.array([CODE[base] for base in word], dtype=np.uint8)


def example(number: int = 120, words: dict[str, float] = PLANTED) -> tuple[np.ndarray, np.ndarray, dict]:
    """Return hypothetical maps and tokens of sequences, one site of each in half of them; and the sites by consensus.

    A site is (sequence, first base, the one behind the last, whether on the other strand).
    """
    rng = np.random.default_rng(1)
    tokens = rng.integers(0, 4, (number, LENGTH), dtype=np.uint8)
    maps = rng.normal(0, 0.02, (number, LENGTH, 4))
    sites = {word: [] for word in words}
    for row in range(number):
        for slot, (word, contribution) in enumerate(words.items()):
            if rng.random() < 0.5:
                continue
            start, reverse = 20 + 70 * slot + int(rng.integers(0, 30)), bool(rng.random() < 0.5)
            site = reverse_complement(tokens_of(word)) if reverse else tokens_of(word)
            window = slice(start, start + len(word))
            tokens[row, window] = site
            # Any other base would do the contrary.
            maps[row, window] += contribution * (1.5 * np.eye(4)[site] - 0.5)
            sites[word].append((row, start, start + len(word), reverse))
    return maps, tokens, sites


@pytest.fixture(scope="module")
def planted() -> tuple[np.ndarray, np.ndarray, dict]:
    return example()


@pytest.fixture(scope="module")
def found(planted) -> list[Pattern]:
    maps, tokens, _ = planted
    return discover(maps, one_hot(tokens), **SETTINGS)


def either_strand(word: str) -> set[str]:
    other = "".join("ACGT"[token] for token in reverse_complement(tokens_of(word)))
    return {word, other}


def owner(pattern: Pattern) -> str:
    """Return the planted word that a pattern's core reads, on either strand."""
    return next(word for word in PLANTED if pattern.consensus in either_strand(word))


def test_the_patterns_are_exactly_what_was_planted(found):
    assert sorted(owner(pattern) for pattern in found) == sorted(PLANTED)


def test_patterns_have_the_sign_of_their_contributions(found):
    assert {owner(pattern): pattern.sign for pattern in found} == {
        word: int(np.sign(value)) for word, value in PLANTED.items()
    }


def test_patterns_of_most_seqlets_come_first(found):
    assert [len(pattern) for pattern in found] == sorted((len(pattern) for pattern in found), reverse=True)


def test_nearly_every_site_is_a_seqlet_and_no_seqlet_is_anything_else(planted, found):
    sites = planted[2]
    for pattern in found:
        places = {(row, start, stop) for row, start, stop, _ in sites[owner(pattern)]}
        cores = set(zip(pattern.sequence, *pattern.core_sites(), strict=True))
        assert cores <= places
        assert len(cores) == len(pattern) > 0.9 * len(places)


def test_seqlets_of_both_strands_are_aligned(planted, found):
    sites = planted[2]
    for pattern in found:
        strand = {(row, start): reverse for row, start, _, reverse in sites[owner(pattern)]}
        start, _ = pattern.core_sites()
        of_sites = np.array([strand[place] for place in zip(pattern.sequence, start, strict=True)])
        mirrored = pattern.consensus != owner(pattern)
        np.testing.assert_array_equal(pattern.reverse, of_sites != mirrored)
        assert 0 < of_sites.sum() < len(of_sites)


def test_contributions_and_probabilities_are_means_over_the_seqlets(planted, found):
    maps, tokens, _ = planted
    own = maps * one_hot(tokens)
    for pattern in found:
        places = list(zip(pattern.sequence, pattern.start, pattern.stop, pattern.reverse, strict=True))
        for values, mean in ((own, pattern.contributions), (one_hot(tokens), pattern.probabilities)):
            windows = [values[row, start:stop] for row, start, stop, _ in places]
            # Of the other strand, positions and bases (A and T, C and G) change places.
            windows = [
                window[::-1, ::-1] if reverse else window for window, (*_, reverse) in zip(windows, places, strict=True)
            ]
            np.testing.assert_allclose(mean, np.mean(windows, axis=0), atol=1e-5)


def test_the_core_ends_where_contributions_do(found):
    for pattern in found:
        size = np.abs(pattern.contributions).sum(axis=1)
        first, last = pattern.core
        assert size[[first, last - 1]].min() >= CORE * size.max()
        assert (np.delete(size, np.arange(first, last)) < CORE * size.max()).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_maps_give_the_same_patterns_on_any_number_of_threads(planted, found, threads):
    maps, tokens, _ = planted
    again = discover(maps, one_hot(tokens), **SETTINGS, threads=threads)
    assert len(again) == len(found)
    for one, other in zip(again, found, strict=True):
        for name in ("contributions", "probabilities", "sequence", "start", "reverse"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_patterns_of_few_seqlets_are_dropped(planted, found):
    maps, tokens, _ = planted
    few = discover(maps, one_hot(tokens), **SETTINGS, min_seqlets=len(found[-1]) + 1)
    assert {owner(pattern) for pattern in few} == {owner(pattern) for pattern in found[:-1]}


def test_no_more_seqlets_are_used_than_told(planted):
    maps, tokens, _ = planted
    limited = discover(maps, one_hot(tokens), **SETTINGS, max_seqlets=30)
    for sign in (1, -1):
        assert sum(len(pattern) for pattern in limited if pattern.sign == sign) <= 30


def test_noise_has_no_patterns():
    rng = np.random.default_rng(2)
    tokens = rng.integers(0, 4, (60, LENGTH), dtype=np.uint8)
    assert discover(rng.normal(size=(60, LENGTH, 4)), one_hot(tokens), **SETTINGS) == []


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_contributions_of_one_sign_have_no_patterns_and_that_is_told(value, caplog):
    tokens = np.random.default_rng(3).integers(0, 4, (10, LENGTH), dtype=np.uint8)
    assert discover(np.full((10, LENGTH, 4), value), one_hot(tokens), **SETTINGS) == []
    assert "contributions are not of both signs: no patterns" in caplog.text


def test_four_short_sequences_have_no_patterns():
    rng = np.random.default_rng(4)
    tokens = rng.integers(0, 5, (4, 25), dtype=np.uint8)
    assert discover(rng.normal(size=(4, 25, 4)), one_hot(tokens), **SETTINGS) == []


def test_sequences_shorter_than_a_seqlet_are_refused():
    with pytest.raises(DeguError, match="sequences of 24 bases are shorter than a seqlet of 25"):
        discover(np.zeros((4, 24, 4)), np.zeros((4, 24, 4)), **SETTINGS)


def test_the_defaults_are_those_of_the_configuration():
    import inspect

    import yaml

    schema = yaml.safe_load((REPOSITORY / "config" / "schemas" / "config.schema.yaml").read_text())
    keys = schema["properties"]["attribution"]["properties"]["motifs"]["properties"]
    options = {
        name: parameter.default
        for name, parameter in inspect.signature(discover).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and name != "threads"
    }
    told = {name: key["default"] for name, key in keys.items()}
    assert {name: told[name] for name in options} == options
    assert told.keys() - options.keys() == {"method", "head", "database", "significance"}
