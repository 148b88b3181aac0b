"""Sequences in a file: FASTA, or a table with a column of sequences."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from degu.data.sequences import encode
from degu.errors import DeguError
from degu.formats.cells import stripped
from degu.formats.fasta import is_fasta, read_fasta
from degu.formats.source_tables import read_table

NOT_EMPTY = ("path", "column")


def draw(
    training: np.ndarray, flanks: Sequence[int], rng: np.random.Generator, *, path: str, column: str = "sequence"
) -> np.ndarray:
    """Return the sequences of a file, in random order.

    Parameters
    ----------
    training
        The training sequences, tokens (n, L).
    flanks
        Numbers of constant bases left and right in them. Sequences of the file are without flanks, which are put around
        them, or with flanks, which are as in the training sequences then.
    rng
        Source of draws.
    path
        A FASTA file, gzipped or not, whose name ends in .fa, .fasta or .fna, or a table as an importer reads it. The
        path begins in the folder of the run.
    column
        The column of a table that holds the sequences.

    Returns
    -------
    tokens (m, L)

    Raises
    ------
    DeguError
        If the file cannot be read, or its sequences have another length than those of the assay.
    """
    file, word = Path(path), "row"
    if is_fasta(file):
        word = "record in line"
        lines, sequences = zip(*((record.line, record.sequence) for record in read_fasta(file)), strict=True)
    else:
        frame = read_table(file, columns=[column])
        lines, sequences = tuple(frame.index), tuple(value or "" for value in stripped(frame, column, where=file))
    tokens = encode(sequences, where=file, rows=lines, word=word)
    return rng.permutation(_with_flanks(tokens, training, flanks, file))


def _with_flanks(tokens: np.ndarray, training: np.ndarray, flanks: Sequence[int], file: Path) -> np.ndarray:
    left, right = flanks
    length = training.shape[1]
    if tokens.shape[1] == length - left - right:
        parts = training[:1, :left], training[:1, length - right :]
        before, after = (np.repeat(part, len(tokens), axis=0) for part in parts)
        return np.concatenate([before, tokens, after], axis=1)
    if tokens.shape[1] != length:
        raise DeguError(
            f"the sequences have {tokens.shape[1]} bases",
            where=file,
            expected=f"{length - left - right} bases, as those of the assay"
            + (f", or {length} with its flanks" if left or right else ""),
            remedy="cut the sequences to this length, such as windows of a genome",
        )
    return tokens
