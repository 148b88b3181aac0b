"""What is known of a data set in a round: the labels that have been asked for so far, and no others."""

import numpy as np

from degu.data.store import SequenceStore, digest_of
from degu.errors import DeguError


def check_sizes(store: SequenceStore, initial: int, batch: int, rounds: int) -> None:
    """Check that the training split has as many sequences as are labelled until the last round.

    Raises
    ------
    DeguError
        If it has fewer.
    """
    there, wanted = len(store.rows("train")), initial + (rounds - 1) * batch
    if wanted > there:
        raise DeguError(
            f"{wanted:,} sequences are to be labelled until the last round, and the training split has {there:,}",
            where="active_learning",
            expected="`initial` + (`rounds` - 1) * `batch` sequences or more in the training split",
            remedy="lower one of the three",
        )


def draw(rows: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return some rows in ascending order: all of them, or `number` that are drawn."""
    return rows if len(rows) <= number else np.sort(rng.choice(rows, number, replace=False))


def reveal(store: SequenceStore, labelled: np.ndarray, validation: np.ndarray) -> SequenceStore:
    """Return the part of a data set that models are trained and judged on in a round.

    Its training split has the labelled rows alone, so that no other label can be looked at. The calibration and test
    splits are whole.

    Parameters
    ----------
    store
        The data set.
    labelled, validation
        The rows of its training and of its validation split that are labelled, in ascending order.
    """
    rows = np.sort(np.concatenate([labelled, validation, store.rows("calibration"), store.rows("test")]))

    def part(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[rows]

    revealed = SequenceStore(
        tokens=store.tokens[rows],
        targets=store.targets[rows],
        split=store.split[rows],
        group=store.group[rows],
        names=store.names[rows],
        target_names=store.target_names,
        units=store.units,
        replicate_std=part(store.replicate_std),
        replicates=part(store.replicates),
        counts=part(store.counts),
        truth={name: values[rows] for name, values in store.truth.items()},
        attributes=dict(store.attributes),
    )
    revealed.attributes["digest"] = digest_of(revealed)
    return revealed
