"""Features of sequences, against counts on strings."""

import numpy as np
import pytest

from degu.data.sequences import decode, gc_content
from degu.errors import DeguError
from degu.shift.features import features_of
from degu.uncertainty.rows import Rows

TOKENS = np.random.default_rng(1).integers(0, 4, size=(9, 30), dtype=np.uint8)
MEAN, STD = np.arange(9.0), np.linspace(1, 2, 9)


def rows(**std):
    return Rows(MEAN, MEAN, std=std, covariates={"gc": gc_content(TOKENS)})


def test_features_stand_side_by_side():
    found = features_of(["gc", "mean", "epistemic"], rows(epistemic=STD), TOKENS)
    np.testing.assert_allclose(found, np.stack([gc_content(TOKENS), MEAN, STD], axis=1))


def test_dinucleotides_count_with_their_reverse_complements():
    found = features_of(["dinucleotides"], rows(), TOKENS)
    assert found.shape == (9, 10)
    texts = decode(TOKENS)
    pairs = {word: "".join("TGCA"["ACGT".index(base)] for base in reversed(word)) for word in ("AA", "AC", "CG")}
    for word, other in pairs.items():
        counts = [sum(text[at : at + 2] in (word, other) for at in range(29)) for text in texts]
        assert any(np.array_equal(column, counts) for column in found.T)
    np.testing.assert_array_equal(found.sum(axis=1), 29)


def test_a_std_that_a_model_lacks_is_left_out():
    assert features_of(["gc", "total"], rows(), TOKENS).shape == (9, 1)


def test_another_feature_is_refused():
    with pytest.raises(DeguError, match=r"there is no feature 'gcc'\n.*did you mean 'gc'"):
        features_of(["gcc"], rows(), TOKENS)
