"""Trained students in the folder that they are given away in."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from degu.data.store import SequenceStore
from degu.distillation.difference_training import fit_difference_head
from degu.library.student import Student
from degu.package.assembly import facts_of, heads_by_split, parts_of, write_package
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.folder import ModelFolder
from degu.package.students import combine
from degu.package.substitutions import substitution_effects
from degu.prediction.predictor import Predictor, predict_store
from degu.training.saving import save_network

log = logging.getLogger(__name__)


def package(
    students: Mapping[int, Path],
    members: Sequence[Path],
    store: SequenceStore,
    training: np.ndarray,
    seed: int,
    facts: Mapping[str, Any],
) -> Student:
    """Return trained students together, calibrated, in a folder that is removed when they are no longer used.

    Parameters
    ----------
    students
        The files of the students, by their seed numbers.
    members
        Files of the members that they are distilled from.
    store, training, seed
        The data set, the rows that they are trained on, and the seed of substitutions and mutants.
    facts
        What else the folder tells: `members`, their number, and `teacher`, their name.
    """
    predictors = [Predictor(path) for path in students.values()]
    predictions = predict_store(list(students.values()), list(students), store)
    heads = heads_by_split(predictions)
    effects = substitution_effects(
        lambda tokens: combine([predictor.predict(tokens) for predictor in predictors]), store, seed=seed
    )
    parts = parts_of(store, heads, effects)
    calibration = parts["calibration"]
    assert isinstance(calibration, Calibration)
    temporary = tempfile.TemporaryDirectory(prefix="degu-student-", ignore_cleanup_errors=True)
    difference = worth = None
    if "epistemic" in heads["test"]:
        log.info("training the uncertainty of differences")
        fitted = fit_difference_head(predictors[0], members, store, training, seed)
        difference, worth = Path(temporary.name) / "difference.keras", fitted.worth
        save_network(fitted.head, difference)
    told = {
        "title": "An assay",
        "citation": "",
        "licence": "",
        **facts,
        "dataset": store.attributes["dataset"],
        "student": "degu",
        "fraction": 1.0,
        "difference": worth,
        **facts_of(store, predictions.heads, heads, calibration),
    }
    folder = Path(temporary.name) / "student"
    construct = Construct.of_store(store, predictors[0].description["strands"])
    write_package(folder, students=students, difference=difference, facts=told, construct=construct, parts=parts)
    return Student(ModelFolder(folder), temporary)
