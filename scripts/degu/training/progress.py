"""How far the trainings of a run are, told by each training job when it is done."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from degu.data.kmer_ridge import K, KmerRidge
from degu.data.kmers import canonical_index
from degu.errors import DeguError
from degu.formats.files import write_text
from degu.outputs.outputs import Outputs
from degu.training.building import build_model
from degu.training.flops import step_flops
from degu.training.job import TrainingJob
from degu.training.planned import PLAN, Plan, PlannedJob, done_jobs, progress_line, read_plan, time_left

log = logging.getLogger(__name__)

# A change of this module trains nothing again (see `degu.provenance.code`).
ONLY_TELLS = True


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
    flops = _flops(plan, own.dataset, rows, data.tokens.shape[1], len(job.outputs.heads.targets), path)
    return progress_line(plan, done, time_left(plan, done, flops))


def _flops(
    plan: Plan, dataset: str, rows: float, length: int, targets: int, path: Path
) -> dict[tuple[str, str], float]:
    """Return the operations of an epoch of each model of the run, by data set and recipe, as far as they are known.

    The first training on a data set counts those of all recipes on it, and keeps them beside the plan for the others.
    """
    known: dict[tuple[str, str], float] = {}
    for name in dict.fromkeys(job.dataset for job in plan.jobs):
        counts = _kept(_file(path, name), plan)
        if counts is None and name == dataset:
            keys = dict.fromkeys(job.recipe for job in plan.jobs if job.dataset == name)
            counted = {
                key: recipe_flops(plan.recipes[key], length, targets, with_ridge=plan.contains_ridge(key))
                for key in keys
            }
            counts = {key: rows * flops for key, flops in counted.items() if flops}
            write_text(_file(path, name), json.dumps({"started": plan.started, "flops": counts}) + "\n")
        known |= {(name, key): value for key, value in (counts or {}).items()}
    return known


def _file(path: Path, dataset: str) -> Path:
    return path.with_name(f"{path.stem}-{dataset}.json")


def _kept(path: Path, plan: Plan) -> dict[str, float] | None:
    """Return what another job of the same run has counted, or None."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content["flops"] if content["started"] == plan.started else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def recipe_flops(recipe: Mapping, length: int, targets: int, *, with_ridge: bool) -> int | None:
    """Return the floating-point operations of one sequence's part in a training step of a recipe; None if not known.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    length, targets
        Number of bases of the sequences, and number of targets.
    with_ridge
        Whether the model contains a ridge regression while it is trained. A member gets its own afterwards.
    """
    names = tuple(f"target{index}" for index in range(targets))
    ridge = None
    if with_ridge:
        coefficients = np.zeros((canonical_index(K).max() + 1, targets))
        ridge = KmerRidge(coefficients, np.zeros(targets))
    try:
        # How many positions a profile has is not known here.
        outputs = Outputs.of_recipe(recipe, np.arange(2.0)[:, None] * np.ones(targets), names)
        return step_flops(build_model(recipe, length, outputs, 1, ridge))
    except DeguError:
        return None
