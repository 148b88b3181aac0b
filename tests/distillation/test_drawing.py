"""The sequences of a pool."""

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.data.training_rows import training_rows
from degu.distillation.drawing import draw_pool
from degu.errors import DeguError
from tests.conftest import small_store

MUTATIONS = {"augmentations": [{"name": "mutation", "fraction": 0.3}], "number": 1, "selection": "hard"}
CROSSOVERS = {"augmentations": [{"name": "two_point_crossover"}], "number": 1, "selection": "hard"}


def pool(source, augmentation=None, variants=1, name="mine"):
    return {"name": name, "source": source, "augmentation": augmentation, "variants": variants}


def draw(store, settings, fraction=0.5, seed=1):
    return draw_pool(settings, store, training_rows(store, fraction, 1), seed)


def differences(one, other):
    """Return the number of positions at which each sequence differs from the most similar one of others."""
    return np.array([(row != other).sum(axis=1).min() for row in one])


def test_variants_are_made_of_the_rows_of_the_fraction_and_of_those_of_the_validation_split(store):
    rows = training_rows(store, 0.5, 1)
    drawn = draw(store, pool({"name": "training"}, MUTATIONS, 3))
    own = {"train": store.tokens[rows.subset], "validation": store.tokens[store.rows("validation")]}
    assert len(drawn["train"]) == 3 * len(rows.subset)
    assert len(drawn["validation"]) == len(store.rows("validation"))
    length = store.tokens.shape[1]
    for part, tokens in drawn.items():
        # At most the part that mutations redraw.
        assert differences(tokens, own[part]).max() <= round(0.3 / 0.75 * length)
        assert differences(tokens, own[part]).mean() > 1


def test_the_first_of_them_are_each_of_another_sequence(store):
    few = {"augmentations": [{"name": "mutation", "fraction": 0.05}], "number": 1, "selection": "hard"}
    rows = training_rows(store, 0.5, 1)
    drawn = draw(store, pool({"name": "training"}, few, 2))["train"][: len(rows.subset)]
    nearest = [int((row != store.tokens[rows.subset]).sum(axis=1).argmin()) for row in drawn]
    assert sorted(nearest) == list(range(len(rows.subset)))
    assert nearest != sorted(nearest)


def test_a_segment_of_a_crossover_comes_from_the_same_split(store):
    tokens = draw(store, pool({"name": "training"}, CROSSOVERS, 4))["validation"]
    own = store.tokens[store.rows("validation")]
    for row in tokens:
        # Each position is that of one of two sequences.
        assert any(((row == one) | (row == other)).all() for one in own for other in own if (one != other).any()), (
            decode(row[None])
        )


def test_a_tenth_of_sequences_from_elsewhere_is_kept_for_validation(store):
    drawn = draw(store, pool({"name": "random", "number": 41}))
    assert (len(drawn["train"]), len(drawn["validation"])) == (36, 5)


def test_flanks_stay_as_they_are():
    store = small_store()
    store.attributes["flanks"] = [3, 2]
    store.tokens[:, :3], store.tokens[:, -2:] = 1, 2
    for settings in (pool({"name": "training"}, MUTATIONS), pool({"name": "random", "number": 30}, MUTATIONS)):
        for tokens in draw(store, settings).values():
            assert (tokens[:, :3] == 1).all()
            assert (tokens[:, -2:] == 2).all()


def test_draws_follow_from_the_seed_and_the_name_alone(store):
    settings = pool({"name": "training"}, MUTATIONS)
    first, again = draw(store, settings), draw(store, settings)
    other_seed, other_name = draw(store, settings, seed=2), draw(store, {**settings, "name": "other"})
    for part in first:
        np.testing.assert_array_equal(first[part], again[part])
        assert (first[part] != other_seed[part]).any()
        assert (first[part] != other_name[part]).any()


def test_one_sequence_is_too_few(store, tmp_path):
    path = tmp_path / "one.fa"
    path.write_text(f">one\n{decode(store.tokens[:1])[0]}\n")
    with pytest.raises(DeguError, match="mine: the pool has one sequence"):
        draw(store, pool({"name": "file", "path": str(path)}))
