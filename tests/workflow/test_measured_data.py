"""No relative crosses a split of the measured data sets, as the strings of their source files show by brute force."""

import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from degu.config.configuration import Configuration
from degu.config.schemas import read_yaml
from degu.data.build import build_store
from degu.data.store import SequenceStore
from tests.conftest import skip_without
from tests.workflow.checkout import REPOSITORY

CONFIG = read_yaml(REPOSITORY / "config" / "config.yaml") | read_yaml(REPOSITORY / "config" / "real_data.yaml")
# The columns of the sequence and of the data set's own groups, as the data's README names them.
COLUMNS = {
    "lentimpra_hepg2_subset": ("insert_seq", "rc_group"),
    "inoue2017_hepg2": ("sequence", "eid"),
    "crx_mpra": ("sequence", "origin"),
    "bp_mpra_vsmc": ("sequence", "group"),
    "yeast_promoters": ("sequence", "group"),
}
SPLITS = ("train", "validation", "calibration", "test")
COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def settings_of(name: str) -> dict:
    return Configuration(CONFIG, [REPOSITORY / "config"]).datasets[name]


@pytest.fixture(scope="module", params=COLUMNS)
def built(request) -> tuple[str, list[dict], SequenceStore]:
    """Return a data set's name, the rows of its file, and its store as config/real_data.yaml has it made."""
    name = request.param
    settings = settings_of(name)
    source = settings["files"]["table"]
    path: Path = REPOSITORY / source["path"] if source["path"] else skip_without(source["name"])
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for line, row in enumerate(rows, start=2):
        row["line"] = f"row{line}"
    for column, value in settings["options"].get("rows", {}).items():
        rows = [row for row in rows if row[column] == value]
    return name, rows, build_store(settings, {"table": path}, CONFIG["seed"], where=name)


def kept_rows(built) -> list[tuple[str, str, str]]:
    """Return each row's sequence as published, its own group, both as the file has them, and its split in the store.

    The store keeps the order of the file, so that its rows are met in one walk along it, by name and sequence.
    """
    name, rows, store = built
    sequence, group = COLUMNS[name]
    options = settings_of(name)["options"]
    name_column = options.get("name", "line")
    left, right = store.attributes["flanks"]
    found, walk = [], iter(rows)
    for row_name, tokens, code in zip(store.names, store.tokens, store.split, strict=True):
        insert = "".join("ACGTN"[token] for token in tokens[left : len(tokens) - right])
        # What fills up shorter sequences is no base of theirs.
        insert = insert.strip("N") if options.get("pad") else insert
        row = next(row for row in walk if (row[name_column], row[sequence].upper()) == (row_name, insert))
        found.append((insert, row[group], SPLITS[code]))
    return found


def test_the_store_holds_the_rows_of_the_file(built):
    name, rows, store = built
    assert set(COLUMNS) == set(CONFIG["datasets"])
    assert len(kept_rows(built)) == len(store)
    assert len(rows) == len(store) + sum(store.attributes["dropped"].values())
    assert len(store) >= 0.95 * len(rows), f"{name}: {store.attributes['dropped']}"


def test_no_equal_sequence_crosses_a_split(built):
    splits = defaultdict(set)
    for insert, _, split in kept_rows(built):
        splits[insert].add(split)
    assert {insert: found for insert, found in splits.items() if len(found) > 1} == {}


def test_no_reverse_complement_crosses_a_split(built):
    rows = kept_rows(built)
    split_of = {insert: split for insert, _, split in rows}
    crossing = []
    for insert, _, split in rows:
        partner = insert.translate(COMPLEMENT)[::-1]
        if split_of.get(partner, split) != split:
            crossing.append(insert)
    assert crossing == []


def test_no_group_crosses_a_split(built):
    splits = defaultdict(set)
    for _, group, split in kept_rows(built):
        splits[group].add(split)
    assert {group: found for group, found in splits.items() if len(found) > 1} == {}


def test_relatives_are_there_to_be_parted(built):
    """The tests above test something where the data have relatives; only the library of 2017 has none."""
    name, _, _ = built
    rows = kept_rows(built)
    inserts = Counter(insert for insert, _, _ in rows)
    partners = sum(insert.translate(COMPLEMENT)[::-1] in inserts for insert in inserts)
    groups = Counter(group for _, group, _ in rows)
    related = max(inserts.values()) > 1 or partners > 0 or max(groups.values()) > 1
    assert related == (name != "inoue2017_hepg2")
    if name == "lentimpra_hepg2_subset":
        # Every element is there in both orientations.
        assert partners == len(inserts)


def test_split_sizes_are_those_of_the_configuration(built):
    """A split may miss its share by one group at either end, and by the rows dropped after it was drawn."""
    name, rows, store = built
    fractions = settings_of(name)["split"]["fractions"]
    sizes = Counter(split for _, _, split in kept_rows(built))
    largest = max(Counter(store.group.tolist()).values())
    dropped = len(rows) - len(store)
    for split in SPLITS:
        assert sizes[split] > 0
        assert abs(sizes[split] - fractions[split] * len(rows)) <= 2 * largest + dropped, (
            split,
            sizes,
            largest,
            dropped,
        )
    assert store.attributes["split_rows"] == {split: sizes[split] for split in SPLITS}
