"""Tables of what the designs of a teacher and its students promise and do."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from degu.design.kept import assess_promises, compare_designs, quantities
from degu.design.promise import Promise, designing, index_of, promise_of
from degu.evaluation.bootstrap import GroupBootstrap
from degu.prediction.ensemble import Predictions
from degu.shift.assessment import Populations
from degu.shift.ladder import Ladder

COMPARISON_COLUMNS = ["design", "against", "target", "step", "judge", "quantity", "difference", "low", "high"]
# What a design promises, and what each judge says of it, by the number of steps.
Judged = tuple[dict[int, Promise], dict[str, dict[int, np.ndarray]]]


def assess_designs(
    populations: Populations, predicted: Mapping[str, Predictions], settings: Mapping[str, Mapping]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was promised and achieved, and how designs differ from the first one.

    Parameters
    ----------
    populations
        The designs as ladders, all from the same starting sequences, and what judges predict for them.
    predicted
        What all `members` and, if a student designs, all `students` predict for the designs.
    settings
        `search`, `designer`, `penalty` and `target` of each design, by its name.

    Returns
    -------
    The table that `assess_promises` returns, with the columns `design`, `search`, `designer`, `penalty` and `target`;
    and one with the columns in `COMPARISON_COLUMNS`, of designs for the same target

    Raises
    ------
    DeguError
        If a design names a target that the data set lacks.
    """
    bootstrap = GroupBootstrap(populations.store.group[populations.ladders[0].rows], populations.seed)
    tables, known = [], {}
    for ladder in populations.ladders:
        own = settings[ladder.name]
        target = index_of(own["target"], populations.store)
        judged = _judged(populations, ladder, designing(predicted, own["designer"]), target)
        name = populations.store.target_names[target]
        labels = {"design": ladder.name, **{key: own[key] for key in ("search", "designer", "penalty")}, "target": name}
        table = assess_promises(*judged, bootstrap)
        tables.append(pd.DataFrame({key: [value] * len(table) for key, value in labels.items()}).join(table))
        known[ladder.name] = name, judged
    return pd.concat(tables, ignore_index=True), pd.DataFrame(_compared(known, bootstrap), columns=COMPARISON_COLUMNS)


def _judged(populations: Populations, ladder: Ladder, designer: Predictions, target: int) -> Judged:
    promises: dict[int, Promise] = {}
    judges: dict[str, dict[int, np.ndarray]] = {}
    for _, part, rung in populations.rungs_of(ladder):
        step = int(rung.level)
        promises[step] = promise_of(designer, part, target)
        for judge, values in populations.references_of(rung, part, target).items():
            judges.setdefault(judge, {})[step] = values
    return promises, judges


def _compared(known: Mapping[str, tuple[str, Judged]], bootstrap: GroupBootstrap) -> Iterator[dict]:
    """Yield how each design differs from the first one, if both are for one target."""
    (first, (wanted, (promised, judged))), *others = known.items()
    for name, (target, (promises, judges)) in others:
        if target != wanted:
            continue
        for judge, values in judges.items():
            for step, promise in promises.items():
                both = quantities(promise, values[step]), quantities(promised[step], judged[judge][step])
                labels = {"design": name, "against": first, "target": target, "step": step, "judge": judge}
                yield from ({**labels, **row} for row in compare_designs(*both, bootstrap))
