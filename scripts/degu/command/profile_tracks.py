"""bigWig tracks of the expected counts at each base of a genome, their standard deviations, and their intervals."""

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from degu.command.bigwig import write_bigwig
from degu.command.windows import Windows
from degu.errors import DeguError
from degu.formats.files import write_aside
from degu.outputs.heads import turned_head
from degu.package.expected_counts import CountIntervals, expected_counts, kinds_of
from degu.package.folder import ModelFolder

STRANDS = ("forward", "reverse")


def track_paths(model: ModelFolder, prefix: Path) -> dict[tuple[int, int, str], Path]:
    """Return the file of each target, strand and kind of track.

    A file is called PREFIX.TARGET.KIND.bw, or PREFIX.TARGET.STRAND.KIND.bw where the counts of two strands are apart.

    Parameters
    ----------
    model
        The student.
    prefix
        What the names of all files begin with.

    Raises
    ------
    DeguError
        If the student predicts no profiles, or takes sequences with flanks.
    """
    if "profile" not in model.heads:
        raise DeguError(
            "this student predicts no profiles",
            where="--profiles",
            expected="a student of a data set with counts at each base",
            remedy="for a track of the activity, give a name that ends in .bw to --output",
        )
    if model.construct.flanks != (0, 0):
        raise DeguError(
            "this student takes sequences between the flanks of an assay, whose positions are not those of a genome",
            where="--profiles",
        )
    strands, _ = model.described.shape("profile")
    return {
        (target, strand, kind): prefix.with_name(".".join([prefix.name, name, *own, kind, "bw"]))
        for target, name in enumerate(_names(model.targets))
        for strand, own in enumerate([()] if strands == 1 else [(name,) for name in STRANDS])
        for kind in kinds_of(model.heads, model.profiles)
    }


def _names(targets: Sequence[str]) -> list[str]:
    """Return names of targets that a file may have; those that would be equal are told apart by their numbers."""
    names = [re.sub(r"[^\w.+-]+", "_", target) for target in targets]
    twice = {name for name, count in Counter(names).items() if count > 1}
    return [f"{name}_{number}" if name in twice else name for number, name in enumerate(names, 1)]


@contextlib.contextmanager
def open_tracks(
    model: ModelFolder, prefix: Path, lengths: Mapping[str, int], intervals: CountIntervals
) -> Iterator["ProfileTracks"]:
    """Open the tracks of a student, which get their names when the block ends without an error.

    Parameters
    ----------
    model, prefix
        As `track_paths` takes them.
    lengths
        Number of bases of each chromosome.
    intervals
        The intervals of the tracks `lower` and `upper`.

    Raises
    ------
    DeguError
        If there is no such track, if there were too few calibration windows for the intervals, or if the profiles were
        not calibrated, and intervals that hold all bins at once are wanted.
    """
    paths = track_paths(model, prefix)
    if model.profiles is None and intervals.simultaneous:
        raise DeguError(
            "the profiles of this student were not calibrated, so that it has no intervals of bins",
            where="--simultaneous",
            remedy="leave the option out, or take a student that a run has calibrated",
        )
    if model.profiles is not None:
        model.profiles.check(intervals.level, simultaneous=intervals.simultaneous)
    with contextlib.ExitStack() as stack:
        aside = {key: stack.enter_context(write_aside(path)) for key, path in paths.items()}
        files = {key: stack.enter_context(tempfile.TemporaryFile(prefix="degu-profiles-")) for key in paths}
        tracks = ProfileTracks(model, files, intervals)
        yield tracks
        tracks.write(aside, lengths)


class ProfileTracks:
    """The expected counts along windows of a genome, which may come in any order.

    Where the profiles of two windows overlap, the one that begins further left counts, and the first one of those that
    begin at the same base. The values wait in temporary files, so that memory does not grow with their number.

    Parameters
    ----------
    model
        The student.
    files
        An empty file that is open for each target, strand and kind.
    intervals
        The intervals of the tracks `lower` and `upper`.
    """

    def __init__(
        self, model: ModelFolder, files: Mapping[tuple[int, int, str], IO[bytes]], intervals: CountIntervals
    ) -> None:
        _, self._positions = model.described.shape("profile")
        self._length, self._files = model.construct.length, files
        self._calibration, self._wanted = model.profiles, intervals
        self._chromosomes: list[str] = []
        self._starts: list[int] = []

    def add(self, windows: Windows, heads: Mapping[str, np.ndarray]) -> None:
        """Append windows with their predicted heads, which are turned round for those on the reverse strand.

        Raises
        ------
        DeguError
            If a window is shorter than the sequences that the student takes, and was filled up.
        """
        filled = windows.ends - windows.starts != self._length
        if filled.any():
            name = windows.names[filled][0]
            raise DeguError(
                f"the region '{name}' was filled up with N, and its profile lies beyond it",
                where="--profiles",
                remedy="leave --shorter out, or --stride, without which a window stands about each region",
            )
        reverse = windows.strands == "-"
        forward = {head: values.copy() for head, values in heads.items()}
        for head, values in forward.items():
            values[reverse] = turned_head(head, values[reverse])
        counts = expected_counts(forward, self._calibration, self._wanted)
        for (target, strand, kind), file in self._files.items():
            file.write(counts[kind][:, target, strand].astype(np.float32).tobytes())
        self._chromosomes += windows.chromosomes.tolist()
        self._starts += (windows.starts + (self._length - self._positions) // 2).tolist()

    def write(self, paths: Mapping[tuple[int, int, str], Path], lengths: Mapping[str, int]) -> None:
        """Write the tracks of what has come."""
        codes = np.unique(self._chromosomes, return_inverse=True)[1]
        order = np.lexsort((np.array(self._starts), codes))
        for key, path in paths.items():
            self._files[key].flush()
            shape = (len(order), self._positions)
            values = np.memmap(self._files[key], dtype=np.float32, mode="r", shape=shape)
            write_bigwig(path, lengths, self._intervals(values, order))

    def _intervals(self, values: np.ndarray, order: np.ndarray) -> Iterator[tuple[str, int, int, float]]:
        chromosome, end = "", 0
        for row in order.tolist():
            if self._chromosomes[row] != chromosome:
                chromosome, end = self._chromosomes[row], 0
            start = self._starts[row]
            begin = max(start, end)
            for position, value in enumerate(values[row, begin - start :].tolist(), begin):
                yield chromosome, position, position + 1, value
            end = max(end, start + self._positions)
