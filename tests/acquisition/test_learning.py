"""Rounds of active learning, whole or cut off."""

import json

import keras
import numpy as np
import pandas as pd
import pytest

from degu.acquisition import learning
from degu.acquisition.candidates import Candidates
from degu.acquisition.learner import Learner
from degu.acquisition.learning import Plan, begin, learn_actively
from degu.acquisition.revealed import reveal
from degu.acquisition.strategies import badge
from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.formats.files import write_aside
from degu.prediction.predictor import Predictor
from tests.acquisition.small import learner
from tests.conftest import small_store

PLAN = {"rounds": 3, "initial": 20, "batch": 5, "validation": 8}


class Killed(BaseException):
    """The end of a job by a signal."""


@pytest.fixture(scope="module")
def store():
    store = small_store(rows=120)
    store.truth = {"mean": store.targets + 0.01}
    return store


@pytest.fixture(scope="module")
def first(store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    begin(store, learner(), Plan(**PLAN), folder / "models", folder / "checkpoints")
    return folder / "models"


@pytest.fixture(scope="module")
def whole(store, first, tmp_path_factory):
    return tables(store, first, tmp_path_factory.mktemp("rounds"))


def tables(store, first, folder, strategy="badge", **changes):
    return learn_actively(store, learner(), Plan(**PLAN | changes, strategy=strategy), first, folder)


def test_each_round_labels_as_many_as_planned_and_none_twice(store, whole):
    labelled, scores = whole.labelled, whole.scores
    assert labelled.groupby("round").size().tolist() == [20, 5, 5]
    assert labelled["name"].is_unique
    assert set(labelled["name"]) <= set(store.names[store.rows("train")])
    assert scores[["round", "labels"]].drop_duplicates().to_numpy().tolist() == [[1, 20], [2, 25], [3, 30]]
    assert set(scores["model"]) == {"ensemble", "student"}
    assert {"measured", "truth"} <= set(scores[scores["head"] == "mean"]["reference"])


def test_what_is_chosen_is_what_the_strategy_says_of_the_candidates(store, whole, first):
    rows = {name: row for row, name in enumerate(store.names)}
    labelled, chosen = (
        np.sort([rows[name] for name in whole.labelled[whole.labelled["round"] == number]["name"]]) for number in (1, 2)
    )
    candidates = np.setdiff1d(store.rows("train"), labelled)
    student = Predictor(first / "student-1" / "model.keras")
    hidden = keras.Model(student.model.input, student.model.get_layer("mean").input)
    features = np.asarray(hidden(one_hot(store.tokens[candidates])))
    std = np.maximum(student.predict(store.tokens[candidates])["epistemic"], 0) / store.targets[labelled].std(axis=0)
    expected = badge.choose(
        Candidates(len(candidates), student={"epistemic": std}, features=features), 5, np.random.default_rng([3, 1])
    )
    assert chosen.tolist() == sorted(candidates[expected].tolist())


def test_the_scores_are_those_of_models_that_are_trained_on_the_labelled_alone(store, whole, tmp_path):
    rows = np.flatnonzero(np.isin(store.names, whole.labelled.query("round <= 2")["name"]))
    # The rows for early stopping are drawn after the first ones, by the same seed.
    rng = np.random.default_rng([3, 0])
    rng.choice(store.rows("train"), 20, replace=False)
    watched = np.sort(rng.choice(store.rows("validation"), 8, replace=False))
    learned = learner().train(reveal(store, rows, watched), tmp_path)
    test, own = store.rows("test"), learned.students
    predicted = own.heads.select(own.values["test"][0], "mean")[:, 0]
    expected = np.corrcoef(predicted, store.targets[test, 0])[0, 1]
    query = "round == 2 and model == 'student' and head == 'mean' and reference == 'measured' and metric == 'pearson'"
    (value,) = whole.scores.query(query)["value"]
    assert value == pytest.approx(expected, abs=1e-6)


def test_a_job_that_was_killed_goes_on_from_the_last_finished_round_to_the_same_result(
    store, whole, first, tmp_path, monkeypatch
):
    trained, train = [], Learner.train

    def killed(self, revealed, folder, checkpoints=None):
        if len(revealed.rows("train")) == 30:
            raise Killed
        return train(self, revealed, folder, checkpoints)

    def counted(self, revealed, folder, checkpoints=None):
        trained.append(len(revealed.rows("train")))
        return train(self, revealed, folder, checkpoints)

    monkeypatch.setattr(Learner, "train", killed)
    with pytest.raises(Killed):
        tables(store, first, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["round-1.json", "round-2.json"]
    monkeypatch.setattr(Learner, "train", counted)
    resumed = tables(store, first, tmp_path)
    assert trained == [30]
    for name, table in whole._asdict().items():
        pd.testing.assert_frame_equal(getattr(resumed, name), table)


def test_a_round_of_other_settings_is_made_anew_and_all_strategies_begin_with_the_same(store, first, tmp_path):
    path, states, names = tmp_path / "round-1.json", [], []
    for strategy in ("random", "core_set"):
        labelled = tables(store, first, tmp_path, strategy, rounds=2).labelled
        states.append(json.loads(path.read_text()))
        names.append(labelled.query("round == 1")["name"].tolist())
    assert states[0]["identity"] != states[1]["identity"]
    assert states[0]["chosen"] != states[1]["chosen"]
    assert names[0] == names[1]


def test_a_round_that_is_half_written_is_not_taken_for_finished(store, first, tmp_path, monkeypatch):
    """The file of a round gets its name when it is whole."""

    def broken(path, text):
        with write_aside(path) as aside:
            aside.write_text(text[: len(text) // 2])
            raise Killed

    monkeypatch.setattr(learning, "write_text", broken)
    with pytest.raises(Killed):
        tables(store, first, tmp_path, "random")
    assert list(tmp_path.iterdir()) == []


def test_models_of_another_seed_are_not_taken_for_those_of_the_first_round(store, first, tmp_path):
    with pytest.raises(DeguError, match="trained on other sequences or labels"):
        learn_actively(store, learner(seed=4), Plan(**PLAN), first, tmp_path)


def test_a_plan_that_is_too_large_is_refused_before_anything_is_trained(store, tmp_path):
    with pytest.raises(DeguError, match="the training split has"):
        begin(store, learner(), Plan(**{**PLAN, "initial": 100}), tmp_path / "first", tmp_path)
    assert list(tmp_path.iterdir()) == []
