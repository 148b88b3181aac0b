import math

import numpy as np
import pytest
from scipy import stats

from degu.data.motifs import Motif, pick, read_jaspar, scan
from degu.errors import DeguError
from tests.conftest import REPOSITORY

JASPAR = REPOSITORY / "resources" / "jaspar_motifs.txt"
TEXT = """# a comment
>MA0001.1 Abc
A [ 8 0 1 ]
C [ 0 4 1 ]
G [ 0 0 1 ]
T [ 0 4 1 ]

>MA0002.2\tDEF
A  [ 1 ]
C  [ 0 ]
G  [ 0 ]
T  [ 3 ]
"""


def random_motif(width, seed=0):
    return Motif("MA0", "RANDOM", np.random.default_rng(seed).dirichlet([0.5] * 4, size=width) * 0.96 + 0.01)


def brute_force_score(window, motif):
    """Sum the log2 odds of a window's letters; N has the mean of the four."""
    score = 0.0
    for position, token in enumerate(window):
        odds = [math.log2(p / 0.25) for p in motif.probability[position]]
        score += sum(odds) / 4 if token == 4 else odds[token]
    return score


@pytest.fixture
def read(tmp_path):
    def call(text, **options):
        (tmp_path / "motifs.txt").write_text(text)
        return read_jaspar(tmp_path / "motifs.txt", **options)

    return call


def test_counts_become_frequencies_by_position(read):
    motifs = read(TEXT, pseudocount=0)
    assert list(motifs) == ["ABC", "DEF"]
    assert motifs["ABC"].identifier == "MA0001.1"
    assert motifs["DEF"].width == 1
    np.testing.assert_allclose(motifs["ABC"].probability, [[1, 0, 0, 0], [0, 0.5, 0, 0.5], [0.25] * 4])
    np.testing.assert_allclose(motifs["DEF"].probability, [[0.25, 0, 0, 0.75]])


def test_pseudocount_is_added_to_the_frequencies(read):
    probability = read(TEXT, pseudocount=0.01)["ABC"].probability
    np.testing.assert_allclose(probability[0], np.array([1.01, 0.01, 0.01, 0.01]) / 1.04)
    np.testing.assert_allclose(probability.sum(axis=1), 1)


def test_frequencies_are_read_as_well_as_counts(read):
    text = ">M X\nA [ 0.25 .5 ]\nC [ 0.25 .5 ]\nG [ 0.25 0 ]\nT [ 0.25 0.0 ]\n"
    np.testing.assert_allclose(read(text, pseudocount=0)["X"].probability, [[0.25] * 4, [0.5, 0.5, 0, 0]])


def test_matrices_of_the_project_are_read():
    motifs = read_jaspar(JASPAR)
    assert len(motifs) == sum(line.startswith(">") for line in JASPAR.read_text().splitlines())
    hnf4a = motifs["HNF4A"]
    column = np.array([1468, 41443, 1237, 2356]) / (1468 + 41443 + 1237 + 2356)
    np.testing.assert_allclose(hnf4a.probability[0], (column + 0.001) / 1.004)
    for motif in motifs.values():
        np.testing.assert_allclose(motif.probability.sum(axis=1), 1)
        assert (motif.probability > 0).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no motifs in the file"),
        ("# nothing\n", "no motifs in the file"),
        (">MA1\nA [ 1 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n", "motif '>MA1' is not in JASPAR format"),
        ("MA1 X\nA [ 1 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n", "motif 'MA1 X'"),
        (">MA1 X\nA [ 1 2 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n", "motif '>MA1 X'"),
        (">MA1 X\nA [ 1 ]\nC [ 1 ]\nG [ 1 ]\n", "motif '>MA1 X' has not .* four rows"),
        (">MA1 X\nA [ 0 ]\nC [ 0 ]\nG [ 0 ]\nT [ 0 ]\n", "has not a positive count at every position"),
        pytest.param(
            ">MA1 X\nA [ ]\nC [ ]\nG [ ]\nT [ ]\n",
            "motif '>MA1 X'",
        ),
    ],
)
def test_what_is_no_motif_is_told(read, text, message):
    with pytest.raises(DeguError, match=message):
        read(text)


def test_rows_without_their_letter_are_not_misread(read):
    # JASPAR's raw format has no letters: its rows are read whole or refused.
    text = ">MA1 X\n12 3\n10 3\n10 3\n18 1\n"
    try:
        probability = read(text, pseudocount=0)["X"].probability
    except DeguError:
        return
    np.testing.assert_allclose(probability, [[0.24, 0.2, 0.2, 0.36], [0.3, 0.3, 0.3, 0.1]])


