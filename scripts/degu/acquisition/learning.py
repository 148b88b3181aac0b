"""Rounds of active learning: models are trained, choose sequences, are shown their labels, and are trained anew.

The labels are those of a data set that is measured already, and a label is hidden until its sequence is chosen. Each
round that is finished is a file. A job that was cut off goes on from the last of them, to the same result.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.training.backend import keras
from degu.acquisition.candidates import Candidates
from degu.acquisition.costs import costs_of_round
from degu.acquisition.learner import Learned, Learner
from degu.acquisition.revealed import check_sizes, draw, reveal
from degu.config.plugins import constant, load
from degu.data.store import SequenceStore
from degu.evaluation.accuracy import evaluate_ensemble, evaluate_student
from degu.formats.files import write_text
from degu.prediction.ensemble import Predictions

log = logging.getLogger(__name__)

SCORE_COLUMNS = ["round", "labels", "model", "head", "target", "reference", "metric", "value"]


@dataclass(frozen=True)
class Plan:
    """How many sequences are labelled when, and who chooses them.

    Attributes
    ----------
    rounds
        Number of rounds. Models are trained in each, and choose sequences for the next.
    initial
        Number of sequences that are drawn at random for the first round.
    batch
        Number of sequences that are chosen for each later round.
    validation
        Number of sequences of the validation split that are labelled in all rounds, for early stopping.
    strategy
        Name of a module of `degu.acquisition.strategies`.
    options
        The options of the strategy.
    """

    rounds: int
    initial: int
    batch: int
    validation: int
    strategy: str = "random"
    options: Mapping[str, object] = field(default_factory=dict)


class Tables(NamedTuple):
    """What the rounds have shown, one measurement in each row.

    Attributes
    ----------
    scores
        Accuracy on the test split, with the columns `SCORE_COLUMNS`: `labels` is the number of labelled training
        sequences, and the others are those of `degu.evaluation.accuracy`.
    costs
        What each round has cost, with the columns of `degu.acquisition.costs`.
    labelled
        `round` in which each training sequence was labelled first, and its `name`.
    """

    scores: pd.DataFrame
    costs: pd.DataFrame
    labelled: pd.DataFrame


def begin(store: SequenceStore, learner: Learner, plan: Plan, folder: Path, checkpoints: Path) -> None:
    """Train the models of the first round, which are the same for all strategies.

    Parameters
    ----------
    store, learner, plan
        As `learn_actively` takes them; the strategy does not matter.
    folder, checkpoints
        Where the models are put, and the checkpoints of their trainings.

    Raises
    ------
    DeguError
        As `learn_actively` says.
    """
    labelled, validation = _first_rows(store, learner, plan)
    learner.train(reveal(store, labelled, validation), folder, checkpoints)


def _first_rows(store: SequenceStore, learner: Learner, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that are labelled in the first round, of the training and of the validation split."""
    check_sizes(store, plan.initial, plan.batch, plan.rounds)
    rng = np.random.default_rng([learner.seed, 0])
    return draw(store.rows("train"), plan.initial, rng), draw(store.rows("validation"), plan.validation, rng)


