"""`degu saturate`: what every single substitution in some sequences does."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from degu.command.records import Record, Sequences
from degu.command.writers import open_writer
from degu.data.sequences import N_TOKEN
from degu.errors import DeguError
from degu.package.folder import ModelFolder

_LETTERS = np.array(list("ACGT"))


def substitutions(tokens: np.ndarray, insert: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every single substitution of the known bases of a construct.

    Parameters
    ----------
    tokens
        The construct, uint8 (L,).
    insert
        The positions that are changed.

    Returns
    -------
    positions
        Where each base is changed, counted from the start of the insert, int64 (V,).
    bases
        What it is changed to, uint8 (V,).
    mutants
        The changed constructs, uint8 (V, L).
    """
    own = tokens[insert]
    positions, bases = (part.ravel() for part in np.meshgrid(np.arange(len(own)), np.arange(4), indexing="ij"))
    chosen = (own[positions] < N_TOKEN) & (own[positions] != bases)
    positions, bases = positions[chosen], bases[chosen].astype(np.uint8)
    mutants = np.repeat(tokens[None], len(positions), axis=0)
    mutants[np.arange(len(positions)), insert.start + positions] = bases
    return positions, bases, mutants


def effects_of(model: ModelFolder, record: Record, path: Path, level: float) -> dict[str, Any]:
    """Return the columns of the rows of one sequence, one row for each substitution and target.

    Raises
    ------
    DeguError
        If the sequence is of another length than the construct and its insert.
    """
    construct = model.construct
    if len(record.tokens) not in (construct.length, construct.insert):
        raise DeguError(
            f"'{record.name}' has {len(record.tokens)} bases",
            where=path,
            expected=f"{construct.insert} bases, the length of the insert",
            remedy="give the region of that length which is to be changed",
        )
    whole = construct.place(record.tokens)[1][0]
    insert = slice(len(construct.left), construct.length - len(construct.right))
    positions, bases, mutants = substitutions(whole, insert)
    reference, alternative = model.predict(whole[None])["mean"], model.predict(mutants)["mean"]
    effect = (alternative - reference).astype(np.float64)
    values = {"effect": effect}
    std = model.std_of_difference(np.repeat(whole[None], len(mutants), axis=0), mutants)
    if std is not None:
        half = stats.norm.ppf((1 + level) / 2) * std
        values |= {"effect_std": std, "effect_low": effect - half, "effect_high": effect + half}
    values["quantile"] = model.background.quantile_of_effect(effect)
    targets = model.targets

    def repeated(column: list) -> list:
        return [value for value in column for _ in targets]

    ref = _LETTERS[whole[insert][positions]].tolist()
    return {
        "name": repeated([record.name] * len(positions)),
        "position": repeated((positions + 1).tolist()),
        "ref": repeated(ref),
        "alt": repeated(_LETTERS[bases].tolist()),
        "target": targets * len(positions),
        **{name: own.reshape(-1) for name, own in values.items()},
    }


def saturate_file(
    model: ModelFolder, sequences: Sequences, output: Path, level: float, origin: Mapping[str, Any]
) -> int:
    """Write what every substitution does, and return the number of sequences.

    Raises
    ------
    DeguError
        If a sequence is refused, or the file cannot be written.
    """
    number = 0
    with open_writer(output, origin) as writer:
        for columns in _columns(model, sequences, level):
            writer.write(columns)
            number += 1
    return number


def _columns(model: ModelFolder, sequences: Sequences, level: float) -> Iterator[dict[str, Any]]:
    for record in sequences:
        yield effects_of(model, record, sequences.path, level)
