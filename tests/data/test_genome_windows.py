"""Windows along a genome, against sets of positions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from degu.data.genome_windows import GenomeWindows, joined
from degu.data.sequences import decode
from degu.formats.bigwig import BigWig
from degu.formats.genome import Genome
from tests.formats.bigwigs import write_bigwig

NAMES = ("chr1", "chr2", "chrX")
PLACES = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-20, 120), st.integers(1, 30)), max_size=12)


def windows(places, length):
    names = np.array([name for name, _ in places], dtype=object)
    return GenomeWindows(names, np.array([start for _, start in places], dtype=np.int64), names == "chrX", length)


def covered(places):
    return {(name, position) for name, start, end in places for position in range(start, end)}


@given(places=PLACES, margin=st.integers(0, 5))
def test_joined_intervals_are_sorted_disjoint_and_cover_the_same_positions(places, margin):
    places = [(name, start, start + size) for name, start, size in places]
    found = joined(places, margin)
    wide = [(name, start - margin, end + margin) for name, start, end in places]
    assert covered((n, s, e) for n, (starts, ends) in found.items() for s, e in zip(starts, ends, strict=True)) == (
        covered(wide)
    )
    for starts, ends in found.values():
        assert (starts < ends).all()
        assert (starts[1:] > ends[:-1]).all()


@given(
    places=PLACES,
    own=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-30, 150)), min_size=1, max_size=12),
    length=st.integers(1, 20),
)
def test_overlaps_agree_with_sets_of_positions(places, own, length):
    places = [(name, start, start + size) for name, start, size in places]
    taken = covered(places)
    expected = [bool(covered([(name, start, start + length)]) & taken) for name, start in own]
    assert windows(own, length).overlap(joined(places)).tolist() == expected


@given(
    own=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 150)), min_size=1, max_size=15),
    length=st.integers(1, 20),
)
def test_clusters_are_the_chains_of_overlaps(own, length):
    found = windows(own, length).clusters()
    sets = [covered([(name, start, start + length)]) for name, start in own]
    label = list(range(len(own)))
    for _ in own:
        for i in range(len(own)):
            label[i] = min(label[j] for j in range(len(own)) if sets[i] & sets[j])
    np.testing.assert_array_equal(found[:, None] == found[None], np.equal.outer(label, label))


def test_windows_about_the_same_middles():
    own = windows([("chr1", 100), ("chrX", 7)], 10)
    assert own.resized(4).starts.tolist() == [103, 10]
    assert own.resized(16).starts.tolist() == [97, 4]
    assert own.resized(4).ends.tolist() == [107, 14]
    assert own.names.tolist() == ["chr1:100-110(+)", "chrX:7-17(-)"]
    assert own.followed_by(windows([("chr2", 3)], 10)).names.tolist() == [*own.names, "chr2:3-13(+)"]
    assert own.chosen(np.array([False, True])).names.tolist() == ["chrX:7-17(-)"]


def test_sequences_and_counts_are_those_of_the_forward_strand(tmp_path):
    rng = np.random.default_rng(0)
    bases = {name: "".join(rng.choice(list("ACGTacgtNR"), 90)) for name in NAMES}
    (tmp_path / "genome.fa").write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    values = {name: rng.integers(0, 9, 90) for name in NAMES}
    write_bigwig(tmp_path / "counts", values)
    own = windows([("chrX", 80), ("chr1", 3), ("chr1", -4)], 15)
    with Genome(tmp_path / "genome.fa") as genome, BigWig(tmp_path / "counts") as bigwig:
        tokens, counts = own.tokens(genome), own.counts(bigwig)
    plain = {name: f"{'N' * 10}{text.upper().replace('R', 'N')}{'N' * 10}" for name, text in bases.items()}
    places = list(zip(own.chromosomes, own.starts.tolist(), strict=True))
    assert decode(tokens) == [plain[name][10 + start : 25 + start] for name, start in places]
    expected = [np.pad(values[name], 10)[10 + start : 25 + start] for name, start in places]
    np.testing.assert_array_equal(counts, expected)


@pytest.mark.parametrize("number", [0, 1])
def test_few_windows_have_clusters(number):
    assert windows([("chr1", 5)] * number, 3).clusters().tolist() == [0] * number
