"""The sequences and targets that members and students are trained on."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from degu.data.store import SequenceStore
from degu.data.training_rows import TrainingRows
from degu.distillation.labels import measured_targets
from degu.training.training import TrainingData


def member_data(
    store: SequenceStore, rows: TrainingRows, names: Sequence[str], numbers: Iterable[int]
) -> dict[int, TrainingData]:
    """Return the training data of each member of an ensemble, by its seed number: the measurements of its rows.

    Parameters
    ----------
    store, rows
        The data set, and the rows that members are trained on.
    names
        Names of the arrays that the recipe's loss reads.
    numbers
        Seed numbers of the members.

    Raises
    ------
    DeguError
        If something asked for was not measured in this data set.
    """
    targets = measured_targets(store, names)

    def data_of(train: np.ndarray) -> TrainingData:
        (tokens, own), (validation_tokens, validation) = (
            (store.tokens[chosen], {name: values[chosen] for name, values in targets.items()})
            for chosen in (train, store.rows("validation"))
        )
        return TrainingData(tokens, own, validation_tokens, validation)

    if rows.counts is None:
        # Members that are trained on the same rows share them in memory.
        return dict.fromkeys(numbers, data_of(rows.subset))
    return {number: data_of(rows.of_member(number)) for number in numbers}


def student_data(
    store: SequenceStore,
    rows: TrainingRows,
    targets: Mapping[str, Mapping[str, np.ndarray]],
    numbers: Iterable[int],
) -> dict[int, TrainingData]:
    """Return the training data of each student, by its seed number: its ensemble's targets of the training rows.

    Parameters
    ----------
    store, rows
        The data set, and the rows that students are trained on.
    targets
        Named arrays of each split, as `student_targets` returns them.
    numbers
        Seed numbers of the students.
    """
    data = TrainingData(
        store.tokens[rows.subset],
        {name: values[rows.positions] for name, values in targets["train"].items()},
        store.tokens[store.rows("validation")],
        targets["validation"],
    )
    return dict.fromkeys(numbers, data)
