"""Augmentations put together: how many, which, in which order, and where."""

from collections import Counter
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

from degu.config.plugins import known_names
from degu.data import augmenting
from degu.data.augmenting import Augmenter, choose
from degu.data.batches import Batches
from degu.data.sequences import decode, encode, one_hot, reverse_complement
from degu.errors import DeguError
from tests.conftest import REPOSITORY
from tests.data.augmentation.strings import check_distribution, random_tokens

# An augmentation each, with settings that change almost every sequence.
EVERY = {name: {"name": name} for name in known_names("augmentation")}
EVERY["motif_planting"] |= {"names": ["HNF4A"], "file": str(REPOSITORY / "resources" / "jaspar_motifs.txt")}
ALWAYS_REVERSED = {"name": "reverse_complement", "probability": 1}


def shift(bases: int) -> dict:
    return {"name": "translocation", "minimum": bases, "maximum": bases}


def insertion(bases: int) -> dict:
    return {"name": "insertion", "minimum": bases, "maximum": bases}


# Which augmentations change which sequences


def drawn(augmentations: int, number: int, *, soft: bool, sequences: int = 6000) -> list[tuple[int, ...]]:
    chosen = choose(sequences, augmentations, number, soft=soft, rng=np.random.default_rng(0))
    assert chosen.shape == (sequences, augmentations)
    return [tuple(np.flatnonzero(row).tolist()) for row in chosen]


@pytest.mark.parametrize(("augmentations", "number"), [(5, 3), (4, 1), (3, 3), (1, 1)])
def test_each_subset_of_just_that_many_is_as_likely(augmentations, number):
    subsets = list(combinations(range(augmentations), number))
    check_distribution(drawn(augmentations, number, soft=False), dict.fromkeys(subsets, 1 / len(subsets)))


@pytest.mark.parametrize(("augmentations", "number"), [(4, 2), (5, 3), (3, 3), (4, 1)])
def test_each_count_up_to_the_number_is_as_likely_and_each_subset_of_it(augmentations, number):
    probability = {}
    for count in range(1, number + 1):
        subsets = list(combinations(range(augmentations), count))
        probability |= dict.fromkeys(subsets, 1 / len(subsets) / number)
    check_distribution(drawn(augmentations, number, soft=True), probability)


def test_each_sequence_has_draws_of_its_own():
    """EvoAug-TF draws one combination for all sequences of a batch."""
    tokens = np.repeat(random_tokens(1, 40, letters=4), 200, axis=0)
    augmenter = Augmenter([shift(3), ALWAYS_REVERSED], length=40)
    result = Counter(decode(augmenter(tokens, np.random.default_rng(0)).tokens))
    own = tokens[:1]
    expected = [np.roll(own, 3, axis=1), np.roll(own, -3, axis=1), reverse_complement(own)]
    assert set(result) == {decode(each)[0] for each in expected}


# How they are put together


def writing(number: int) -> SimpleNamespace:
    """Return an augmentation that writes a number at the first position that is 0."""

    def augment(tokens: np.ndarray, rng: np.random.Generator, **options: object) -> np.ndarray:
        result = tokens.copy()
        result[np.arange(len(tokens)), (tokens > 0).sum(axis=1)] = number
        return result

    return SimpleNamespace(augment=augment)


@pytest.mark.parametrize(("number", "selection"), [(1, "hard"), (2, "hard"), (4, "hard"), (3, "soft")])
def test_those_that_are_drawn_are_applied_once_each_in_the_order_of_the_list(monkeypatch, number, selection):
    names = ["mutation", "deletion", "inversion", "insertion"]
    monkeypatch.setattr(augmenting, "load", lambda kind, name: writing(1 + names.index(name)))
    augmenter = Augmenter([{"name": name} for name in names], number=number, selection=selection, length=5)
    tokens = augmenter(np.zeros((6000, 5), dtype=np.uint8), np.random.default_rng(0)).tokens
    probability = {}
    counts = [number] if selection == "hard" else range(1, number + 1)
    for count in counts:
        subsets = list(combinations(range(1, 5), count))
        probability |= {subset + (0,) * (5 - count): 1 / len(subsets) / len(counts) for subset in subsets}
    check_distribution(map(tuple, tokens.tolist()), probability)


