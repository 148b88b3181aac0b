"""Ensembles, against the moments of what their members predict."""

import keras
import numpy as np
import pytest
from keras import layers

from degu.data.sequences import decode, encode, one_hot, reverse_complement
from degu.errors import DeguError
from degu.library.assay import Assay
from degu.library.ensemble import Ensemble
from degu.library.settings import Settings
from degu.package.construct import Construct
from tests.library.conftest import FLANKS, LENGTH, QUICK, arrays_of, build

WHOLE = LENGTH + len(FLANKS[0]) + len(FLANKS[1])
SEQUENCES, _ = arrays_of(9, seed=4)
CONSTRUCTS = encode([FLANKS[0] + sequence + FLANKS[1] for sequence in SEQUENCES])


def model_of(seed: int, heads=("mean", "aleatoric"), length: int = WHOLE, targets: int = 2) -> keras.Model:
    """Return a model of random weights with a mapping of heads, whose standard deviations are positive."""
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((length, 4))
    x = layers.Dense(5, activation="tanh")(layers.Flatten()(inputs))
    activations = {"mean": "linear", "aleatoric": "softplus", "epistemic": "softplus"}
    return keras.Model(inputs, {head: layers.Dense(targets, activation=activations[head])(x) for head in heads})


@pytest.fixture(scope="module")
def models() -> list[keras.Model]:
    return [model_of(seed) for seed in (1, 2, 3, 4)]


def test_models_that_were_trained_elsewhere_are_combined_by_the_law_of_total_variance(models):
    ensemble = Ensemble(models, targets=["Dev", "Hk"], units="log2", flanks=FLANKS)
    assert (len(ensemble), ensemble.targets, ensemble.units) == (4, ["Dev", "Hk"], ["log2", "log2"])
    assert ensemble.construct == Construct(WHOLE, *FLANKS)
    outputs = [model(one_hot(CONSTRUCTS)) for model in models]
    means, deviations = (np.stack([one[head] for one in outputs]).astype(float) for head in ("mean", "aleatoric"))
    for given in (SEQUENCES, CONSTRUCTS, one_hot(CONSTRUCTS)):
        found = ensemble.predict(given)
        np.testing.assert_allclose(found["mean"], means.mean(axis=0), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found["epistemic"], means.std(axis=0), rtol=1e-4)
        np.testing.assert_allclose(found["aleatoric"], np.sqrt((deviations**2).mean(axis=0)), rtol=1e-5)


def test_both_strands_are_averaged_on_request(models):
    ensemble = Ensemble(models, flanks=FLANKS, strands="both")
    left, right = (len(bases) for bases in FLANKS)
    turned = CONSTRUCTS.copy()
    turned[:, left:-right] = reverse_complement(CONSTRUCTS[:, left:-right])
    expected = np.mean([model(one_hot(tokens))["mean"] for model in models for tokens in (CONSTRUCTS, turned)], axis=0)
    np.testing.assert_allclose(ensemble.predict(SEQUENCES)["mean"], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("other", "arguments", "told"),
    [
        (model_of(5, length=WHOLE + 1), {}, "models: model 2 takes 26 bases, and model 1 takes 25"),
        (model_of(5, heads=("mean",)), {}, "model 2 puts out mean of 2 targets, and model 1 mean, aleatoric of 2"),
        (model_of(5, targets=1), {}, "model 2 puts out mean, aleatoric of 1 targets"),
        (model_of(5), {"targets": ["Dev"]}, r"targets: \['Dev'\] for 2 targets"),
        (model_of(5), {"units": ["a", "b", "c"]}, "units: "),
        (model_of(5), {"flanks": ("AC", "GU")}, "flanks, right: letter 'U'"),
        (model_of(5), {"strands": "two"}, "strands: 'two' was given"),
        ("nowhere.keras", {}, r"nowhere\.keras: there is no such file"),
    ],
)
def test_models_that_do_not_fit_together_are_refused(models, other, arguments, told):
    with pytest.raises(DeguError, match=told):
        Ensemble([models[0], other], **arguments)


def test_the_same_model_given_twice_is_refused(models):
    with pytest.raises(DeguError, match="models 1 and 3 are the same"):
        Ensemble([models[0], models[1], models[0]])


