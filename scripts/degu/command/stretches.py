"""Stretches of DNA whose bases are substituted one by one, and the window in which each of them stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from degu.command.records import Record, Sequences
from degu.data.sequences import N_TOKEN, decode, encode
from degu.errors import DeguError
from degu.formats.fasta import is_fasta
from degu.formats.genome import Genome
from degu.package.construct import Construct

_REGION = re.compile(r"(.+):([0-9,]+)-([0-9,]+)")
_FORM = "a region such as chr1:1001-1200, both ends included and counted from 1, or a file .fa, .fasta or .fna"


@dataclass(frozen=True)
class Stretch:
    """A stretch of DNA.

    Attributes
    ----------
    name, chromosome
        Its name, and where it is; without a genome both are the name of its sequence.
    first
        Position of its first base, counted from 1.
    tokens
        Its bases, uint8 (n,).
    context
        What its windows are cut from, uint8 (m,).
    starts
        Where in the context the window of each base begins, int64 (n,).
    offsets
        Where in its window each base stands, int64 (n,).
    construct
        What each window is put into.
    """

    name: str
    chromosome: str
    first: int
    tokens: np.ndarray
    context: np.ndarray
    starts: np.ndarray
    offsets: np.ndarray
    construct: Construct

    def substitutions(self, rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return every single substitution of some of its bases that are known.

        Parameters
        ----------
        rows
            Which of its bases are changed.

        Returns
        -------
        places
            Which base is changed, counted from 0, int64 (V,).
        bases
            What it is changed to, uint8 (V,).
        reference, alternative
            The construct of its window without and with the change, uint8 (V, L) each.
        """
        own = np.arange(len(self.tokens))[rows]
        places, bases = np.repeat(own, 4), np.tile(np.arange(4, dtype=np.uint8), len(own))
        chosen = (self.tokens[places] < N_TOKEN) & (self.tokens[places] != bases)
        places, bases = places[chosen], bases[chosen]
        windows = self.context[self.starts[places, None] + np.arange(self.construct.insert)]
        reference = self.construct.around(windows)
        alternative = reference.copy()
        alternative[np.arange(len(places)), len(self.construct.left) + self.offsets[places]] = bases
        return places, bases, reference, alternative


class Stretches:
    """The region or the sequences that a person gives, which can be gone through several times.

    A region of a genome that is no longer than the insert stands in the middle of one window. Each base of a longer one
    stands in the middle of a window of its own. So does each base of a sequence that is longer than the insert, but for
    those near its ends: no window reaches beyond a sequence.

    Parameters
    ----------
    given
        The region, or the name of a FASTA file.
    construct
        What the model takes.
    genome
        The genome of a region.
    centred
        Whether each base of a region stands in the middle of a window of its own, however short the region is.

    Raises
    ------
    DeguError
        If what is given is neither a region nor a file, or the region is not one of the genome.
    """

    def __init__(self, given: str, construct: Construct, genome: Genome | None, *, centred: bool = False) -> None:
        self._construct, self._centred, self._genome = construct, centred, genome
        self._sequences: Sequences | None = None
        region = _REGION.fullmatch(given)
        if Path(given).exists() or (region is None and is_fasta(given)):
            self._sequences = _fasta(given, genome, centred=centred)
        elif region is None:
            raise DeguError(f"'{given}' is neither a file nor a region", expected=_FORM)
        else:
            self._name = given
            self._region = _checked(given, region, genome)

    def __iter__(self) -> Iterator[Stretch]:
        """Go through the stretches in their order.

        Raises
        ------
        DeguError
            If the file is damaged, or a sequence is shorter than the insert or holds other letters than ACGTN.
        """
        if self._sequences is None:
            yield self._of_region()
            return
        for record in self._sequences:
            try:
                yield self._of_record(record)
            except DeguError as error:
                raise DeguError(f"'{record.name}': {error}", where=self._sequences.path) from error

    def _of_region(self) -> Stretch:
        chromosome, start, end = self._region
        assert self._genome is not None
        insert, size = self._construct.insert, end - start
        context = encode([self._genome.known_bases(chromosome, start - insert, end + insert)])[0]
        offsets = np.full(size, (insert - 1) // 2)
        if size <= insert and not self._centred:
            offsets = (insert - size) // 2 + np.arange(size)
        starts = insert + np.arange(size) - offsets
        tokens = context[insert : insert + size]
        return Stretch(self._name, chromosome, start + 1, tokens, context, starts, offsets, self._construct)

    def _of_record(self, record: Record) -> Stretch:
        construct, tokens = self._construct, record.tokens
        if len(tokens) == construct.length:
            # It brings flanks of its own, which may be others than those of the assay.
            left, right = len(construct.left), len(construct.right)
            whole = decode(tokens[None])[0]
            construct = replace(construct, left=whole[:left], right=whole[len(whole) - right :])
            tokens = tokens[left : len(tokens) - right]
        # This refuses what is too short.
        construct.place(tokens)
        places = np.arange(len(tokens))
        starts = np.clip(places - (construct.insert - 1) // 2, 0, len(tokens) - construct.insert)
        return Stretch(record.name, record.name, 1, tokens, tokens, starts, places - starts, construct)


def _fasta(given: str, genome: Genome | None, *, centred: bool) -> Sequences:
    if not is_fasta(given):
        raise DeguError("the end of its name is not that of a FASTA file", where=given, expected=_FORM)
    if genome is not None or centred:
        option = "--genome" if genome is not None else "--centred"
        raise DeguError("these sequences are no region of a genome", where=given, remedy=f"take {option} out")
    return Sequences(Path(given))


def _checked(given: str, region: re.Match[str], genome: Genome | None) -> tuple[str, int, int]:
    """Return the chromosome, the start, counted from 0, and the end of a region."""
    if genome is None:
        raise DeguError("a region is one of a genome", where=given, remedy="give the genome with --genome")
    chromosome, first, last = region[1], *(int(text.replace(",", "") or 0) for text in region.groups()[1:])
    length = genome.length_of(chromosome)
    if first < 1:
        raise DeguError("the region begins at 0", where=given, expected="positions that are counted from 1")
    if last < first:
        raise DeguError("the region ends before it begins", where=given, expected=_FORM)
    if last > length:
        raise DeguError(f"the region ends beyond '{chromosome}', which has {length:,} bases", where=given,
                        expected=f"a region of the genome {genome.path}")  # fmt: skip
    return chromosome, first - 1, last
