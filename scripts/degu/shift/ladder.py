"""The ladder of a kind of shift: the sequences of the test split, changed more and more from rung to rung."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.config.plugins import load
from degu.data.augmenting import Augmented
from degu.data.known_truth import Truth
from degu.data.sequences import one_hot
from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5, write_hdf5

_FILE = "file of shifted sequences"


@dataclass(frozen=True)
class Rung:
    """The sequences of one level.

    Attributes
    ----------
    level
        The level, in the words of the kind.
    tokens
        The changed sequences with their flanks, uint8 (n, L).
    values
        What models see, float32 (n, L, 4), where that is not the one-hot values of the tokens; else None.
    mean, noise_std
        True activity and noise of one replicate, float64 (n,) each; None where no simulator knows them.
    """

    level: float
    tokens: np.ndarray
    values: np.ndarray | None = None
    mean: np.ndarray | None = None
    noise_std: np.ndarray | None = None

    @property
    def seen(self) -> np.ndarray:
        """What models predict from: tokens, or one-hot values."""
        return self.tokens if self.values is None else self.values


def chosen_rows(store: SequenceStore, number: int, seed: int) -> np.ndarray:
    """Return the test rows that are shifted, in ascending order: all of them, or `number` that are drawn."""
    rows = store.rows("test")
    if len(rows) <= number:
        return rows
    return np.sort(draws_of(seed, "rows", 0).choice(rows, number, replace=False))


def draws_of(seed: int, name: str, number: int) -> np.random.Generator:
    """Return the source of draws of a rung, from the seed of the configuration, the ladder's name and a number."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), number])


def draw_rungs(settings: Mapping, tokens: np.ndarray, flanks: Sequence[int], seed: int) -> Iterator[Rung]:
    """Yield the rungs of a kind of shift, one after the other; the constant flanks stay.

    Parameters
    ----------
    settings
        `name`, `kind`, `levels`, and the options of the kind.
    tokens
        The sequences, uint8 (n, L).
    flanks
        Numbers of constant bases left and right.
    seed
        Seed of the configuration. Each name and each level has draws of its own.
    """
    options = {key: value for key, value in settings.items() if key not in ("name", "kind", "levels")}
    shift = load("shift", settings["kind"]).shift
    within = slice(flanks[0], tokens.shape[1] - flanks[1])
    for number, level in enumerate(settings["levels"], 1):
        changed = shift(tokens[:, within], draws_of(seed, settings["name"], number), level=level, **options)
        yield _rung(level, tokens, within, changed)


def _rung(level: float, tokens: np.ndarray, within: slice, changed: np.ndarray | Augmented) -> Rung:
    """Return a rung, of changed sequences without flanks."""
    inserts = changed.tokens if isinstance(changed, Augmented) else changed
    whole = tokens.copy()
    whole[:, within] = inserts
    if not isinstance(changed, Augmented) or (changed.values == one_hot(inserts)).all():
        return Rung(level, whole)
    values = one_hot(whole)
    values[:, within] = changed.values
    return Rung(level, whole, values)


def with_truth(rung: Rung, truth: Truth | None) -> Rung:
    """Return a rung with the truth of its sequences, if it is known."""
    if truth is None:
        return rung
    mean, noise_std = truth(rung.tokens)
    return Rung(rung.level, rung.tokens, rung.values, mean, noise_std)


@dataclass(frozen=True)
class Ladder:
    """A file of the rungs of one kind of shift, of which one is in memory at a time.

    Attributes
    ----------
    path
        The file.
    name, level_word
        Name of the shift, and what its levels are.
    levels
        The levels, from rung to rung.
    rows
        Rows of the store whose sequences are changed, int64 (n,).
    has_start
        Whether the first rung holds the sequences as they are. Other ladders begin with the first change.
    """

    path: Path
    name: str
    level_word: str
    levels: list[float]
    rows: np.ndarray
    has_start: bool = False

    def rung(self, number: int) -> Rung:
        """Return a rung, counted from 0."""
        with read_hdf5(self.path, _FILE) as file:
            group = file[f"rung-{number}"]
            arrays = {name: group[name][:] for name in ("values", "mean", "noise_std") if name in group}
            return Rung(self.levels[number], group["tokens"][:], **arrays)

    def __iter__(self) -> Iterator[Rung]:
        """Go through the rungs."""
        return map(self.rung, range(len(self.levels)))


def write_ladder(
    path: Path,
    rungs: Iterator[Rung],
    rows: np.ndarray,
    digest: str,
    *,
    name: str,
    level_word: str,
    has_start: bool = False,
) -> None:
    """Write the rungs of a shift, of which one is in memory at a time.

    Parameters
    ----------
    path, rungs
        The file, and the rungs.
    rows, digest
        The rows of the store that were changed, and the digest of the store.
    name, level_word, has_start
        As `Ladder` holds them.
    """
    levels = []
    with write_hdf5(path) as file:
        for number, rung in enumerate(rungs):
            levels.append(rung.level)
            group = file.create_group(f"rung-{number}")
            for key in ("tokens", "values", "mean", "noise_std"):
                values = getattr(rung, key)
                if values is not None:
                    group.create_dataset(key, data=values, compression="gzip", compression_opts=1)
        file.create_dataset("rows", data=rows)
        file.attrs.update({"levels": levels, "name": name, "level_word": level_word, "store_digest": digest})
        file.attrs["has_start"] = has_start


def read_ladder(path: str | Path, digest: str) -> Ladder:
    """Read what a file of shifted sequences holds.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    with read_hdf5(path, _FILE, digest=digest) as file:
        name, level_word, has_start = (file.attrs[key] for key in ("name", "level_word", "has_start"))
        levels = file.attrs["levels"].tolist()
        return Ladder(Path(path), name, level_word, levels, file["rows"][:], bool(has_start))
