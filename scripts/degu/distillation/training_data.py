"""The sequences and targets that members and students are trained on."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from degu.training.backend import derive_seed
from degu.config.declarations import targets_of
from degu.config.recipes import draws_windows, has_only_negatives
from degu.data.augmenting import Augmenter
from degu.data.epochs import Epochs, Permutations, drawn_negatives
from degu.data.store import SequenceStore
from degu.data.training_rows import TrainingRows
from degu.data.windows import Windows
from degu.distillation.labels import measured_targets
from degu.errors import DeguError
from degu.outputs.heads import OF_PROFILES
from degu.training.training import TrainingData

log = logging.getLogger(__name__)

# Tokens (B, L) to the named arrays of `degu.distillation.targets`.
Label = Callable[[np.ndarray], Mapping[str, np.ndarray]]
# Sequences, (n, L), and their named arrays.
Part = tuple[np.ndarray, Mapping[str, np.ndarray]]


def arrays_for_training(recipe: Mapping) -> tuple[str, ...]:
    """Return the optional arrays of a store (see `degu.data.store.read_store`) that a training needs."""
    of_profiles = any(head in OF_PROFILES for head in recipe["heads"])
    if not (of_profiles or draws_windows(recipe) or has_only_negatives(recipe)):
        return ()
    return ("counts", "context_counts", "context_tokens") if recipe["windows"]["jitter"] else ("counts",)


def member_data(
    store: SequenceStore,
    rows: TrainingRows,
    recipe: Mapping,
    numbers: Iterable[int],
) -> dict[int, TrainingData]:
    """Return the training data of each member of an ensemble, by its seed number: the measurements of its rows.

    Parameters
    ----------
    store, rows
        The data set, and the rows that members are trained on.
    recipe
        Resolved settings of the teacher. Its set of augmentations changes the training sequences each epoch, and leaves
        them their targets.
    numbers
        Seed numbers of the members.

    Raises
    ------
    DeguError
        If something asked for was not measured in this data set.
    """
    targets = measured_targets(store, targets_of(recipe), bins=recipe["profile_bins"])
    augment = augmenter(recipe["augmentation"], store)

    def data_of(train: np.ndarray) -> TrainingData:
        (tokens, own), (validation_tokens, validation) = (
            (store.tokens[chosen], {name: values[chosen] for name, values in targets.items()})
            for chosen in (train, rows.validation)
        )
        windows, epochs = Windows.of_store(store, train, recipe), _negatives_of_epochs(store, train, recipe)
        return TrainingData(tokens, own, validation_tokens, validation, windows=windows, epochs=epochs, augment=augment)

    if rows.counts is None:
        # Members that are trained on the same rows share them in memory.
        return dict.fromkeys(numbers, data_of(rows.subset))
    return {number: data_of(rows.of_member(number)) for number in numbers}


def student_data(
    store: SequenceStore,
    rows: TrainingRows,
    targets: Mapping[str, Mapping[str, np.ndarray]],
    recipe: Mapping,
    numbers: Iterable[int],
    *,
    pool: Mapping[str, np.ndarray] | None = None,
    label: Label | None = None,
    seed: int = 0,
) -> dict[int, TrainingData]:
    """Return the training data of each student, by its seed number: its ensemble's targets of the training rows.

    An epoch has as many sequences as there are training rows, with or without a pool, unless the recipe takes a part of
    the negatives alone.

    Parameters
    ----------
    store, rows
        The data set, and the rows that students are trained on.
    targets
        Named arrays of each split, as `student_targets` returns them.
    recipe
        Resolved settings of the student.
    numbers
        Seed numbers of the students.
    pool
        The sequences of the recipe's pool, uint8 (n, L), in the parts `train` and `validation`.
    label
        Function that makes the named arrays of any sequences, if the recipe's labels are those of the members.
    seed
        Seed of the configuration, for the augmented validation sequences.

    Raises
    ------
    DeguError
        If the pool has fewer sequences than the recipe asks for.
    """
    own = store.tokens[rows.subset], {name: values[rows.positions] for name, values in targets["train"].items()}
    watched = np.searchsorted(store.rows("validation"), rows.validation)
    of_validation = {name: values[watched] for name, values in targets["validation"].items()}
    training: list[Part] = [own]
    validation: list[Part] = [(store.tokens[rows.validation], of_validation)]
    epochs = _negatives_of_epochs(store, rows.subset, recipe)
    if pool is not None:
        size = recipe["pool_size"] or len(pool["train"])
        if size > len(pool["train"]):
            raise DeguError(
                f"the pool has {len(pool['train']):,} sequences for training",
                where=recipe["pool"]["name"],
                expected=f"{size:,}, as `pool_size` says",
                remedy="lower `pool_size`, which is N in a student's name RECIPE@POOL-N, or make the pool larger; a "
                "tenth of a pool that is not made of the training sequences is held out for validation",
            )
        extra = pool["train"][:size], {name: values[:size] for name, values in targets["pool_train"].items()}
        training = [own, extra] if recipe["originals"] else [extra]
        epochs = Permutations(sum(len(part) for part, _ in training), len(rows.subset))
        validation.append((pool["validation"], targets["pool_validation"]))
    augment, windows = augmenter(recipe["augmentation"], store), Windows.of_store(store, rows.subset, recipe)
    if label is not None and augment is not None:
        tokens = augment(validation[0][0], np.random.default_rng(derive_seed(seed, "pool", 0))).tokens
        validation.append((tokens, label(tokens)))
    if recipe["validation_targets"] == "measured":
        # Sequences without measurements cannot be among those that are compared with measurements.
        validation = validation[:1]
    data = TrainingData(
        *_stacked(training),
        *_stacked(validation),
        windows=windows,
        augment=augment,
        label=label,
        keep_originals=label is not None and recipe["originals"],
        epochs=epochs,
        fine_tuning=None if pool is None else own,
    )
    return dict.fromkeys(numbers, data)


def _negatives_of_epochs(store: SequenceStore, rows: np.ndarray, recipe: Mapping) -> Epochs | None:
    """Return epochs with a part of the negatives among rows, if a recipe asks for them, else None."""
    each = recipe["windows"]["negatives"]
    if each is None:
        return None
    epochs = drawn_negatives(store.is_negative[rows], each)
    log.info(
        "each epoch has %s regions and %s of %s negatives",
        *(f"{number:,}" for number in (len(epochs.regions), epochs.drawn, len(epochs.negatives))),
    )
    return epochs


def augmenter(settings: Mapping | None, store: SequenceStore) -> Augmenter | None:
    """Return what changes the sequences of a data set by a set of augmentations; None if there is no set."""
    if settings is None:
        return None
    return Augmenter(**settings, length=store.tokens.shape[1], flanks=store.attributes["flanks"])


def _stacked(parts: Sequence[Part]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the sequences and the named targets of several parts, one part after the other."""
    if len(parts) == 1:
        return parts[0][0], dict(parts[0][1])
    names = parts[0][1]
    return (
        np.concatenate([tokens for tokens, _ in parts]),
        {name: np.concatenate([targets[name] for _, targets in parts]) for name in names},
    )
