"""Sequences of a file as a source of a pool."""

import numpy as np
import pytest

from degu.data.pools.file import draw
from degu.data.sequences import decode, encode
from degu.errors import DeguError

TRAINING = encode(["AAACGTTT", "AACCCCTT"])
INSERTS = ["ACGT", "GGGG", "NACA"]


def write(tmp_path, kind, sequences):
    path = tmp_path / f"sequences.{kind}"
    if kind == "fa":
        path.write_text("".join(f">s{number}\n{sequence}\n" for number, sequence in enumerate(sequences)))
    else:
        path.write_text("\n".join(["name\tinsert", *(f"s{n}\t{s}" for n, s in enumerate(sequences))]) + "\n")
    return str(path)


@pytest.mark.parametrize("kind", ["fa", "tsv"])
@pytest.mark.parametrize("flanked", [False, True])
def test_the_flanks_of_the_assay_are_put_around_sequences_without_them(tmp_path, kind, flanked):
    written = [f"AA{sequence}TT" if flanked else sequence for sequence in INSERTS]
    path = write(tmp_path, kind, written)
    tokens = draw(TRAINING, (2, 2), np.random.default_rng(1), path=path, column="insert")
    assert sorted(decode(tokens)) == sorted(f"AA{sequence}TT" for sequence in INSERTS)


def test_their_order_is_random_and_follows_from_the_seed(tmp_path):
    sequences = decode(np.random.default_rng(2).integers(0, 4, size=(50, 8), dtype=np.uint8))
    path = write(tmp_path, "fa", sequences)
    first, again, other = (decode(draw(TRAINING, (0, 0), np.random.default_rng(s), path=path)) for s in (1, 1, 2))
    assert first == again
    assert first not in (other, sequences)


def test_another_length_is_told(tmp_path):
    path = write(tmp_path, "fa", ["ACGTA"])
    with pytest.raises(DeguError, match=r"5 bases\n  expected: 4 bases, as those of the assay, or 8 with its flanks"):
        draw(TRAINING, (2, 2), np.random.default_rng(1), path=path)


def test_a_bad_letter_is_told_with_its_line(tmp_path):
    path = write(tmp_path, "fa", ["ACGTACGT", "ACGTXCGT"])
    with pytest.raises(DeguError, match=r"sequences\.fa: letter 'X' at position 5, record in line 3"):
        draw(TRAINING, (0, 0), np.random.default_rng(1), path=path)


def test_a_bad_letter_of_a_table_is_told_with_its_row(tmp_path):
    path = write(tmp_path, "tsv", ["ACGTACGT", "ACGTXCGT"])
    with pytest.raises(DeguError, match=r"sequences\.tsv: letter 'X' at position 5, row 3"):
        draw(TRAINING, (0, 0), np.random.default_rng(1), path=path, column="insert")


def test_blanks_around_the_sequences_of_a_table_are_no_part_of_them(tmp_path):
    path = write(tmp_path, "tsv", ["ACGTACGT ", " AAAAAAAA", "CCCCCCCC"])
    tokens = draw(TRAINING, (0, 0), np.random.default_rng(1), path=path, column="insert")
    assert sorted(decode(tokens)) == ["AAAAAAAA", "ACGTACGT", "CCCCCCCC"]
