"""Tables of designs, of small populations."""

import numpy as np
import pytest

from degu.design.assessment import COMPARISON_COLUMNS, assess_designs
from degu.design.designs import draw_designs
from degu.errors import DeguError
from degu.shift.assessment import Populations
from degu.shift.ladder import chosen_rows, read_ladder, with_truth, write_ladder
from degu.shift.prediction import Parts, means_of
from degu.shift.references import CIRCULAR, TRUTH
from tests.conftest import small_store
from tests.shift.ladders import predict, true_activity

SETTINGS = {
    name: {"search": "greedy", "designer": designer, "penalty": penalty, "target": None}
    for name, designer, penalty in (("by_ensemble", "ensemble", 0), ("by_member", "member", 0), ("mine", "student", 1))
}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder, store = tmp_path_factory.mktemp("designs"), small_store(rows=400)
    rows, ladders = chosen_rows(store, 30, 1), []
    for name, own in SETTINGS.items():
        settings = {**own, "name": name, "steps": [1, 3]}
        rungs = draw_designs(settings, lambda inserts: (inserts == 0).mean(axis=1), store.tokens[rows], (0, 0), 1)
        path, rungs = folder / f"{name}.h5", (with_truth(rung, true_activity) for rung in rungs)
        write_ladder(path, rungs, rows, store.digest, name=name, level_word="steps", has_start=True)
        ladders.append(read_ladder(path, store.digest))
    parts = Parts(store, ladders)
    predicted = {"members": predict(parts, 5, 0.3, 1), "students": predict(parts, 2, 0.1, 2)}
    populations = Populations(store, ladders, {CIRCULAR: means_of(predicted["members"])}, 0, 1)
    return populations, predicted


@pytest.fixture(scope="module")
def tables(known):
    return assess_designs(*known, SETTINGS)


def test_each_design_is_judged_by_the_truth_and_by_the_ensemble_after_each_number_of_steps(known, tables):
    populations, predicted = known
    table, _ = tables
    assert len(table) == len(SETTINGS) * 3 * 2
    for name, own in SETTINGS.items():
        chosen = table[(table["design"] == name) & (table["judge"] == TRUTH)].set_index("step")
        assert (chosen["designer"] == own["designer"]).all() and (chosen["penalty"] == own["penalty"]).all()
        ladder = next(ladder for ladder in populations.ladders if ladder.name == name)
        for number, rung in enumerate(ladder):
            models = predicted["students" if name == "mine" else "members"].values[f"{name}-{number}"]
            means = models[..., 0].mean(axis=0) if name == "by_ensemble" else models[0, :, 0]
            row = chosen.loc[rung.level]
            assert row["promised"] == pytest.approx(means.mean(), rel=1e-5)
            assert row["achieved"] == pytest.approx(true_activity(rung.tokens)[0].mean())
            assert row["sequences"] == 30


def test_an_ensemble_keeps_what_it_promises_by_its_own_judgement(tables):
    table, _ = tables
    own = table[(table["design"] == "by_ensemble") & (table["judge"] == CIRCULAR)]
    np.testing.assert_allclose(own["overestimate"], 0, atol=1e-6)


def test_others_are_compared_with_the_first_design(tables):
    table, comparisons = tables
    assert list(comparisons) == COMPARISON_COLUMNS
    assert set(comparisons["against"]) == {"by_ensemble"} and set(comparisons["design"]) == {"by_member", "mine"}
    key = {"step": 3, "judge": TRUTH}
    values = {
        row.design: row.overestimate
        for row in table.itertuples()
        if (row.step, row.judge) == (key["step"], key["judge"])
    }
    chosen = comparisons[
        (comparisons["step"] == 3) & (comparisons["judge"] == TRUTH) & (comparisons["quantity"] == "overestimate")
    ].set_index("design")
    for name in ("by_member", "mine"):
        expected = values[name] - values["by_ensemble"]
        assert chosen.loc[name, "difference"] == pytest.approx(expected)
        assert chosen.loc[name, "low"] <= expected <= chosen.loc[name, "high"]


def test_a_target_that_is_not_there_is_refused(known):
    wrong = {**SETTINGS, "mine": {**SETTINGS["mine"], "target": "other"}}
    with pytest.raises(DeguError, match="there is no target 'other'"):
        assess_designs(*known, wrong)
