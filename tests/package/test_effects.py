"""Effects and their uncertainty, against the student itself."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from degu.data.sequences import encode
from degu.errors import DeguError
from degu.package.construct import Construct
from degu.package.effects import MEANINGS, Pairs, columns_of, names_of_columns, predict_pairs
from degu.package.folder import ModelFolder
from tests.command.edits import between, heads_of, stds_of, turned
from tests.command.models import write_model
from tests.command.profile_models import LENGTH, POSITIONS, write_profile_model

RNG = np.random.default_rng(1)
FIRST = ["".join(RNG.choice(list("ACGT"), 20)) for _ in range(7)]
SECOND = [f"{text[:8]}{'ACGT'[('ACGT'.index(text[8]) + 1) % 4]}{text[9:]}" for text in FIRST]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return ModelFolder(write_model(tmp_path_factory.mktemp("model") / "student", difference=True))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return ModelFolder(write_model(tmp_path_factory.mktemp("plain") / "student"))


def pairs_of(model, **options):
    return predict_pairs(model, encode(list(map(between, FIRST))), encode(list(map(between, SECOND))), **options)


def test_a_sequence_does_not_differ_from_itself(model):
    same = encode([between(FIRST[0]), between(FIRST[1])])
    pairs = predict_pairs(model, same, encode([between(FIRST[0]), between(SECOND[1])]), both_strands=True)
    assert (pairs.std[0] == 0).all()
    assert (pairs.std[1] > 0).all()


def test_predictions_of_pairs_are_those_of_each_sequence(model):
    pairs = pairs_of(model)
    first, second = ([between(text) for text in texts] for texts in (FIRST, SECOND))
    np.testing.assert_allclose(pairs.reference, heads_of(model, first), rtol=1e-5)
    np.testing.assert_allclose(pairs.alternative, heads_of(model, second), rtol=1e-5)
    np.testing.assert_allclose(pairs.std, stds_of(model, first, second), rtol=1e-5)


def test_both_strands_are_averaged_and_flanks_stay(model):
    pairs = pairs_of(model, both_strands=True)
    first, second = (
        [[between(text) for text in texts], [between(turned(text)) for text in texts]] for texts in (FIRST, SECOND)
    )
    np.testing.assert_allclose(pairs.reference, np.mean([heads_of(model, t) for t in first], axis=0), rtol=1e-5)
    np.testing.assert_allclose(pairs.alternative, np.mean([heads_of(model, t) for t in second], axis=0), rtol=1e-5)
    expected = np.mean([stds_of(model, *texts) for texts in zip(first, second, strict=True)], axis=0)
    np.testing.assert_allclose(pairs.std, expected, rtol=1e-5)


def test_without_flanks_the_whole_construct_is_turned(model):
    pairs = pairs_of(model, both_strands=True, flanked=False)
    whole = [between(text) for text in FIRST]
    expected = np.mean([heads_of(model, whole), heads_of(model, list(map(turned, whole)))], axis=0)
    np.testing.assert_allclose(pairs.reference, expected, rtol=1e-5)


def test_a_student_of_both_strands_is_not_averaged_again(tmp_path):
    model = ModelFolder(write_model(tmp_path / "student", construct=Construct(24, "AC", "GT", "both")))
    once, twice = pairs_of(model), pairs_of(model, both_strands=True)
    np.testing.assert_array_equal(once.reference, twice.reference)
    whole = [[between(text), between(turned(text))] for text in FIRST]
    other = ModelFolder(write_model(tmp_path / "other"))
    expected = [heads_of(other, texts).mean(axis=0) for texts in whole]
    np.testing.assert_allclose(once.reference, expected, rtol=1e-4)


def test_equal_sequences_are_predicted_once(model, monkeypatch):
    seen = []
    predict = model.predict_with_features
    monkeypatch.setattr(model, "predict_with_features", lambda tokens: seen.append(len(tokens)) or predict(tokens))
    tokens = encode([between(FIRST[0])] * 5), encode([between(text) for text in SECOND[:5]])
    pairs = predict_pairs(model, *tokens)
    assert seen == [6]
    np.testing.assert_allclose(pairs.reference, heads_of(model, [between(FIRST[0])]).repeat(5, axis=0), rtol=1e-5)
    np.testing.assert_allclose(pairs.alternative, heads_of(model, list(map(between, SECOND[:5]))), rtol=1e-5)


def test_either_sequence_can_be_unusual(model):
    strange, usual = between("G" * 20), between(FIRST[0])
    both = [(usual, strange), (strange, usual), (usual, between("N" * 20))]
    pairs = predict_pairs(model, *(encode([pair[place] for pair in both]) for place in (0, 1)))
    reasons = [set(text.split(",")) for text in pairs.reasons()]
    assert {"gc", "composition"} <= reasons[0] == reasons[1]
    assert "unknown_bases" in reasons[2] - reasons[0]
    assert "unknown_bases" not in predict_pairs(model, *[encode([usual])] * 2).reasons()[0]


def test_neighbours_are_averaged():
    values = {name: RNG.normal(size=(6, 2)) for name in ("reference", "alternative", "std")}
    unusual = {"gc": np.array([0, 0, 0, 0, 1, 0], dtype=bool)}
    found = Pairs(**values, unusual=unusual).averaged(3)
    for name, own in values.items():
        np.testing.assert_allclose(getattr(found, name), [own[:3].mean(axis=0), own[3:].mean(axis=0)])
    assert found.reasons() == ["", "gc"]
    assert Pairs(values["reference"], values["alternative"], None, unusual).averaged(2).std is None


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_an_interval_has_its_probability(model, level):
    pairs = pairs_of(model)
    columns = columns_of(model, pairs, level)
    assert list(columns) == names_of_columns(model) == [name for name in MEANINGS if name != "profile_distance"]
    np.testing.assert_allclose(columns["effect"], pairs.alternative - pairs.reference)
    own = stats.norm(columns["effect"], columns["effect_std"])
    np.testing.assert_allclose(own.cdf(columns["effect_upper"]) - own.cdf(columns["effect_lower"]), level)
    np.testing.assert_allclose(columns["effect_upper"] + columns["effect_lower"], 2 * columns["effect"])
    # The share of the background that is smaller, up to the grid of its quantiles.
    background = model.background.effect
    shares = [
        [(background[:, target] < abs(effect)).mean() for target, effect in enumerate(row)] for row in columns["effect"]
    ]
    np.testing.assert_allclose(columns["quantile"], shares, atol=0.002)


def test_without_a_head_there_is_no_std_and_no_interval(plain):
    columns = columns_of(plain, pairs_of(plain), 0.9)
    assert list(columns) == names_of_columns(plain) == ["reference", "alternative", "effect", "quantile"]


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_probability_is_refused(model, level):
    with pytest.raises(DeguError, match="between 0 and 1"):
        columns_of(model, pairs_of(model), level)


@pytest.fixture(scope="module")
def of_profiles(tmp_path_factory):
    return ModelFolder(write_profile_model(tmp_path_factory.mktemp("profiles") / "student", difference=True))


def distances_by_hand(first, second):
    """Return the Jensen-Shannon distance of SciPy, which looks at strands and positions together."""
    return [
        [jensenshannon(one.ravel(), other.ravel()) for one, other in zip(*pair, strict=True)]
        for pair in zip(first, second, strict=True)
    ]


@pytest.mark.parametrize("both_strands", [False, True])
def test_profiles_of_pairs_have_a_distance(of_profiles, both_strands):
    tokens = np.random.default_rng(4).integers(0, 4, size=(10, LENGTH), dtype=np.uint8)
    pairs = predict_pairs(of_profiles, tokens[:5], tokens[5:], both_strands=both_strands)
    profiles = of_profiles.predict(tokens)["profile"]
    if both_strands:
        profiles = profiles + np.flip(of_profiles.predict(3 - tokens[:, ::-1])["profile"], axis=(2, 3))
    expected = distances_by_hand(profiles[:5], profiles[5:])
    assert np.min(expected) > 0.05
    np.testing.assert_allclose(pairs.profile_distance, expected, rtol=1e-4)
    columns = columns_of(of_profiles, pairs, 0.9)
    assert list(columns) == names_of_columns(of_profiles) == list(MEANINGS)
    np.testing.assert_array_equal(columns["profile_distance"], pairs.profile_distance)
    averaged = pairs.averaged(5).profile_distance
    np.testing.assert_allclose(averaged, pairs.profile_distance.mean(axis=0, keepdims=True))
    # The uncertainty of the difference is that of the mean, as for any other student.
    if not both_strands:
        np.testing.assert_allclose(pairs.std, of_profiles.std_of_difference(tokens[:5], tokens[5:]), rtol=1e-5)


def test_a_deletion_moves_no_peak(of_profiles):
    """Profiles behind a deletion are compared at the bases that both alleles have."""
    tokens = np.random.default_rng(5).integers(0, 4, size=(1, LENGTH + 3), dtype=np.uint8)
    at = LENGTH // 2
    first, second = tokens[:, :LENGTH], np.delete(tokens, np.arange(at + 1, at + 4), axis=1)
    pairs = predict_pairs(of_profiles, first, second, edits=np.array([[at, 4, 1]]))
    one, other = (of_profiles.predict(own)["profile"][0].astype(float) for own in (first, second))
    start = at - (LENGTH - POSITIONS) // 2
    # The last three positions of the first profile have left the second one on its left.
    kept = [
        np.concatenate([own[..., :start], right], axis=-1)
        for own, right in ((one, one[..., start + 4 :]), (other, other[..., start + 1 : POSITIONS - 3]))
    ]
    np.testing.assert_allclose(pairs.profile_distance[0], distances_by_hand(*[[own] for own in kept])[0], rtol=1e-4)
