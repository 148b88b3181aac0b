"""What the folder of a student holds, against the student's own predictions."""

import keras
import numpy as np
import pytest
from scipy import stats

from degu.package.students import combine
from degu.prediction.predictor import Predictor
from tests.library.conftest import FLANKS


def test_the_students_are_calibrated_on_calibration_rows_and_judged_on_test_rows(student, assay):
    store = assay.store(2)
    paths = [student._folder.path / f"student-{seed}.keras" for seed in (1, 2)]
    for split, measured in (("calibration", student._folder.calibration.measured), ("test", None)):
        rows = store.rows(split)
        heads = combine([Predictor(path).predict(store.tokens[rows]) for path in paths])
        if measured is not None:
            np.testing.assert_allclose(measured, store.targets[rows])
            np.testing.assert_allclose(student._folder.calibration.mean, heads["mean"], rtol=1e-4, atol=1e-4)
        else:
            for target, own in enumerate(student.facts["measured"]):
                r = stats.pearsonr(store.targets[rows, target], heads["mean"][:, target]).statistic
                assert (own["rows"], own["pearson"]) == (len(rows), pytest.approx(r, abs=2e-3))


def test_facts_tell_of_the_ensemble_and_the_data(student, assay):
    facts = student.facts
    assert (facts["members"], facts["students"], facts["data_digest"]) == (3, [1, 2], assay.store(2).digest)
    assert facts["teacher"].endswith("conftest.build")
    assert (student.construct.left, student.construct.right, student.units) == (*FLANKS, ["log2", ""])
    assert set(facts["difference"]) == {"calibration", "test"}
    head = keras.saving.load_model(student._folder.path / "difference.keras", compile=False)
    assert len(head.inputs) == 2