def test_sequences_of_another_length_are_refused(models):
    ensemble = Ensemble(models[:2], flanks=FLANKS)
    with pytest.raises(DeguError, match=r"the sequences have 19 bases(?s:.*)20 bases, as in training, or 25 with both"):
        ensemble.predict(["A" * 19])
    with pytest.raises(DeguError, match="one string was given"):
        ensemble.predict("A" * LENGTH)


def test_a_trained_ensemble_is_the_same_for_the_same_seed(ensemble, assay):
    again = Ensemble.train(build, assay, members=3, seed=2, settings=Settings(teacher=QUICK.teacher, verbose=False))
    other = Ensemble.train(build, assay, members=3, seed=3, settings=QUICK)
    first, same, different = (one.predict(SEQUENCES) for one in (ensemble, again, other))
    assert list(first) == ["mean", "aleatoric", "epistemic"]
    assert (first["epistemic"] > 0).all()
    for head, values in first.items():
        # The first was trained two and one at a time, the second all at once.
        np.testing.assert_allclose(values, same[head], rtol=1e-5)
        assert (values != different[head]).all()


def test_what_is_saved_is_opened_again(ensemble, tmp_path):
    ensemble.save(tmp_path / "ensemble")
    again = Ensemble.open(tmp_path / "ensemble")
    assert (again.construct, again.units, again.targets) == (ensemble.construct, ["log2", ""], ["Dev", "Hk"])
    for head, values in ensemble.predict(SEQUENCES).items():
        np.testing.assert_array_equal(again.predict(SEQUENCES)[head], values)
    with pytest.raises(DeguError, match="there is something of this name already"):
        ensemble.save(tmp_path / "ensemble")
    with pytest.raises(DeguError, match="this is not the folder of an ensemble"):
        Ensemble.open(tmp_path)
    (tmp_path / "ensemble" / "member-2.keras").unlink()
    with pytest.raises(DeguError, match=r"member-2\.keras: there is no such file"):
        Ensemble.open(tmp_path / "ensemble")


def test_models_of_a_run_need_the_bases_of_their_flanks(ensemble, tmp_path):
    ensemble.save(tmp_path / "ensemble")
    paths = sorted((tmp_path / "ensemble").glob("*.keras"))
    assert Ensemble(paths, flanks=FLANKS).targets == ["Dev", "Hk"]
    with pytest.raises(DeguError, match="flanks: they have 0 and 0 bases, and those of the models have 2 and 3"):
        Ensemble(paths)


@pytest.mark.parametrize(
    ("given", "arguments", "told"),
    [
        (build, {"members": 1}, "members: 1 was given"),
        (build, {"seed": -1}, "seed: -1 was given"),
        ("motif_cnm", {}, "there is no model 'motif_cnm'"),
        (build, {"settings": Settings(teacher={"epoch": 1}, verbose=False)}, "teacher: unknown key 'epoch'"),
        (lambda length, outputs: None, {}, r"model '.*' is no model, but NoneType"),
        (lambda length, outputs: keras.Sequential([layers.Dense(3)]), {}, "does not know what it takes"),
    ],
)
def test_what_cannot_be_trained_is_refused(assay, given, arguments, told):
    with pytest.raises(DeguError, match=told):
        Ensemble.train(given, assay, **{"members": 2, "settings": Settings(verbose=False), **arguments})


def test_replicates_add_a_head_and_resampling_draws_rows():
    sequences, activity = arrays_of(targets=1)
    replicates = activity + np.random.default_rng(1).normal(size=(len(sequences), 3))
    settings = Settings(teacher={"epochs": 1, "resampling": "bootstrap"}, strands="both", verbose=False)
    ensemble = Ensemble.train(build, Assay(sequences, None, replicates), members=2, settings=settings)
    assert list(ensemble.predict(sequences[:3])) == ["mean", "aleatoric", "replicate_std", "epistemic"]
    assert ensemble.construct.strands == "both"


def test_the_recipe_for_few_sequences_augments_them_and_uses_both_strands():
    sequences, activity = arrays_of(targets=1)
    settings = Settings(recipe="motif_cnn_small_assay", teacher={"epochs": 1}, verbose=False)
    ensemble = Ensemble.train(build, Assay(sequences, activity), members=2, settings=settings)
    turned = decode(reverse_complement(encode(sequences[:5])))
    found = [ensemble.predict(given)["mean"] for given in (sequences[:5], turned)]
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-5)
