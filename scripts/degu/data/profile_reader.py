"""Windows of a genome with the bases and the counts of several tracks, read from the files of both."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np

from degu.config.tracks import files_of, strands_of
from degu.data.genome_windows import GenomeWindows
from degu.data.profiles import reverse_complement_counts
from degu.data.sequences import reverse_complement
from degu.errors import DeguError, did_you_mean
from degu.formats.bigwig import BigWig
from degu.formats.chromosomes import check_in_common, check_lengths
from degu.formats.genome import Genome


class ProfileReader:
    """A genome and tracks that are open for reading.

    Parameters
    ----------
    genome
        The genome.
    files
        Files by their names, the tracks among them.
    tracks
        The names of the tracks of T targets, R replicates and S strands; see `degu.config.tracks`.
    output_length
        Number P of positions with counts in the centre of a window.
    jitter
        Number J of bases that are read on either side, both of the bases and of the counts.

    Raises
    ------
    DeguError
        If a file is missing or cannot be read, or a track and the genome have no chromosome in common, or one of
        another length.
    """

    def __init__(
        self,
        genome: Path,
        files: Mapping[str, Path],
        tracks: Mapping[str, Mapping],
        *,
        output_length: int,
        jitter: int,
    ) -> None:
        self.output_length, self.jitter = output_length, jitter
        missing = [name for name in files_of(tracks) if name not in files]
        if missing:
            raise DeguError(f"there is no file '{missing[0]}'", where="files", expected=did_you_mean(missing[0], files))
        with ExitStack() as stack:
            self.genome = stack.enter_context(Genome(genome))
            self.tracks = {name: stack.enter_context(BigWig(files[name])) for name in files_of(tracks)}
            for track in self.tracks.values():
                place = {"where": track.path, "genome_file": self.genome.path}
                check_in_common(track.lengths, self.genome.lengths, **place)
                check_lengths(track.lengths, self.genome.lengths, **place)
            # The tracks by target, replicate and strand, object (T, R, S).
            self._names = np.array(strands_of(tracks), dtype=object)
            self._files = stack.pop_all()

    @property
    def strands(self) -> int:
        """Number S of strands of the tracks."""
        return self._names.shape[2]

    def read(self, windows: GenomeWindows) -> tuple[np.ndarray, np.ndarray]:
        """Return bases and counts about the centres of windows.

        Those of windows on the reverse strand are reverse complements: their strands are swapped, too.

        Parameters
        ----------
        windows
            N windows of L bases.

        Returns
        -------
        Tokens, uint8 (N, L + 2J), and counts, uint16 (N, T, R, S, P + 2J)

        Raises
        ------
        DeguError
            If a track has no such chromosome or a value that is no count.
        """
        tokens = windows.resized(windows.length + 2 * self.jitter).tokens(self.genome)
        positions = windows.resized(self.output_length + 2 * self.jitter)
        counts = np.empty((len(windows), *self._names.shape, positions.length), dtype=np.uint16)
        for index in np.ndindex(*self._names.shape):
            counts[(slice(None), *index)] = positions.counts(self.tracks[str(self._names[index])])
        turned = windows.reverse
        tokens[turned] = reverse_complement(tokens[turned])
        counts[turned] = reverse_complement_counts(counts[turned])
        return tokens, counts

    def check_distinct(self, counts: np.ndarray, turned: np.ndarray) -> None:
        """Check that no two tracks have the same counts, as those of a file that is named twice have.

        Parameters
        ----------
        counts
            What was read along the regions, (N, T, R, S, P).
        turned
            Which of these are reverse complements, bool (N,).

        Raises
        ------
        DeguError
            If two have, and they are not all 0.
        """
        known: dict[bytes, str] = {}
        for target, replicate in np.ndindex(*self._names.shape[:2]):
            # One replicate at a time is turned back, because a copy of all would take as much memory again.
            both = counts[:, target, replicate].copy()
            both[turned] = reverse_complement_counts(both[turned])
            for strand, name in enumerate(self._names[target, replicate].tolist()):
                own = np.ascontiguousarray(both[:, strand])
                other = known.setdefault(hashlib.sha256(own.data).digest(), name)
                if other != name and own.any():
                    raise DeguError(
                        f"the tracks '{other}' and '{name}' have the same counts in all regions: "
                        f"{self.tracks[other].path} and {self.tracks[name].path}",
                        where="files",
                        expected="a track of its own for each replicate and strand",
                        remedy="correct the path of one of them",
                    )

    def close(self) -> None:
        """Close all files."""
        self._files.close()

    def __enter__(self) -> "ProfileReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
