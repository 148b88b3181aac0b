"""The form of the option `tracks`."""

import pytest

from degu.config.tracks import check_tracks, files_of, has_replicates, strands_of
from degu.errors import DeguError

PAIRS = {"starts": {"replicates": [["p1", "m1"], ["p2", "m2"]]}}


def test_files_come_by_target_replicate_and_strand():
    check_tracks(PAIRS, "options.tracks")
    assert strands_of(PAIRS) == [[["p1", "m1"], ["p2", "m2"]]]
    assert files_of(PAIRS) == ["p1", "m1", "p2", "m2"]
    assert has_replicates(PAIRS)
    single = {"a": {"replicates": ["x"]}, "b": {"replicates": [["y"]]}}
    check_tracks(single, "options.tracks")
    assert strands_of(single) == [[["x"]], [["y"]]]
    assert not has_replicates(single)


@pytest.mark.parametrize(
    ("tracks", "message"),
    [
        ({}, "tracks: no target is named"),
        ({3: {"replicates": ["a"]}}, "tracks: the target 3 is no name"),
        ({" ": {"replicates": ["a"]}}, "tracks: the target ' ' is no name"),
        ({"a": ["b"]}, r"tracks\.a: \['b'\] is no mapping"),
        ({"a": {"replicate": ["b"]}}, r"tracks\.a: unknown key 'replicate'\n  expected: did you mean 'replicates'"),
        ({"a": {}}, r"tracks\.a: replicates are None"),
        ({"a": {"replicates": []}}, r"tracks\.a: replicates are \[\]"),
        ({"a": {"replicates": "b"}}, r"tracks\.a: replicates are 'b'"),
        (
            {"a": {"replicates": [["b", "c", "d"]]}},
            r"tracks\.a\.replicates\.0: \['b', 'c', 'd'\]\n  expected: a list of",
        ),
        ({"a": {"replicates": ["b", 3]}}, r"tracks\.a\.replicates\.1: 3\n"),
        ({"a": {"replicates": ["b", " "]}}, r"tracks\.a\.replicates\.1: ' '\n"),
        ({"a": {"replicates": ["b", "b"]}}, "tracks: the file 'b' is named twice"),
        ({"a": {"replicates": [["b", "c"], "d"]}}, "tracks: some replicates have one file, others two"),
        (
            {"a": {"replicates": ["b", "c"]}, "d": {"replicates": ["e"]}},
            "tracks: targets differ in the number of replicates: a 2, d 1",
        ),
    ],
)
def test_what_is_no_track_is_told(tracks, message):
    with pytest.raises(DeguError, match=message):
        check_tracks(tracks, "options.tracks")
