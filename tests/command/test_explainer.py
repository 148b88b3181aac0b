"""Maps of a student, against its own predictions and against the maps of the pipeline."""

import itertools
from functools import partial

import numpy as np
import pytest

from degu.attribution.explain import explain_models
from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import MapBlocks, MapKey
from degu.command.explainer import Explainer
from degu.command.map_wishes import METHODS, Wishes
from degu.data.sequences import encode, one_hot, other_strand
from degu.errors import DeguError
from degu.models import dream_rnn
from degu.package.construct import Construct
from degu.package.folder import ModelFolder
from tests.command import profile_models
from tests.command.eagerly import nothing_is_compiled  # noqa: F401
from tests.command.edits import between, turned
from tests.command.models import TARGETS, write_model

RNG = np.random.default_rng(1)
INSERTS = ["".join(RNG.choice(list("ACGT"), 20)) for _ in range(5)]
CONSTRUCTS = encode(list(map(between, INSERTS)))
HEADS = ("mean", "aleatoric", "epistemic", "total")


def predicted(model, tokens, head, target):
    """Return what the model predicts for constructs of any leading axes."""
    flat = model.predict(tokens.reshape(-1, tokens.shape[-1]))
    values = np.hypot(flat["aleatoric"], flat["epistemic"]) if head == "total" else flat[head]
    return values[:, TARGETS.index(target)].astype(np.float64).reshape(tokens.shape[:-1])


@pytest.mark.parametrize("flanks", [False, True])
@pytest.mark.parametrize("method", ["deep_shap", "integrated_gradients"])
def test_contributions_sum_to_the_change_of_the_prediction(model, method, flanks):
    explainer = Explainer(model, Wishes(heads=HEADS, method=method, backgrounds=7, flanks=flanks))
    maps, backgrounds = explainer(CONSTRUCTS), explainer.backgrounds(CONSTRUCTS)
    assert list(maps) == list(itertools.product(TARGETS, HEADS))
    for (target, head), own in maps.items():
        prediction = predicted(model, CONSTRUCTS, head, target)
        change = prediction - predicted(model, backgrounds, head, target).mean(axis=1)
        np.testing.assert_allclose(own.prediction, prediction, rtol=1e-5)
        np.testing.assert_allclose(own.difference, change, rtol=1e-3, atol=1e-5)
        # The trapezoid rule of integrated gradients is not exact.
        exact = method == "deep_shap"
        tolerance = {"rtol": 1e-3, "atol": 1e-5} if exact else {"rtol": 0.1, "atol": 0.05 * np.abs(change).max()}
        np.testing.assert_allclose(own.contributions.sum(axis=1), change, **tolerance)
        error = np.abs(own.contributions.sum(axis=1) - change) / np.abs(own.contributions).sum(axis=1)
        np.testing.assert_allclose(own.error, error, atol=1e-4)
        np.testing.assert_array_equal(own.contributions, (own.hypothetical * one_hot(CONSTRUCTS)).sum(axis=-1))
        assert np.abs(own.contributions).max() > 1e-3


