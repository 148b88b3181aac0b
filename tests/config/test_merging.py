"""Settings are laid over others."""

from degu.config.merging import merge


def test_mappings_merge_and_everything_else_is_replaced():
    base = {"a": 1, "b": {"c": [1, 2], "d": {"e": 1, "f": 2}}, "g": {"h": 1}, "i": [1]}
    over = {"b": {"c": [3], "d": {"e": 9}}, "g": 5, "i": {"j": 1}, "k": None}
    expected = {"a": 1, "b": {"c": [3], "d": {"e": 9, "f": 2}}, "g": 5, "i": {"j": 1}, "k": None}
    assert merge(base, over) == expected


def test_merging_changes_neither_part():
    base, over = {"a": {"b": [1]}}, {"c": {"d": [2]}}
    merged = merge(base, over)
    merged["a"]["b"].append(9)
    merged["c"]["d"].append(9)
    assert (base, over) == ({"a": {"b": [1]}}, {"c": {"d": [2]}})
