"""What augmentations share: checks of options, and sequences put together by an index map."""

import numpy as np
import pytest

from degu.data.segments import RANDOM, assemble, check_lengths, draw_lengths, random_bases
from degu.errors import DeguError
from tests.data.augmentation.strings import check_distribution


def test_bases_come_from_where_the_index_map_says_and_the_others_are_new():
    tokens = np.random.default_rng(0).integers(10, 200, size=(300, 9))
    source = np.random.default_rng(1).integers(RANDOM, 9, size=(300, 9))
    result = assemble(tokens, source, np.random.default_rng(2))
    new = []
    for row in range(300):
        for place in range(9):
            if source[row, place] == RANDOM:
                new.append(int(result[row, place]))
            else:
                assert result[row, place] == tokens[row, source[row, place]]
    check_distribution(new, dict.fromkeys(range(4), 0.25))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_new_bases_have_the_shape_and_type_of_the_sequences(dtype):
    bases = random_bases(np.full((50, 20), 4, dtype=dtype), np.random.default_rng(0))
    assert bases.shape == (50, 20) and bases.dtype == dtype
    np.testing.assert_array_equal(bases, random_bases(np.zeros((50, 20)), np.random.default_rng(0)))
    check_distribution(bases.ravel().tolist(), dict.fromkeys(range(4), 0.25))


def test_every_length_is_as_likely_its_ends_included():
    lengths = draw_lengths(3000, 2, 5, np.random.default_rng(0))
    assert lengths.shape == (3000, 1)
    check_distribution(lengths.ravel().tolist(), dict.fromkeys(range(2, 6), 0.25))


@pytest.mark.parametrize(("minimum", "maximum"), [(0, 0), (0, 8), (8, 8), (3, 5)])
def test_lengths_in_range_pass(minimum, maximum):
    check_lengths(minimum, maximum, 8, where="x")


@pytest.mark.parametrize(
    ("minimum", "maximum", "message"),
    [
        (-1, 3, r"x\.minimum: -1 bases\n  expected: 0 or more\n  remedy: "),
        (4, 3, r"x\.maximum: at most 3 bases, and at least 4\n  expected: 4 or more, as `minimum` says\n  remedy: "),
        (0, 9, r"x\.maximum: at most 9 bases, and the sequences have 8 that may change\n  expected: 8 or fewer\n"),
    ],
)
def test_lengths_out_of_range_are_refused(minimum, maximum, message):
    with pytest.raises(DeguError, match=message):
        check_lengths(minimum, maximum, 8, where="x")
