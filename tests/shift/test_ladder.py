"""Ladders, against each kind of shift itself."""

import numpy as np
import pytest

from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.shift.ladder import Rung, chosen_rows, draw_rungs, read_ladder, with_truth, write_ladder
from tests.conftest import small_store

TOKENS = np.random.default_rng(1).integers(0, 4, size=(30, 40), dtype=np.uint8)
MUTATION = {"name": "mine", "kind": "mutation", "levels": [0.1, 0.5, 1.0]}


def test_flanks_stay_and_levels_differ():
    rungs = list(draw_rungs(MUTATION, TOKENS, (4, 3), 1))
    assert [rung.level for rung in rungs] == MUTATION["levels"]
    for rung in rungs:
        np.testing.assert_array_equal(rung.tokens[:, :4], TOKENS[:, :4])
        np.testing.assert_array_equal(rung.tokens[:, -3:], TOKENS[:, -3:])
        assert ((rung.tokens != TOKENS).sum(axis=1) == round(rung.level * 33)).all()
        assert rung.values is None
        assert rung.seen is rung.tokens


def test_draws_follow_from_the_seed_the_name_and_the_level():
    one, again = (list(draw_rungs(MUTATION, TOKENS, (0, 0), 1)) for _ in range(2))
    for first, second in zip(one, again, strict=True):
        np.testing.assert_array_equal(first.tokens, second.tokens)
    for other in (
        draw_rungs(MUTATION, TOKENS, (0, 0), 2),
        draw_rungs({**MUTATION, "name": "other"}, TOKENS, (0, 0), 1),
        draw_rungs({**MUTATION, "levels": [0.5, 0.1, 0.2]}, TOKENS, (0, 0), 1),
    ):
        assert (next(iter(other)).tokens != one[0].tokens).any()


def test_noise_is_on_the_values_between_the_flanks():
    settings = {
        "name": "noise",
        "kind": "evoaug",
        "levels": [1],
        "augmentations": [{"name": "gaussian_noise", "std": 0.5}],
    }
    (rung,) = draw_rungs(settings, TOKENS, (4, 3), 1)
    np.testing.assert_array_equal(rung.tokens, TOKENS)
    noise = rung.values - one_hot(TOKENS)
    assert not noise[:, :4].any() and not noise[:, -3:].any()
    assert noise[:, 4:-3].std() == pytest.approx(0.5, abs=0.03)
    assert rung.seen is rung.values


def test_the_truth_is_that_of_the_changed_sequences():
    rung = with_truth(Rung(0.5, TOKENS), lambda tokens: (tokens.sum(axis=1), tokens.mean(axis=1)))
    np.testing.assert_array_equal(rung.mean, TOKENS.sum(axis=1))
    np.testing.assert_array_equal(rung.noise_std, TOKENS.mean(axis=1))
    assert with_truth(Rung(0.5, TOKENS), None).mean is None


def test_what_is_written_is_read(tmp_path):
    rungs = [
        Rung(0.1, TOKENS, mean=np.arange(30.0), noise_std=np.ones(30)),
        Rung(0.2, TOKENS[::-1], one_hot(TOKENS) + np.float32(0.5)),
    ]
    write_ladder(tmp_path / "a.h5", iter(rungs), np.arange(30) * 2, "digest", name="mine", level_word="a level")
    ladder = read_ladder(tmp_path / "a.h5", "digest")
    assert (ladder.name, ladder.level_word, ladder.levels) == ("mine", "a level", [0.1, 0.2])
    np.testing.assert_array_equal(ladder.rows, np.arange(30) * 2)
    for rung, read in zip(rungs, ladder, strict=True):
        for name in ("level", "tokens", "values", "mean", "noise_std"):
            if getattr(rung, name) is None:
                assert getattr(read, name) is None
            else:
                np.testing.assert_array_equal(getattr(read, name), getattr(rung, name))
    with pytest.raises(DeguError, match="of another version of the data set"):
        read_ladder(tmp_path / "a.h5", "other")


def test_as_many_test_rows_are_taken_as_are_asked_for():
    store = small_store(rows=200)
    test = store.rows("test")
    np.testing.assert_array_equal(chosen_rows(store, len(test), 1), test)
    few = chosen_rows(store, 10, 1)
    assert len(set(few.tolist())) == 10 and set(few) <= set(test) and (np.diff(few) > 0).all()
    np.testing.assert_array_equal(few, chosen_rows(store, 10, 1))
    assert (few != chosen_rows(store, 10, 2)).any()
