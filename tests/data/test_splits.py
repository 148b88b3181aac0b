import itertools

import numpy as np
import pytest

from degu.data.sequences import encode
from degu.data.splits import (
    CODE,
    check_splits,
    connect_groups,
    cut_calibration,
    find_leaks,
    named_split,
    present_labels,
    random_split,
    training_subset,
)
from degu.errors import DeguError

FRACTIONS = {"train": 0.7, "validation": 0.1, "calibration": 0.05, "test": 0.15}
PUBLISHED = {"train": 0.8, "validation": 0.05, "calibration": 0.05, "test": 0.1}
TRAIN, VALIDATION, CALIBRATION, TEST = (CODE[name] for name in ("train", "validation", "calibration", "test"))


def count(split, name):
    return int((split == CODE[name]).sum())


def assert_no_group_straddles(split, groups):
    for group in np.unique(groups):
        assert len(set(split[groups == group])) == 1


def brute_force_groups(sequences, labels=None):
    """Merge rows until nothing changes, then number the groups in order of first appearance."""
    sequences = [sequence.strip("N") for sequence in sequences]
    partner = str.maketrans("ACGTN", "TGCAN")
    group = list(range(len(sequences)))
    changed = True
    while changed:
        changed = False
        for one, other in itertools.combinations(range(len(sequences)), 2):
            related = sequences[one] in (sequences[other], sequences[other].translate(partner)[::-1])
            if labels is not None:
                related |= labels[one] == labels[other]
            if related and group[one] != group[other]:
                group[one] = group[other] = min(group[one], group[other])
                changed = True
    number = {}
    return [number.setdefault(value, len(number)) for value in group]


def test_splits_have_the_codes_of_the_store():
    assert CODE == {"train": 0, "validation": 1, "calibration": 2, "test": 3}


@pytest.mark.parametrize("seed", range(4))
def test_groups_of_sequences_agree_with_brute_force(seed):
    rng = np.random.default_rng(seed)
    sequences = ["".join(rng.choice(list("ACGT"), size=3)) for _ in range(40)]
    assert connect_groups(encode(sequences)).tolist() == brute_force_groups(sequences)


@pytest.mark.parametrize("seed", range(4))
def test_groups_of_sequences_and_labels_agree_with_brute_force(seed):
    rng = np.random.default_rng(seed)
    sequences = ["".join(rng.choice(list("ACGT"), size=4)) for _ in range(40)]
    labels = np.array([f"label{value}" for value in rng.integers(0, 30, size=40)])
    expected = brute_force_groups(sequences, labels)
    assert 1 < len(set(expected)) < 30
    assert connect_groups(encode(sequences), labels).tolist() == expected


@pytest.mark.parametrize("seed", range(4))
def test_groups_of_sequences_with_n_at_their_ends_agree_with_brute_force(seed):
    rng = np.random.default_rng(seed)
    sequences = ["".join(rng.choice(list("ACGTN"), size=5, p=[0.2, 0.1, 0.1, 0.2, 0.4])) for _ in range(60)]
    expected = brute_force_groups([*sequences, "NNNNN"])
    assert any("N" in sequence.strip("N") for sequence in sequences)
    assert 1 < len(set(expected)) < 60
    assert connect_groups(encode([*sequences, "NNNNN"])).tolist() == expected


def test_a_chain_of_relatives_is_one_group():
    # 0 and 1 share a label, 1 and 2 are reverse complements, 2 and 3 share a label.
    groups = connect_groups(encode(["AAAC", "ACCC", "GGGT", "CACA", "GAGA"]), np.array(["x", "x", "y", "y", "z"]))
    assert groups.tolist() == [0, 0, 0, 0, 1]


def test_groups_are_int64_numbered_in_order_of_first_appearance():
    groups = connect_groups(encode(["TTTC", "AAAC", "TTTC", "ACAC"]))
    assert groups.dtype == np.int64
    assert groups.tolist() == [0, 1, 0, 2]


def test_numeric_labels_group_like_text():
    groups = connect_groups(encode(["AAAC", "AACC", "ACCC"]), np.array([7, 8, 7]))
    assert groups.tolist() == [0, 1, 0]