def test_a_site_stands_if_it_is_planted_after_all_is_deleted_and_not_before():
    plant = {**EVERY["motif_planting"], "names": ["MAX"]}
    delete = {"name": "deletion", "minimum": 20, "maximum": 20}
    counts = []
    for order in ([delete, plant], [plant, delete]):
        result = Augmenter(order, number=2, length=20)(random_tokens(200, 20), np.random.default_rng(0)).tokens
        counts.append(sum("CACGTG" in sequence for sequence in decode(result)))
    assert counts[0] > 100 and counts[1] < 10


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_augmentation_leaves_the_flanks_alone(name):
    tokens = random_tokens(60, 50)
    result = Augmenter([EVERY[name]], length=50, flanks=(7, 5))(tokens, np.random.default_rng(0))
    for slice_ in (slice(None, 7), slice(45, None)):
        np.testing.assert_array_equal(result.tokens[:, slice_], tokens[:, slice_])
        np.testing.assert_array_equal(result.values[:, slice_], one_hot(tokens[:, slice_]))
    assert (result.values[:, 7:45] != one_hot(tokens[:, 7:45])).any()


def test_what_lies_between_the_flanks_is_changed_as_if_it_stood_alone():
    tokens = random_tokens(30, 50)
    settings = {"augmentations": [EVERY[name] for name in sorted(EVERY)], "number": 3, "selection": "soft"}
    whole = Augmenter(**settings, length=50, flanks=(7, 5))(tokens, np.random.default_rng(0)).tokens
    inner = Augmenter(**settings, length=38)(tokens[:, 7:45], np.random.default_rng(0)).tokens
    np.testing.assert_array_equal(whole[:, 7:45], inner)


def test_two_insertions_of_different_lengths_keep_the_length():
    """EvoAug pads by the last insertion of its list, whatever the others put in."""
    tokens = random_tokens(30, 40)
    result = Augmenter([insertion(20), insertion(3)], number=1, length=40)(tokens, np.random.default_rng(0)).tokens
    assert result.shape == tokens.shape


def test_a_sequence_that_no_insertion_is_drawn_for_is_not_padded():
    tokens = random_tokens(300, 40)
    never = {"name": "reverse_complement", "probability": 0}
    result = Augmenter([insertion(20), never], length=40)(tokens, np.random.default_rng(0)).tokens
    unchanged = (result == tokens).all(axis=1)
    assert 100 < unchanged.sum() < 200


# Noise


def test_noise_is_on_the_values_and_tokens_stay_clean():
    tokens = random_tokens(20, 30)
    result = Augmenter([{"name": "gaussian_noise", "std": 0.3}], length=30)(tokens, np.random.default_rng(0))
    np.testing.assert_array_equal(result.tokens, tokens)
    noise = result.values - one_hot(tokens)
    assert result.values.dtype == np.float32 and (noise != 0).mean() > 0.99
    assert noise.std() == pytest.approx(0.3, rel=0.05)


def test_noise_comes_last_wherever_it_stands_in_the_list_and_only_to_those_that_it_is_drawn_for():
    tokens = random_tokens(400, 30, letters=4)
    noise = {"name": "gaussian_noise", "mean": 1, "std": 0}
    result = Augmenter([noise, ALWAYS_REVERSED], number=2, selection="soft", length=30)(
        tokens, np.random.default_rng(0)
    )
    raised = (result.values - one_hot(result.tokens) == 1).all(axis=(1, 2))
    same = (result.values == one_hot(result.tokens)).all(axis=(1, 2))
    reversed_ = (result.tokens == reverse_complement(tokens)).all(axis=1)
    assert (raised ^ same).all()
    check_distribution(
        zip(raised.tolist(), reversed_.tolist(), strict=True),
        {(True, True): 0.5, (True, False): 0.25, (False, True): 0.25},
    )


