"""The words, colours and markers of models and methods."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from degu.figures import looks, pit
from tests.conftest import REPOSITORY
from tests.figures.tables import MODELS
from tests.figures.uncertainty_tables import KINDS


@pytest.mark.parametrize("words", [tuple(MODELS), ("mean", "aleatoric", "epistemic", "truth")])
def test_what_is_shown_together_differs_in_colour(words):
    for one, other in itertools.combinations(words, 2):
        difference = np.abs(np.subtract(to_rgb(looks.COLORS[one]), to_rgb(looks.COLORS[other])))
        assert difference.max() > 0.2, (one, other)


def test_every_model_has_a_colour_a_marker_and_a_word():
    # A network of a student's kind that was trained without a teacher is compared by its maps alone.
    lines = {
        "ceiling": "highest to be expected",
        "uniform": "uniform profile",
        "mean_profile": "mean profile",
        "shuffled": "shuffled counts",
        "replicate": "another replicate",
    }
    words = MODELS | {"alone": "trained alone"} | lines
    assert set(looks.ORDER) == set(words) == set(looks.MARKERS)
    assert len({looks.COLORS[model] for model in words}) == len(words)
    assert {model for model in words if not looks.MARKERS[model]} == set(lines)
    marked = words.keys() - lines.keys()
    assert len({looks.MARKERS[model] for model in marked}) == len(marked)
    # A ceiling is never drawn beside another replicate.
    of_profiles = lines.keys() - {"ceiling"}
    assert len({looks.LINES[model] for model in of_profiles}) == len(of_profiles)
    assert {model: looks.label(model) for model in words} == words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("a word of its own", "a word of its own"),
        ("mc_dropout", "MC dropout"),
        ("in_silico_mutagenesis",) * 2,
        ("degu@none", "DEGU, no new sequences"),
        ("degu@more_shuffles-100", "DEGU, more shuffles-100"),
        ("other@none", "other@none"),
    ],
)
def test_names_are_words_for_people(word, expected):
    assert looks.label(word) == expected.replace("_", " ")


@pytest.mark.parametrize("kind", ["teachers", "students"])
def test_every_recurrent_network_and_every_network_of_profiles_has_words(kind):
    named = [path.stem for path in (REPOSITORY / "config" / kind).glob("*.yaml")]
    networks = [name for name in named if name.startswith(("bpnet", "dream_rnn")) or name.endswith("profile")]
    assert networks
    assert not [name for name in networks if looks.label(name) == name.replace("_", " ")]


def test_no_student_looks_like_a_model_that_it_is_drawn_beside():
    styles = looks.method_styles([f"degu_{index}" for index in range(30)], looks.BESIDE_MODELS)
    for model in ("member", "ensemble", "kmer_ridge"):
        for look in styles.values():
            difference = np.abs(np.subtract(to_rgb(look["color"]), to_rgb(looks.COLORS[model]))).max()
            assert difference > 0.1 or look["marker"] != looks.MARKERS[model]


@pytest.mark.parametrize("known", [looks.PREDICTING, looks.CONFORMAL])
@pytest.mark.parametrize("count", [1, 9, 20, 25])
def test_no_two_methods_are_drawn_alike(count, known):
    styles = looks.method_styles([*(f"method{index}" for index in range(count)), *known], known)
    assert len({(to_hex(own["color"]), own["marker"]) for own in styles.values()}) == len(styles) == count + len(known)


def test_a_method_named_twice_has_one_style():
    assert list(looks.method_styles(["a", "b", "a", "c"])) == ["a", "b", "c"]


@pytest.mark.parametrize("method", looks.PREDICTING)
def test_a_known_method_looks_the_same_whatever_it_is_drawn_with(method):
    alone = looks.method_styles([method])[method]
    assert looks.method_styles(["small", "own", *reversed(looks.PREDICTING)])[method] == alone


def test_the_first_method_that_is_not_known_has_a_look_of_its_own():
    one, other = (looks.method_styles([teacher, *looks.PREDICTING])[teacher] for teacher in ("small", "deepstarr"))
    assert one == other
    assert one not in [looks.method_styles([method])[method] for method in looks.PREDICTING]


# These turn linear RGB into what is seen without one kind of cone (Vienot, Brettel and Mollon 1999), by mixing red and
# green.
def test_maps_of_a_profile_have_a_unit_of_their_own():
    assert [looks.unit_of_maps(head, "log2") for head in ("mean", "total", "profile")] == ["log2", "log2", "logits"]


DICHROMATS = {
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


def lab(color: object, kind: str) -> np.ndarray:
    """Return CIE L*a*b* of a colour as a dichromat sees it."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(DICHROMATS[kind]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", DICHROMATS)
@pytest.mark.parametrize(
    "colors",
    [
        {name: looks.COLORS[name] for name in KINDS},
        {name: own["color"] for name, own in looks.method_styles(["small", *list(looks.PREDICTING)[:7]]).items()},
        pit.COLORS,
    ],
    ids=["kinds", "methods", "pit"],
)
def test_the_colour_blind_can_tell_them_apart(kind, colors):
    """A difference of 2.3 in L*a*b* is just noticeable."""
    for one, other in itertools.combinations(colors, 2):
        assert np.linalg.norm(lab(colors[one], kind) - lab(colors[other], kind)) > 8, (one, other)
