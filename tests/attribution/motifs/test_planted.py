"""Patterns against planted motifs, by hand."""

import numpy as np
import pandas as pd
import pytest

from degu.attribution.motifs.matching import read_database
from degu.attribution.motifs.patterns import Pattern
from degu.attribution.motifs.planted import count_found, planted_sites, recall, score_patterns
from degu.data.motifs import read_jaspar
from tests.conftest import REPOSITORY

MOTIFS = {
    name: motif.probability
    for name, motif in read_jaspar(REPOSITORY / "resources" / "jaspar_motifs.txt").items()
    if name in ("HNF4A", "REST", "GATA1", "SP1")
}
NAMES = list(MOTIFS)
WIDTH = {name: len(motif) for name, motif in MOTIFS.items()}
LENGTH = 60


@pytest.fixture(scope="module")
def database() -> list[np.ndarray]:
    return list(read_database(REPOSITORY / "resources" / "jaspar_2024_vertebrates.meme").values())


def planted(sites: list[tuple[int, str, int]], rows: int = 4) -> np.ndarray:
    """Return planted positions of sites: sequence, name, first base."""
    found = np.zeros((rows, LENGTH), dtype=np.uint8)
    for row, name, start in sites:
        found[row, start : start + WIDTH[name]] = 1 + NAMES.index(name)
    return found


def pattern(motif: np.ndarray, places: list[tuple[int, int]]) -> Pattern:
    """Return a pattern that is all core, of seqlets that begin at places: sequence, first base."""
    sequence, start = np.array(places).T
    core = (0, len(motif))
    return Pattern(1, motif, motif, core, sequence, start, start + len(motif), np.zeros(len(places), bool))


def test_planted_sites_are_runs_of_one_motif():
    values = np.array([[0, 1, 1, 2, 2, 2, 0, 1], [3, 3, 0, 0, 3, 0, 0, 0], [0] * 8], dtype=np.uint8)
    assert planted_sites(values).tolist() == [
        [0, 1, 3, 0],
        [0, 3, 6, 1],
        [0, 7, 8, 0],
        [1, 0, 2, 2],
        [1, 4, 5, 2],
    ]
    assert planted_sites(np.zeros((2, 5), dtype=np.uint8)).shape == (0, 4)


def scored(patterns: list[Pattern], database: list[np.ndarray], sites: list, matters: list[str]) -> pd.DataFrame:
    table = score_patterns(patterns, planted(sites), MOTIFS, matters, database, 0.05)
    assert table["motif"].tolist() == NAMES
    return table.set_index("motif")


SITES = [(0, "HNF4A", 10), (0, "HNF4A", 40), (1, "HNF4A", 20), (1, "REST", 35), (2, "GATA1", 5)]


def test_recall_is_of_the_motifs_that_matter(database):
    patterns = [pattern(MOTIFS["HNF4A"], [(0, 10), (1, 20)]), pattern(MOTIFS["GATA1"], [(2, 5)])]
    table = scored(patterns, database, SITES, ["HNF4A", "REST"])
    assert table["found"].to_dict() == {name: name in ("HNF4A", "GATA1") for name in NAMES}
    assert table["matters"].to_dict() == {name: name in ("HNF4A", "REST") for name in NAMES}
    # Of HNF4A and REST; GATA1 was found and does not matter.
    assert recall(table) == 0.5
    assert np.isnan(recall(table.assign(matters=False)))


def test_what_was_found_is_counted_by_sites_and_seqlets(database):
    # One on the site, one half off it, one in the other direction too far, one in a sequence without a site of it.
    half = WIDTH["HNF4A"] // 2
    places = [(0, 10), (0, 40 + half), (1, 20 - half - 1), (2, 5)]
    table = scored([pattern(MOTIFS["HNF4A"], places)], database, SITES, ["HNF4A"])
    assert WIDTH["HNF4A"] == 9 and half == 4
    # 9 bases of 9; 5 of 9, more than half; 4 of 9, less; none.
    assert table.loc["HNF4A", ["patterns", "sites", "sites_found", "seqlets", "seqlets_right"]].tolist() == [
        1,
        3,
        2,
        4,
        2,
    ]
    assert table.loc["REST", ["patterns", "sites", "sites_found", "seqlets", "seqlets_right"]].tolist() == [
        0,
        1,
        0,
        0,
        0,
    ]
    assert table.loc["SP1", "sites"] == 0


def test_two_patterns_of_one_motif_count_once(database):
    reverse = MOTIFS["HNF4A"][::-1, ::-1]
    patterns = [pattern(MOTIFS["HNF4A"], [(0, 10), (1, 20)]), pattern(reverse, [(0, 40), (0, 11), (3, 0)])]
    table = scored(patterns, database, SITES, ["HNF4A"])
    assert recall(table) == 1
    assert table.loc["HNF4A", ["patterns", "sites_found", "seqlets", "seqlets_right"]].tolist() == [2, 3, 5, 4]


def test_a_pattern_like_none_of_them_finds_none(database):
    table = scored(
        [pattern(np.full((9, 4), 0.25) + 0.01 * np.eye(4)[[0, 1, 2] * 3], [(0, 10)])], database, SITES, NAMES
    )
    assert not table["found"].any()
    assert table["q"].min() > 0.05
    assert recall(table) == 0


def test_a_pattern_is_of_the_one_motif_that_it_is_most_like(database):
    """Of two alike motifs, the other is not found, however significant the likeness."""
    close = {**MOTIFS, "TWIN": 0.9 * MOTIFS["HNF4A"] + 0.1 * 0.25}
    table = score_patterns([pattern(close["TWIN"], [(0, 10)])], planted(SITES), close, ["HNF4A"], database, 0.05)
    table = table.set_index("motif")
    assert table["found"].to_dict() == {name: name == "TWIN" for name in close}
    assert table.loc["HNF4A", "q"] < 1e-6


def test_without_patterns_nothing_is_found(database):
    table = scored([], database, SITES, ["HNF4A"])
    assert not table["found"].any()
    assert table["q"].isna().all()
    assert table["sites"].tolist() == [[site[1] for site in SITES].count(name) for name in NAMES]
    assert recall(table) == 0


def test_motifs_that_matter_are_counted_by_target_and_model():
    rows = [
        ("Dev", "ensemble", True, True),
        ("Dev", "ensemble", True, False),
        ("Dev", "ensemble", False, True),
        ("Dev", "student", True, True),
        ("Hk", "student", False, True),
    ]
    scores = pd.DataFrame(rows, columns=["target", "model", "matters", "found"])
    assert count_found(scores) == {("Dev", "ensemble"): (1, 2), ("Dev", "student"): (1, 1)}
    assert count_found(scores[~scores["matters"]]) == {}
