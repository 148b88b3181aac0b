"""Rows of another data set in the form of a source, against strings."""

import numpy as np
import pytest

from degu.data.sequences import decode, reverse_complement
from degu.errors import DeguError
from degu.shift.transfer import placed, population
from tests.conftest import small_store


@pytest.fixture
def source():
    store = small_store(rows=160, length=48, targets=2)
    store.tokens[:, :4], store.tokens[:, -3:] = 1, 2
    store.attributes |= {"flanks": [4, 3], "dataset": "source"}
    return store


@pytest.fixture
def other():
    store = small_store(rows=80, length=40)
    store.tokens = np.random.default_rng(8).integers(0, 4, size=(80, 40), dtype=np.uint8)
    store.attributes |= {"dataset": "other", "digest": "another"}
    return store


@pytest.mark.parametrize("length", [38, 41, 45])
def test_inserts_stand_in_the_middle_of_the_construct(source, length):
    inserts = np.random.default_rng(1).integers(0, 4, size=(5, length), dtype=np.uint8)
    for text, own in zip(decode(placed(inserts, source)), decode(inserts), strict=True):
        missing = 41 - length
        if missing >= 0:
            before = missing // 2
            expected = "N" * before + own + "N" * (missing - before)
        else:
            expected = own[-missing // 2 :][:41]
        assert text == f"CCCC{expected}GGG"


def test_rows_that_models_have_seen_are_left_out(source, other, caplog):
    test, seen = other.rows("test"), source.tokens[:, source.insert]
    rows = {split: source.rows(split)[0] for split in ("train", "validation", "calibration", "test")}
    other.tokens[test[0], :35] = seen[rows["train"], 5:40]
    other.tokens[test[1], :40] = reverse_complement(seen[rows["validation"], :40])
    other.tokens[test[2], :40] = seen[rows["calibration"], :40]
    # What models have not seen, and what is shorter than a stretch, may be there.
    other.tokens[test[3], :40] = seen[rows["test"], :40]
    other.tokens[test[4], :29] = seen[rows["train"], :29]
    found = population(source, other, "test", {"target1": "target0"})
    np.testing.assert_array_equal(found.rows, test[3:])
    np.testing.assert_array_equal(found.tokens, placed(other.tokens[test[3:]], source))
    np.testing.assert_array_equal(found.measured, other.targets[test[3:]].astype(float))
    np.testing.assert_array_equal(found.group, other.group[test[3:]])
    assert not found.of_source
    assert caplog.messages == [f"3 of {len(test)} rows overlap sequences that models have seen, and are left out"]
    # For the calibration anew, the calibration split of the source may be there.
    calibration = other.rows("calibration")
    other.tokens[calibration[0]] = seen[rows["calibration"], :40]
    np.testing.assert_array_equal(population(source, other, "calibration", {"target0": "target0"}).rows, calibration)


def test_a_data_set_is_its_own_other_one(source):
    source.tokens[:, 4:-3] = np.random.default_rng(3).integers(0, 4, size=(160, 41), dtype=np.uint8)
    found = population(source, source, "test", {"target0": "target1"})
    np.testing.assert_array_equal(found.rows, source.rows("test"))
    np.testing.assert_array_equal(found.tokens, source.tokens[source.rows("test")])
    np.testing.assert_array_equal(found.measured[:, 0], source.targets[source.rows("test"), 1].astype(float))
    np.testing.assert_array_equal(found.group, source.group[source.rows("test")])
    assert found.of_source


def test_what_cannot_be_is_told(source, other):
    with pytest.raises(DeguError, match=r"source: there is no target 'target7'"):
        population(source, other, "test", {"target7": "target0"})
    with pytest.raises(DeguError, match=r"other: there is no target 'target1'"):
        population(source, other, "test", {"target1": "target1"})
    other.tokens[other.rows("test")] = source.tokens[source.rows("train")[0], source.insert][:40]
    with pytest.raises(DeguError, match="other: all 10 rows of the split test overlap"):
        population(source, other, "test", {"target0": "target0"})
