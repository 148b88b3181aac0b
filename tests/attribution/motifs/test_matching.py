"""Motifs against a database: a motif is most like itself, p-values are what chance would give, q-values as defined."""

import numpy as np
import pytest

from degu.attribution.motifs.matching import best_matches, compare, match_patterns, read_database
from degu.attribution.motifs.patterns import Pattern
from degu.data.motifs import read_jaspar
from degu.errors import DeguError
from tests.conftest import REPOSITORY

PATH = REPOSITORY / "resources" / "jaspar_2024_vertebrates.meme"
HNF4A, REST = ("MA0114.5", "HNF4A"), ("MA0138.3", "REST")
HEADER = "MEME version 4\n\nALPHABET= ACGT\n\n"


@pytest.fixture(scope="module")
def database() -> dict[tuple[str, str], np.ndarray]:
    return read_database(PATH)


def reversed_motif(motif: np.ndarray) -> np.ndarray:
    """Return the reverse complement, base by base."""
    return np.array([[row["ACGT".index(other)] for other in "TGCA"] for row in motif[::-1].tolist()])


def even(width: int) -> np.ndarray:
    return np.full((width, 4), 0.25)


# The database


def test_the_database_is_jaspar_2024_core_of_vertebrates(database):
    text = PATH.read_text()
    assert len(database) == text.count("\nMOTIF ") == 879
    assert len({identifier.split(".")[0] for identifier, _ in database}) == 879
    for word in ("JASPAR 2024 CORE vertebrates", "10.1093/nar/gkad1059", "pyjaspar 4.0.0", "CC BY 4.0"):
        assert word in text
    for values in database.values():
        assert values.shape[1] == 4
        assert values.min() >= 0
        np.testing.assert_allclose(values.sum(axis=1), 1, atol=1e-9)


def test_the_database_has_the_motifs_that_are_planted(database):
    """Those of resources/jaspar_motifs.txt were written on their own."""
    for motif in read_jaspar(REPOSITORY / "resources" / "jaspar_motifs.txt", pseudocount=0).values():
        (found,) = (values for (identifier, _), values in database.items() if identifier == motif.identifier)
        np.testing.assert_allclose(found, motif.probability, atol=1.5e-4)


def test_a_motif_without_a_name_is_called_by_its_identifier(tmp_path):
    path = tmp_path / "own.meme"
    one = "letter-probability matrix: alength= 4 w= 1 nsites= 9 E= 0\n0.1 0.2 0.3 0.4\n\n"
    path.write_text(HEADER + "".join(f"MOTIF M{number}\n{one}" for number in range(60)))
    database = read_database(path)
    assert list(database)[:2] == [("M0", "M0"), ("M1", "M1")]
    assert database["M3", "M3"].tolist() == [[0.1, 0.2, 0.3, 0.4]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "not readable as motifs in MEME format"),
        ("", "0 motifs\n  expected: at least 50"),
        (">MA1 X\nA [ 1 ]\n", "0 motifs"),
        (HEADER + "MOTIF M1 X\nletter-probability matrix: alength= 4 w= 1\n0.1 0.2 0.3 0.4\n", "1 motifs"),
        (HEADER + "MOTIF M1 X\nletter-probability matrix: alength= 4 w= 2\n0.1 0.2 0.3 x\n", "not readable as motifs"),
        (HEADER + "MOTIF M1 X\nletter-probability matrix: alength= 4\n0.1 0.2 0.3 0.4\n", "not readable as motifs"),
    ],
)
def test_a_file_that_is_no_database_is_refused(tmp_path, text, message):
    path = tmp_path / "own.meme"
    if text is not None:
        path.write_text(text)
    with pytest.raises(DeguError, match=rf"own\.meme: {message}"):
        read_database(path)


# Alignments


@pytest.mark.parametrize("name", [HNF4A, REST], ids=lambda name: name[1])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_motif_is_most_like_itself_and_its_reverse_complement(database, name, reverse):
    motif = reversed_motif(database[name]) if reverse else database[name]
    best = best_matches([motif], database).iloc[0]
    assert (best["identifier"], best["name"]) == name
    assert (best["start"], best["reverse"]) == (0, reverse)
    assert best["p"] < best["q"] < 1e-20


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(("before", "after"), [(0, 4), (3, 0), (2, 5)])
def test_a_longer_pattern_has_the_motif_where_it_stands(database, reverse, before, after):
    motif = reversed_motif(database[REST]) if reverse else database[REST]
    pattern = np.concatenate([even(before), motif, even(after)])
    best = best_matches([pattern], database).iloc[0]
    assert (best["name"], best["start"], best["reverse"]) == ("REST", before, reverse)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_part_of_a_motif_begins_behind_it(database, reverse):
    motif = reversed_motif(database[REST]) if reverse else database[REST]
    best = best_matches([motif[4:-3]], database).iloc[0]
    assert (best["name"], best["start"], best["reverse"]) == ("REST", -4, reverse)


