"""Variants in constructs, against edits of strings."""

from dataclasses import replace

import numpy as np
import pytest

from degu.data.sequences import decode, encode
from degu.data.splits import CODE
from degu.errors import DeguError
from degu.package.construct import Construct
from degu.variants.placing import CONSTRUCT, NATIVE, WHOLE, parts_of, place_variants
from tests.conftest import small_store
from tests.variants.sets import context_set, pair_set

LEFT, RIGHT = "ACG", "TT"
ASSAY = Construct(25, LEFT, RIGHT)
COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def settings(**changed):
    return {"windows": [NATIVE, CONSTRUCT], "shifts": 0, "shift_by": 3, "both_strands": False} | changed


def texts(placed, allele, window, row):
    return decode(placed.distinct[placed.rows[allele, window, row]][None])[0]


def turned(text):
    return text.translate(COMPLEMENT)[::-1]


@pytest.mark.parametrize("both_strands", [False, True])
@pytest.mark.parametrize("shifts", [0, 2])
def test_windows_are_those_of_the_edited_genome(shifts, both_strands):
    variants = context_set()
    placed = place_variants(variants, ASSAY, settings(shifts=shifts, both_strands=both_strands))
    steps = range(-shifts, shifts + 1)
    for row in range(len(variants)):
        for allele, base in enumerate((variants.reference[row], variants.alternative[row])):
            genome = variants.left[row] + base + variants.right[row]
            for window, step in enumerate(steps):
                # The middle of 25 bases is the 13th, and of 20 bases the 10th.
                native = genome[40 - 12 - 3 * step :][:25]
                insert = genome[40 - 9 - 3 * step :][:20]
                assert texts(placed[NATIVE], allele, window, row) == native
                assert texts(placed[CONSTRUCT], allele, window, row) == LEFT + insert + RIGHT
                if both_strands:
                    other = window + len(steps)
                    assert texts(placed[NATIVE], allele, other, row) == turned(native)
                    assert texts(placed[CONSTRUCT], allele, other, row) == LEFT + turned(insert) + RIGHT
    assert placed[NATIVE].rows.shape == (2, len(steps) * (2 if both_strands else 1), len(variants))


def test_equal_constructs_are_kept_once():
    variants = context_set(20)
    # Both alternatives of a position have the same context.
    left, right = (np.repeat(values[::2], 2) for values in (variants.left, variants.right))
    placed = place_variants(replace(variants, left=left, right=right), ASSAY, settings(windows=[NATIVE]))
    assert len(placed[NATIVE].distinct) == 10 + 20


def test_models_of_both_strands_get_one():
    construct = replace(ASSAY, strands="both")
    assert place_variants(context_set(), construct, settings(both_strands=True))[NATIVE].rows.shape[1] == 1


def test_a_deletion_brings_a_base_in():
    variants = context_set(4)
    empty = np.full(4, "", dtype=object)
    placed = place_variants(replace(variants, alternative=empty), ASSAY, settings(windows=[NATIVE]))
    for row in range(4):
        genome = variants.left[row] + variants.right[row]
        assert texts(placed[NATIVE], 1, 0, row) == genome[28:53]


def test_too_short_a_context_is_refused():
    with pytest.raises(DeguError, match=r"windows of 25 bases need 13 bases .* and 12 are known"):
        place_variants(context_set(context=12), ASSAY, settings())
    assert place_variants(context_set(context=13), ASSAY, settings())
    with pytest.raises(DeguError, match="need 16 bases"):
        place_variants(context_set(context=13), ASSAY, settings(shifts=1))


def test_whole_sequences_are_filled_up_as_those_of_the_data_set():
    variants = pair_set()
    placed = place_variants(variants, ASSAY, settings(shifts=3), pad="right")
    assert list(placed) == [WHOLE]
    assert placed[WHOLE].rows.shape == (2, 1, len(variants))
    for row in range(len(variants)):
        for allele, own in enumerate((variants.reference, variants.alternative)):
            assert texts(placed[WHOLE], allele, 0, row) == LEFT + own[row].ljust(20, "N") + RIGHT


def test_a_turned_sequence_is_filled_up_on_the_same_side():
    variants = pair_set()
    placed = place_variants(variants, ASSAY, settings(both_strands=True), pad="right")
    assert placed[WHOLE].rows.shape == (2, 2, len(variants))
    for row in range(len(variants)):
        for allele, own in enumerate((variants.reference, variants.alternative)):
            assert texts(placed[WHOLE], allele, 0, row) == LEFT + own[row].ljust(20, "N") + RIGHT
            assert texts(placed[WHOLE], allele, 1, row) == LEFT + turned(own[row]).ljust(20, "N") + RIGHT


def test_whole_sequences_that_do_not_fit_are_refused():
    with pytest.raises(DeguError, match="the model was trained on inserts of 20"):
        place_variants(pair_set(), ASSAY, settings())
    with pytest.raises(DeguError, match="a sequence of a variant has 22 bases"):
        place_variants(pair_set(length=22), ASSAY, settings(), pad="right")


def test_parts_of_pairs_are_the_splits_that_hold_both():
    variants = pair_set(8)
    placed = place_variants(variants, Construct(20), settings(), pad="right")
    store = small_store(rows=16, length=20)
    padded = [[text.ljust(20, "N") for text in own] for own in (variants.reference, variants.alternative)]
    # The reference alleles come first. The last pair is in no split, and of the one before it one sequence.
    rows = encode(padded[0][:7] + padded[1][:6])
    store.tokens[: len(rows)] = rows
    splits = ["test", "train", "calibration", "validation", "test", "train", "test"]
    others = ["test", "train", "calibration", "validation", "train", "test"]
    store.split[: len(rows)] = [CODE[name] for name in splits + others]
    found = parts_of(variants, placed, store)
    assert list(found) == ["test", "train", "calibration", "validation", "mixed", "mixed", "", ""]


def test_published_parts_stay():
    variants = context_set()
    assert list(parts_of(variants, {}, small_store())) == list(variants.parts)
    pairs = replace(pair_set(), parts=np.full(40, "released", dtype=object))
    assert list(parts_of(pairs, {}, small_store())) == ["released"] * 40
