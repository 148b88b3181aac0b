"""What students have of the members of their ensemble."""

import keras
import numpy as np
import pytest

from degu.data.kmer_ridge import KmerRidge
from degu.data.kmers import canonical_index
from degu.distillation.inheritance import inheritance_of
from degu.models import motif_cnn
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.saving import save_model

LENGTH = 12
OUTPUTS = Outputs(Heads(("mean",), ("a",)), center=(2.0,), spread=(3.0,))
NUMBER = canonical_index(6).max() + 1


def ridge_of(number: int) -> KmerRidge:
    rng = np.random.default_rng(number)
    return KmerRidge(rng.normal(size=(NUMBER, 1)), rng.normal(size=1))


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    paths = []
    for number in (1, 2, 3):
        keras.utils.set_random_seed(number)
        network = motif_cnn.build(LENGTH, OUTPUTS, filters=3, kernel=3, pool=4, units=3)
        model = add_kmer_ridge(network, OUTPUTS, ridge_of(number), 0.25)
        path = tmp_path_factory.mktemp("members") / "model.keras"
        save_model(model, OUTPUTS, {}, path, path.with_suffix(".json"))
        paths.append(path)
    return paths


def recipe_of(weights: str, ridge: float) -> dict:
    return {"initial_weights": weights, "kmer_ridge_weight": ridge}


def test_students_have_the_mean_of_the_regressions_of_the_members(members):
    found = inheritance_of(recipe_of("random", 0.25), members, [1, 5])
    assert list(found) == [1, 5]
    for own in found.values():
        assert own.model is None
        expected = np.mean([ridge_of(number).coefficients for number in (1, 2, 3)], axis=0)
        np.testing.assert_allclose(own.ridge.coefficients, expected, rtol=1e-4, atol=1e-6)
        expected = np.mean([ridge_of(number).intercept for number in (1, 2, 3)], axis=0)
        np.testing.assert_allclose(own.ridge.intercept, expected, rtol=1e-5, atol=1e-6)


def test_students_begin_from_the_weights_of_the_members_in_turn(members):
    found = inheritance_of(recipe_of("member", 0), members, [1, 2, 4])
    for number, path in ((1, members[0]), (2, members[1]), (4, members[0])):
        kernel = keras.saving.load_model(path).layers[1].kernel
        np.testing.assert_array_equal(found[number].model.layers[1].kernel, kernel)
        assert found[number].ridge is None


def test_students_that_ask_for_nothing_have_the_function_alone():
    def build(length, outputs):
        raise AssertionError

    [own] = inheritance_of(recipe_of("random", 0), [], [1], build).values()
    assert (own.model, own.ridge, own.build) == (None, None, build)
