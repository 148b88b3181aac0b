"""Predictions for variants: averages over windows, differences, and their file."""

import numpy as np
import pytest

from degu.data.sequences import encode
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.package.construct import Construct
from degu.package.effects import predict_pairs
from degu.package.folder import ModelFolder
from degu.prediction.ensemble import Predictions
from degu.variants.placing import Placed, place_variants
from degu.variants.prediction import averaged, read_pair_predictions, stds_of_differences, write_pair_predictions
from tests.command.models import write_model
from tests.variants.sets import context_set

HEADS = Heads(("mean", "epistemic"), ("one", "two"))
ROWS = np.array([[[0, 0], [1, 2]], [[3, 4], [3, 1]]])


def predicted(models: int = 3) -> Predictions:
    values = np.random.default_rng(1).random((models, 5, HEADS.width)).astype(np.float32)
    return Predictions({"native": values}, HEADS, list(range(1, models + 1)))


def placed() -> dict[str, Placed]:
    return {"native": Placed(encode(["ACGT", "ACGA", "ACGC", "ACGG", "TTTT"]), ROWS)}


def test_predictions_are_averaged_over_the_windows_of_a_variant():
    values = predicted().values["native"]
    first, second = averaged(predicted(), placed()).select("native", "mean")
    assert first.shape == (3, 2, 2)
    np.testing.assert_allclose(first[:, 1], (values[:, 0, :2] + values[:, 2, :2]) / 2, rtol=1e-6)
    np.testing.assert_allclose(second[:, 0], values[:, 3, :2], rtol=1e-6)
    _, second = averaged(predicted(), placed()).select("native", "epistemic")
    np.testing.assert_allclose(second[:, 1], (values[:, 4, 2:] + values[:, 1, 2:]) / 2, rtol=1e-6)


def test_stds_of_differences_are_those_of_pairs():
    features = {0: 1.0, 1: 4.0, 2: 9.0, 3: 16.0, 4: 25.0}
    known = np.array([[features[row]] for row in range(5)])
    found = stds_of_differences(
        lambda tokens: known, lambda first, second: np.abs(first - second) * [1, 10], [2.0, 0.5], placed()
    )
    # The first variant: constructs 0 and 3, and 1 and 3. The second: 0 and 4, and 2 and 1.
    expected = np.array([[(15 + 12) / 2], [(24 + 5) / 2]])
    np.testing.assert_allclose(found["native"], expected * [2.0, 5.0])


def test_what_is_written_is_read(tmp_path):
    pairs = averaged(predicted(), placed(), {"native": np.ones((2, 2))})
    write_pair_predictions(pairs, tmp_path / "pairs.h5", "digest")
    found = read_pair_predictions(tmp_path / "pairs.h5", "digest")
    assert list(found.windows) == ["native"]
    assert found.predictions.seeds == [1, 2, 3]
    np.testing.assert_array_equal(found.difference_std["native"], np.ones((2, 2)))
    for own, other in zip(found.select("native", "mean"), pairs.select("native", "mean"), strict=True):
        np.testing.assert_array_equal(own, other)
    with pytest.raises(DeguError, match="another version of the data set"):
        read_pair_predictions(tmp_path / "pairs.h5", "other")
    write_pair_predictions(averaged(predicted(), placed()), tmp_path / "plain.h5", "digest")
    assert read_pair_predictions(tmp_path / "plain.h5", "digest").difference_std == {}


def test_a_student_says_here_what_it_says_in_its_folder(tmp_path):
    """`degu variants` and the stage of the workflow agree on effects and on their uncertainty."""
    model = ModelFolder(write_model(tmp_path / "student", difference=True))
    variants, construct = context_set(12), model.construct
    settings = {"windows": ["construct"], "shifts": 1, "shift_by": 2, "both_strands": True}
    own = place_variants(variants, construct, settings)
    heads = Heads(tuple(model.heads), tuple(model.targets))
    values = heads.join(model.predict(own["construct"].distinct))[None]
    stds = stds_of_differences(
        lambda tokens: model.predict_with_features(tokens)[1],
        lambda first, second: model.std_of_features(first, second),
        np.ones(len(model.targets)),
        own,
    )
    found = averaged(Predictions({"construct": values}, heads, [1]), own, stds)
    plain = place_variants(variants, construct, {**settings, "both_strands": False})["construct"]
    pairs = [
        predict_pairs(model, plain.distinct[first], plain.distinct[second], both_strands=True)
        for first, second in zip(*plain.rows, strict=True)
    ]
    reference, alternative = found.select("construct", "mean")
    np.testing.assert_allclose(reference[0], np.mean([pair.reference for pair in pairs], axis=0), rtol=1e-4)
    np.testing.assert_allclose(alternative[0], np.mean([pair.alternative for pair in pairs], axis=0), rtol=1e-4)
    np.testing.assert_allclose(
        found.difference_std["construct"], np.mean([pair.std for pair in pairs], axis=0), rtol=1e-4
    )
    assert isinstance(construct, Construct)
