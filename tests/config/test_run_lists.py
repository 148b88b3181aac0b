"""Lists that name configured entries and plugins."""

import pytest

from degu.config.run_lists import named_in_run
from degu.errors import DeguError

PLUGINS = {"fast": {"method": "fast"}, "slow": {"method": "slow"}}


def named(*run, **configured):
    return named_in_run(run, configured, PLUGINS, what="method", where="section", key="methods")


def test_entries_stand_in_the_order_of_the_list():
    found = named("slow", "mine", mine={"method": "fast", "width": 3}, idle={"method": "slow"})
    assert list(found.items()) == [("slow", {"method": "slow"}), ("mine", {"method": "fast", "width": 3})]
    assert named() == {}


def test_a_configured_entry_takes_the_place_of_the_plugin_of_its_name():
    assert named("fast", fast={"method": "slow"}) == {"fast": {"method": "slow"}}


@pytest.mark.parametrize("configured", [{}, {"fasten": {}}])
def test_an_unknown_name_is_told_with_the_nearest(configured):
    nearest = "fasten" if configured else "fast"
    with pytest.raises(DeguError, match=rf"section\.run: there is no method 'fastn'\n.*did you mean '{nearest}'"):
        named("fastn", **configured)


def test_names_of_configured_entries_can_be_parts_of_paths():
    with pytest.raises(DeguError, match=r"section\.methods: the name 'my-own'"):
        named(**{"my-own": {}})
