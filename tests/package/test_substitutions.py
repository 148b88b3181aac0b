"""Effects of substitutions in the calibration sequences."""

import numpy as np

from degu.package.substitutions import substitution_effects
from tests.conftest import small_store


def test_one_base_of_the_insert_of_calibration_sequences_is_changed():
    store = small_store()
    store.attributes["flanks"] = [3, 2]
    seen = []

    def predict(tokens):
        seen.append(tokens.copy())
        return {"mean": tokens[:, [5]].astype(float), "epistemic": tokens}

    effects = substitution_effects(predict, store, number=200, seed=1)
    mutants, references = seen
    changed = mutants != references
    assert (changed.sum(axis=1) == 1).all()
    assert not changed[:, [0, 1, 2, -1, -2]].any()
    calibration = {row.tobytes() for row in store.tokens[store.rows("calibration")]}
    assert {row.tobytes() for row in references} <= calibration
    np.testing.assert_array_equal(effects, mutants[:, [5]].astype(float) - references[:, [5]])
    np.testing.assert_array_equal(effects, substitution_effects(predict, store, number=200, seed=1))
    assert (effects != substitution_effects(predict, store, number=200, seed=2)).any()
