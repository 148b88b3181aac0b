"""Sites of motifs in lettered sequences."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from degu.data.augmentation.motif_planting import augment
from degu.data.motifs import read_jaspar
from degu.errors import DeguError
from tests.conftest import REPOSITORY
from tests.data.augmentation.strings import (
    check_contract,
    check_distribution,
    check_refused,
    lettered,
    patterns,
    random_tokens,
)

# Neither motif is like its own reverse complement, and one is longer.
MOTIFS = """>M1 SHORT
A [ 90 5 0 ]
C [ 10 80 5 ]
G [ 0 10 85 ]
T [ 0 5 10 ]
>M2 LONG
A [ 97 0 97 0 97 ]
C [ 1 100 1 100 1 ]
G [ 1 0 1 0 1 ]
T [ 1 0 1 0 1 ]
"""


@pytest.fixture
def file(tmp_path) -> str:
    (tmp_path / "motifs.txt").write_text(MOTIFS)
    return str(tmp_path / "motifs.txt")


def test_a_site_stands_at_each_position_as_often_and_nothing_else_changes(file):
    result = augment(lettered(5000, 8), np.random.default_rng(0), names=["SHORT"], file=file)
    possible = ["abcdefgh"[:start] + "???" + "abcdefgh"[start + 3 :] for start in range(6)]
    check_distribution(patterns(result), dict.fromkeys(possible, 1 / 6))


def test_bases_are_drawn_by_the_probabilities_of_the_motif_on_both_strands(file):
    result = augment(lettered(20_000, 3), np.random.default_rng(0), names=["SHORT"], file=file)
    motif = read_jaspar(file)["SHORT"].probability
    probability: dict[tuple, float] = defaultdict(float)
    for site in product(range(4), repeat=3):
        strands = (site, tuple(3 - base for base in reversed(site)))
        chance = sum(float(np.prod(motif[range(3), strand])) / 2 for strand in strands)
        probability[site if chance > 0.001 else "rare"] += chance
    check_distribution([site if site in probability else "rare" for site in map(tuple, result.tolist())], probability)


def test_each_motif_is_planted_as_often(file):
    result = augment(lettered(3000, 20), np.random.default_rng(0), names=["SHORT", "LONG"], file=file)
    check_distribution([pattern.count("?") for pattern in patterns(result)], {3: 0.5, 5: 0.5})


def test_a_sequence_gets_several_sites_which_may_overlap(file):
    result = augment(lettered(500, 12), np.random.default_rng(0), names=["LONG"], number=2, file=file)
    counts = {pattern.count("?") for pattern in patterns(result)}
    assert counts == {5, 6, 7, 8, 9, 10}


def test_the_contract_is_kept(file):
    check_contract(augment, names=["SHORT", "LONG"], file=file)


def test_n_is_replaced_where_a_site_stands_and_never_new(file):
    tokens = np.full((50, 12), 4, dtype=np.uint8)
    result = augment(tokens, np.random.default_rng(0), names=["SHORT"], file=file)
    assert ((result != 4).sum(axis=1) == 3).all()


def test_motifs_of_the_project_are_found_from_its_folder(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    tokens = random_tokens(10, 60)
    assert (
        augment(tokens, np.random.default_rng(0), names=["HNF4A", "rest"], file="resources/jaspar_motifs.txt") != tokens
    ).any()


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"names": []}, "names"),
        ({"names": ["SHORT"], "number": 0}, "number"),
        ({"names": ["SHORT", "LONG"]}, "names"),
        ({"names": ["SHORT"], "file": "absent.txt"}, "file"),
    ],
)
def test_options_out_of_range_are_refused(file, options, name):
    check_refused(augment, {"file": file, **options}, f"motif_planting.{name}", length=4)


def test_an_unknown_motif_is_reported_with_the_nearest(file):
    with pytest.raises(DeguError, match=r"motif_planting\.names: there is no motif 'SHRT'\n.*did you mean 'SHORT'"):
        augment(random_tokens(3, 30), np.random.default_rng(0), names=["SHRT"], file=file)
