import numpy as np
import pandas as pd
import pytest

from degu.data.replicates import read_replicates, replicate_mean_and_std
from degu.errors import DeguError


def read(**columns):
    frame = pd.DataFrame(columns, dtype=object)
    return read_replicates(frame.set_axis(range(2, len(frame) + 2)), list(columns), where="my.tsv")


def test_replicates_are_read_in_silence(caplog):
    np.testing.assert_array_equal(read(a=["1", "2"], b=[3, 4.5]), [[1, 3], [2, 4.5]])
    assert caplog.text == ""


def test_rows_that_lack_a_replicate_are_counted(caplog):
    values = read(a=["1", "NA", "3", None], b=["4", "5", None, None])
    np.testing.assert_array_equal(values, [[1, 4], [np.nan, 5], [3, np.nan], [np.nan, np.nan]])
    assert "my.tsv: 2 of 4 rows lack a replicate; their mean and standard deviation are taken over" in caplog.text
    assert "rows 3, 4" in caplog.text


@pytest.mark.parametrize("empty", ["NA", None, " "])
def test_a_replicate_that_is_empty_in_all_rows_is_told(empty):
    with pytest.raises(DeguError, match=r"my\.tsv: the column 'b' of replicates is empty in all rows"):
        read(a=["1", "2"], b=[empty, empty], c=["1", "2"])


def test_mean_and_std_over_replicates_agree_with_numpy():
    rng = np.random.default_rng(0)
    replicates = rng.normal(100, 3, size=(200, 3, 5))
    replicates[rng.random(replicates.shape) < 0.25] = np.nan
    count = np.isfinite(replicates).sum(axis=2)
    assert set(np.unique(count)) >= {2, 3, 4, 5}
    replicates[count < 2] = 1.0
    mean, std = replicate_mean_and_std(replicates)
    np.testing.assert_allclose(mean, np.nanmean(replicates, axis=2), rtol=1e-12)
    np.testing.assert_allclose(std, np.nanstd(replicates, axis=2, ddof=1), rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("error")
def test_one_replicate_has_a_mean_but_no_std_and_none_has_neither():
    mean, std = replicate_mean_and_std(np.array([[[2.0, np.nan]], [[np.nan, np.nan]], [[1.0, 3.0]]]))
    np.testing.assert_array_equal(mean, [[2.0], [np.nan], [2.0]])
    np.testing.assert_allclose(std, [[np.nan], [np.nan], [2**0.5]])