# p-values and q-values


def best_score(scores: np.ndarray) -> float:
    """Return the highest sum along an alignment of query and target, of the scores of their columns."""
    width, length = scores.shape
    return max(np.trace(scores, offset) for offset in range(1 - width, length))


def shifted_scores(query: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return less the distance of each column of the query to each of the targets, above the median of its own."""
    scores = -np.sqrt(np.square(query[:, None] - columns).sum(axis=2))
    return scores - np.median(scores, axis=1, keepdims=True)


def test_p_values_are_how_often_chance_aligns_as_well(database):
    """Targets whose columns are drawn from all those of the database, on one strand or the other."""
    rng = np.random.default_rng(1)
    query = database[HNF4A]
    columns = np.concatenate([part for motif in database.values() for part in (motif, reversed_motif(motif))])
    scores = shifted_scores(query, columns)
    names = [name for name, motif in database.items() if len(motif) == 10]
    p, _, _ = compare([query], list(database.values()))
    drawn = rng.integers(len(columns), size=(4000, 2, 10))
    chance = np.array([max(best_score(scores[:, strand]) for strand in target) for target in drawn])
    for name in names[::8]:
        strands = (shifted_by(query, part, columns) for part in (database[name], reversed_motif(database[name])))
        own = max(best_score(part) for part in strands)
        told, expected = p[0, list(database).index(name)], (chance >= own).mean()
        # Scores are binned, and the two strands' maximum is taken as if both were independent.
        assert abs(told - expected) < 0.06, name
    assert len(names[::8]) > 10


def shifted_by(query: np.ndarray, target: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the scores of the columns of a target, shifted as those of all columns."""
    distance = np.sqrt(np.square(query[:, None] - columns).sum(axis=2))
    return np.median(distance, axis=1)[:, None] - np.sqrt(np.square(query[:, None] - target).sum(axis=2))


def test_q_values_are_those_of_benjamini_and_hochberg(database):
    motifs = list(database.values())
    p = compare([database[REST][2:9]], motifs)[0][0]
    table = best_matches([database[REST][2:9]], database, number=len(motifs))
    order = np.argsort(p, kind="stable")
    np.testing.assert_array_equal(table["p"], p[order])
    steps = p[order] * len(p) / np.arange(1, len(p) + 1)
    expected = [min(1, steps[rank:].min()) for rank in range(len(p))]
    np.testing.assert_allclose(table["q"], expected, rtol=1e-12)
    assert table["rank"].tolist() == list(range(1, len(p) + 1))


def test_q_values_of_a_pattern_are_its_own(database):
    query, other = database[REST], even(6) + 0.01 * np.eye(4)[[0, 1, 2, 3, 0, 1]]
    alone, together = best_matches([query], database), best_matches([other, query], database)
    np.testing.assert_allclose(together.loc[together["pattern"] == 1, "q"], alone["q"])


def test_no_pattern_has_no_match(database):
    assert len(best_matches([], database)) == 0
    assert len(match_patterns({"ensemble": {"Dev": []}}, database)) == 0
    assert all(part.shape == (0, 879) for part in compare([], list(database.values())))


# Patterns of models and targets


def pattern(probabilities: np.ndarray, sign: int, seqlets: int) -> Pattern:
    """Return a pattern whose core is the given motif, between flanks of two positions."""
    values = np.concatenate([even(2), probabilities, even(2)])
    places = np.zeros(seqlets, int)
    core = (2, 2 + len(probabilities))
    return Pattern(sign, sign * values, values, core, places, places, places, places.astype(bool))


def test_each_pattern_of_each_model_and_target_is_matched_by_its_core(database):
    patterns = {
        "ensemble": {"Dev": [pattern(database[HNF4A], 1, 30), pattern(database[REST], -1, 20)], "Hk": []},
        "student": {"Dev": [], "Hk": [pattern(reversed_motif(database[REST]), 1, 25)]},
    }
    table = match_patterns(patterns, database)
    assert table["rank"].tolist() == [1, 2, 3] * 3
    best = table[table["rank"] == 1].set_index(["target", "model", "pattern"])
    assert best["name"].to_dict() == {
        ("Dev", "ensemble", 0): "HNF4A",
        ("Dev", "ensemble", 1): "REST",
        ("Hk", "student", 0): "REST",
    }
    assert best["sign"].tolist() == [1, -1, 1]
    assert best["seqlets"].tolist() == [30, 20, 25]
    assert best["start"].tolist() == [0, 0, 0]
    assert best["reverse"].tolist() == [False, False, True]
    assert best["consensus"].iloc[0] == "".join("ACGT"[base] for base in database[HNF4A].argmax(axis=1))
