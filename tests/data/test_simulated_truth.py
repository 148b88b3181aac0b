"""Tables of a simulator's truth, of stores made by hand."""

import numpy as np
import pandas as pd
import pytest

from degu.data.simulated_truth import count_replicates, tabulate_planted_motifs, tabulate_truth
from degu.data.store import SequenceStore
from tests.conftest import small_store


@pytest.fixture
def store() -> SequenceStore:
    """Return a store of four sequences: the first has both motifs, the last the second motif, the others none."""
    store = small_store(rows=4, length=6)
    store.truth = {
        "mean": np.array([[1.0], [2.0], [3.0], [4.0]]),
        "noise_std": np.array([[0.1], [0.2], [0.3], [0.4]]),
        "planted": np.array([[1, 1, 0, 2, 2, 0], [0] * 6, [0] * 6, [0, 2, 2, 0, 2, 2]], dtype=np.uint8),
    }
    store.attributes["motifs"] = ["AP1", "CTCF", "GATA"]
    store.replicates = np.zeros((4, 1, 5), dtype=np.float32)
    return store


def test_the_truth_stands_beside_what_was_measured(store):
    expected = {"mean": [1.0, 2.0, 3.0, 4.0], "noise_std": [0.1, 0.2, 0.3, 0.4]}
    expected["replicate_std"] = store.replicate_std[:, 0]
    pd.testing.assert_frame_equal(tabulate_truth(store), pd.DataFrame(expected))


def test_a_sequence_counts_once_for_each_kind_of_motif_planted_in_it(store):
    table = tabulate_planted_motifs(store)
    assert list(table.itertuples(index=False, name=None)) == [("AP1", 1.0), ("CTCF", 1.0), ("CTCF", 4.0)]


@pytest.mark.parametrize("missing", [0, 2])
def test_replicates_are_those_that_were_measured(store, missing):
    store.replicates[:, :, 5 - missing :] = np.nan
    assert count_replicates(store) == 5 - missing
