"""Counts along windows, against the arrays that the bigWig files are written from."""

import numpy as np
import pybigtools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degu.errors import DeguError
from degu.formats.bigwig import BigWig
from tests.formats.bigwigs import write_bigwig

LENGTHS = {"chrI": 3000, "chrII": 700}


def tracks(seed=0, density=0.2, highest=40):
    """Return an array of counts for each chromosome, most of them 0."""
    rng = np.random.default_rng(seed)
    return {name: rng.integers(1, highest, length) * (rng.random(length) < density) for name, length in LENGTHS.items()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("bigwig") / "counts"
    write_bigwig(path, tracks())
    return path


@settings(max_examples=30, deadline=None)
@given(
    windows=st.lists(st.tuples(st.sampled_from(list(LENGTHS)), st.integers(-50, 3020)), min_size=1, max_size=40),
    length=st.integers(1, 200),
)
def test_counts_equal_those_that_were_written_in_any_order_and_beyond_the_ends(written, windows, length):
    arrays = {name: np.pad(values, (300, 4000)) for name, values in tracks().items()}
    chromosomes = np.array([name for name, _ in windows], dtype=object)
    starts = np.array([start for _, start in windows])
    with BigWig(written) as bigwig:
        found = bigwig.counts(chromosomes, starts, length)
    assert found.dtype == np.uint16
    expected = [arrays[name][300 + start : 300 + start + length] for name, start in windows]
    np.testing.assert_array_equal(found, expected)


def test_more_windows_than_are_in_memory_at_a_time_come_in_their_order(written):
    rng = np.random.default_rng(3)
    starts = rng.integers(0, LENGTHS["chrI"] - 20, 5000)
    with BigWig(written) as bigwig:
        found = bigwig.counts(np.full(5000, "chrI", dtype=object), starts, 20)
    np.testing.assert_array_equal(found, np.lib.stride_tricks.sliding_window_view(tracks()["chrI"], 20)[starts])


def test_chromosomes_and_their_lengths_are_those_of_the_file(written):
    with BigWig(written) as bigwig:
        assert bigwig.lengths == LENGTHS


def test_a_file_can_be_read_again_after_it_was_closed(written):
    for _ in range(3):
        bigwig = BigWig(written)
        bigwig.close()
        assert bigwig._handle.closed
        with pytest.raises(DeguError, match="cannot be read"):
            bigwig.counts(np.array(["chrI"], dtype=object), np.array([0]), 5)


@pytest.mark.parametrize("value", [0, 1, 65535])
def test_16_bits_hold_what_they_can(tmp_path, value):
    write_bigwig(tmp_path / "a", {"chrI": np.array([0, value, 3])})
    with BigWig(tmp_path / "a") as bigwig:
        assert bigwig.counts(np.array(["chrI"], dtype=object), np.array([0]), 3).tolist() == [[0, value, 3]]


@pytest.mark.parametrize(
    ("value", "problem"),
    [(-2, "negative"), (0.5, "no whole number"), (65536, "above 65,535"), (np.inf, "above 65,535")],
)
def test_a_value_that_is_no_count_is_named_with_its_file_and_position(tmp_path, value, problem):
    values = np.zeros(50)
    values[[3, 17]] = 4, value
    write_bigwig(tmp_path / "signal", {"chrII": values})
    with (
        BigWig(tmp_path / "signal") as bigwig,
        pytest.raises(DeguError, match=rf"signal: the value {value:g} at chrII:17-18 is {problem}"),
    ):
        bigwig.counts(np.array(["chrII", "chrII"], dtype=object), np.array([0, 10]), 10)


def test_values_that_are_damaged_are_told(tmp_path, written):
    content = bytearray(written.read_bytes())
    # The values begin behind the eight bytes of their number, whose place the header tells.
    start = int.from_bytes(content[16:24], "little") + 8
    content[start : start + 400] = bytes(400)
    (tmp_path / "damaged").write_bytes(content)
    with (
        BigWig(tmp_path / "damaged") as bigwig,
        pytest.raises(DeguError, match=r"damaged: chrI:0-50 cannot be read: .*\n.*the file is damaged"),
    ):
        bigwig.counts(np.array(["chrI"], dtype=object), np.array([0]), 50)


def test_a_value_that_is_missing_counts_as_0(tmp_path):
    write_bigwig(tmp_path / "a", {"chrI": np.array([5.0, np.nan, 2.0])}, keep_zeros=True)
    with BigWig(tmp_path / "a") as bigwig:
        assert bigwig.counts(np.array(["chrI"], dtype=object), np.array([0]), 3).tolist() == [[5, 0, 2]]


def test_a_chromosome_that_is_not_there_is_named(written):
    with BigWig(written) as bigwig, pytest.raises(DeguError, match="counts: the file has no chromosome 'chrX'"):
        bigwig.counts(np.array(["chrX"], dtype=object), np.array([0]), 3)


@pytest.mark.parametrize("content", [b"", b"chrI\t0\t5\t1\n", b"\x26\xfc\x8f\x88" + b"\0" * 20])
def test_what_is_no_bigwig_is_refused(tmp_path, content, capfd):
    (tmp_path / "a.bw").write_bytes(content)
    with pytest.raises(DeguError, match=r"a\.bw: the file cannot be read as bigWig"):
        BigWig(tmp_path / "a.bw")
    with pytest.raises(DeguError, match="there is no such file"):
        BigWig(tmp_path / "b.bw")


def test_a_bigbed_is_refused(tmp_path):
    pybigtools.open(str(tmp_path / "a.bb"), "w").write(LENGTHS, [("chrI", 0, 5, "name")])
    with pytest.raises(DeguError, match="it is a bigBed file"):
        BigWig(tmp_path / "a.bb")


def test_a_file_that_was_cut_off_is_refused(tmp_path, written):
    content = written.read_bytes()
    (tmp_path / "a").write_bytes(content[: len(content) // 3])
    with pytest.raises(DeguError, match=r"a: .*cannot be read"), BigWig(tmp_path / "a") as bigwig:
        bigwig.counts(np.array(["chrI", "chrII"], dtype=object), np.array([100, 600]), 50)