@pytest.mark.parametrize("seed", range(3))
def test_each_split_has_its_fraction_of_the_rows(seed):
    split = random_split(np.arange(2000), FRACTIONS, np.random.default_rng(seed))
    assert split.dtype == np.uint8
    assert [count(split, name) for name in CODE] == [1400, 200, 100, 300]


@pytest.mark.parametrize("seed", range(3))
def test_groups_never_straddle_and_sizes_miss_by_less_than_the_largest_group(seed):
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.repeat(np.arange(300), rng.integers(1, 9, size=300)))
    split = random_split(groups, FRACTIONS, rng)
    assert_no_group_straddles(split, groups)
    for name, fraction in FRACTIONS.items():
        assert abs(count(split, name) - fraction * len(groups)) <= 8


def test_fractions_hold_within_each_stratum():
    rng = np.random.default_rng(0)
    groups = np.arange(1000)
    strata = np.where(rng.permutation(1000) < 200, "rare", "common")
    split = random_split(groups, FRACTIONS, rng, strata)
    for kind, size in (("rare", 200), ("common", 800)):
        for name, fraction in FRACTIONS.items():
            assert count(split[strata == kind], name) == round(fraction * size)


def test_group_of_two_kinds_stays_together():
    groups = np.repeat(np.arange(100), 2)
    strata = np.tile(["pair", "other"], 100)
    split = random_split(groups, FRACTIONS, np.random.default_rng(0), strata)
    assert_no_group_straddles(split, groups)


