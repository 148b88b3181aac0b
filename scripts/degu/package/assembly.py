"""The folder of a student put together: its parts, and the facts that it tells, from what its students predict."""

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from degu import __version__
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.card import FIGURE, card
from degu.package.construct import Construct
from degu.package.folder import CARD, Part, folder_aside, write_contents
from degu.package.measured import measure
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.prediction.ensemble import Predictions
from degu.provenance.environment import code_commit, package_versions
from degu.uncertainty.bin_stds import number_of_bins
from degu.uncertainty.profile_calibration import ProfileCalibration

log = logging.getLogger(__name__)

HeadsBySplit = Mapping[str, Mapping[str, np.ndarray]]


def heads_by_split(predictions: Predictions, *, profiles: bool = False) -> dict[str, dict[str, np.ndarray]]:
    """Return the heads of some students together, (n, T) each, by split and head.

    With `profiles` heads of profiles are among them, with their trailing axes, and otherwise they are left out.
    """
    names = predictions.heads.heads if profiles else predictions.heads.of_one_value().heads
    return {
        split: combine([{name: predictions.heads.select(one, name) for name in names} for one in values])
        for split, values in predictions.values.items()
    }


def parts_of(store: SequenceStore, heads: HeadsBySplit, effects: np.ndarray) -> dict[str, Part]:
    """Return what the intervals, the warnings and the quantiles of a student come from.

    Parameters
    ----------
    store
        The data set.
    heads
        What the students together predict for it, by split and head.
    effects
        What substitutions change, (V, T).
    """
    rows = {split: store.rows(split) for split in SPLITS}
    inserts = store.tokens[rows["train"], store.insert]
    return {
        "calibration": Calibration.of_predictions(
            store.targets[rows["calibration"]], heads["calibration"], heads["train"]
        ),
        "novelty": Novelty.of_training(inserts, heads["train"].get("epistemic")),
        "background": Background.of_values(np.concatenate([heads[split]["mean"] for split in SPLITS]), effects),
    }


def calibration_of_profiles(store: SequenceStore, heads: HeadsBySplit) -> ProfileCalibration | None:
    """Return what the intervals of profiles come from; None if there are no counts, or no uncertainties of profiles.

    Parameters
    ----------
    store
        The data set, with its counts.
    heads
        What the students together predict for the validation and the calibration split, with the heads of profiles.
    """
    if store.counts is None or not number_of_bins(heads["calibration"]):
        return None
    rows = store.rows("calibration")
    return ProfileCalibration.of_predictions(
        store.counts[rows], store.group[rows], heads["calibration"], heads["validation"]
    )


def facts_of(store: SequenceStore, described: Heads, heads: HeadsBySplit, calibration: Calibration) -> dict[str, Any]:
    """Return what the folder of a student tells of its data, its accuracy and the code that made it.

    Parameters
    ----------
    store
        The data set.
    described
        Names and shapes of all heads of the students.
    heads
        What the students together predict for it, by split and head.
    calibration
        What their intervals are made from.
    """
    return {
        **described.to_json(),
        "units": store.units,
        "data_digest": store.digest,
        "calibration_rows": len(calibration),
        "measured": measure(store.targets[store.rows("test")], heads["test"], calibration),
        "degu": __version__,
        "commit": code_commit(),
        "versions": package_versions(),
    }


def write_package(
    path: Path,
    *,
    students: Mapping[int, Path],
    difference: Path | None,
    facts: Mapping[str, Any],
    construct: Construct,
    parts: Mapping[str, Part],
    figure: Path | None = None,
    compared: np.ndarray | None = None,
) -> None:
    """Write the folder of a student with its card, whole or not at all.

    Parameters
    ----------
    path
        The folder, which must not exist.
    students, difference, facts, construct, parts
        As `degu.package.folder.write_contents` takes them.
    figure
        The figure that the card shows, as PNG.
    compared
        Constructs, uint8 (N, L), by which ONNX is compared with Keras. Without them, nothing is written as ONNX.

    Raises
    ------
    DeguError
        If there is something of that name already.
    """
    with folder_aside(path) as aside:
        distance = None if compared is None else _write_onnx(aside, students, difference, compared)
        if figure is not None:
            shutil.copyfile(figure, aside / FIGURE)
        known = {**facts, "onnx_distance": distance}
        content = write_contents(
            aside, students=students, difference=difference, facts=known, construct=construct, parts=parts
        )
        (aside / CARD).write_text(card(content), encoding="utf-8")


def _write_onnx(
    folder: Path, students: Mapping[int, Path], difference: Path | None, tokens: np.ndarray
) -> float | None:
    """Write the students as ONNX too, where their layers allow it, and return the distance from Keras."""
    # Keras takes seconds to import, and the library puts folders together without it.
    from degu.package.keras_networks import export_networks

    try:
        distance = export_networks(folder, students, difference, tokens)
    except DeguError as error:
        log.warning("the student is not written as ONNX, and is computed by Keras: %s", error)
        return None
    log.info("ONNX differs from Keras by %.1g of the greatest value at most", distance)
    return distance
