"""Folds of chromosomes."""

import pytest

from degu.config.folds import FOLDS, labels_of_fold
from degu.errors import DeguError

HUMAN = {f"chr{name}" for name in [*range(1, 23), "X", "Y"]}


def test_each_chromosome_of_the_human_genome_is_tested_in_one_fold():
    assert list(FOLDS) == [f"hg38_{number}" for number in range(5)]
    tests = [name for fold in FOLDS.values() for name in fold["test"]]
    assert len(tests) == len(set(tests))
    assert set(tests) == HUMAN


@pytest.mark.parametrize("name", FOLDS)
def test_no_chromosome_is_in_two_splits(name):
    labels = labels_of_fold(name, "*", where="split.fold")
    named = [chromosome for members in labels.values() for chromosome in members]
    assert len(named) == len(set(named))
    assert set(named) <= HUMAN | {"*"}
    assert labels["train"] == ["*"]


def test_the_first_fold_is_as_published():
    assert FOLDS["hg38_0"] == {"test": ["chr1", "chr3", "chr6"], "validation": ["chr8", "chr20"]}


def test_a_fold_that_does_not_exist_is_told_with_the_nearest():
    with pytest.raises(DeguError, match=r"split\.fold: there is no fold 'hg38-1'\n  expected: did you mean 'hg38_1'"):
        labels_of_fold("hg38-1", "*", where="split.fold")
