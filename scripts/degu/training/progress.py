"""How far the trainings of a run are, told by each training job when it is done."""

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from degu.data.kmer_ridge import K, KmerRidge
from degu.data.kmers import canonical_index
from degu.errors import DeguError
from degu.formats.files import write_text
from degu.outputs.outputs import Outputs
from degu.training.building import build_model
from degu.training.flops import forward_flops, step_flops
from degu.training.job import TrainingJob
from degu.training.planned import PLAN, Plan, PlannedJob, done_jobs, progress_line, read_plan, time_left
from degu.training.training import TrainingData

log = logging.getLogger(__name__)

# A change of this module trains nothing again (see `degu.provenance.code`).
ONLY_TELLS = True


class InputSize(NamedTuple):
    """The size of a sequence, and of what is measured on it.

    Attributes
    ----------
    length, targets
        Number of bases, and number of targets.
    profile
        Number of strands and of positions with counts; None if there are no counts.
    """

    length: int
    targets: int
    profile: tuple[int, int] | None = None


def tell_progress(job: TrainingJob, record: Path, path: Path = PLAN) -> None:
    """Log how many trainings of the run are done, and about how long the others take.

    Parameters
    ----------
    job
        The job that is done.
    record
        The file of its record, by which the plan knows the job. A job that no plan knows says nothing.
    path
        The plan.
    """
    plan = read_plan(path)
    own = next((one for one in plan.jobs if one.record == str(record)), None) if plan else None
    if plan is None or own is None:
        return
    try:
        log.info("%s", _line(job, plan, own, path), extra={"milestone": True})
    except Exception as error:
        # The models are trained, and Snakemake would remove them if the job failed for want of a line.
        log.warning("how far the run is cannot be told: %s", error)


def _line(job: TrainingJob, plan: Plan, own: PlannedJob, path: Path) -> str:
    """Return the line of a job that is done."""
    done = done_jobs(plan)
    data = next(iter(job.data.values()))
    # An epoch of a student has as many sequences as there are training rows, whatever pool they are drawn from.
    rows = data.epoch_size / own.fraction
    size = InputSize(data.tokens.shape[1], len(job.outputs.heads.targets), _profile(job.outputs, data))
    return progress_line(plan, done, time_left(plan, done, _flops(plan, own.dataset, rows, size, path)))


def _profile(outputs: Outputs, data: TrainingData) -> tuple[int, int] | None:
    """Return the number of strands and of positions that a model predicts, or that its windows have counts at."""
    if "profile" in outputs.heads.heads:
        strands, positions = outputs.heads.shape("profile")
        return strands, positions
    if data.windows is None:
        return None
    strands, positions = data.windows.counts.shape[-2:]
    return strands, positions - 2 * data.windows.jitter


def _flops(plan: Plan, dataset: str, rows: float, size: InputSize, path: Path) -> dict[tuple[str, str], float]:
    """Return the operations of an epoch of each model of the run, by data set and recipe, as far as they are known.

    The first training on a data set counts those of all recipes on it, and keeps them beside the plan for the others.
    """
    known: dict[tuple[str, str], float] = {}
    for name in dict.fromkeys(job.dataset for job in plan.jobs):
        counts = _kept(_file(path, name), plan)
        if counts is None and name == dataset:
            counted = {key: _flops_of_row(plan, name, key, size) for key in _recipes(plan, name)}
            counts = {key: rows * flops for key, flops in counted.items() if flops}
            write_text(_file(path, name), json.dumps({"started": plan.started, "flops": counts}) + "\n")
        known |= {(name, key): value for key, value in (counts or {}).items()}
    return known


def _recipes(plan: Plan, dataset: str) -> list[str]:
    """Return the keys of the recipes of a data set."""
    return list(dict.fromkeys(job.recipe for job in plan.jobs if job.dataset == dataset))


def _flops_of_row(plan: Plan, dataset: str, key: str, size: InputSize) -> int | None:
    """Return the operations of one sequence of an epoch, with its labels if members predict them in each batch."""
    recipe, members = plan.recipes[key], plan.labelling_members(dataset, key)
    step = recipe_flops(recipe, size, with_ridge=plan.contains_ridge(key))
    if not step or not members:
        return step
    # If the plan trains no members, they are there already, and have the networks of students as a rule.
    member = plan.recipes.get(key.partition("/")[0], recipe)
    labels = recipe_flops(member, size, with_ridge=False, count=forward_flops)
    passes = members * (2 if member["strands"] == "both" else 1)
    return labels and (1 + recipe["originals"]) * step + passes * labels


def _file(path: Path, dataset: str) -> Path:
    return path.with_name(f"{path.stem}-{dataset}.json")


def _kept(path: Path, plan: Plan) -> dict[str, float] | None:
    """Return what another job of the same run has counted, or None."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content["flops"] if content["started"] == plan.started else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def recipe_flops(
    recipe: Mapping, size: InputSize, *, with_ridge: bool, count: Callable[[keras.Model], int] = step_flops
) -> int | None:
    """Return the floating-point operations of one sequence's part in a training step of a recipe; None if not known.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    size
        The size of a sequence and of its targets.
    with_ridge
        Whether the model contains a ridge regression while it is trained. A member gets its own afterwards.
    count
        What counts the operations of the model: `step_flops`, or `forward_flops` for those of a prediction.
    """
    names = tuple(f"target{index}" for index in range(size.targets))
    ridge = None
    if with_ridge:
        coefficients = np.zeros((canonical_index(K).max() + 1, size.targets))
        ridge = KmerRidge(coefficients, np.zeros(size.targets))
    try:
        outputs = Outputs.of_recipe(recipe, np.arange(2.0)[:, None] * np.ones(size.targets), names, size.profile)
        return count(build_model(recipe, size.length, outputs, 1, ridge))
    except DeguError:
        return None
