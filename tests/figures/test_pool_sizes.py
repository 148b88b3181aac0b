"""The figure of students against the number of sequences that their ensemble labels."""

import numpy as np
import pytest

from tests.figures.cases import drawn
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import POOLS, pool_scores

KINDS = [("mean", "measured"), ("epistemic", "ensemble")]


@pytest.mark.parametrize("pool", ["random", "crossovers"])
def test_lines_join_the_means_at_each_number_and_begin_without_a_pool(pool):
    scores = pool_scores().query("split == 'test' and metric == 'pearson' and model == 'student'")
    for panel, (head, reference) in zip(panels_of(drawn("pool sizes")), KINDS, strict=True):
        means = scores[(scores["head"] == head) & (scores["reference"] == reference)].groupby("student")["value"].mean()
        names = ["degu@none", *(name for name, (own, _) in POOLS.items() if own == pool)]
        (line,) = [line for line in panel.get_lines() if line.get_label() == pool]
        np.testing.assert_allclose(line.get_xydata(), [(POOLS[name][1], means[name]) for name in names])


@pytest.mark.parametrize(("index", "model"), [(0, "ensemble"), (1, "ceiling")])
def test_students_are_compared_with_their_ensemble_and_its_ceiling(index, model):
    scores = pool_scores().query(f"split == 'test' and metric == 'pearson' and model == '{model}'")
    head, reference = KINDS[index]
    (value,) = scores[(scores["head"] == head) & (scores["reference"] == reference)]["value"]
    assert any(set(line.get_ydata()) == {value} for line in panels_of(drawn("pool sizes"))[index].get_lines())


def test_the_legend_names_each_pool_once():
    assert legend_texts(drawn("pool sizes")) == ["ensemble", "highest to be expected", "random", "crossovers"]
