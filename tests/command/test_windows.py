"""Windows and batches of them, against slices of strings."""

import numpy as np
import pytest

from degu.command.records import Record
from degu.command.windows import BATCH, Windows, batches
from degu.data.sequences import decode, encode, reverse_complement
from degu.package.construct import Construct

CONSTRUCT = Construct(10, left="GG", right="TAC")


def bases(number, seed=1):
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), number))


def record(text, *, strand="+", start=100):
    return Record("a", text, "chrI", start, strand)


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize(("length", "stride"), [(5, 0), (6, 0), (12, 0), (12, 1), (17, 4)])
def test_windows_say_where_they_are_in_the_genome(strand, length, stride):
    text = bases(length)
    windows = Windows.of_record(record(text, strand=strand), CONSTRUCT, stride=stride)
    assert len(windows) == CONSTRUCT.number_of_windows(length, stride=stride)
    assert windows.starts.tolist() == sorted(windows.starts)
    for start, end, construct in zip(windows.starts, windows.ends, windows.constructs, strict=True):
        there = encode([text[start - 100 : end - 100]])[0]
        own = reverse_complement(there) if strand == "-" else there
        assert decode(construct[None]) == [f"GG{decode(own[None])[0]}TAC"]
    assert set(windows.names) == {"a"}
    assert set(windows.strands) == {strand}


def test_a_whole_construct_and_a_short_sequence_are_one_window_of_their_own_length():
    for text, options in ((bases(10), {}), (bases(3), {"shorter": "both"})):
        windows = Windows.of_record(record(text), CONSTRUCT, **options)
        assert (windows.starts.tolist(), windows.ends.tolist()) == ([100], [100 + len(text)])


def test_batches_hold_all_windows_in_their_order():
    lengths = [5, 5 * BATCH, 7, *[5] * 10, 10, 10, 9 * BATCH + 3, 12, *[5] * (BATCH + 2)]
    records = [Record(f"r{i}", bases(n, i), f"r{i}", 0) for i, n in enumerate(lengths)]
    parts = list(batches(iter(records), CONSTRUCT))
    assert max(map(len, parts)) < 2 * BATCH
    whole = Windows.together(parts)
    expected = Windows.together([Windows.of_record(one, CONSTRUCT) for one in records])
    for name, values in vars(expected).items():
        np.testing.assert_array_equal(getattr(whole, name), values)
    assert list(batches([], CONSTRUCT)) == []
