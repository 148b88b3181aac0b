"""The training loop with models side by side, against Keras's own `fit` and `evaluate`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from degu.data.batches import Batches
from degu.training.loop import training_loop


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Ask for what `degu.training.backend.prepare` asks for in a job."""
    tf.config.experimental.enable_op_determinism()


def model_of(seed: int) -> keras.Model:
    """Return a compiled network with dropout and batch normalisation."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    inputs = x = keras.Input((12, 4))
    for layer in (
        # A bias before batch normalisation has no gradient but rounding, which Adam makes much of.
        keras.layers.Conv1D(5, 3, use_bias=False),
        keras.layers.BatchNormalization(),
        keras.layers.Activation("relu"),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(1),
    ):
        x = layer(x)
    model = keras.Model(inputs, x)
    model.compile("adam", "mse", metrics=["mae"], jit_compile=False)
    return model


def batches_of(seed: int, rows: int, batch_size: int = 16) -> Batches:
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, 4, (rows, 12), dtype=np.uint8)
    return Batches(tokens, rng.standard_normal((rows, 1)).astype("f4"), batch_size=batch_size, seed=seed)


def arrays_of(batches: Batches) -> tuple[np.ndarray, ...]:
    """Return inputs and targets in the order of this epoch."""
    return tuple(map(np.concatenate, zip(*(batches[step] for step in range(len(batches))), strict=True)))


def assert_close(model: keras.Model, reference: keras.Model) -> None:
    for ours, expected in zip(model.variables, reference.variables, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)
    for ours, expected in zip(model.optimizer.variables, reference.optimizer.variables, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-7)


def test_models_are_fitted_and_evaluated_side_by_side_as_keras_does_it_alone():
    """Batches are of their own, in size and number; the last are smaller."""
    rows, seeds = (50, 33), (1, 2)
    models = [model_of(seed) for seed in seeds]
    batches = [batches_of(seed, number) for seed, number in zip(seeds, rows, strict=True)]
    held_out = [batches_of(10 + seed, 21) for seed in seeds]
    loop = training_loop(models, batches[0])
    for _ in range(2):
        for own in batches:
            own.on_epoch_begin()
        fitted = loop.run(batches, training=True)
        evaluated = loop.run(held_out, training=False)
    for index, seed in enumerate(seeds):
        reference, own = model_of(seed), batches_of(seed, rows[index])
        for _ in range(2):
            own.on_epoch_begin()
            x, y = arrays_of(own)
            history = reference.fit(
                x, y, batch_size=16, shuffle=False, verbose=0, validation_data=arrays_of(held_out[index])
            ).history
        assert_close(models[index], reference)
        for name in ("loss", "mae"):
            assert fitted[index][name] == pytest.approx(history[name][-1], rel=1e-5)
            assert evaluated[index][name] == pytest.approx(history[f"val_{name}"][-1], rel=1e-5)


def test_a_model_that_rests_is_left_as_it_is():
    models = [model_of(1), model_of(2)]
    batches = batches_of(1, 40)
    loop = training_loop(models, batches)
    loop.run([batches, batches], training=True)
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in models[1].variables]
    moved = keras.ops.convert_to_numpy(models[0].variables[0]).copy()
    loop.run([batches, None], training=True)
    for variable, value in zip(models[1].variables, before, strict=True):
        np.testing.assert_array_equal(variable, value)
    assert (keras.ops.convert_to_numpy(models[0].variables[0]) != moved).any()


def test_evaluation_leaves_a_model_as_it_is():
    model, batches = model_of(1), batches_of(1, 40)
    loop = training_loop([model], batches)
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in model.variables]
    first, second = (loop.run([batches], training=False) for _ in range(2))
    assert first == second
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable, value)
