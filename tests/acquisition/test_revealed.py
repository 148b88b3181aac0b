"""What is known of a data set in a round."""

import numpy as np
import pytest

from degu.acquisition.revealed import check_sizes, draw, reveal
from degu.errors import DeguError


def test_no_label_but_those_asked_for_is_revealed(store):
    train, validation = store.rows("train"), store.rows("validation")
    labelled, watched = train[[1, 4, 9]], validation[:2]
    store.truth = {"mean": store.targets * 2}
    revealed = reveal(store, labelled, watched)
    assert {split: len(revealed.rows(split)) for split in ("train", "validation", "calibration", "test")} == {
        "train": 3,
        "validation": 2,
        "calibration": len(store.rows("calibration")),
        "test": len(store.rows("test")),
    }
    for split, rows in (("train", labelled), ("validation", watched), ("test", store.rows("test"))):
        own = revealed.rows(split)
        for name in ("tokens", "targets", "replicate_std", "group", "names"):
            np.testing.assert_array_equal(getattr(revealed, name)[own], getattr(store, name)[rows], err_msg=name)
        np.testing.assert_array_equal(revealed.truth["mean"][own], store.truth["mean"][rows])
    assert set(revealed.targets.ravel()) & set(store.targets[np.setdiff1d(train, labelled)].ravel()) == set()


def test_the_digest_follows_what_is_revealed(store):
    train, validation = store.rows("train"), store.rows("validation")
    digests = [reveal(store, train[:number], validation).digest for number in (5, 5, 6)]
    assert digests[0] == digests[1] != digests[2]
    assert store.digest == "test"


def test_rows_are_drawn_without_replacement_in_ascending_order_or_all_are_taken():
    rows = np.arange(100, 130)
    drawn = draw(rows, 12, np.random.default_rng(2))
    assert drawn.tolist() == sorted(set(drawn.tolist()))
    assert set(drawn.tolist()) < set(rows.tolist())
    np.testing.assert_array_equal(draw(rows, 30, np.random.default_rng(2)), rows)


def test_a_plan_that_asks_for_more_than_there_is_is_refused(store):
    there = len(store.rows("train"))
    check_sizes(store, there - 20, 10, 3)
    with pytest.raises(DeguError, match=rf"{there + 1} sequences are to be labelled .*has {there}\n"):
        check_sizes(store, there - 19, 10, 3)
