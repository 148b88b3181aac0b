"""Stretches of DNA and their windows, against slices of strings."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from degu.command.stretches import Stretches
from degu.data.sequences import decode
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.package.construct import Construct
from tests.command.edits import BASES, between
from tests.command.models import CONSTRUCT
from tests.drawing import same_each_time

PADDED = "N" * 400 + BASES + "N" * 400


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text(f">chrI\n{BASES}\n>chr:II\nACGTRNacgtA\n")
    with Genome(path) as opened:
        yield opened


def substitutions_of(stretch, rows=slice(None)):
    """Return (place, base, reference, alternative) of each substitution."""
    places, bases, reference, alternative = stretch.substitutions(rows)
    return [
        (int(place), "ACGT"[base], *pair)
        for place, base, *pair in zip(places, bases, decode(reference), decode(alternative), strict=True)
    ]


def by_loops(text, window_of, left="AC", right="GT"):
    """Return the same by loops over a text; `window_of` gives the window of a place and where it begins."""
    found = []
    for place, base in enumerate(text):
        window, start = window_of(place)
        for other in "ACGT":
            if base in "ACGT" and other != base:
                changed = window[: place - start] + other + window[place - start + 1 :]
                found.append((place, other, between(window, left, right), between(changed, left, right)))
    return found


@same_each_time
@given(st.integers(1, 20), st.integers(1, 300))
def test_a_short_region_stands_in_the_middle_of_one_window(genome, size, first):
    last = min(first + size - 1, 300)
    (stretch,) = Stretches(f"chrI:{first}-{last}", CONSTRUCT, genome)
    size = last - first + 1
    text = BASES[first - 1 : last]
    start = -((20 - size) // 2)
    window = PADDED[400 + first - 1 + start :][:20]
    assert window[-start:][:size] == text
    assert substitutions_of(stretch) == by_loops(text, lambda place: (window, start))
    assert (stretch.name, stretch.chromosome, stretch.first) == (f"chrI:{first}-{last}", "chrI", first)
    assert decode(stretch.tokens[None]) == [text]


@pytest.mark.parametrize(("region", "centred"), [("chrI:100-120", False), ("chrI:1-300", False), ("chrI:7-9", True)])
def test_each_base_of_a_long_region_stands_in_the_middle_of_a_window_as_a_variant_does(genome, region, centred):
    (stretch,) = Stretches(region, CONSTRUCT, genome, centred=centred)
    first, last = (int(text) for text in re.findall(r"\d+", region))

    def window_of(place):
        begin = first - 1 + place - 9
        return PADDED[400 + begin :][:20], place - 9

    assert substitutions_of(stretch) == by_loops(BASES[first - 1 : last], window_of)


def test_letters_that_are_no_bases_are_not_changed(genome):
    (stretch,) = Stretches("chr:II:1-11", CONSTRUCT, genome)
    assert decode(stretch.tokens[None]) == ["ACGTNNACGTA"]
    assert {place for place, *_ in substitutions_of(stretch)} == {0, 1, 2, 3, 6, 7, 8, 9, 10}


def test_numbers_may_have_commas(genome):
    with_comma, without = (next(iter(Stretches(text, CONSTRUCT, genome))) for text in ("chrI:1,0-2,0", "chrI:10-20"))
    assert with_comma.first == without.first == 10
    np.testing.assert_array_equal(with_comma.tokens, without.tokens)


def test_parts_of_a_stretch_are_those_of_the_whole(genome):
    (stretch,) = Stretches("chrI:50-90", CONSTRUCT, genome)
    whole = substitutions_of(stretch)
    parts = [substitutions_of(stretch, slice(start, start + 7)) for start in range(0, 41, 7)]
    assert [one for part in parts for one in part] == whole


@pytest.mark.parametrize("size", [20, 21, 35, 50])
def test_no_window_reaches_beyond_a_sequence(tmp_path, size):
    text = BASES[: size // 2] + "N" + BASES[size // 2 : size - 1].lower()
    (tmp_path / "a.fa").write_text(f">one text\n{text}\n")
    (stretch,) = Stretches(str(tmp_path / "a.fa"), CONSTRUCT, None)
    starts = [min(max(place - 9, 0), size - 20) for place in range(size)]
    expected = by_loops(text.upper(), lambda place: (text.upper()[starts[place] :][:20], starts[place]))
    assert substitutions_of(stretch) == expected
    assert (stretch.name, stretch.first) == ("one", 1)


def test_a_whole_construct_keeps_its_own_flanks(tmp_path):
    text = f"TG{BASES[:20]}NA"
    (tmp_path / "a.fasta").write_text(f">one\n{text}\n")
    (stretch,) = Stretches(str(tmp_path / "a.fasta"), CONSTRUCT, None)
    assert substitutions_of(stretch) == by_loops(BASES[:20], lambda place: (BASES[:20], 0), "TG", "NA")


def test_without_flanks(tmp_path, genome):
    (tmp_path / "a.fa").write_text(f">one\n{BASES[:20]}\n")
    (stretch,) = Stretches(str(tmp_path / "a.fa"), Construct(20), None)
    assert substitutions_of(stretch) == by_loops(BASES[:20], lambda place: (BASES[:20], 0), "", "")


def test_several_sequences_come_in_their_order_and_again(tmp_path):
    (tmp_path / "a.fa").write_text(f">b\n{BASES[:20]}\n>a\n{BASES[20:50]}\n")
    stretches = Stretches(str(tmp_path / "a.fa"), CONSTRUCT, None)
    for _ in range(2):
        assert [(stretch.name, len(stretch.tokens)) for stretch in stretches] == [("b", 20), ("a", 30)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("chrI:20-10", "the region ends before it begins"),
        ("chrI:0-10", "the region begins at 0"),
        ("chrI:290-301", "the region ends beyond 'chrI', which has 300 bases"),
        ("I:1-10", "which calls it 'chrI'"),
        ("chrIV:1-10", "no chromosome 'chrIV'"),
        ("chrI", "neither a file nor a region"),
        ("chrI:10", "neither a file nor a region"),
        ("chrI:1..10", "neither a file nor a region"),
        ("chrI:a-b", "neither a file nor a region"),
        ("chrI:-5-10", "neither a file nor a region"),
        ("a.txt", "neither a file nor a region"),
    ],
)
def test_what_is_no_region_is_told(genome, given, told):
    with pytest.raises(DeguError) as error:
        Stretches(given, CONSTRUCT, genome)
    assert told in str(error.value)


def test_a_region_needs_a_genome_and_a_file_needs_none(tmp_path, genome):
    with pytest.raises(DeguError, match="give the genome with --genome"):
        Stretches("chrI:1-10", CONSTRUCT, None)
    (tmp_path / "a.fa").write_text(f">b\n{BASES[:20]}\n")
    with pytest.raises(DeguError, match="take --genome out"):
        Stretches(str(tmp_path / "a.fa"), CONSTRUCT, genome)
    with pytest.raises(DeguError, match="take --centred out"):
        Stretches(str(tmp_path / "a.fa"), CONSTRUCT, None, centred=True)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.fa", f">short\n{BASES[:19]}\n", "a.fa: 'short': the sequence has 19 bases"),
        ("a.fa", ">odd\nACGTX\n", "line 1"),
        ("a.fa", "ACGT\n", "line 1 comes before the first name"),
        ("a.fa", "", "no sequences"),
        ("a.fa", ">empty\n", "'empty' in line 1 has no sequence"),
        ("a.txt", f">a\n{BASES[:20]}\n", "not that of a FASTA file"),
        ("a.bed", "chrI\t1\t21\n", "not that of a FASTA file"),
    ],
)
def test_what_is_no_sequence_is_told(tmp_path, name, content, told):
    (tmp_path / name).write_text(content)
    with pytest.raises(DeguError) as error:
        list(Stretches(str(tmp_path / name), CONSTRUCT, None))
    assert told in str(error.value)


def test_a_missing_fasta_file_is_told(tmp_path):
    with pytest.raises(DeguError, match="there is no such file"):
        Stretches(str(tmp_path / "a.fa"), CONSTRUCT, None)
