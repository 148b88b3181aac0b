"""Designers, with models on disk."""

import numpy as np
import pytest

from degu.design.designer import Designer
from degu.prediction.predictor import Predictor
from tests.training.random_models import LENGTH, saved_model

FLANKS = (3, 2)
CONSTRUCT = np.random.default_rng(1).integers(0, 4, size=LENGTH, dtype=np.uint8)
INSERTS = np.random.default_rng(2).integers(0, 4, size=(9, LENGTH - sum(FLANKS)), dtype=np.uint8)


@pytest.fixture(scope="module")
def predictors(tmp_path_factory) -> list[Predictor]:
    folder = tmp_path_factory.mktemp("models")
    for seed in (1, 2, 3):
        saved_model(folder, f"model{seed}", seed=seed)
    return [Predictor(folder / f"model{seed}.keras") for seed in (1, 2, 3)]


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("penalty", [0, 1.5])
def test_a_student_scores_inserts_between_the_flanks_by_its_heads(predictors, target, penalty):
    whole = np.stack([np.concatenate([CONSTRUCT[:3], insert, CONSTRUCT[-2:]]) for insert in INSERTS])
    known = predictors[0].predict(whole)
    expected = known["mean"][:, target] - penalty * known["epistemic"][:, target]
    score = Designer(predictors[:1], target, penalty, CONSTRUCT, FLANKS)(INSERTS)
    np.testing.assert_allclose(score, expected, rtol=1e-5)


def test_members_score_by_their_mean_and_all_of_their_spread(predictors):
    whole = np.stack([np.concatenate([CONSTRUCT[:3], insert, CONSTRUCT[-2:]]) for insert in INSERTS])
    known = [predictor.predict(whole) for predictor in predictors]
    means = np.stack([heads["mean"][:, 0] for heads in known]).astype(float)
    own = np.stack([heads["epistemic"][:, 0] for heads in known]).astype(float)
    std = np.sqrt(means.var(axis=0) + np.square(own).mean(axis=0))
    score = Designer(predictors, 0, 2, CONSTRUCT, FLANKS)(INSERTS)
    np.testing.assert_allclose(score, means.mean(axis=0) - 2 * std, rtol=1e-5)