def test_maps_are_those_of_the_pipeline(tmp_path, model, model_path):
    explainer = Explainer(model, Wishes(backgrounds=5, flanks=True))
    maps, backgrounds = explainer(CONSTRUCTS), explainer.backgrounds(CONSTRUCTS)
    flags = np.zeros(5, dtype=bool), np.zeros(5, dtype=np.int8)
    chosen = ExplainedSequences(np.arange(5), CONSTRUCTS, *flags, backgrounds)
    blocks = MapBlocks(tmp_path / "blocks", "identity")
    methods = {"hypothetical_deep_shap": {"method": "deep_shap", "hypothetical": True}}
    keys = explain_models(
        [model_path / "student-1.keras"], dict.fromkeys(TARGETS, chosen), methods, list(HEADS[:3]), blocks
    )
    assert {(key.target, key.head) for key in keys} == set(maps)
    for (target, head), own in maps.items():
        values, difference, _ = blocks.read(MapKey(target, "hypothetical_deep_shap", head), 0, 0)
        np.testing.assert_allclose(own.hypothetical, values, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(own.difference, difference, rtol=1e-4, atol=1e-6)


def counts_of_pairs(tokens):
    return np.bincount(5 * tokens[:-1].astype(int) + tokens[1:], minlength=25)


@pytest.mark.parametrize("flanks", [False, True])
def test_backgrounds_keep_dinucleotides_and_by_choice_flanks(model, flanks):
    explainer = Explainer(model, Wishes(backgrounds=30, flanks=flanks))
    backgrounds = explainer.backgrounds(CONSTRUCTS)
    within = explainer.shown()
    assert within == (slice(0, 24) if flanks else slice(2, 22))
    assert backgrounds.shape == (5, 30, 24)
    for construct, own in zip(CONSTRUCTS, backgrounds, strict=True):
        for background in own:
            np.testing.assert_array_equal(
                counts_of_pairs(background[within]), counts_of_pairs(construct[within]), strict=True
            )
    assert ((backgrounds[..., :2] == CONSTRUCTS[:, None, :2]).all()) is np.bool(not flanks)
    assert len(np.unique(backgrounds[0], axis=0)) > 15


def test_backgrounds_follow_from_the_seed_and_the_sequence_alone(model):
    first, again, other = (Explainer(model, Wishes(seed=seed, backgrounds=9)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.backgrounds(CONSTRUCTS), again.backgrounds(CONSTRUCTS[::-1])[::-1])
    np.testing.assert_array_equal(first.backgrounds(CONSTRUCTS)[3], first.backgrounds(CONSTRUCTS[3:4])[0])
    assert (first.backgrounds(CONSTRUCTS) != other.backgrounds(CONSTRUCTS)).any(axis=(1, 2)).all()


def test_constant_flanks_contribute_nothing(model):
    for own in Explainer(model, Wishes(backgrounds=5))(CONSTRUCTS).values():
        np.testing.assert_array_equal(own.contributions[:, [0, 1, 22, 23]], 0)


@pytest.mark.parametrize("by_choice", [True, False])
def test_both_strands_are_averaged(tmp_path, plain, by_choice):
    """The map of an insert is that of its reverse complement, turned round."""
    construct = Construct(24, "AC", "GT", "one" if by_choice else "both")
    model = plain if by_choice else ModelFolder(write_model(tmp_path / "student", construct=construct))
    explainer = Explainer(model, Wishes(backgrounds=6, both_strands=by_choice, heads=HEADS))
    backgrounds = explainer.backgrounds(CONSTRUCTS)
    one_strand = Explainer(plain, Wishes(backgrounds=6, heads=HEADS))
    turned_constructs = encode([between(turned(insert)) for insert in INSERTS])
    maps = explainer(CONSTRUCTS)
    forwards = one_strand(CONSTRUCTS)
    one_strand.backgrounds = lambda tokens: other_strand(backgrounds.reshape(-1, 24), (2, 2)).reshape(5, 6, 24)
    backwards = one_strand(turned_constructs)
    for key, own in maps.items():
        back = backwards[key].contributions[:, 2:22][:, ::-1]
        np.testing.assert_allclose(
            own.contributions[:, 2:22], (forwards[key].contributions[:, 2:22] + back) / 2, rtol=1e-3, atol=1e-5
        )
        difference = (forwards[key].difference + backwards[key].difference) / 2
        np.testing.assert_allclose(own.difference, difference, rtol=1e-4, atol=1e-6)
        assert own.error.max() < 1e-4


def test_the_maps_of_several_students_are_averaged(tmp_path):
    wishes = Wishes(backgrounds=4, heads=("mean",))
    model = ModelFolder(write_model(tmp_path / "student", seeds=(1, 2)))
    explainer = Explainer(model, wishes)
    backgrounds = explainer.backgrounds(CONSTRUCTS)
    for (target, _), own in explainer(CONSTRUCTS).items():
        change = predicted(model, CONSTRUCTS, "mean", target)
        change = change - predicted(model, backgrounds, "mean", target).mean(axis=1)
        np.testing.assert_allclose(own.contributions.sum(axis=1), change, rtol=1e-3, atol=1e-5)
    alone = [
        Explainer(ModelFolder(write_model(tmp_path / f"student-{seed}", seeds=(seed,))), wishes)(CONSTRUCTS)
        for seed in (1, 2)
    ]
    for key, own in explainer(CONSTRUCTS).items():
        np.testing.assert_allclose(
            own.hypothetical, np.mean([maps[key].hypothetical for maps in alone], axis=0), rtol=1e-3, atol=1e-5
        )


def test_an_unknown_base_has_no_contribution_and_no_sum_is_claimed(model):
    tokens = CONSTRUCTS.copy()
    tokens[1, 10] = 4
    for own in Explainer(model, Wishes(backgrounds=4, heads=("mean",)))(tokens).values():
        assert own.contributions[1, 10] == 0
        assert np.isnan(own.error).tolist() == [False, True, False, False, False]


def test_a_sequence_of_one_letter_is_its_own_background(model):
    tokens = encode([between("A" * 20)])
    for own in Explainer(model, Wishes(backgrounds=4))(tokens).values():
        np.testing.assert_allclose(own.contributions, 0, atol=1e-6)
        assert own.error.max() < 1e-3


def test_wrong_sums_are_told(model, monkeypatch):
    explainer = Explainer(model, Wishes(backgrounds=4))
    method = explainer._methods["Hk", "aleatoric"][0]

    class Wrong:
        exact = True
        check = method.check

        def __call__(self, *arguments):
            values, difference = method(*arguments)
            return values * 1.1, difference

    explainer._methods["Hk", "aleatoric"] = [Wrong()]
    with pytest.raises(DeguError, match=r"aleatoric of Hk do not sum(?s:.*)--method integrated_gradients"):
        explainer(CONSTRUCTS)


def test_heads_of_one_value_are_explained_beside_profiles(profiles_path):
    model = ModelFolder(profiles_path)
    tokens = np.random.default_rng(2).integers(0, 4, size=(2, profile_models.LENGTH), dtype=np.uint8)
    explainer = Explainer(model, Wishes(heads=("mean", "total"), targets=("cuts",), backgrounds=4))
    maps, backgrounds = explainer(tokens), explainer.backgrounds(tokens)
    for (_, head), own in maps.items():
        flat = [model.predict(rows) for rows in (tokens, backgrounds.reshape(-1, tokens.shape[1]))]
        known = [np.hypot(one["aleatoric"], one["epistemic"]) if head == "total" else one["mean"] for one in flat]
        change = known[0][:, 0] - known[1][:, 0].reshape(2, 4).mean(axis=1)
        np.testing.assert_allclose(own.contributions.sum(axis=1), change, rtol=1e-3, atol=1e-5)
        assert np.abs(own.contributions).max() > 1e-4


# Methods that define no sum


@pytest.mark.parametrize("method", ["saliency", "in_silico_mutagenesis"])
@pytest.mark.parametrize("flanks", [False, True])
def test_maps_without_backgrounds_are_those_of_the_pipeline_less_their_mean_over_bases(
    tmp_path, model, model_path, method, flanks
):
    explainer = Explainer(model, Wishes(heads=("mean",), targets=("Hk",), method=method, flanks=flanks))
    assert explainer.backgrounds(CONSTRUCTS).shape == (5, 0, 24)
    own = explainer(CONSTRUCTS)["Hk", "mean"]
    flags = np.zeros(5, dtype=bool), np.zeros(5, dtype=np.int8)
    chosen = ExplainedSequences(np.arange(5), CONSTRUCTS, *flags, np.empty((5, 0, 24), dtype=np.uint8))
    blocks = MapBlocks(tmp_path / "blocks", "identity")
    explain_models(
        [model_path / "student-1.keras"], {"Dev": chosen, "Hk": chosen}, {method: {"method": method}}, ["mean"], blocks
    )
    values = blocks.read(MapKey("Hk", method, "mean"), 0, 0)[0]
    within = explainer.shown()
    corrected = (values - values.mean(axis=-1, keepdims=True))[:, within]
    np.testing.assert_allclose(own.hypothetical[:, within], corrected, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(
        own.contributions[:, within], (corrected * one_hot(CONSTRUCTS[:, within])).sum(-1), rtol=1e-3, atol=1e-6
    )
    np.testing.assert_allclose(own.prediction, predicted(model, CONSTRUCTS, "mean", "Hk"), rtol=1e-5)
    assert np.isnan(own.difference).all() and np.isnan(own.error).all()
    # Flanks that are not shown are not mutated.
    if method == "in_silico_mutagenesis":
        assert (own.contributions[:, :2] != 0).any() == flanks


def test_expected_gradients_make_hypothetical_maps_and_claim_no_sum(model):
    own = Explainer(model, Wishes(heads=("mean",), targets=("Hk",), method="expected_gradients"))(CONSTRUCTS)[
        "Hk", "mean"
    ]
    assert np.isnan(own.error).all() and np.abs(own.contributions[:, 2:22]).max() > 1e-3


@pytest.mark.parametrize(
    ("flanks", "centre", "shown"),
    [(False, 5, (9, 14)), (False, 6, (9, 15)), (False, 20, (2, 22)), (False, 99, (2, 22)), (True, 4, (10, 14))],
)
def test_the_bases_in_the_middle_are_shown_and_all_of_them_shuffled(model, flanks, centre, shown):
    explainer = Explainer(model, Wishes(heads=("mean",), flanks=flanks, centre=centre, backgrounds=2))
    assert explainer.shown() == slice(*shown)
    all_shown = Explainer(model, Wishes(heads=("mean",), flanks=flanks, backgrounds=2))
    np.testing.assert_array_equal(explainer.backgrounds(CONSTRUCTS), all_shown.backgrounds(CONSTRUCTS))


# Profiles


@pytest.mark.parametrize("both", [False, True])
def test_contributions_to_a_profile_sum_to_the_change_of_its_logits(profiles_path, both):
    model = ModelFolder(profiles_path)
    tokens = np.random.default_rng(2).integers(0, 4, size=(2, profile_models.LENGTH), dtype=np.uint8)
    wishes = Wishes(heads=("profile",), targets=(profile_models.TARGETS[1],), backgrounds=3, both_strands=both)
    explainer = Explainer(model, wishes)
    (own,), backgrounds = explainer(tokens).values(), explainer.backgrounds(tokens)
    values, changes = [], []
    for turned_round in (False, True) if both else (False,):
        turn = (lambda rows: other_strand(rows, (0, 0))) if turned_round else (lambda rows: rows)
        at = [model.predict(turn(rows))["profile"][:, 1] for rows in (tokens, backgrounds.reshape(-1, tokens.shape[1]))]
        # Logarithms of probabilities are logits of them.
        logits = [np.log(profile).reshape(2, -1, profile[0].size) for profile in at]
        weights = at[0].reshape(2, 1, -1) - 1 / at[0][0].size
        values.append((weights * logits[0]).sum(axis=(1, 2)))
        changes.append((weights * (logits[0] - logits[1])).sum(axis=2).mean(axis=1))
    np.testing.assert_allclose(own.prediction, np.mean(values, axis=0), rtol=1e-4)
    np.testing.assert_allclose(own.difference, np.mean(changes, axis=0), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(own.contributions.sum(axis=1), np.mean(changes, axis=0), rtol=1e-3, atol=1e-3)
    assert own.error.max() < 1e-3 and np.abs(own.contributions).max() > 1e-3


# Recurrent networks


@pytest.fixture(scope="module")
def recurrent_path(tmp_path_factory):
    """Return the folder of a recurrent student of constructs of 24 bases."""
    return write_model(tmp_path_factory.mktemp("recurrent") / "student", build=partial(dream_rnn.build, width=0.01))


def test_deep_shap_of_a_recurrent_student_is_refused_and_methods_named(recurrent_path):
    told = (
        r"student: deep_shap does not explain recurrent networks(?s:.*)"
        r"choose --method integrated_gradients, expected_gradients, in_silico_mutagenesis or saliency$"
    )
    with pytest.raises(DeguError, match=told):
        Explainer(ModelFolder(recurrent_path), Wishes())


@pytest.mark.parametrize("method", METHODS[1:])
def test_recurrent_students_are_explained_by_other_methods(recurrent_path, method):
    model = ModelFolder(recurrent_path)
    (own,) = Explainer(model, Wishes(heads=("mean",), targets=("Hk",), method=method, backgrounds=2))(
        CONSTRUCTS[:2]
    ).values()
    assert (np.abs(own.contributions[:, 2:22]).max(axis=1) > 1e-4).all()
    if method == "integrated_gradients":
        assert own.error.max() < 0.05
