"""Which sequences are explained, and the file of them."""

from dataclasses import fields

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu.attribution.explained_sequences import (
    ExplainedSequences,
    choose_sequences,
    read_explained_sequences,
    write_explained_sequences,
)
from degu.data.splits import CODE
from degu.data.store import SequenceStore
from degu.errors import DeguError
from tests.conftest import small_store

SEQUENCES = {"top": 7, "quantiles": 4, "per_quantile": 3}
UNIFORM = {"method": "uniform", "number": 2}


def store_of(rows: int = 384) -> SequenceStore:
    """Return a store of two targets, an eighth of whose rows are the test split."""
    return small_store(rows=rows, targets=2)


def choose(store: SequenceStore, target: int = 0, seed: int = 1, background: dict = UNIFORM, **sequences: int):
    return choose_sequences(store, target, SEQUENCES | sequences, background, np.random.default_rng(seed))


def assert_same(one: ExplainedSequences, other: ExplainedSequences) -> None:
    for field in fields(ExplainedSequences):
        first, second = getattr(one, field.name), getattr(other, field.name)
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)


# The choice


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("sequences", [{}, {"top": 10_000}, {"per_quantile": 10_000}])
def test_none_is_of_another_split_and_each_comes_once_in_order(target, sequences):
    store = store_of()
    chosen = choose(store, target, **sequences)
    assert set(store.split[chosen.rows]) == {CODE["test"]}
    assert (np.diff(chosen.rows) > 0).all()
    assert chosen.rows.dtype == np.int64
    np.testing.assert_array_equal(chosen.tokens, store.tokens[chosen.rows])
    assert len(chosen.rows) == len(chosen.top) == len(chosen.quantile) == len(chosen.backgrounds)
    assert (chosen.top | (chosen.quantile > 0)).all()


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("top", [0, 1, 7, 48])
def test_top_are_those_of_the_highest_activity_of_the_target(target, top):
    store = store_of()
    chosen = choose(store, target, top=top)
    activity = {row: store.targets[row, target] for row in range(384) if store.split[row] == CODE["test"]}
    highest = sorted(activity, key=activity.get, reverse=True)[:top]
    assert set(chosen.rows[chosen.top]) == set(highest)


def test_of_equal_activity_no_more_are_top_than_asked():
    store = store_of()
    store.targets[:] = 1
    chosen = choose(store)
    assert chosen.top.sum() == 7
    assert [(chosen.quantile == number).sum() for number in (1, 2, 3, 4)] == [3, 3, 3, 3]


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize(("quantiles", "per_quantile"), [(4, 3), (1, 5), (6, 8), (48, 1)])
def test_quantiles_are_drawn_from_bins_of_equal_size(target, quantiles, per_quantile):
    store = store_of()
    chosen = choose(store, target, quantiles=quantiles, per_quantile=per_quantile)
    test = store.rows("test")
    bins = dict(zip(test, 1 + pd.qcut(store.targets[test, target], quantiles, labels=False), strict=True))
    drawn = chosen.quantile > 0
    assert [bins[row] for row in chosen.rows[drawn]] == chosen.quantile[drawn].tolist()
    assert np.bincount(chosen.quantile[drawn]).tolist() == [0, *[per_quantile] * quantiles]


@pytest.mark.parametrize("rows", [392, 400, 403])
def test_bins_of_a_number_that_does_not_divide_differ_by_one_at_most(rows):
    store = store_of(rows)
    chosen = choose(store, per_quantile=10_000)
    sizes = np.bincount(chosen.quantile)[1:]
    assert len(sizes) == 4 and np.ptp(sizes) <= 1
    assert sizes.sum() == len(store.rows("test"))
    activity = store.targets[chosen.rows, 0]
    for number in (1, 2, 3):
        assert activity[chosen.quantile == number].max() <= activity[chosen.quantile == number + 1].min()


def test_a_sequence_may_be_both_among_the_top_and_of_a_quantile():
    chosen = choose(store_of(), per_quantile=12)
    assert (chosen.top & (chosen.quantile == 4)).sum() == 7
    assert len(chosen.rows) == 48
    # Those that are top alone belong to no quantile.
    chosen = choose(store_of(), per_quantile=0)
    assert (chosen.quantile == 0).all() and chosen.top.all() and len(chosen.rows) == 7
    chosen = choose(store_of(), top=0)
    assert not chosen.top.any() and len(chosen.rows) == 12


