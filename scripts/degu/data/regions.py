"""Regions of a genome, such as peaks, that are left out or refused for reasons, each of which is counted."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from degu.data.genome_windows import GenomeWindows
from degu.errors import DeguError, name_rows
from degu.formats.bed import Region

log = logging.getLogger(__name__)


@dataclass
class Regions:
    """The windows about the centres of regions that are left.

    Attributes
    ----------
    windows
        The windows, N of them.
    lines
        The numbers of their lines in the file, int (N,).
    where
        The file, for error messages.
    drop_bad
        Whether regions that cannot be used are left out; else they are an error.
    dropped
        Number of regions that were left out, by reason.
    """

    windows: GenomeWindows
    lines: np.ndarray
    where: Path
    drop_bad: bool
    dropped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def leave_out(self, reason: str, mask: np.ndarray) -> np.ndarray:
        """Leave regions out, bool (N,), and return which of them stay.

        Raises
        ------
        DeguError
            If none stays.
        """
        if mask.any():
            self.dropped[reason] = int(mask.sum())
            log.warning("%s: left out %s of %s regions: %s", self.where, f"{mask.sum():,}", f"{len(mask):,}", reason)
            self.windows, self.lines = self.windows.chosen(~mask), self.lines[~mask]
        if not len(self):
            reasons = ", ".join(f"{count:,} for {reason}" for reason, count in self.dropped.items())
            raise DeguError(
                f"no region is left; left out: {reasons}",
                where=self.where,
                expected="regions to which none of these reasons applies",
                remedy="see whether the files and the options of the data set belong together",
            )
        return ~mask

    def refuse(self, reason: str, mask: np.ndarray, expected: str) -> np.ndarray:
        """Leave out regions that cannot be used, and return which stay, or stop if they are not to be dropped.

        Raises
        ------
        DeguError
            If there are some, and they are not to be dropped, or if none stays.
        """
        if mask.any() and not self.drop_bad:
            raise DeguError(
                f"{reason}: {name_rows(self.lines[mask], word='line')} ({mask.sum():,} of {len(mask):,}), the first "
                f"with the window {self.windows.chosen(mask).names[0]}",
                where=self.where,
                expected=expected,
                remedy="take these regions out of the file, or set `bad_rows: drop` in the data set's file",
            )
        return self.leave_out(reason, mask)

    def check_places(self, genome: Mapping[str, int], tracks: Collection[Collection[str]], margin: int) -> None:
        """Refuse regions on chromosomes that are not there, and windows that reach beyond the ends of one.

        Parameters
        ----------
        genome
            Number of bases of each chromosome.
        tracks
            The names of the chromosomes of each track.
        margin
            Number of bases that have to be there on either side of a window.

        Raises
        ------
        DeguError
            If there are some, and they are not to be dropped, or if none stays.
        """
        expected = "regions on chromosomes that the genome and all tracks have"
        missing = ~np.isin(self.windows.chromosomes, list(genome))
        self.refuse("a chromosome that the genome lacks", missing, expected)
        common = [name for name in genome if all(name in names for names in tracks)]
        missing = ~np.isin(self.windows.chromosomes, common)
        self.refuse("a chromosome that a track lacks", missing, expected)
        windows = self.windows.resized(self.windows.length + 2 * margin)
        ends = np.array([genome[name] for name in windows.chromosomes])
        self.refuse(
            "a window that reaches beyond the end of its chromosome",
            (windows.starts < 0) | (windows.ends > ends),
            f"{windows.length:,} bases about the centre of each region",
        )


def regions_about(entries: Collection[Region], length: int, *, stranded: bool, where: Path, drop_bad: bool) -> Regions:
    """Return windows about the centres of the entries of a BED file.

    Parameters
    ----------
    entries
        The entries, of which the centre is the summit, or the middle.
    length
        Number of bases of a window, half of which lie before the centre.
    stranded
        Whether windows have the strands of the regions; else they are on the forward strand.
    where, drop_bad
        The file, and whether regions that cannot be used are left out.
    """
    windows = GenomeWindows(
        chromosomes=np.array([entry.chromosome for entry in entries], dtype=object),
        starts=np.array([entry.centre - length // 2 for entry in entries], dtype=np.int64),
        reverse=np.array([stranded and entry.strand == "-" for entry in entries]),
        length=length,
    )
    return Regions(windows, np.array([entry.line for entry in entries]), where, drop_bad)
