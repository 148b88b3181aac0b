"""The trainings of a run: which are planned, which are done, and about how long the others take.

Snakemake writes the plan when its jobs begin. Each training job reads it at its end and tells how far the run is, as
there is no place for this in Snakemake itself, whose steps all count alike. Nothing here needs TensorFlow.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from degu.formats.files import write_text
from degu.training.stages import stages_of

# The plan of the run that was begun last.
PLAN = Path("benchmarks/jobs/trainings.json")


class PlannedJob(NamedTuple):
    """A job that trains models.

    Attributes
    ----------
    record
        File of the record that the job writes when it is done.
    dataset, recipe
        Name of the data set, and key of the recipe: the name of a teacher, or `TEACHER/STUDENT`.
    models, fraction
        Number of models that the job trains, and the fraction of the training split.
    labelling
        Number of members that label each batch.
    """

    record: str
    dataset: str
    recipe: str
    models: int
    fraction: float
    labelling: int = 0


@dataclass(frozen=True)
class Plan:
    """The training jobs of a run.

    Attributes
    ----------
    started
        Time at which the run began, in UTC, as records write it.
    at_once
        Number of training jobs that run side by side.
    jobs
        The jobs that have to be run; those whose models are up to date are not among them.
    recipes
        The recipes, by their keys.
    """

    started: str
    at_once: int
    jobs: list[PlannedJob]
    recipes: dict[str, dict]

    @property
    def models(self) -> int:
        """Number of models to train."""
        return sum(job.models for job in self.jobs)

    def contains_ridge(self, recipe: str) -> bool:
        """Return whether models pass a ridge regression in each step of training, as students that inherit one do."""
        return "/" in recipe and self.recipes[recipe]["kmer_ridge_weight"] > 0

    def labelling_members(self, dataset: str, recipe: str) -> int:
        """Return how many members label each batch of a student on a data set; 0 if none do."""
        return max((job.labelling for job in self.jobs if (job.dataset, job.recipe) == (dataset, recipe)), default=0)

    def epochs(self, recipe: str) -> int:
        """Return how many epochs a training with a recipe takes at most."""
        return sum(stage["epochs"] for stage in stages_of(self.recipes[recipe]).values())


class Done(NamedTuple):
    """What the record of a training job that is done says.

    Attributes
    ----------
    job
        The job.
    seconds
        Time in seconds that its trainings took, without the start of the job.
    epochs
        Mean number of epochs of its models.
    """

    job: PlannedJob
    seconds: float
    epochs: float


class Left(NamedTuple):
    """The trainings that are left.

    Attributes
    ----------
    seconds
        Time in seconds that those take whose speed is known.
    unknown
        Number of models whose speed is not known yet.
    """

    seconds: float
    unknown: int


def write_plan(plan: Plan, path: Path = PLAN) -> None:
    """Write a plan whole or not at all."""
    write_text(path, json.dumps(asdict(plan)) + "\n")


def read_plan(path: Path = PLAN) -> Plan | None:
    """Return the plan of the run that was begun last, or None if there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Plan(**{**content, "jobs": [PlannedJob(*job) for job in content["jobs"]]})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def done_jobs(plan: Plan) -> list[Done]:
    """Return the planned jobs that have been done since the run began."""
    found = (_done(job, plan.started) for job in plan.jobs)
    return [done for done in found if done is not None]


def _done(job: PlannedJob, started: str) -> Done | None:
    """Return what a job's record says; None if there is none, or if it is of an earlier run."""
    try:
        record = json.loads(Path(job.record).read_text(encoding="utf-8"))
        facts = record["training"]
        # Both times are in UTC and have the same form.
        return None if record["started"] < started else Done(job, facts["seconds"], facts["epochs"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def time_left(plan: Plan, done: Sequence[Done], flops: Mapping[tuple[str, str], float]) -> Left:
    """Return about how long the trainings take that are not done.

    A recipe of which a training on the same data set is done takes as long again. Another one takes as long as its
    operations do at the speed of the trainings that are done.

    Parameters
    ----------
    plan, done
        The plan, and what is done of it; at least one job.
    flops
        Floating-point operations of an epoch on the whole training split of one model, by data set and recipe, as far
        as they are known.
    """
    speed = _speed(done, flops)
    finished = {one.job.record for one in done}
    left = [job for job in plan.jobs if job.record not in finished]
    seconds, unknown = 0.0, 0
    for job in left:
        each = _seconds_of_model(plan, job, done, flops, speed)
        if each is None:
            unknown += job.models
        else:
            seconds += job.models * job.fraction * each
    return Left(seconds / max(1, min(plan.at_once, len(left))), unknown)


def _speed(done: Iterable[Done], flops: Mapping[tuple[str, str], float]) -> float | None:
    """Return the operations a second of the trainings that are done; None if they are not known."""
    known = [one for one in done if (one.job.dataset, one.job.recipe) in flops and one.seconds > 0]
    work = (flops[one.job.dataset, one.job.recipe] * one.job.models * one.job.fraction * one.epochs for one in known)
    return sum(work) / sum(one.seconds for one in known) if known else None


def _seconds_of_model(
    plan: Plan, job: PlannedJob, done: Sequence[Done], flops: Mapping[tuple[str, str], float], speed: float | None
) -> float | None:
    """Return how long a model of a job takes on the whole training split; None if nothing tells."""
    key = (job.dataset, job.recipe)
    same = [one for one in done if (one.job.dataset, one.job.recipe) == key]
    if same:
        return sum(one.seconds for one in same) / sum(one.job.models * one.job.fraction for one in same)
    if speed and key in flops:
        return flops[key] * plan.epochs(job.recipe) / speed
    return None


def progress_line(plan: Plan, done: Sequence[Done], left: Left) -> str:
    """Return one line on how far the trainings of a run are, such as `12 of 34 trainings done, about 3 min left`."""
    trained = sum(one.job.models for one in done)
    line = f"{trained} of {plan.models} trainings done"
    if trained == plan.models:
        return f"{line}; predictions, tables and figures are left"
    if left.unknown == plan.models - trained:
        return f"{line}; how long the others take is not known yet"
    line = f"{line}, about {in_words(left.seconds)} left"
    return f"{line}, without {left.unknown} whose time is not known yet" if left.unknown else line


def in_words(seconds: float) -> str:
    """Return a time as people say it: `40 s`, `3 min` or `2.5 h`."""
    if seconds < 55:
        return f"{max(10, round(seconds / 10) * 10)} s"
    return f"{max(1, round(seconds / 60))} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} h"
