"""The size of the windows of data sets with counts at each base."""

import numpy as np

from degu.config.counted_windows import counted_windows

TRACKS = {"cuts": {"replicates": [["a", "b"], ["c", "d"], ["e", "f"]]}, "starts": {"replicates": [["g", "h"]] * 3}}


def settings(importer, options, published=None):
    return {"importer": importer, "options": options, "published_size": published}


def test_a_data_set_without_counts_has_none():
    assert counted_windows(settings("table", {})) is None


def test_those_of_tracks_are_as_large_as_their_arrays():
    rows = {"train": 30, "validation": 5, "calibration": 5, "test": 10}
    options = {"tracks": TRACKS, "input_length": 120, "output_length": 60, "jitter": 8, "negatives": 1}
    found = counted_windows(settings("profiles", options, {"rows": rows, "length": 120, "targets": 2}))
    counts = np.zeros((50, 2, 3, 2, 60 + 16), dtype=np.uint16)
    assert (found.targets, found.replicates, found.strands, found.positions, found.negatives) == (2, 3, 2, 60, 1)
    assert found.counts * 50 == counts.size
    assert found.megabytes * 1e6 == counts.nbytes + np.zeros((50, 120 + 16), dtype=np.uint8).nbytes
    assert found.predicted_megabytes * 1e6 == np.zeros((50, 2, 2, 60), dtype=np.float32).nbytes


def test_those_of_a_simulation_have_its_number_and_its_defaults():
    found = counted_windows(settings("simulated_profiles", {"number": 70, "replicates": 4, "input_length": 90}))
    assert (found.rows, found.targets, found.replicates, found.length) == (70, 1, 4, 90)
    assert found.strands in (1, 2)


def test_without_a_number_of_rows_nothing_is_known_of_the_memory():
    options = {"tracks": {"cuts": {"replicates": ["a"]}}}
    found = counted_windows(settings("profiles", options))
    assert (found.rows, found.megabytes, found.predicted_megabytes) == (0, 0, 0)
    # These are the importer's own lengths.
    assert (found.length, found.positions) == (2114, 1000)