def learn_actively(store: SequenceStore, learner: Learner, plan: Plan, first: Path, folder: Path) -> Tables:
    """Go through all rounds, or through those that are not finished yet.

    Parameters
    ----------
    store
        The data set, with names and, where there is one, its truth.
    learner, plan
        How models are trained, and how many sequences are labelled when.
    first
        Folder with the models of the first round, which `begin` has trained.
    folder
        Where finished rounds are kept, until all are.

    Raises
    ------
    DeguError
        If the training split is too small for the plan, or a training fails.
    """
    labelled, validation = _first_rows(store, learner, plan)
    identity, chosen = _identity(store, learner, plan), [labelled]
    finished: list[dict] = []
    for number in range(plan.rounds):
        labelled, path = np.sort(np.concatenate(chosen)), folder / f"round-{number + 1}.json"
        state = _read(path, identity)
        if state is None:
            revealed = reveal(store, labelled, validation)
            own = folder / f"round-{number + 1}"
            learned = learner.train(revealed, own) if number else learner.read(revealed, first)
            candidates = np.setdiff1d(store.rows("train"), labelled)
            following = np.array([], dtype=np.int64)
            if number + 1 < plan.rounds:
                following = _choose(store, learned, plan, (candidates, labelled), [learner.seed, number + 1])
            counts = {"round": number + 1, "labels": len(labelled)}
            uses = constant("acquisition strategy", plan.strategy, "USES", ()) if following.size else ()
            state = {
                "identity": identity,
                "chosen": following.tolist(),
                "scores": [{**counts, **row} for row in _scores(revealed, learned)],
                "costs": [{**counts, **row} for row in costs_of_round(learned, uses, len(candidates), len(labelled))],
            }
            write_text(path, json.dumps(state))
            shutil.rmtree(own, ignore_errors=True)
            keras.utils.clear_session()
        log.info("round %d of %d: %s labels, %s", number + 1, plan.rounds, f"{len(labelled):,}", _told(state))
        finished.append(state)
        chosen.append(np.array(state["chosen"], dtype=np.int64))
    return _tables(store, finished, chosen)


def _identity(store: SequenceStore, learner: Learner, plan: Plan) -> str:
    """Return a text that differs whenever the result does."""
    told = [store.digest, {key: value for key, value in asdict(learner).items() if key != "device"}, asdict(plan)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _read(path: Path, identity: str) -> dict | None:
    """Return a finished round, or None if it is not there or belongs to other settings."""
    if not path.is_file():
        return None
    state = json.loads(path.read_text(encoding="utf-8"))
    return state if state["identity"] == identity else None


def _choose(
    store: SequenceStore, learned: Learned, plan: Plan, rows: tuple[np.ndarray, np.ndarray], seed: list[int]
) -> np.ndarray:
    """Return the rows that are labelled next, of those that are candidates; the labelled ones are beside these."""
    candidates, labelled = rows
    uses = constant("acquisition strategy", plan.strategy, "USES", ())
    tokens, known = store.tokens[candidates], store.tokens[labelled]
    spread = store.targets[labelled].std(axis=0, dtype=np.float64)
    # A target without any spread would be divided by nothing.
    spread = np.where(spread > 0, spread, 1.0)

    given = Candidates(
        len(candidates),
        student={k: v / spread for k, v in learned.student_std(tokens).items()} if "student" in uses else None,
        members=learned.member_means(tokens) / spread if "members" in uses else None,
        features=learned.features(tokens) if "features" in uses else None,
        labelled_features=learned.features(known) if "features" in uses else None,
    )
    strategy = load("acquisition strategy", plan.strategy)
    indices = strategy.choose(given, plan.batch, np.random.default_rng(seed), **plan.options)
    return np.sort(candidates[indices])


def _scores(store: SequenceStore, learned: Learned) -> list[dict]:
    """Return the scores of the ensemble and of the student on the test split."""
    ensemble = Predictions({"test": learned.ensemble.values["test"]}, learned.ensemble.heads, learned.ensemble.seeds)
    scores = pd.concat(
        [evaluate_ensemble(store, ensemble), evaluate_student(store, learned.ensemble, learned.students)]
    )
    kept = scores[(scores["split"] == "test") & scores["model"].isin(["ensemble", "student"])]
    return kept[SCORE_COLUMNS[2:]].to_dict("records")


def _told(state: Mapping) -> str:
    """Return how accurate the models of a round are, for the log."""
    told = [
        f"{row['model']} r = {row['value']:.3f}"
        for row in state["scores"]
        if (row["head"], row["reference"], row["metric"]) == ("mean", "measured", "pearson")
    ]
    return ", ".join(told)


def _tables(store: SequenceStore, finished: list[dict], chosen: list[np.ndarray]) -> Tables:
    named = [
        pd.DataFrame({"round": number, "name": store.names[rows]}) for number, rows in enumerate(chosen, 1) if rows.size
    ]
    return Tables(
        pd.DataFrame([row for state in finished for row in state["scores"]], columns=SCORE_COLUMNS),
        pd.DataFrame([row for state in finished for row in state["costs"]]),
        pd.concat(named, ignore_index=True),
    )
