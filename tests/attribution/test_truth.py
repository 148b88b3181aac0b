"""Maps against the positions that matter."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from degu.attribution.truth import planted_positions, position_scores, score_positions
from degu.data.sequences import one_hot

LENGTH = 40


def example(number: int = 12, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Return scores that know something of the truth, and the truth, some of it neither."""
    rng = np.random.default_rng(1)
    truth = rng.choice([-1, 0, 1], size=(number, LENGTH), p=[0.2, 0.6, 0.2])
    scores = rng.uniform(0.1, 1, size=truth.shape) + 0.3 * (truth == 1)
    return np.round(scores, 1) if ties else scores, truth


def told(score: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of positions that matter, and of the others."""
    return score[truth == 1], score[truth == 0]


def area_of_precision_by_hand(score: np.ndarray, truth: np.ndarray) -> float:
    """Return the area under precision against recall, its points, one a threshold, joined by straight lines."""
    matters, others = told(score, truth)
    points = [(0.0, 1.0)]
    for threshold in sorted({*matters, *others}, reverse=True):
        hits, misses = (matters >= threshold).sum(), (others >= threshold).sum()
        points.append((hits / len(matters), hits / (hits + misses)))
    return sum((right[0] - left[0]) * (right[1] + left[1]) / 2 for left, right in pairwise(points))


# Scores against the truth


@pytest.mark.parametrize("ties", [False, True])
def test_auroc_is_how_often_a_position_that_matters_scores_above_another(ties):
    scores, truth = example(ties=ties)
    table = score_positions(scores, truth)
    assert table["sequence"].tolist() == list(range(12))
    for row in table.itertuples():
        matters, others = told(scores[row.sequence], truth[row.sequence])
        above = (matters[:, None] > others).mean() + 0.5 * (matters[:, None] == others).mean()
        assert row.auroc == pytest.approx(above, rel=1e-12)
        chosen = truth[row.sequence] >= 0
        package = roc_auc_score(truth[row.sequence, chosen], scores[row.sequence, chosen])
        assert row.auroc == pytest.approx(package, rel=1e-12)


@pytest.mark.parametrize("ties", [False, True])
def test_aupr_is_under_the_curve_of_precision_and_recall_by_the_trapezoid_rule(ties):
    scores, truth = example(ties=ties)
    areas = score_positions(scores, truth)["aupr"]
    np.testing.assert_allclose(areas, [area_of_precision_by_hand(*pair) for pair in zip(scores, truth, strict=True)])
    # The sum by steps is another number, if not by much.
    steps = [average_precision_score(own[own >= 0], score[own >= 0]) for score, own in zip(scores, truth, strict=True)]
    assert 0 < np.abs(areas - steps).max() < 0.1


def test_signal_to_noise_is_over_the_ten_highest_others():
    scores, truth = example()
    table = score_positions(scores, truth)
    for row in table.itertuples():
        matters, others = told(scores[row.sequence], truth[row.sequence])
        assert len(others) > 10
        expected = (sum(matters) / len(matters)) / (sum(sorted(others)[-10:]) / 10)
        assert row.signal_to_noise == pytest.approx(expected, rel=1e-12)
    # All others, where there are fewer.
    (row,) = score_positions(np.array([[6.0, 1.0, 8.0, 100.0, 3.0]]), np.array([[1, 0, 1, -1, 0]])).itertuples()
    assert row.signal_to_noise == pytest.approx(7 / 2)


def test_the_noise_of_others_without_a_score_is_unknown():
    table = score_positions(np.array([[1.0, 0.0, 0.0, 2.0]]), np.array([[1, 0, 0, 1]]))
    assert table[["auroc", "aupr"]].to_numpy().tolist() == [[1, 1]]
    assert table["signal_to_noise"].isna().all()


def test_scores_that_tell_all_nothing_and_the_reverse():
    truth = np.repeat([[1, 1, 0, 0, 0, 0, 0, 0]], 3, axis=0)
    scores = np.array([[5.0, 4, 3, 2, 1, 1, 1, 1], [1.0] * 8, [1.0, 2, 3, 4, 5, 6, 7, 8]])
    table = score_positions(scores, truth)
    assert table["auroc"].tolist() == [1, 0.5, 0]
    assert table["aupr"][0] == 1
    # One threshold: from a precision of 1 at no recall to that of all.
    assert table["aupr"][1] == pytest.approx((1 + 2 / 8) / 2)
    assert table["signal_to_noise"].tolist() == pytest.approx([4.5 / 1.5, 1, 1.5 / 5.5])


def test_what_counts_as_neither_changes_nothing():
    scores, truth = example()
    other = np.where(truth == -1, np.random.default_rng(2).normal(size=truth.shape), scores)
    assert (other != scores).any()
    np.testing.assert_array_equal(score_positions(other, truth), score_positions(scores, truth))


@pytest.mark.parametrize("missing", [[0, 0, 0, 0], [1, 1, 1, 1], [-1, 1, 1, -1], [-1, -1, 0, 0], [-1, -1, -1, -1]])
def test_sequences_that_lack_one_of_the_two_are_left_out(missing):
    scores = np.arange(12.0).reshape(3, 4)
    table = score_positions(scores, np.array([[0, 1, 0, 1], missing, [1, 0, -1, 0]]))
    assert table["sequence"].tolist() == [0, 2]
    assert table["auroc"].tolist() == [0.75, 0]


def test_where_no_sequence_has_both_the_table_is_empty():
    table = score_positions(np.ones((2, 4)), np.zeros((2, 4), dtype=int))
    assert list(table) == ["sequence", "auroc", "aupr", "signal_to_noise"] and len(table) == 0


# Scores of positions


def test_a_position_has_the_score_of_its_own_base_and_n_has_none():
    rng = np.random.default_rng(3)
    tokens = rng.integers(0, 5, size=(6, 9), dtype=np.uint8)
    values = rng.normal(size=(2, 6, 9, 4))
    scores = position_scores(values, one_hot(tokens))
    assert scores.shape == (2, 6, 9)
    for model, sequence, position in np.ndindex(scores.shape):
        base = tokens[sequence, position]
        expected = 0 if base == 4 else values[model, sequence, position, base]
        assert scores[model, sequence, position] == pytest.approx(expected, rel=1e-6)


def test_where_the_own_base_has_none_the_score_is_the_size_of_the_other_three():
    rng = np.random.default_rng(4)
    tokens = rng.integers(0, 4, size=(6, 9), dtype=np.uint8)
    values = rng.normal(size=(2, 6, 9, 4)) * (1 - one_hot(tokens))
    scores = position_scores(values, one_hot(tokens))
    for place in np.ndindex(scores.shape):
        others = np.delete(values[place], tokens[place[1:]])
        assert scores[place] == pytest.approx(np.hypot(np.hypot(*others[:2]), others[2]), rel=1e-6)


# Planted motifs


def test_planted_positions_are_those_of_wanted_motifs_and_those_of_others_are_neither():
    planted = np.array([[0, 1, 1, 0, 2, 2, 0, 3], [0, 0, 0, 0, 0, 0, 0, 0]], dtype=np.uint8)
    motifs = ["AP1", "CTCF", "REST"]
    found = planted_positions(planted, motifs, ["CTCF"])
    assert found.tolist() == [[0, -1, -1, 0, 1, 1, 0, -1], [0] * 8]
    found = planted_positions(planted, motifs, ["REST", "AP1"])
    assert found.tolist() == [[0, 1, 1, 0, -1, -1, 0, 1], [0] * 8]
    assert planted_positions(planted, motifs, motifs).tolist() == np.minimum(planted, 1).tolist()
