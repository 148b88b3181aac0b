"""EvoAug as a shift, against its augmenter and the number of augmentations."""

import numpy as np
import pytest

from degu.config.schemas import read_yaml
from degu.data.augmenting import Augmenter
from degu.errors import DeguError
from degu.shift.kinds import evoaug
from degu.shift.kinds.evoaug import shift
from tests.conftest import REPOSITORY

TOKENS = np.random.default_rng(1).integers(0, 4, size=(50, 60), dtype=np.uint8)


def test_the_list_is_that_of_evoaug_for_deepstarr():
    published = read_yaml(REPOSITORY / "config/augmentations/evoaug_deepstarr.yaml")["augmentations"]
    assert list(evoaug.AUGMENTATIONS) == published


@pytest.mark.parametrize("level", [1, 2, 3])
def test_each_sequence_gets_that_number_of_augmentations(level):
    listed = [
        {"name": "mutation", "fraction": 0.5},
        {"name": "gaussian_noise", "std": 0.3},
        {"name": "reverse_complement", "probability": 1.0},
    ]
    found = shift(TOKENS, np.random.default_rng(3), level=level, augmentations=listed)
    expected = Augmenter(listed, number=level, length=60)(TOKENS, np.random.default_rng(3))
    np.testing.assert_array_equal(found.tokens, expected.tokens)
    np.testing.assert_array_equal(found.values, expected.values)
    noisy = ~np.isin(found.values, [0, 1]).all(axis=(1, 2))
    assert noisy.mean() == pytest.approx(level / 3, abs=0.2)


def test_no_augmentation_is_no_shift():
    with pytest.raises(DeguError, match="level: 0 is out of range"):
        shift(TOKENS, np.random.default_rng(1), level=0)
