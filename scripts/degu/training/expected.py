"""What a run trains, and about how long that takes, told before its jobs begin and without TensorFlow.

There is a time only if `results/` holds earlier trainings with the same recipes: they took some time for each base of
the training sequences, and the new ones are expected to take as much for theirs.
"""

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from degu.training.planned import Plan, in_words

# The number of earlier models of a recipe that are looked at.
_MOST = 20
# Data sets with more recipes have their models counted, and not listed.
_LISTED = 4


class Size(NamedTuple):
    """The size of a training split.

    Attributes
    ----------
    rows, length
        Number of sequences, and their number of bases.
    """

    rows: int
    length: int


class Earlier(NamedTuple):
    """Earlier trainings with one recipe.

    Attributes
    ----------
    seconds
        Mean time in seconds that a model took for each base of each training sequence, over all of its epochs.
    models, devices
        Number of these models, and what they were trained on.
    """

    seconds: float
    models: int
    devices: tuple[str, ...]


def announcement(plan: Plan, sizes: Mapping[str, Size], results: Path = Path("results")) -> str:
    """Return some lines on what a run trains, and about how long that takes as far as earlier trainings tell.

    Parameters
    ----------
    plan
        The trainings.
    sizes
        The sizes of the training splits, by data set, as far as they are known.
    results
        The folder of results.
    """
    counts = _counts(plan)
    lines = [f"Models to train: {plan.models:,}"]
    for dataset in dict.fromkeys(job.dataset for job in plan.jobs):
        own = {key: number for (name, key), number in counts.items() if name == dataset}
        on = f", on {sizes[dataset].rows:,} sequences" if dataset in sizes else ""
        lines.append(f"  {dataset}: {_listed(plan, own)}{on}")
    lines.append(_time(plan, sizes, results))
    return "\n".join(lines)


def _counts(plan: Plan) -> Counter[tuple[str, str]]:
    """Return the number of models of each recipe on each data set."""
    counts: Counter[tuple[str, str]] = Counter()
    for job in plan.jobs:
        counts[job.dataset, job.recipe] += job.models
    return counts


def _listed(plan: Plan, counts: Mapping[str, int]) -> str:
    """Return the models of a data set as text."""
    students = sum(number for key, number in counts.items() if "/" in key)
    if len(counts) > _LISTED:
        return f"{sum(counts.values()) - students:,} members and {students:,} students of {len(counts)} recipes"
    return ", ".join(f"{_named(key, number)} ({plan.epochs(key)} epochs)" for key, number in counts.items())


def _named(key: str, number: int) -> str:
    """Return a number of models of a recipe as text."""
    teacher, _, student = key.partition("/")
    word = f"{'student' if student else 'member'}{'' if number == 1 else 's'}"
    return f"{number:,} {word} {student} of {teacher}" if student else f"{number:,} {word} of {teacher}"


def _time(plan: Plan, sizes: Mapping[str, Size], results: Path) -> str:
    """Return a line on how long the trainings take, and what that is known from."""
    keys = list(dict.fromkeys(job.recipe for job in plan.jobs))
    found = {key: earlier(plan.recipes[key], key, results) for key in keys}
    known = {key: one for key, one in found.items() if one is not None}
    if len(known) < len(keys) or not {job.dataset for job in plan.jobs} <= sizes.keys():
        return "How long they take is told as soon as the first is done."
    seconds = 0.0
    for job in plan.jobs:
        size = sizes[job.dataset]
        seconds += job.models * job.fraction * size.rows * size.length * known[job.recipe].seconds
    models = sum(one.models for one in known.values())
    devices = " and ".join(sorted({device for one in known.values() for device in one.devices}))
    return (
        f"They take about {in_words(seconds / min(plan.at_once, len(plan.jobs)))}, by {models:,} earlier models of the "
        f"same recipes in {results}/ ({devices})."
    )


def earlier(recipe: Mapping, key: str, results: Path) -> Earlier | None:
    """Return what earlier trainings with a recipe took, on any data set; None if there are none.

    Parameters
    ----------
    recipe, key
        The recipe, and its key in a plan.
    results
        The folder of results.
    """
    wanted = json.loads(json.dumps(recipe, default=str))
    costs, devices = [], set()
    for path in itertools.islice(_descriptions(key, results), _MOST):
        description = _read(path)
        rows = _rows(description, path)
        if description.get("recipe") == wanted and rows:
            seconds = description["seconds_training"] / description["trained_together"]
            costs.append(seconds / (rows * description["length"]))
            devices.add(description["device"])
    return Earlier(sum(costs) / len(costs), len(costs), tuple(sorted(devices))) if costs else None


def _descriptions(key: str, results: Path) -> Iterator[Path]:
    """Yield the descriptions of the models of a recipe."""
    teacher, _, student = key.partition("/")
    models = f"students/{student}/seed-*" if student else "member-*"
    yield from results.glob(f"*/{teacher}/fraction-*/{models}/model.json")


def _rows(description: Mapping, path: Path) -> int:
    """Return the number of training sequences of a model; 0 if it is not known.

    An epoch of a student has as many sequences as its members had, whatever pool they are drawn from.
    """
    if description.get("student"):
        path = next(path.parents[3].glob("member-*/model.json"), path)
        description = _read(path)
    return 0 if description.get("student") else description.get("training_sequences", 0)


def _read(path: Path) -> dict:
    """Return the description of a model; nothing if it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
