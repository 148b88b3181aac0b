"""Regions and negatives of a split."""

import numpy as np

from degu.evaluation.row_kinds import row_kinds
from tests.data.counted import counted_store


def test_rows_are_regions_or_negatives():
    store, _ = counted_store(120)
    for split in ("train", "test"):
        kinds = row_kinds(store, split)
        assert list(kinds) == ["regions", "negatives"]
        np.testing.assert_array_equal(kinds["negatives"], store.negative[store.rows(split)])
        np.testing.assert_array_equal(kinds["regions"], ~kinds["negatives"])


def test_without_negatives_all_rows_are_regions():
    store, _ = counted_store(120)
    for negative in (None, np.zeros(120, dtype=bool)):
        store.negative = negative
        (kind,) = row_kinds(store, "test").items()
        assert kind[0] == "regions" and kind[1].all()
