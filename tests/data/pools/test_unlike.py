"""Sequences unlike those of an assay, as a source of a pool."""

import numpy as np
import pytest

from degu.data.pools.unlike import draw
from degu.data.sequences import gc_content
from tests.data.pools.drawn import check_draws_follow_from_the_seed, check_fewer_than_two_are_refused

LENGTH, NUMBER = 60, 8000
WITHIN = slice(4, LENGTH - 3)
TRAINING = np.random.default_rng(5).integers(4, size=(50, LENGTH), dtype=np.uint8)


@pytest.fixture(scope="module")
def tokens() -> np.ndarray:
    return draw(TRAINING, (4, 3), np.random.default_rng(1), number=NUMBER)


def period(sequence: np.ndarray) -> int:
    """Return the shortest period of a sequence that is six or less, or 0."""
    return next((size for size in range(1, 7) if (sequence[size:] == sequence[:-size]).all()), 0)


def test_flanks_stay(tokens):
    assert (tokens.shape, tokens.dtype) == ((NUMBER, LENGTH), np.uint8)
    whole = {row.tobytes() for row in np.concatenate([TRAINING[:, :4], TRAINING[:, -3:]], axis=1)}
    assert {row.tobytes() for row in np.concatenate([tokens[:, :4], tokens[:, -3:]], axis=1)} <= whole


def test_a_quarter_has_a_stretch_of_n_between_bases_of_a_training_sequence(tokens):
    unknown = tokens[:, WITHIN] == 4
    rows = unknown.any(axis=1)
    assert rows.mean() == pytest.approx(0.25, abs=0.02)
    # Each is one stretch of a quarter of the insert or more.
    assert (np.diff(unknown[rows].astype(int), axis=1) == 1).sum(axis=1).max() <= 1
    sizes = unknown[rows].sum(axis=1)
    inside = LENGTH - 7
    assert (sizes.min(), sizes.max()) == (-(-inside // 4), inside)
    training = {row.tobytes() for row in TRAINING}
    for row in tokens[rows][:100]:
        assert any((np.frombuffer(own, np.uint8)[row < 4] == row[row < 4]).all() for own in training)


def test_repeats_have_units_of_one_to_six_bases(tokens):
    periods = np.array([period(row) for row in tokens[:, WITHIN] if (row < 4).all()])
    # Half of the repeats are clean; others have no changed base by chance, at a rate between 0 and 0.1.
    by_chance = np.mean((1 - 0.75 * np.linspace(0, 0.1, 1000)) ** (LENGTH - 7))
    assert (periods > 0).sum() / NUMBER == pytest.approx(0.25 * (1 + by_chance) / 2, abs=0.02)
    shares = np.bincount(periods, minlength=7)[1:] / NUMBER
    assert (shares > 0.01).all()


def test_the_gc_content_takes_every_value(tokens):
    content = gc_content(tokens[:, WITHIN])
    assert np.quantile(content, [0.02, 0.98]) == pytest.approx([0, 1], abs=0.1)


def test_draws_follow_from_the_seed():
    check_draws_follow_from_the_seed(draw, TRAINING)


@pytest.mark.parametrize("number", [-5, 0, 1])
def test_fewer_than_two_sequences_are_refused(number):
    check_fewer_than_two_are_refused(draw, TRAINING, number)