@pytest.mark.parametrize(
    ("pairs", "others", "train", "test"),
    [(61_253, 16_893, (98_004, 13_514), (12_250, 1_689)), (109_156, 7_393, (174_650, 5_914), (21_832, 739))],
    ids=["HepG2", "K562"],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_lentimpra_splits_have_the_published_sizes(pairs, others, train, test, seed):
    groups = np.concatenate([np.repeat(np.arange(pairs), 2), pairs + np.arange(others)])
    strata = np.repeat(["pair", "other"], [2 * pairs, others])
    split = random_split(groups, PUBLISHED, np.random.default_rng(seed), strata)
    for name, published in (("train", train), ("test", test)):
        assert (count(split[: 2 * pairs], name), count(split[2 * pairs :], name)) == published
    assert (split[: 2 * pairs : 2] == split[1 : 2 * pairs : 2]).all()
    rest = len(groups) - sum(train) - sum(test)
    assert count(split, "validation") + count(split, "calibration") == rest
    assert abs(count(split, "validation") - count(split, "calibration")) <= 4


def test_a_split_of_fraction_zero_is_empty():
    fractions = {"train": 0.0, "validation": 0.5, "calibration": 0.5, "test": 0.0}
    split = random_split(np.arange(10), fractions, np.random.default_rng(0))
    assert [count(split, name) for name in CODE] == [0, 5, 5, 0]


def test_random_split_follows_its_generator():
    first, again, other = (random_split(np.arange(200), FRACTIONS, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_group_numbers_need_not_be_contiguous():
    groups = np.array([10**9, 5, 5, 10**9])
    split = random_split(
        groups, {"train": 0.5, "validation": 0, "calibration": 0, "test": 0.5}, np.random.default_rng(0)
    )
    assert_no_group_straddles(split, groups)
    assert count(split, "train") == count(split, "test") == 2


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ({"train": 0.9, "test": 0.1}, "no fraction for validation, calibration"),
        ({**PUBLISHED, "tests": 0.0}, "unknown split 'tests'\n  expected: did you mean 'test'"),
        ({**PUBLISHED, "train": 0.9}, r"sum to 1\.1"),
        ({**PUBLISHED, "train": -0.1, "test": 1.0}, r"train is -0\.1"),
        ({**PUBLISHED, "train": 1.5}, r"train is 1\.5"),
        ({**PUBLISHED, "train": float("nan")}, "train is nan"),
    ],
)
def test_wrong_fractions_are_named(fractions, message):
    with pytest.raises(DeguError, match=message):
        random_split(np.arange(10), fractions, np.random.default_rng(0))


def test_labels_name_their_split():
    labels = np.array(["Train", "Val", "Test", "Cal", "Train"])
    names = {"train": ["Train"], "validation": ["Val"], "calibration": ["Cal"], "test": ["Test"]}
    split = named_split(labels, names)
    assert split.dtype == np.uint8
    assert split.tolist() == [TRAIN, VALIDATION, TEST, CALIBRATION, TRAIN]


def test_star_stands_for_all_other_labels_wherever_it_is_named():
    labels = np.array(["chr1", "chr7", "chrX", "chr8"])
    for names in (
        {"train": ["*"], "test": ["chr7"], "validation": ["chr8"]},
        {"test": ["chr7"], "validation": ["chr8"], "train": ["*"]},
    ):
        assert named_split(labels, names).tolist() == [TRAIN, TEST, TRAIN, VALIDATION]


def test_numeric_labels_are_named_as_text():
    assert named_split(np.array([1, 2]), {"train": ["1"], "test": ["2"]}).tolist() == [TRAIN, TEST]


@pytest.mark.parametrize("member", ["\u00e9", "e\u0301", " e\u0301\u200b"])
def test_a_label_may_be_named_by_text_that_looks_alike(member):
    assert named_split(np.array(["\u00e9", "b"]), {"train": [member], "test": ["*"]}).tolist() == [TRAIN, TEST]
    assert named_split(np.array([member, "b"]), {"train": [member], "test": ["*"]}).tolist() == [TRAIN, TEST]


def test_labels_that_look_alike_cannot_belong_to_two_splits():
    with pytest.raises(DeguError, match="d: the label '\u00e9' belongs to train and test\n  expected: each label once"):
        named_split(np.array(["\u00e9", "b"]), {"train": ["\u00e9"], "test": ["e\u0301", "b"]}, where="d")


def test_label_of_no_split_is_named():
    with pytest.raises(DeguError, match="split label 'Extra' belongs to no split"):
        named_split(np.array(["Train", "Extra"]), {"train": ["Train"]}, where="d")


def test_empty_cell_of_no_split_is_told():
    with pytest.raises(DeguError, match=r"(?s)d: an empty cell belongs to no split.*remedy:   name 'none' under"):
        named_split(np.array(["Train", "none"]), {"train": ["Train"]}, where="d")
    assert named_split(np.array(["Train", "none"]), {"train": ["Train"], "test": ["none"]}).tolist() == [TRAIN, TEST]


def test_label_that_does_not_occur_is_named_with_the_nearest():
    with pytest.raises(DeguError, match="no row has split label 'train'\n  expected: did you mean 'Train'"):
        named_split(np.array(["Train", "Test"]), {"train": ["train"], "test": ["*"]})


def test_unknown_split_is_named_with_the_nearest():
    with pytest.raises(DeguError, match="unknown split 'trian'\n  expected: did you mean 'train'"):
        named_split(np.array(["Train"]), {"trian": ["Train"]})


def test_labels_that_occur_are_kept_in_their_order():
    labels = np.array(["chr1", "chr2", "chr9"])
    names = {"train": ["*"], "validation": ["chr2", "chrY"], "test": ["chrX", "chr9", "chr1"], "calibration": []}
    expected = {"train": ["*"], "validation": ["chr2"], "test": ["chr9", "chr1"], "calibration": []}
    assert present_labels(names, labels) == expected
    with pytest.raises(DeguError, match="no row is of chrX, chrY, which are the test chromosomes"):
        present_labels({**names, "test": ["chrX", "chrY"]}, labels)


def test_calibration_is_cut_from_validation_alone_and_by_group():
    groups = np.repeat(np.arange(200), 2)
    split = np.repeat([TRAIN, VALIDATION, TEST], [200, 120, 80]).astype(np.uint8)
    before = split.copy()
    cut = cut_calibration(split, groups, 0.25, np.random.default_rng(0))
    np.testing.assert_array_equal(split, before)
    assert [count(cut, name) for name in CODE] == [200, 90, 30, 80]
    assert set(before[cut == CALIBRATION]) == {VALIDATION}
    np.testing.assert_array_equal(cut[cut != CALIBRATION], before[cut != CALIBRATION])
    assert_no_group_straddles(cut, groups)


@pytest.mark.parametrize("seed", range(4))
def test_leaks_are_the_rows_with_a_relative_in_a_later_split(seed):
    rng = np.random.default_rng(seed)
    groups, split = rng.integers(0, 20, size=50), rng.integers(0, 4, size=50).astype(np.uint8)
    rows = range(50)
    expected = [row for row in rows if any(groups[row] == groups[i] and split[i] > split[row] for i in rows)]
    assert expected
    assert find_leaks(split, groups).tolist() == expected


def test_without_the_leaks_no_group_straddles_and_the_test_split_is_whole():
    rng = np.random.default_rng(0)
    groups, split = rng.integers(0, 60, size=200), rng.integers(0, 4, size=200).astype(np.uint8)
    keep = np.setdiff1d(np.arange(200), find_leaks(split, groups))
    assert_no_group_straddles(split[keep], groups[keep])
    assert count(split[keep], "test") == count(split, "test")


def test_good_splits_pass_their_check():
    check_splits(np.array([0, 0, 1, 2, 3], dtype=np.uint8), np.array([0, 0, 1, 2, 3]))


@pytest.mark.parametrize("empty", CODE)
def test_empty_split_is_named(empty):
    split = np.array([code for code in CODE.values() if code != CODE[empty]], dtype=np.uint8)
    with pytest.raises(DeguError, match=rf"d: the {empty} split is empty \(3 rows in 3 groups\)"):
        check_splits(split, np.arange(3), where="d")


@pytest.mark.parametrize(
    ("empty", "method", "remedy"),
    [
        ("test", "random", r"give it a larger fraction, as `split\.fractions\.test`"),
        ("test", "column", r"name labels of more rows for test under `split\.labels`"),
        ("train", "chromosome", r"name labels of more rows for train under `split\.labels`"),
        ("calibration", "column", r"name labels of more groups for validation .* `split\.calibration_from_validation`"),
    ],
)
def test_empty_split_has_a_remedy_that_suits_the_method(empty, method, remedy):
    split = np.array([code for code in CODE.values() if code != CODE[empty]], dtype=np.uint8)
    with pytest.raises(DeguError, match=rf"remedy:   {remedy}"):
        check_splits(split, np.arange(3), method=method)


def test_straddling_group_is_told_with_both_rows_and_splits():
    split = np.array([0, 1, 2, 3, 0], dtype=np.uint8)
    with pytest.raises(DeguError, match=r"d: 1 rows .* row 5; row 5 is in train, its relative, row 2, in validation"):
        check_splits(split, np.array([0, 1, 2, 3, 1]), where="d")


@pytest.mark.parametrize(("fraction", "size"), [(0.1, 40_230), (0.25, 100_574), (0.5, 201_148), (0.75, 301_722)])
def test_training_fractions_of_deepstarr_have_the_published_sizes(fraction, size):
    subset = training_subset(np.arange(402_296), fraction, seed=1)
    assert len(subset) == len(np.unique(subset)) == size


def test_whole_fraction_is_every_row():
    rows = np.arange(3, 90, 2)
    np.testing.assert_array_equal(training_subset(rows, 1.0, seed=1), rows)


def test_smaller_fractions_are_nested_in_larger_ones():
    rows = np.arange(1000, 3000)
    subsets = [training_subset(rows, fraction, seed=3) for fraction in (0.01, 0.1, 0.25, 0.5, 0.75, 1.0)]
    for smaller, larger in itertools.pairwise(subsets):
        assert set(smaller) < set(larger)
    assert set(subsets[-1]) == set(rows)


def test_subset_is_sorted_and_follows_the_seed():
    rows = np.arange(500)
    first, again, other = (training_subset(rows, 0.3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (np.diff(first) > 0).all()
    assert (first != other).any()


def test_every_row_is_drawn_equally_often_over_seeds():
    drawn = sum(np.bincount(training_subset(np.arange(40), 0.25, seed=seed), minlength=40) for seed in range(2000))
    # 500 expected, standard deviation sqrt(2000 * 0.25 * 0.75) = 19.4
    assert (np.abs(drawn - 500) < 4.5 * 19.4).all()


@pytest.mark.parametrize("fraction", [0, -0.1, 1.1, float("nan")])
def test_fraction_out_of_range_is_refused(fraction):
    with pytest.raises(DeguError, match="the training fraction is"):
        training_subset(np.arange(10), fraction, seed=1)


def test_fraction_that_leaves_no_row_is_refused():
    with pytest.raises(DeguError, match="leaves none of 4 rows"):
        training_subset(np.arange(4), 0.1, seed=1)
