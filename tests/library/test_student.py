"""A student in use."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from degu.data.sequences import encode, one_hot
from degu.errors import DeguError
from degu.evaluation.profiles import jensen_shannon_distance
from degu.library.student import open_student
from degu.package.folder import ModelFolder
from tests.command.profile_models import BINS, LENGTH, POSITIONS, write_profile_model
from tests.library.conftest import FLANKS, arrays_of

SEQUENCES, ACTIVITY = arrays_of(120, seed=11)
CONSTRUCTS = encode([FLANKS[0] + sequence + FLANKS[1] for sequence in SEQUENCES])


def test_sequences_are_predicted_in_any_form(student):
    expected = ModelFolder(student._folder.path).predict(CONSTRUCTS)
    assert list(expected) == student.heads == ["mean", "aleatoric", "epistemic"]
    for given in (SEQUENCES, [one.lower() for one in SEQUENCES], CONSTRUCTS, one_hot(encode(SEQUENCES))):
        found = student.predict(given)
        for head, values in expected.items():
            np.testing.assert_array_equal(found[head], values)


def test_intervals_are_those_of_the_folder(student):
    expected = student._folder.calibration.intervals(student.predict(SEQUENCES), 0.8, "absolute")
    np.testing.assert_array_equal(student.intervals(SEQUENCES, 0.8, "absolute"), expected)
    assert student.intervals(SEQUENCES).shape == (120, 2, 2)
    with pytest.raises(DeguError, match="unknown method 'normalised'"):
        student.intervals(SEQUENCES, method="normalised")
    with pytest.raises(DeguError, match="the level 90"):
        student.intervals(SEQUENCES, 90)


def test_effects_of_variants_are_differences_with_intervals_and_quantiles(student):
    references, alternatives = SEQUENCES[:40], SEQUENCES[40:80]
    found = student.variants(references, alternatives, level=0.5)
    means = [student.predict(given)["mean"].astype(float) for given in (references, alternatives)]
    np.testing.assert_allclose(found["effect"], means[1] - means[0], atol=1e-4)
    half = stats.norm.ppf(0.75) * found["effect_std"]
    np.testing.assert_allclose(found["effect_upper"] - found["effect"], half)
    np.testing.assert_allclose(found["effect"] - found["effect_lower"], half)
    assert (found["effect_std"] > 0).all()
    assert ((found["quantile"] >= 0) & (found["quantile"] <= 1)).all()
    with pytest.raises(DeguError, match="there are 40 references and 3 alternatives"):
        student.variants(references, alternatives[:3])


def test_unusual_sequences_are_told(student):
    usual, odd = student.unusual(SEQUENCES), student.unusual(["G" * 20, "N" * 20])
    assert usual["gc"].mean() < 0.1
    assert odd["gc"][0]
    assert odd["unknown_bases"].tolist() == [False, True]


def test_a_saved_student_is_opened_again_and_has_a_card(student, tmp_path):
    student.save(tmp_path / "mine", title="My assay", licence="cc-by-4.0")
    again = open_student(tmp_path / "mine")
    assert (again.facts["title"], again.facts["licence"], again.facts["citation"]) == ("My assay", "cc-by-4.0", "")
    # What was saved may be computed by ONNX Runtime.
    for head, values in student.predict(SEQUENCES).items():
        np.testing.assert_allclose(again.predict(SEQUENCES)[head], values, rtol=1e-4, atol=1e-4)
    for name, values in student.variants(SEQUENCES[:9], SEQUENCES[9:18]).items():
        found = again.variants(SEQUENCES[:9], SEQUENCES[9:18])[name]
        np.testing.assert_allclose(found, values, rtol=1e-3, atol=1e-3)
    card = (tmp_path / "mine" / "README.md").read_text()
    assert "# My assay: degu of" in card
    assert "license: cc-by-4.0" in card
    with pytest.raises(DeguError, match="there is something of this name already"):
        student.save(tmp_path / "mine")
    with pytest.raises(DeguError, match="there is no such folder"):
        open_student(tmp_path / "yours")


def test_intervals_are_calibrated_anew_on_other_sequences(student, tmp_path):
    # Measurements of a library on another scale are farther from the predictions.
    moved = ACTIVITY + 500
    new = student.calibrated(SEQUENCES, moved)
    held = [one.intervals(SEQUENCES, 0.8, "absolute") for one in (student, new)]
    inside = [np.mean((ends[..., 0] <= moved) & (moved <= ends[..., 1])) for ends in held]
    assert inside[0] < 0.1
    assert 0.8 <= inside[1] <= 0.85
    assert new.facts["calibration_rows"] == 120
    for head, values in student.predict(SEQUENCES).items():
        np.testing.assert_array_equal(new.predict(SEQUENCES)[head], values)
    new.save(tmp_path / "new")
    card = (tmp_path / "new" / "README.md").read_text()
    assert "calibrated on other sequences later" in card
    assert "in brackets the median width" not in card
    found = open_student(tmp_path / "new").intervals(SEQUENCES, 0.8, "absolute")
    np.testing.assert_allclose(found, held[1], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("activity", "told"),
    [
        (ACTIVITY[:5], r"activity: the shape is \(5, 2\), and there are 120 sequences"),
        (ACTIVITY[:, 0], "activity: there are 1 targets(?s:.*)Dev, Hk"),
        (ACTIVITY * np.nan, "activity: a number is missing"),
    ],
)
def test_measurements_that_do_not_fit_are_refused(student, activity, told):
    with pytest.raises(DeguError, match=told):
        student.calibrated(SEQUENCES, activity)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("A" * 20, "one string was given"),
        (["A" * 20, "A" * 19], "sequences differ in length"),
        (["A" * 21], "the sequences have 21 bases(?s:.*)20 bases, as in training, or 25 with both flanks"),
        (["AU" * 10], "letter 'U' at position 2(?s:.*)write T in place of U"),
        (np.zeros((2, 4, 20)), r"shape \(2, 4, 20\)(?s:.*)order A, C, G, T"),
    ],
)
def test_what_are_no_sequences_of_training_is_refused(student, given, told):
    for use in (student.predict, student.intervals, lambda x: student.variants(x, x)):
        with pytest.raises(DeguError, match=told):
            use(given)


def test_a_student_is_shown_without_keras(student):
    """A folder may be opened just to be shown, and Keras takes seconds to import."""
    code = (
        "import sys; from degu.library.student import open_student; "
        f"print(open_student({str(student._folder.path)!r}).targets, 'keras' in sys.modules)"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['Dev', 'Hk'] False"


def test_a_student_of_profiles_gives_arrays_and_is_calibrated_anew(tmp_path):
    student = open_student(write_profile_model(tmp_path / "student", difference=True))
    rng = np.random.default_rng(2)
    tokens = rng.integers(0, 4, size=(30, LENGTH), dtype=np.uint8)
    found = student.predict(tokens)
    assert {head: values.shape[2:] for head, values in found.items()} == {
        **dict.fromkeys(("mean", "aleatoric", "epistemic"), ()),
        "profile": (2, POSITIONS),
        **dict.fromkeys(("profile_aleatoric", "profile_epistemic"), (2, BINS)),
    }
    assert {values.shape[:2] for values in found.values()} == {(30, 2)}
    by_bin, at_once = (student.profile_intervals(tokens, 0.8, simultaneous=wanted) for wanted in (False, True))
    assert by_bin.shape == at_once.shape == (30, 2, 2, BINS, 2)
    expected = student._folder.profiles.intervals(found, 0.8)
    np.testing.assert_allclose(by_bin, expected, rtol=1e-4, atol=1e-6)
    assert (by_bin[..., 0] >= at_once[..., 0]).all()
    assert (by_bin[..., 1] <= at_once[..., 1]).all()
    assert student.profile_intervals(tokens, 0.5, quantity="counts").max() > 1
    with pytest.raises(
        DeguError, match=r"40 calibration windows are too few for intervals of profiles of the level 0\.99"
    ):
        student.profile_intervals(tokens, 0.99)
    student.save(tmp_path / "saved")
    saved = open_student(tmp_path / "saved")
    np.testing.assert_allclose(saved.profile_intervals(tokens, 0.8), by_bin, rtol=1e-4, atol=1e-6)
    assert saved.facts["profiles"] == student.facts["profiles"]
    new = student.calibrated(tokens, found["mean"] + rng.normal(size=(30, 2)))
    # Nothing is known of the counts of the new library.
    assert new.facts["profiles"] is None
    with pytest.raises(DeguError, match="the profiles of this student are not calibrated"):
        new.profile_intervals(tokens)
    np.testing.assert_array_equal(new.predict(tokens)["profile"], found["profile"])
    assert new.intervals(tokens, 0.5).shape == student.intervals(tokens).shape == (30, 2, 2)
    assert student.unusual(tokens).keys() == {"unknown_bases", "gc", "composition", "epistemic"}
    changes = new.variants(tokens[:15], tokens[15:])
    expected = jensen_shannon_distance(found["profile"][:15], found["profile"][15:])
    np.testing.assert_allclose(changes["profile_distance"], expected, rtol=1e-5)
    np.testing.assert_allclose(changes["effect"], found["mean"][15:] - found["mean"][:15], atol=1e-5)
