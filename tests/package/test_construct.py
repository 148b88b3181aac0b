"""Constructs, and the windows of a longer sequence, against slices of strings."""

import numpy as np
import pytest

from degu.data.sequences import decode, encode
from degu.errors import DeguError
from degu.package.construct import Construct, window_starts
from tests.conftest import small_store

CONSTRUCT = Construct(10, left="GG", right="TAC")


def placed(sequence: str, construct: Construct = CONSTRUCT, **options) -> list[tuple[int, str]]:
    starts, tokens = construct.place(encode([sequence])[0], **options)
    return list(zip(starts.tolist(), decode(tokens), strict=True))


def test_an_insert_is_put_between_the_flanks():
    assert placed("ACGTA") == [(0, "GGACGTATAC")]


def test_a_whole_construct_and_a_native_sequence_of_its_length_are_taken_as_they_are():
    assert placed("GGACGTATAC") == [(0, "GGACGTATAC")]
    assert placed("AAAAACCCCC") == [(0, "AAAAACCCCC")]


@pytest.mark.parametrize("length", [6, 7, 9, 11, 12, 15, 23])
@pytest.mark.parametrize("stride", [0, 1, 2, 3, 7])
def test_windows_are_slices_that_reach_both_ends(length, stride):
    rng = np.random.default_rng(length)
    sequence = "".join(rng.choice(list("ACGTN"), length))
    found = placed(sequence, stride=stride)
    assert [text for _, text in found] == [f"GG{sequence[start : start + 5]}TAC" for start, _ in found]
    starts = [start for start, _ in found]
    assert starts[0] == 0
    assert starts[-1] == length - 5
    assert CONSTRUCT.number_of_windows(length, stride=stride) == len(starts)
    steps = np.diff(starts)
    assert (steps[:-1] == (stride or 5)).all()
    assert 0 < steps[-1] <= (stride or 5)


@pytest.mark.parametrize(
    ("side", "expected"), [("left", "GGNNACTTAC"), ("right", "GGACTNNTAC"), ("both", "GGNACTNTAC")]
)
def test_a_shorter_sequence_is_filled_up_on_request(side, expected):
    assert placed("ACT", shorter=side) == [(0, expected)]


def test_a_shorter_sequence_is_refused():
    with pytest.raises(DeguError, match=r"3 bases, and the model was trained on inserts of 5"):
        placed("ACT")
    with pytest.raises(DeguError, match=r"3 bases, and the model was trained on inserts of 5"):
        CONSTRUCT.number_of_windows(3)
    assert CONSTRUCT.number_of_windows(3, shorter="left") == CONSTRUCT.number_of_windows(10) == 1


def test_the_flanks_of_a_data_set_are_bases():
    store = small_store()
    store.attributes["flanks"] = [2, 3]
    store.tokens[:, :2], store.tokens[:, -3:] = 2, [3, 0, 1]
    construct = Construct.of_store(store, "both")
    length = store.tokens.shape[1]
    assert construct == Construct(length, "GG", "TAC", "both")
    assert Construct.from_json(construct.to_json()) == construct
    store.attributes["flanks"] = [0, 0]
    assert Construct.of_store(store, "one") == Construct(length)


@pytest.mark.parametrize("parts", [{"left": "ACGTACGTAC"}, {"strands": "three"}])
def test_a_construct_without_an_insert_or_of_other_strands_is_refused(parts):
    with pytest.raises(DeguError, match="expected: an insert of one base"):
        Construct(10, **parts)


def test_the_last_window_ends_with_the_sequence():
    np.testing.assert_array_equal(window_starts(10, 4, 3), [0, 3, 6])
    np.testing.assert_array_equal(window_starts(11, 4, 3), [0, 3, 6, 7])
    np.testing.assert_array_equal(window_starts(4, 4, 3), [0])


@pytest.mark.parametrize("construct", [CONSTRUCT, Construct(5), Construct(8, left="GNG"), Construct(6, right="A")])
def test_inserts_are_put_between_the_flanks_together(construct):
    inserts = ["ACGTA", "NNNNN", "TTTTT"]
    expected = [f"{construct.left}{insert}{construct.right}" for insert in inserts]
    assert decode(construct.around(encode(inserts))) == expected
