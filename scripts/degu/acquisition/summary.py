"""Strategies beside random choice: accuracy against the number of labels, with intervals over seeds, and costs.

Strategies that are run with the same seed begin with the same sequences and the same initial weights. So their
differences are taken seed by seed. All intervals are Student's, at 95 %, over seeds.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from degu.config.declarations import BASELINE_STRATEGY
from degu.evaluation.bootstrap import LEVEL
from degu.evaluation.claims import verdict, verdict_without_interval

# The work of a round. The labelling of sequences for the student is a part of its distillation.
TRAINING, DISTILLATION, CHOICE = "train the members", "distil the student", "choose"

# What a curve belongs to, but for its strategy.
KEYS = ["dataset", "target", "teacher", "student", "model", "reference", "metric"]
# A lower score of these metrics is better.
_LOWER_IS_BETTER = ("mse",)
# A student chooses as well as its ensemble if it loses less than this of Pearson's correlation, on average over all
# rounds.
TOLERANCE = 0.01
# These strategies ask the student and the ensemble for the same.
_PAIR = ("student_epistemic", "ensemble_epistemic")
CLAIM_COLUMNS = ["target", "model", "claim", "quantity", "effect", "low", "high", "seeds", "verdict"]


def interval(values: Sequence[float] | np.ndarray) -> tuple[float, float, float]:
    """Return the mean of some values and the ends of its 95 % interval, which are NaN for one value alone."""
    values = np.asarray(values, dtype=np.float64)
    mean, half = float(values.mean()), float("nan")
    if len(values) > 1:
        half = float(stats.t.ppf((1 + LEVEL) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half


def curves(scores: pd.DataFrame) -> pd.DataFrame:
    """Return accuracy against the number of labels.

    Parameters
    ----------
    scores
        Scores of `degu.acquisition.learning.Tables` with `dataset`, `teacher`, `student`, `strategy` and `seed`.

    Returns
    -------
    Table with the columns in `KEYS`, `strategy`, `labels`, `value` (mean over seeds), `low`, `high` and `seeds`
    """
    rows = [
        {**dict(zip([*KEYS, "strategy", "labels"], key, strict=True)), **_told(own["value"].to_numpy())}
        for key, own in _accuracy(scores).groupby([*KEYS, "strategy", "labels"], sort=False)
    ]
    return pd.DataFrame(rows).rename(columns={"mean": "value"})


def compare(scores: pd.DataFrame) -> pd.DataFrame:
    """Return how far each strategy is ahead of random choice.

    Parameters
    ----------
    scores
        As `curves` takes them.

    Returns
    -------
    Table with the columns in `KEYS`, `strategy`, `quantity`, `mean`, `low`, `high` and `seeds`. The quantities are
    `area`, the mean advantage over all numbers of labels, which is the area between the curves divided by its width;
    `end`, the advantage in the last round; and `labels`, the share of all labels at which the mean curve of the
    strategy is as high as that of random choice ends, which has no interval, and is infinite if it never is. An
    advantage is in the unit of the metric, and positive where the strategy is better.
    """
    rows: list[dict] = []
    for key, own in _accuracy(scores).groupby(KEYS, sort=False):
        known = dict(zip(KEYS, key, strict=True))
        sign = -1 if known["metric"] in _LOWER_IS_BETTER else 1
        tables = {name: sign * _by_seed(part) for name, part in own.groupby("strategy", sort=False)}
        random = tables.pop(BASELINE_STRATEGY)
        for strategy, table in tables.items():
            labelled = {**known, "strategy": strategy}
            ahead = table - random
            rows += [
                {**labelled, "quantity": "area", **_told(mean_height(ahead))},
                {**labelled, "quantity": "end", **_told(ahead.iloc[:, -1].to_numpy())},
                {**labelled, "quantity": "labels", **_needed(table, random)},
            ]
    return pd.DataFrame(rows)


def mean_height(table: pd.DataFrame) -> np.ndarray:
    """Return the area below the curve of each seed, divided by its width, (seeds,).

    Parameters
    ----------
    table
        One row for each seed and one column for each number of labels.
    """
    labels = table.columns.to_numpy(dtype=np.float64)
    return np.trapezoid(table.to_numpy(), labels, axis=1) / (labels[-1] - labels[0])


def labels_needed(labels: np.ndarray, values: np.ndarray, goal: float) -> float:
    """Return at how many labels a curve reaches a goal first, by linear interpolation; infinite if it does not.

    Parameters
    ----------
    labels, values
        The curve, (rounds,) each, by ascending number of labels. A higher value is better.
    goal
        The value to be reached.
    """
    if values[0] >= goal:
        return float(labels[0])
    for (start, low), (end, high) in pairwise(zip(labels, values, strict=True)):
        if high >= goal:
            return float(start + (goal - low) / (high - low) * (end - start))
    return float("inf")


def check_claims(scores: pd.DataFrame, comparison: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Return what is shown of the strategies by Pearson's correlation, with one claim in each row.

    Activity is compared with the truth where it is known, and with the measurements elsewhere. A single seed gives no
    interval, and leaves claims about strategies undecided.

    Parameters
    ----------
    scores, comparison, costs
        The scores as `curves` takes them, and the tables that `compare` and `costs_of_strategies` return.

    Returns
    -------
    Table with the columns in `CLAIM_COLUMNS`
    """
    own = _of_claims(comparison)
    rows = [
        {
            **{name: row[name] for name in ("target", "model", "low", "high", "seeds")},
            "claim": f"{row['strategy']} is ahead of random choice",
            "quantity": "mean advantage in Pearson r over all rounds",
            "effect": row["mean"],
            "verdict": verdict(row["low"], row["high"], 0.0),
        }
        for row in own[own["quantity"] == "area"].to_dict("records")
    ]
    claims = [*rows, *_student_against_ensemble(scores), *_student_is_cheaper(costs)]
    return pd.DataFrame(claims, columns=CLAIM_COLUMNS)


