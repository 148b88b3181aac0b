"""Patterns, and files of them."""

import numpy as np
import pytest

from degu.attribution.motifs.patterns import Pattern, read_patterns, write_patterns
from degu.errors import DeguError

REVERSE = np.array([False, True, False])


def pattern(sign: int = 1, core: tuple[int, int] = (2, 5), seed: int = 1) -> Pattern:
    """Return a pattern of eight positions and three seqlets, the second of the other strand."""
    rng = np.random.default_rng(seed)
    return Pattern(
        sign=sign,
        contributions=rng.normal(size=(8, 4)),
        probabilities=rng.dirichlet(np.ones(4), 8),
        core=core,
        sequence=np.array([0, 0, 4]),
        start=np.array([10, 30, 7]),
        stop=np.array([18, 38, 15]),
        reverse=REVERSE,
    )


def test_a_pattern_has_as_many_seqlets_as_places():
    assert len(pattern()) == 3


def test_the_core_is_a_part_of_the_pattern():
    own = pattern()
    np.testing.assert_array_equal(own.core_contributions, own.contributions[2:5])
    np.testing.assert_array_equal(own.core_probabilities, own.probabilities[2:5])


@pytest.mark.parametrize("sign", [1, -1])
def test_the_consensus_is_of_the_largest_contributions_of_either_sign(sign):
    own = pattern()
    own.contributions[:] = 0
    own.contributions[[2, 3, 4], [3, 0, 2]] = sign * np.array([1.0, 2.0, 3.0])
    assert own.consensus == "TAG"


def test_a_core_of_the_other_strand_is_counted_from_its_end():
    start, stop = pattern().core_sites()
    # Positions 2 to 4 of eight; from the right, 3 to 5.
    assert start.tolist() == [12, 33, 9]
    assert stop.tolist() == [15, 36, 12]


def test_a_file_gives_back_what_was_written(tmp_path):
    written = {"Dev": [pattern(1), pattern(-1, (0, 8), seed=2)], "a/b": [], "Hk": [pattern(seed=3)] * 12}
    write_patterns(written, tmp_path / "motifs.h5", "digest")
    found = read_patterns(tmp_path / "motifs.h5")
    assert list(found) == list(written)
    for target, patterns in written.items():
        assert len(found[target]) == len(patterns)
        for one, other in zip(found[target], patterns, strict=True):
            assert (one.sign, one.core) == (other.sign, other.core)
            assert isinstance(one.sign, int) and all(isinstance(edge, int) for edge in one.core)
            for name in ("contributions", "probabilities", "sequence", "start", "stop", "reverse"):
                np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("content", [None, b"", b"no HDF5"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "motifs.h5"
    if content is not None:
        path.write_bytes(content)
    damaged = rf"{path}: not a readable file of patterns: .*\n  remedy:   delete the file"
    told = damaged if content is not None else rf"{path}: the file of patterns cannot be read: "
    with pytest.raises(DeguError, match=told) as caught:
        read_patterns(path)
    # Only what was read and found wrong is to be deleted.
    assert ("delete" in str(caught.value)) == (content is not None)