def test_rows_in_another_order_are_not_misread(read):
    text = ">MA1 X\nT [ 1 ]\nG [ 2 ]\nC [ 3 ]\nA [ 4 ]\n"
    try:
        probability = read(text, pseudocount=0)["X"].probability
    except DeguError:
        return
    np.testing.assert_allclose(probability, [[0.4, 0.3, 0.2, 0.1]])


def test_negative_count_is_refused(read):
    with pytest.raises(DeguError):
        read(">MA1 X\nA [ -8 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n")


def test_small_number_with_an_exponent_is_read(read):
    text = ">MA1 X\nA [ 1e-1 ]\nC [ 3.0e-01 ]\nG [ 0.5 ]\nT [ 1E-1 ]\n"
    np.testing.assert_allclose(read(text, pseudocount=0)["X"].probability, [[0.1, 0.3, 0.5, 0.1]])


def test_motif_is_picked_in_any_case(read):
    motifs = read(TEXT)
    assert pick(motifs, "abc", where="x") is motifs["ABC"]


def test_unknown_motif_is_named_with_the_nearest(read):
    with pytest.raises(DeguError, match="f: there is no motif 'abd'\n  expected: did you mean 'ABC'"):
        pick(read(TEXT), "abd", where="f")


def test_log_odds_are_relative_to_a_uniform_background_and_n_is_their_mean():
    motif = Motif("M", "X", np.array([[0.5, 0.25, 0.125, 0.125]]))
    assert motif.log_odds.tolist() == [[1.0, 0.0, -1.0, -1.0, -0.25]]
    assert motif.highest_score == 1.0


def test_highest_score_is_that_of_the_consensus():
    motif = random_motif(6)
    consensus = motif.probability.argmax(axis=1)
    assert motif.highest_score == pytest.approx(brute_force_score(consensus, motif))


@pytest.mark.parametrize("width", [1, 4, 9])
def test_scores_of_both_strands_agree_with_brute_force(width):
    motif = random_motif(width)
    tokens = np.random.default_rng(1).integers(0, 5, size=(8, 20), dtype=np.uint8)
    scores = scan(tokens, motif)
    assert scores.shape == (8, 2, 20 - width + 1)
    partner = [3, 2, 1, 0, 4]
    for row in range(8):
        for start in range(20 - width + 1):
            window = tokens[row, start : start + width].tolist()
            reverse = [partner[token] for token in reversed(window)]
            assert scores[row, 0, start] == pytest.approx(brute_force_score(window, motif), abs=1e-4)
            assert scores[row, 1, start] == pytest.approx(brute_force_score(reverse, motif), abs=1e-4)


def test_consensus_of_the_sequences_length_has_one_window_with_the_highest_score():
    motif = random_motif(7)
    scores = scan(motif.probability.argmax(axis=1)[None].astype(np.uint8), motif)
    assert scores.shape == (1, 2, 1)
    assert scores[0, 0, 0] == pytest.approx(motif.highest_score, rel=1e-5)


def test_sequence_shorter_than_the_motif_is_refused():
    with pytest.raises(DeguError, match="sequences of 4 bases are shorter than motif RANDOM"):
        scan(np.zeros((1, 4), dtype=np.uint8), random_motif(5))


def test_samples_have_the_frequencies_of_the_matrix():
    motif = random_motif(5, seed=2)
    count = 20_000
    sample = motif.sample(count, np.random.default_rng(0))
    assert sample.shape == (count, 5)
    assert sample.dtype == np.uint8
    for position in range(5):
        observed = np.bincount(sample[:, position], minlength=4)
        assert stats.chisquare(observed, count * motif.probability[position]).pvalue > 0.001


def test_positions_of_a_sample_are_independent():
    motif = random_motif(3, seed=3)
    sample = motif.sample(20_000, np.random.default_rng(0)).astype(int)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        table = np.bincount(sample[:, one] * 4 + sample[:, other], minlength=16).reshape(4, 4)
        assert stats.chi2_contingency(table).pvalue > 0.001


def test_impossible_base_is_never_drawn():
    motif = Motif("M", "X", np.array([[0.0, 1.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.5]]))
    sample = motif.sample(2000, np.random.default_rng(0))
    assert set(sample[:, 0]) == {1}
    assert set(sample[:, 1]) == {0, 3}