def test_every_sequence_of_a_bin_is_as_likely_drawn():
    store = store_of()
    draws = 400
    counts = np.zeros(384)
    for seed in range(draws):
        chosen = choose(store, seed=seed, top=0, background={"method": "uniform", "number": 1})
        counts[chosen.rows] += 1
    found = counts[store.rows("test")]
    # Three of twelve, without replacement: the variance of a count is that of a binomial.
    z = (found - draws * 0.25) / np.sqrt(draws * 0.25 * 0.75)
    assert np.abs(z).max() < 4
    # Within each bin, the counts sum to what was drawn; 11 of 12 are free.
    assert stats.chi2.sf((z**2).sum() * 11 / 12, df=44) > 1e-3


def test_where_there_are_fewer_all_are_taken():
    store = store_of(80)
    chosen = choose(store, top=1000, per_quantile=1000)
    np.testing.assert_array_equal(chosen.rows, store.rows("test"))
    assert chosen.top.all() and (chosen.quantile > 0).all()
    # More bins than sequences.
    chosen = choose(store, top=0, quantiles=30, per_quantile=1)
    assert len(chosen.rows) == len(store.rows("test")) == len(set(chosen.quantile))


def test_the_choice_follows_from_the_seed():
    store = store_of()
    first, other = choose(store), choose(store, seed=2)
    assert_same(first, choose(store))
    np.testing.assert_array_equal(first.rows[first.top], other.rows[other.top])
    drawn, drawn_otherwise = (set(one.rows[one.quantile > 0]) for one in (first, other))
    assert drawn != drawn_otherwise
    assert (first.backgrounds[0] != other.backgrounds[0]).any()


# Backgrounds


@pytest.mark.parametrize("number", [1, 5])
@pytest.mark.parametrize("method", ["uniform", "training", "dinucleotide_shuffle"])
def test_each_sequence_has_as_many_backgrounds_as_asked(method, number):
    chosen = choose(store_of(), background={"method": method, "number": number})
    assert chosen.backgrounds.shape == (len(chosen.rows), number, 24)
    assert chosen.backgrounds.dtype == np.uint8


def test_training_backgrounds_are_of_the_training_split():
    store = store_of()
    chosen = choose(store, background={"method": "training", "number": 4})
    known = {tuple(row) for row in store.tokens[store.rows("train")]}
    assert {tuple(row) for row in chosen.backgrounds.reshape(-1, 24)} <= known


def test_shuffles_are_of_the_sequence_itself():
    chosen = choose(store_of(), background={"method": "dinucleotide_shuffle", "number": 3})
    for tokens, backgrounds in zip(chosen.tokens, chosen.backgrounds, strict=True):
        for background in backgrounds:
            np.testing.assert_array_equal(np.bincount(background, minlength=4), np.bincount(tokens, minlength=4))


# The file


@pytest.fixture
def written(tmp_path):
    store = store_of()
    chosen = {name: choose(store, target) for target, name in enumerate(store.target_names)}
    path = tmp_path / "explained.h5"
    write_explained_sequences(chosen, path, store.digest)
    return store, chosen, path


def test_the_file_gives_back_what_was_chosen_by_each_target(written):
    store, chosen, path = written
    read = read_explained_sequences(path, store)
    assert set(read) == {"target0", "target1"}
    for target in read:
        assert_same(read[target], chosen[target])
    assert (read["target0"].top != read["target1"].top).any() or (read["target0"].rows != read["target1"].rows).any()


def test_sequences_of_another_store_are_refused(written):
    store, _, path = written
    store.attributes["digest"] = "another"
    with pytest.raises(DeguError, match=r"explained\.h5: this file of sequences is of another version of the data set"):
        read_explained_sequences(path, store)


@pytest.mark.parametrize("damage", ["absent", "cut off", "empty", "no digest", "no target", "no field"])
def test_a_file_that_is_damaged_is_refused(written, damage):
    store, _, path = written
    if damage == "absent":
        path.unlink()
    elif damage in ("cut off", "empty"):
        path.write_bytes(path.read_bytes()[:-200] if damage == "cut off" else b"")
    else:
        with h5py.File(path, "a") as file:
            if damage == "no digest":
                del file.attrs["store_digest"]
            else:
                del file["target1" if damage == "no target" else "target1/quantile"]
    told = "the file of sequences cannot be read" if damage == "absent" else "not a readable file of sequences"
    with pytest.raises(DeguError, match=rf"explained\.h5: {told}") as caught:
        read_explained_sequences(path, store)
    assert ("remedy:   delete" in str(caught.value)) == (damage != "absent")


def test_nothing_is_left_of_a_file_that_cannot_be_written_to_its_end(tmp_path):
    chosen = {"target0": choose(store_of()), "target1": None}
    with pytest.raises(TypeError):
        write_explained_sequences(chosen, tmp_path / "explained.h5", "digest")
    assert list(tmp_path.iterdir()) == []
