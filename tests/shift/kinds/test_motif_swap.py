"""Swapped sites, against what stands in strings."""

import numpy as np
import pytest

from degu.data.motifs import read_jaspar
from degu.data.sequences import decode, encode
from degu.errors import DeguError
from degu.shift.kinds.motif_swap import find_sites, shift

# Three motifs that have one instance each, but for the pseudo-count.
MOTIFS = {"AP": "TGACTCA", "CRE": "TGACGTCA", "TATA": "TATAAA"}
# Without TATA, the consensus of every other motif is where it was put alone.
BACKGROUND = "GGCGGCGGCGGCGGCGGCGGCGGCGGCGGCGG"


@pytest.fixture
def path(tmp_path):
    lines = []
    for name, word in MOTIFS.items():
        lines.append(f">M {name}")
        lines += [f"{base} [ {' '.join('99' if letter == base else '0' for letter in word)} ]" for base in "ACGT"]
    (tmp_path / "motifs.txt").write_text("\n".join(lines) + "\n")
    return str(tmp_path / "motifs.txt")


def planted(*words: str) -> str:
    return BACKGROUND.join(["", *words, ""])[:150].ljust(150, "G")


def test_sites_are_found_on_both_strands_and_do_not_overlap(path):
    motifs = list(read_jaspar(path).values())
    # TTTATA is TATAAA on the other strand, and TGACTCATGACGTCA holds two sites side by side.
    tokens = encode([planted("TGACTCA", "TTTATA"), planted("TGACTCATGACGTCA"), planted()])
    found = [
        sorted((site.motif.name, site.start, site.strand) for site in own) for own in find_sites(tokens, motifs, 0.95)
    ]
    # The sites of AP and CRE are nearly palindromes, and are told by the strand of the higher score.
    assert [(name, start) for name, start, _ in found[0]] == [("AP", 32), ("TATA", 71)]
    assert found[0][1][2] == 1
    assert [(name, start) for name, start, _ in found[1]] == [("AP", 32), ("CRE", 39)]
    assert found[2] == []


def has(text: str, word: str) -> bool:
    """Return whether a text has a word, of which one base may differ: instances are drawn base by base."""
    places = range(len(text) - len(word) + 1)
    return any(sum(a != b for a, b in zip(text[at:], word, strict=False)) <= 1 for at in places)


@pytest.mark.parametrize(("level", "swapped"), [(0, 0), (0.25, 1), (0.5, 1), (1, 2)])
def test_a_share_of_the_sites_becomes_sites_of_other_motifs(path, level, swapped):
    tokens = encode([planted("TGACTCA", "TATAAA")] * 60)
    seen = set()
    for text in decode(shift(tokens, np.random.default_rng(1), level=level, motifs=path, stringency=0.95)):
        halves = [{name for name, word in MOTIFS.items() if has(half, word)} for half in (text[:60], text[60:])]
        assert ("AP" not in halves[0]) + ("TATA" not in halves[1]) == swapped
        assert all(halves)
        seen |= {(place, name) for place, half in enumerate(halves) for name in half}
        # What is far from both sites stays.
        assert (text[:28], text[82:]) == (planted()[:28], planted("TGACTCA", "TATAAA")[82:])
    if swapped == 2:
        assert seen == {(0, "CRE"), (0, "TATA"), (1, "AP"), (1, "CRE")}


def test_a_sequence_without_sites_stays(path):
    tokens = encode([planted()] * 3)
    np.testing.assert_array_equal(shift(tokens, np.random.default_rng(1), level=1, motifs=path, stringency=0.9), tokens)


def test_a_level_out_of_range_is_refused(path):
    with pytest.raises(DeguError, match="level: 2 is out of range"):
        shift(encode([planted()]), np.random.default_rng(1), level=2, motifs=path)


def test_a_file_of_one_motif_that_fits_is_refused(path):
    with pytest.raises(DeguError, match=r"1 motifs fit into 6 bases\n  expected: two or more"):
        shift(encode(["TATAAA"]), np.random.default_rng(1), level=1, motifs=path)