def _student_against_ensemble(scores: pd.DataFrame) -> Iterator[dict]:
    """Yield whether choices by the student's epistemic standard deviation are as good as those by the ensemble's."""
    for (target, model), own in _of_claims(_accuracy(scores)).groupby(["target", "model"], sort=False):
        if not set(_PAIR) <= set(own["strategy"]):
            continue
        student, ensemble = (_by_seed(own[own["strategy"] == name]) for name in _PAIR)
        told = _told(mean_height(student - ensemble))
        yield {
            **{name: told[name] for name in ("low", "high", "seeds")},
            "target": target,
            "model": model,
            "claim": f"{_PAIR[0]} is no more than {TOLERANCE:g} behind {_PAIR[1]}",
            "quantity": "mean advantage in Pearson r over all rounds",
            "effect": told["mean"],
            "verdict": verdict(told["low"], told["high"], -TOLERANCE),
        }


def _student_is_cheaper(costs: pd.DataFrame) -> Iterator[dict]:
    """Yield from how many candidates on a student is cheaper than all members, its distillation included."""
    if not set(_PAIR) <= set(costs["strategy"]):
        return
    number = break_even(costs)
    candidates = costs.set_index("strategy")["candidates"].to_dict()[_PAIR[0]]
    yield {
        "claim": f"to distil a student and ask it of {candidates:,.0f} candidates costs less than to ask all members",
        "quantity": "candidates from which on it does",
        "effect": number,
        "verdict": verdict_without_interval(candidates - number, 0.0),
    }


def costs_of_strategies(costs: pd.DataFrame) -> pd.DataFrame:
    """Return what a round costs, on average over the rounds in which sequences are chosen.

    Parameters
    ----------
    costs
        Costs of `degu.acquisition.learning.Tables` with `dataset`, `teacher`, `student`, `strategy` and `seed`.

    Returns
    -------
    Table with one row for each strategy and the columns `dataset`, `teacher`, `student`, `strategy`, `candidates`
    (their mean number), `passes` (forward passes for the choice), `passes_per_candidate`, and floating-point
    operations: those of the `training` of members, of the `distillation`, of the `choice`, and `choice_per_candidate`
    """
    keys = ["dataset", "teacher", "student", "strategy"]
    choosing = costs[costs["round"] < costs["round"].max()]
    means = choosing.groupby([*keys, "work"], sort=False)[["candidates", "passes", "flops"]].mean().unstack("work")
    table = pd.DataFrame({"candidates": means["candidates", CHOICE], "passes": means["passes", CHOICE]})
    table["passes_per_candidate"] = table["passes"] / table["candidates"]
    for name, work in (("training", TRAINING), ("distillation", DISTILLATION), ("choice", CHOICE)):
        table[name] = means["flops", work]
    table["choice_per_candidate"] = table["choice"] / table["candidates"]
    return table.reset_index()


def break_even(costs: pd.DataFrame) -> float:
    """Return the number of candidates from which on it is cheaper to distil and ask a student than to ask all members.

    Parameters
    ----------
    costs
        Table that `costs_of_strategies` returns, for one teacher and student, with the strategies `student_epistemic`
        and `ensemble_epistemic`.

    Returns
    -------
    Number of sequences; infinite if a pass of the student costs as much as one of all members
    """
    table = costs.set_index("strategy")
    asking = table["choice_per_candidate"].to_dict()
    saved = asking[_PAIR[1]] - asking[_PAIR[0]]
    return table["distillation"].to_dict()[_PAIR[0]] / saved if saved > 0 else float("inf")


def _accuracy(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of activity, but for those by which a student is compared with its ensemble."""
    return scores[(scores["head"] == "mean") & (scores["reference"] != "ensemble")]


def _of_claims(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of Pearson's correlation with the truth or, where it is not known, with the measurements."""
    best = "truth" if "truth" in set(table["reference"]) else "measured"
    return table[(table["metric"] == "pearson") & (table["reference"] == best)]


def _by_seed(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each seed and one column for each number of labels, both in ascending order."""
    return scores.pivot(index="seed", columns="labels", values="value")


def _told(values: np.ndarray) -> dict:
    mean, low, high = interval(values)
    return {"mean": mean, "low": low, "high": high, "seeds": len(values)}


def _needed(table: pd.DataFrame, random: pd.DataFrame) -> dict:
    """Return the share of the labels at which the mean curve of a strategy reaches the end of that of random choice."""
    labels = table.columns.to_numpy(dtype=np.float64)
    goal = float(random.mean().iloc[-1])
    share = labels_needed(labels, table.mean().to_numpy(), goal) / labels[-1]
    return {"mean": share, "low": float("nan"), "high": float("nan"), "seeds": len(table)}