def test_without_noise_the_values_are_the_tokens():
    result = Augmenter([shift(3)], length=30)(random_tokens(20, 30), np.random.default_rng(0))
    np.testing.assert_array_equal(result.values, one_hot(result.tokens))


# Seeds, types and batches


def test_the_result_comes_from_the_seed_alone_and_is_the_same_in_every_type():
    settings = {"augmentations": list(EVERY.values()), "number": 3, "selection": "soft", "length": 40}
    tokens = random_tokens(30, 40)
    first, other = (Augmenter(**settings)(tokens, np.random.default_rng(seed)) for seed in (1, 2))
    again = Augmenter(**settings)(tokens.astype(np.int64), np.random.default_rng(1))
    np.testing.assert_array_equal(first.tokens, again.tokens)
    np.testing.assert_array_equal(first.values, again.values)
    assert first.tokens.dtype == np.uint8 and again.tokens.dtype == np.int64
    assert (first.tokens != other.tokens).any()
    np.testing.assert_array_equal(tokens, random_tokens(30, 40))


def test_one_sequence_and_none_can_be_changed():
    augmenter = Augmenter(list(EVERY.values()), number=11, length=40)
    for rows in (0, 1):
        assert augmenter(random_tokens(rows, 40), np.random.default_rng(0)).values.shape == (rows, 40, 4)


def test_batches_take_it_and_label_the_clean_tokens():
    tokens = random_tokens(20, 30, letters=4)
    augmenter = Augmenter([shift(2), {"name": "gaussian_noise"}], number=2, length=30)
    data = Batches(
        tokens, batch_size=6, seed=4, augment=augmenter, label=lambda own: (own == 2).sum(axis=1, keepdims=True)
    )
    data.on_epoch_begin()
    for index in range(len(data)):
        values, labels = data[index]
        clean = values.argmax(axis=2)
        np.testing.assert_array_equal((clean == 2).sum(axis=1), labels[:, 0])
        assert (values % 1 != 0).mean() > 0.9


# Mistakes


@pytest.mark.parametrize("flanks", [(-1, 0), (0, -1), (10, 10), (20, 0)])
def test_flanks_that_leave_nothing_are_refused(flanks):
    with pytest.raises(DeguError, match=r"^flanks: flanks of (.|\n)*expected: (.|\n)*remedy: "):
        Augmenter([shift(0)], length=20, flanks=flanks)


def test_an_option_that_is_too_large_for_the_sequences_is_refused_before_any_is_changed():
    Augmenter([shift(18)], length=20, flanks=(1, 1))
    with pytest.raises(DeguError, match=r"translocation\.maximum: at most 19 bases, and the sequences have 18"):
        Augmenter([shift(0), shift(19)], length=20, flanks=(1, 1))
    with pytest.raises(DeguError, match=r"gaussian_noise\)\.std: -1 is out of range"):
        Augmenter([{"name": "gaussian_noise", "std": -1}], length=20)


def test_a_mistake_in_the_list_is_reported():
    with pytest.raises(DeguError, match=r"unknown option 'mut_frac'"):
        Augmenter([{"name": "mutation", "mut_frac": 0.1}], length=20)


def test_sequences_of_another_length_are_refused():
    with pytest.raises(DeguError, match=r"sequences of 21 bases\n  expected: 20 bases"):
        Augmenter([shift(1)], length=20)(random_tokens(3, 21), np.random.default_rng(0))


def test_encoded_strings_can_be_changed():
    result = Augmenter([ALWAYS_REVERSED], length=4)(encode(["AACG"]), np.random.default_rng(0))
    assert decode(result.tokens) == ["CGTT"]
