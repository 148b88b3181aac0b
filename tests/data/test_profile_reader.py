"""Bases and counts of windows on both strands, against slices of strings and arrays."""

import numpy as np
import pytest

from degu.data.genome_windows import GenomeWindows
from degu.data.profile_reader import ProfileReader
from degu.data.sequences import decode
from degu.errors import DeguError
from tests.data.profile_files import SIZES, write_profile_files
from tests.formats.bigwigs import write_bigwig

PAIRED = {
    "a": {"replicates": [["a1+", "a1-"], ["a2+", "a2-"], ["a3+", "a3-"]]},
    "b": {"replicates": [["b1+", "b1-"], ["b2+", "b2-"], ["b3+", "b3-"]]},
}
SINGLE = {"a": {"replicates": ["a1+", "a2+"]}}
NAMES = tuple(f"{target}{replicate}{strand}" for target in "ab" for replicate in (1, 2, 3) for strand in "+-")
COMPLEMENT = str.maketrans("ACGT", "TGCA")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_profile_files(tmp_path_factory.mktemp("reader"), NAMES)


def windows(length, seed=1, number=40, margin=0):
    rng = np.random.default_rng(seed)
    names = rng.choice(list(SIZES), number).astype(object)
    starts = np.array([rng.integers(margin, SIZES[name] - length - margin) for name in names])
    return GenomeWindows(names, starts, rng.random(number) < 0.5, length)


@pytest.mark.parametrize(("tracks", "strands"), [(PAIRED, "+-"), (SINGLE, "+")])
@pytest.mark.parametrize(("positions", "jitter"), [(20, 0), (20, 7), (51, 3)])
def test_bases_and_counts_equal_those_of_the_files_on_both_strands(written, tracks, strands, positions, jitter):
    length = positions + 30
    own = windows(length, margin=jitter)
    with ProfileReader(
        written.files["genome"], written.files, tracks, output_length=positions, jitter=jitter
    ) as reader:
        tokens, counts = reader.read(own)
        assert reader.strands == len(strands)
    replicates = len(tracks["a"]["replicates"])
    assert counts.shape == (40, len(tracks), replicates, len(strands), positions + 2 * jitter)
    for row, (name, start, back) in enumerate(zip(own.chromosomes, own.starts, own.reverse, strict=True)):
        bases = written.bases[name][start - jitter : start + length + jitter].upper()
        assert decode(tokens[[row]]) == [bases.translate(COMPLEMENT)[::-1] if back else bases]
        left, right = start + 15 - jitter, start + 15 + positions + jitter
        for target, replicate, strand in np.ndindex(*counts.shape[1:4]):
            source = strands[1 - strand] if back and len(strands) == 2 else strands[strand]
            expected = written.tracks[f"{'ab'[target]}{replicate + 1}{source}"][name][left:right]
            np.testing.assert_array_equal(counts[row, target, replicate, strand], expected[::-1] if back else expected)


def test_files_of_different_genomes_are_refused(written, tmp_path):
    def read(**changes):
        return ProfileReader(written.files["genome"], {**written.files, **changes}, SINGLE, output_length=10, jitter=0)

    write_bigwig(tmp_path / "other", {"I": np.array([1, 2]), "II": np.array([3])})
    with pytest.raises(DeguError, match=r"other: no chromosome is one of the genome .*: I, II\n.*chrI, chrII, chrIII"):
        read(**{"a2+": tmp_path / "other"})
    write_bigwig(tmp_path / "build", {"chrII": np.array([3, 1])})
    with pytest.raises(DeguError, match=r"build: 'chrII' has 2 bases here, and 4,000 in the genome"):
        read(**{"a2+": tmp_path / "build"})


def test_a_file_that_is_not_there_is_named(written):
    files = {name: path for name, path in written.files.items() if name != "a2+"}
    with pytest.raises(DeguError, match=r"files: there is no file 'a2\+'\n  expected: did you mean '"):
        ProfileReader(written.files["genome"], files, SINGLE, output_length=10, jitter=0)


def test_all_files_are_closed_where_one_cannot_be_opened(written, monkeypatch):
    closed = []
    monkeypatch.setattr("degu.formats.bigwig.BigWig.close", lambda self: closed.append(self.path.name))
    with pytest.raises(DeguError, match="cannot be read as bigWig"):
        ProfileReader(
            written.files["genome"],
            {**written.files, "a2+": written.files["genome"]},
            SINGLE,
            output_length=10,
            jitter=0,
        )
    assert closed == ["a1+"]
