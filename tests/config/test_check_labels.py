"""Models of labels are trained on labels, and models of activities on activities."""

import pytest

from degu.config.configuration import Configuration
from degu.config.plugins import known_names
from degu.config.schemas import read_yaml
from degu.errors import DeguError
from tests.config.conftest import CONFIG

OF_LABELS = {"heads": ["mean"], "loss": {"name": "binary_crossentropy"}}
OF_ACTIVITIES = {"heads": ["mean"]}
LABELS = {"labels": True}
DISTILLED = {"validation_targets": "ensemble"}


def test_a_teacher_of_labels_is_distilled_by_squared_errors_of_log_odds(configure):
    configuration = configure(dataset=LABELS, teacher=OF_LABELS, student=DISTILLED)
    student = configuration.student("big", "plain")
    assert (student["loss"]["name"], student["heads"]) == ("mean_squared_error", ["mean", "epistemic"])


@pytest.mark.parametrize(
    "student",
    [
        {"loss": {"name": "kullback_leibler"}, "uncertainty": {"link": "softplus"}, **DISTILLED},
        {"loss": {"name": "crps_of_members"}, "uncertainty": {"link": "softplus"}, **DISTILLED},
        # Such a student learns the labels themselves, and the disagreement of its ensemble.
        {"loss": {"name": "binary_crossentropy"}},
        {"loss": {"name": "binary_crossentropy"}, "monitor": "auroc"},
        {**DISTILLED, "target_scaling": "standard"},
    ],
)
def test_other_students_of_labels(configure, student):
    assert configure(dataset=LABELS, teacher=OF_LABELS, student=student).student("big", "plain")


def test_a_baseline_that_changes_no_loss_suits_labels(configure):
    configuration = configure(dataset=LABELS, teacher=OF_LABELS, student=DISTILLED, baseline={"resampling": "folds"})
    assert configuration.teacher("big-noisy")["loss"]["name"] == "binary_crossentropy"


@pytest.mark.parametrize(
    ("changes", "name", "loss"),
    [
        ({"teacher": OF_ACTIVITIES}, "big", "mean_squared_error"),
        ({"teacher": {**OF_LABELS, "loss": {"name": "mean_squared_error"}}}, "big", "mean_squared_error"),
        ({"baseline": {"loss": {"name": "mean_squared_error"}}}, "big-noisy", "mean_squared_error"),
        ({"baseline": {"heads": ["mean", "lower", "upper"], "loss": {"name": "pinball"}}}, "big-noisy", "pinball"),
        (
            {
                "student": {
                    "heads": ["mean", "aleatoric", "epistemic"],
                    "loss": {"name": "gaussian"},
                    "uncertainty": {"link": "softplus"},
                }
            },
            "plain",
            "gaussian",
        ),
    ],
)
def test_a_loss_that_learns_activities_is_refused_for_labels(configure, changes, name, loss):
    message = (
        rf"(?s)mine\.yaml: labels: '{name}' has the loss '{loss}', which is for activities, and this data set has "
        "labels.*binary_crossentropy.*name other models than"
    )
    changes = {"teacher": OF_LABELS, "student": DISTILLED} | changes
    if "student" in changes and name != "plain":
        changes["student"] = DISTILLED
    with pytest.raises(DeguError, match=message):
        configure(dataset=LABELS, **changes)


@pytest.mark.parametrize("validation", [{}, {"validation_targets": "measured"}])
def test_log_odds_are_not_validated_on_labels(configure, validation):
    message = r"(?s)mine\.yaml: labels: 'plain' is validated on measurements.*set `validation_targets: ensemble`"
    with pytest.raises(DeguError, match=message):
        configure(dataset=LABELS, teacher=OF_LABELS, student=validation)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"teacher": OF_LABELS, "student": DISTILLED}, "big"),
        ({"baseline": {"loss": {"name": "binary_crossentropy"}}}, "big-noisy"),
        ({"student": {"loss": {"name": "binary_crossentropy"}}}, "plain"),
    ],
)
@pytest.mark.parametrize("dataset", [{}, {"labels": False}])
def test_a_loss_of_labels_is_refused_for_activities(configure, dataset, changes, name):
    message = (
        rf"(?s)mine\.yaml: labels: '{name}' has the loss 'binary_crossentropy', which is for labels of 0 and 1, and "
        "this data set has activities.*`labels: true`"
    )
    with pytest.raises(DeguError, match=message):
        configure(dataset=dataset, **changes)


@pytest.mark.parametrize("changes", [{"teacher": {**OF_LABELS, "target_scaling": "standard"}, "student": DISTILLED}])
def test_labels_are_not_scaled(configure, changes):
    with pytest.raises(
        DeguError, match=r"big\.yaml: target_scaling: the loss 'binary_crossentropy' needs labels as they"
    ):
        configure(dataset=LABELS, **changes)


def test_the_scaling_of_a_student_of_labels_that_comes_from_its_teacher_is_its_own(configure):
    """A student may be trained on scaled log odds, but not on scaled labels."""
    own = {"loss": {"name": "binary_crossentropy"}, "target_scaling": "standard"}
    with pytest.raises(DeguError, match=r"plain\.yaml: target_scaling: the loss 'binary_crossentropy' needs labels"):
        configure(dataset=LABELS, teacher=OF_LABELS, student=own)


def test_a_data_set_of_labels_beside_one_of_activities(configure):
    """Each is compared with the models of its own study."""
    configure(dataset=LABELS, teacher=OF_LABELS, student=DISTILLED)
    (configure.folder / "teachers" / "other.yaml").write_text("model: {name: motif_cnn}\n")
    second = (configure.folder / "datasets" / "mine.yaml").read_text().replace("labels: true", "labels: false")
    (configure.folder / "datasets" / "second.yaml").write_text(f"{second}study: {{teachers: [other]}}\n")
    assert configure({"datasets": ["mine", "second"]}, dataset=LABELS, teacher=OF_LABELS, student=DISTILLED)
    message = r"second\.yaml: labels: 'big' has the loss 'binary_crossentropy'"
    (configure.folder / "datasets" / "second.yaml").write_text(second)
    with pytest.raises(DeguError, match=message):
        configure({"datasets": ["mine", "second"]}, dataset=LABELS, teacher=OF_LABELS, student=DISTILLED)


def test_the_labels_of_the_project_have_teachers_and_students_of_their_own():
    config = read_yaml(CONFIG / "synthetic_code.yaml")
    assert Configuration(config, [CONFIG]).datasets["synthetic_code"]["labels"]
    assert "binary_crossentropy" in known_names("loss")
