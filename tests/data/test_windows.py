"""Windows that are drawn anew for each batch, against what is read from the chromosome itself."""

import numpy as np
import pytest

from degu.data.sequences import reverse_complement
from degu.data.windows import Windows
from degu.errors import DeguError
from tests.data.counted import CONTEXT, LENGTH, POSITIONS, counted_store, genome

ROWS = 60
NAMES = ("mean", "aleatoric", "profile", "profile_aleatoric")


def recipe(jitter=0, turned=False):
    return {"windows": {"jitter": jitter, "reverse_complement": turned}, "profile_bins": 5}


def windows_of(store, **settings):
    return Windows.of_store(store, np.arange(ROWS), recipe(**settings))


def read(middle, shift, turned):
    """Return the bases, and the counts (R, S, P), at a place of the chromosome, read base by base."""
    bases, counts = genome(ROWS)
    middle += shift
    tokens = bases[middle - LENGTH // 2 : middle + LENGTH // 2]
    own = counts[:, :, middle - POSITIONS // 2 : middle + POSITIONS // 2]
    if not turned:
        return tokens, own
    both = np.empty_like(own)
    for position in range(POSITIONS):
        both[:, 0, position] = own[:, 1, POSITIONS - 1 - position]
        both[:, 1, position] = own[:, 0, POSITIONS - 1 - position]
    return reverse_complement(tokens), both


@pytest.mark.parametrize(("jitter", "turned"), [(CONTEXT, True), (CONTEXT, False), (2, True), (0, True)])
def test_each_window_is_a_place_of_the_chromosome_with_its_counts(jitter, turned):
    store, middles = counted_store(ROWS)
    windows = windows_of(store, jitter=jitter, turned=turned)
    rng, seen = np.random.default_rng(1), set()
    for _ in range(30):
        rows = rng.integers(0, ROWS, 16)
        tokens, arrays = windows.draw(rows, rng, NAMES)
        for index, row in enumerate(rows):
            places = [(shift, way) for shift in range(-jitter, jitter + 1) for way in (False, True)[: 1 + turned]]
            matching = [place for place in places if (read(middles[row], *place)[0] == tokens[index]).all()]
            assert len(matching) == 1
            seen |= set(matching)
            _, counts = read(middles[row], *matching[0])
            np.testing.assert_array_equal(arrays["profile"][index, 0], counts.sum(axis=0))
            assert arrays["mean"][index, 0] == pytest.approx(np.log(1 + counts.sum()))
    # Every place and both strands are drawn.
    assert len(seen) == (2 * jitter + 1) * (1 + turned)


def test_the_std_over_replicates_is_that_of_the_drawn_window():
    store, middles = counted_store(ROWS)
    tokens, arrays = windows_of(store, jitter=3).draw(np.arange(8), np.random.default_rng(3), NAMES)
    depths = np.array(store.attributes["depths"]["starts"])
    for row in range(8):
        (shift,) = [s for s in range(-3, 4) if (read(middles[row], s, False)[0] == tokens[row]).all()]
        counts = read(middles[row], shift, False)[1].astype(float)
        logs = [np.log(1 + own.sum() * depths.sum() / depth) for own, depth in zip(counts, depths, strict=True)]
        assert arrays["aleatoric"][row, 0] == pytest.approx(np.std(logs, ddof=1))
        shares = [own.reshape(2, 5, -1).sum(axis=-1) / own.sum() for own in counts]
        np.testing.assert_allclose(arrays["profile_aleatoric"][row, 0], np.std(shares, axis=0, ddof=1))


def test_without_names_only_sequences_are_drawn_and_by_the_same_draws():
    windows = windows_of(counted_store(ROWS)[0], jitter=4, turned=True)
    alone, nothing = windows.draw(np.arange(20), np.random.default_rng(5), ())
    tokens, _ = windows.draw(np.arange(20), np.random.default_rng(5), NAMES)
    assert nothing == {}
    np.testing.assert_array_equal(alone, tokens)


def test_places_are_drawn_equally_often():
    windows = windows_of(counted_store(ROWS)[0], jitter=2)
    tokens, _ = windows.draw(np.zeros(5000, dtype=int), np.random.default_rng(6), ())
    _, counts = np.unique(tokens, axis=0, return_counts=True)
    assert len(counts) == 5
    np.testing.assert_allclose(counts / 5000, 0.2, atol=0.02)


def test_rows_are_those_that_are_asked_for():
    windows = windows_of(counted_store(ROWS)[0], jitter=1)
    some = windows.of_rows(np.array([5, 9]))
    both = [own.draw(rows, np.random.default_rng(7), ("profile",)) for own, rows in ((windows, [5, 9]), (some, [0, 1]))]
    np.testing.assert_array_equal(both[0][0], both[1][0])
    np.testing.assert_array_equal(both[0][1]["profile"], both[1][1]["profile"])


def test_windows_that_stay_are_none():
    assert windows_of(counted_store(ROWS)[0]) is None


def test_more_bases_than_are_kept_are_refused():
    with pytest.raises(DeguError, match=f"up to 7 bases, and the data set keeps {CONTEXT}"):
        windows_of(counted_store(ROWS)[0], jitter=7)
    with pytest.raises(DeguError, match="up to 1 bases, and the data set keeps 0"):
        windows_of(counted_store(ROWS, context=0)[0], jitter=1)


def test_a_data_set_without_counts_is_refused():
    store, _ = counted_store(ROWS)
    store.counts = None
    with pytest.raises(DeguError, match="no counts at each base"):
        windows_of(store, turned=True)
