"""Negatives, against the published draw and brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from degu.data.genome_windows import GenomeWindows, joined
from degu.data.negatives import draw_negatives, hundredths, match
from degu.formats.genome import Genome

LENGTH = 100
GC = st.lists(st.integers(0, 100), max_size=40)


def make_genome(path, sizes, seed=0):
    """Write chromosomes whose GC content wanders from 0.2 to 0.8, and return their bases."""
    rng = np.random.default_rng(seed)
    bases = {}
    for name, size in sizes.items():
        level = np.repeat(rng.uniform(0.2, 0.8, size // 500 + 1), 500)[:size]
        strong = rng.random(size) < level
        bases[name] = "".join(np.where(strong, rng.choice(list("GC"), size), rng.choice(list("AT"), size)))
    path.write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    return bases


def regions_of(places):
    names = np.array([name for name, _ in places], dtype=object)
    return GenomeWindows(names, np.array([start for _, start in places]), np.zeros(len(places), dtype=bool), LENGTH)


def gc_of(bases, windows):
    texts = [
        bases[name][start : start + LENGTH] for name, start in zip(windows.chromosomes, windows.starts, strict=True)
    ]
    return np.array([round((text.count("G") + text.count("C")) / LENGTH, 2) for text in texts])


def published_walk(wanted, available, rng):
    """Return the GC content that the published loop ends at, which steps until it comes to one that is available."""
    while wanted not in available:
        wanted = min(99, max(1, wanted + (1 if rng.random() > 0.5 else -1)))
    return wanted


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    path = tmp_path_factory.mktemp("negatives") / "genome.fa"
    bases = make_genome(path, {"chr1": 400_000, "chr2": 200_000})
    rng = np.random.default_rng(1)
    # Regions are rich in G and C, unlike the genome.
    places = [(name, int(start)) for name in bases for start in rng.integers(0, len(bases[name]) - LENGTH, 900)]
    places = [place for place in places if gc_of(bases, regions_of([place]))[0] > 0.55][:500]
    regions = regions_of(places)
    ends = zip(regions.chromosomes, regions.starts.tolist(), regions.ends.tolist(), strict=True)
    blocked = joined(ends, LENGTH // 2)
    with Genome(path) as genome:
        found = draw_negatives(genome, regions, blocked, number=1, stride=50, seed=3)
        again = draw_negatives(genome, regions, blocked, number=1, stride=50, seed=3)
        other = draw_negatives(genome, regions, blocked, number=1, stride=50, seed=4)
    return bases, regions, blocked, found, again, other


def test_negatives_have_the_gc_content_of_the_regions(drawn):
    bases, regions, _, found, _, _ = drawn
    assert len(found) == len(regions)
    for name in bases:
        own = gc_of(bases, regions.chosen(regions.chromosomes == name))
        negative = gc_of(bases, found.chosen(found.chromosomes == name))
        assert len(own) == len(negative)
        assert stats.ks_2samp(own, negative).pvalue > 0.9
        everywhere = gc_of(bases, regions_of([(name, start) for start in range(0, len(bases[name]) - LENGTH, 97)]))
        assert stats.ks_2samp(own, everywhere).pvalue < 1e-9


def test_no_negative_is_drawn_twice_or_overlaps_what_is_blocked(drawn):
    _, regions, blocked, found, _, _ = drawn
    places = list(zip(found.chromosomes, found.starts.tolist(), strict=True))
    assert len(set(places)) == len(places)
    assert not found.overlap(blocked).any()
    assert (found.starts % 50 == 0).all()
    for name, start in places:
        near = regions.starts[regions.chromosomes == name] - start
        assert np.abs(near).min() >= LENGTH + LENGTH // 2


def test_the_draw_follows_the_seed(drawn):
    *_, found, again, other = drawn
    np.testing.assert_array_equal(found.starts, again.starts)
    assert (found.starts != other.starts).any()


def test_the_draw_of_a_chromosome_does_not_depend_on_the_others(drawn, tmp_path):
    bases, regions, blocked, found, _, _ = drawn
    (tmp_path / "genome.fa").write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    with Genome(tmp_path / "genome.fa") as genome:
        own = regions.chosen(regions.chromosomes == "chr2")
        alone = draw_negatives(genome, own, blocked, number=1, stride=50, seed=3)
    np.testing.assert_array_equal(alone.starts, found.starts[found.chromosomes == "chr2"])


@given(wanted=GC, available=GC, number=st.integers(1, 3), seed=st.integers(0, 9))
def test_bins_are_drawn_without_replacement_as_long_as_there_are_any(wanted, available, number, seed):
    chosen = match(np.array(wanted, dtype=int), np.array(available, dtype=int), number, np.random.default_rng(seed))
    assert len(set(chosen.tolist())) == len(chosen) == min(len(wanted) * number, len(available))


@given(values=st.lists(st.integers(0, 100), min_size=1, max_size=40), seed=st.integers(0, 9))
def test_where_each_gc_content_has_its_bins_the_match_is_exact(values, seed):
    rng = np.random.default_rng(seed)
    available = rng.permutation(np.repeat(values, 2))
    wanted = np.array(values)
    np.testing.assert_array_equal(available[match(wanted, available, 2, rng)], np.repeat(wanted, 2))


@pytest.mark.parametrize("wanted", [40, 42, 47, 52])
def test_an_exhausted_gc_content_moves_on_as_by_the_published_walk(wanted):
    """The walk is at 40, between bins at 37 and 52, for example."""
    available = np.array([37, 52, 60])
    rng = np.random.default_rng(0)
    ours = np.array([available[match(np.array([wanted]), available, 1, rng)][0] for _ in range(2000)])
    theirs = np.array([published_walk(wanted, {37, 52, 60}, rng) for _ in range(2000)])
    assert set(ours) <= {37, 52}
    table = [[(values == value).sum() + 1 for value in (37, 52)] for values in (ours, theirs)]
    assert stats.chi2_contingency(table).pvalue > 0.001


def test_each_bin_of_a_gc_content_is_drawn_equally_often():
    available = np.array([50, 50, 20, 50, 50])
    chosen = [match(np.array([50]), available, 1, np.random.default_rng(seed))[0] for seed in range(800)]
    counts = np.bincount(chosen, minlength=5)
    assert counts[2] == 0
    assert stats.chisquare(counts[[0, 1, 3, 4]]).pvalue > 0.001


def test_what_could_not_be_drawn_is_told(tmp_path, caplog):
    make_genome(tmp_path / "genome.fa", {"chr1": 1000})
    regions = regions_of([("chr1", 400)] * 3)
    with Genome(tmp_path / "genome.fa") as genome:
        found = draw_negatives(genome, regions, joined([("chr1", 250, 1000)]), number=2, stride=100, seed=1)
        assert sorted(found.starts) == [0, 100]
        assert "chr1: 4 of 6 negatives could not be drawn" in caplog.text
        none = draw_negatives(genome, regions, joined([("chr1", 0, 1000)]), number=2, stride=100, seed=1)
    assert len(none) == 0


def test_bins_have_their_margins_and_few_unknown_bases(tmp_path):
    bases = list(make_genome(tmp_path / "genome.fa", {"chr1": 2000})["chr1"])
    bases[1000:1011] = "N" * 11
    (tmp_path / "genome.fa").write_text(f">chr1\n{''.join(bases)}\n")
    regions = regions_of([("chr1", 0)] * 40)
    with Genome(tmp_path / "genome.fa") as genome:
        found = draw_negatives(genome, regions, {}, number=1, stride=100, seed=1, margin=150, maximum_unknown=0.1)
    assert sorted(found.starts) == [start for start in range(200, 1751, 100) if start != 1000]


def test_gc_content_is_rounded_to_hundredths():
    np.testing.assert_array_equal(hundredths(np.array([0, 1, 10, 11, 2114]), 2114), [0, 0, 0, 1, 100])
