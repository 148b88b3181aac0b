"""`degu predict`: what a student says of the sequences of a file, one row for each window and target."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from degu.command.progress import Progress
from degu.command.records import Sequences
from degu.command.windows import Windows, batches, count_windows
from degu.command.writers import BIGWIG, Writer, format_of, open_writer
from degu.data.sequences import other_strand
from degu.errors import DeguError
from degu.formats.files import write_aside
from degu.outputs.heads import standard_deviations, turned_head
from degu.package.folder import ModelFolder
from degu.package.novelty import in_words

if TYPE_CHECKING:
    from degu.command.profile_tracks import ProfileTracks


@dataclass(frozen=True)
class Wishes:
    """What a person wants of predictions.

    Attributes
    ----------
    level, method
        Probability of the intervals, and how they are made (see `degu.package.calibration`).
    stride, shorter
        How longer and shorter sequences are brought into the model's form (see `degu.package.construct`).
    both_strands
        Whether each window is predicted as its reverse complement, too, and the mean is taken.
    target, track
        The target and the column that a bigWig file holds; None stands for the only target.
    profiles
        What the names of tracks of expected counts begin with (see `degu.command.profile_tracks`); None stands for no
        such tracks.
    simultaneous
        Whether the intervals of these tracks hold all bins of a window at once.
    """

    level: float = 0.9
    method: str = "normalized"
    stride: int | None = None
    shorter: str = "refuse"
    both_strands: bool = False
    target: str | None = None
    track: str = "mean"
    profiles: str | None = None
    simultaneous: bool = False


def predict_file(
    model: ModelFolder, sequences: Sequences, output: Path | None, wishes: Wishes, origin: Mapping[str, Any]
) -> int:
    """Write what a student predicts for all windows of some sequences, and return their number.

    Parameters
    ----------
    model, sequences
        The student, and the sequences, which are gone through twice: all are checked before the first is predicted.
    output
        The file that is written, by its name as TSV, CSV, BED, Parquet or bigWig; None stands for no such file.
    wishes
        What is wanted.
    origin
        What the file is to say of where it comes from.

    Raises
    ------
    DeguError
        If a sequence is refused, an interval cannot be made, or the file cannot be written.
    """
    model.calibration.check(wishes.level, wishes.method)
    total = count_windows(sequences, model.construct, stride=wishes.stride or 0, shorter=wishes.shorter)
    progress = Progress(total, "windows")
    if output and wishes.profiles:
        _check_apart(model, output, Path(wishes.profiles))
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(_open_writer(model, sequences, output, wishes, origin)) if output else None
        tracks = stack.enter_context(_open_tracks(model, sequences, wishes)) if wishes.profiles else None
        for windows in batches(sequences, model.construct, stride=wishes.stride or 0, shorter=wishes.shorter):
            heads = predict_windows(model, windows, wishes)
            if writer:
                writer.write(table(model, windows, heads, wishes))
            if tracks:
                tracks.add(windows, heads)
            progress.add(len(windows))
    return total


@contextlib.contextmanager
def _open_writer(
    model: ModelFolder, sequences: Sequences, output: Path, wishes: Wishes, origin: Mapping[str, Any]
) -> Iterator[Writer]:
    """Open the file of predictions, which gets its name when the block ends without an error."""
    if format_of(output) != BIGWIG:
        with open_writer(output, origin) as writer:
            yield writer
        return
    from degu.command.bigwig import BigWigWriter, only_target

    target = only_target(model.targets, wishes.target)
    lengths, stride = _lengths(sequences, output), wishes.stride or 0
    with write_aside(output) as aside:
        track = BigWigWriter(aside, lengths, target=target, column=wishes.track, stride=stride, regions=sequences.path)
        yield track
        track.close()


def _lengths(sequences: Sequences, where: object) -> dict[str, int]:
    """Return the number of bases of each chromosome of the genome that regions are of."""
    if sequences.genome is None:
        raise DeguError(
            "a bigWig file is a track along a genome",
            where=where,
            remedy="give regions as a BED file with --genome, or choose another format",
        )
    return sequences.genome.lengths


def _open_tracks(
    model: ModelFolder, sequences: Sequences, wishes: Wishes
) -> "contextlib.AbstractContextManager[ProfileTracks]":
    """Open the tracks of expected counts, which get their names when the block ends without an error."""
    # What writes bigWig is needed for it only.
    from degu.command.profile_tracks import open_tracks
    from degu.package.expected_counts import CountIntervals

    intervals = CountIntervals(wishes.level, wishes.simultaneous)
    return open_tracks(model, Path(wishes.profiles or ""), _lengths(sequences, "--profiles"), intervals)


def _check_apart(model: ModelFolder, output: Path, prefix: Path) -> None:
    """Check that the output is none of the tracks of expected counts, of which one would replace the other."""
    from degu.command.profile_tracks import track_paths

    if output.resolve() in [path.resolve() for path in track_paths(model, prefix).values()]:
        raise DeguError("a track of --profiles has the same name", where=output, remedy="choose another name")


def predict_windows(model: ModelFolder, windows: Windows, wishes: Wishes) -> dict[str, np.ndarray]:
    """Return the heads of windows, (n, T) and their trailing axes."""
    heads = model.predict(windows.constructs)
    if wishes.both_strands and model.construct.strands == "one":
        turned = model.predict(other_strand(windows.constructs, model.construct.flanks))
        heads = {head: (values + turned_head(head, turned[head])) / 2 for head, values in heads.items()}
    return heads


def table(model: ModelFolder, windows: Windows, heads: Mapping[str, np.ndarray], wishes: Wishes) -> dict[str, Any]:
    """Return the columns of the rows of windows, one row for each window and target; profiles are in none."""
    targets, plain = len(model.targets), model.described.of_one_value().heads
    intervals = model.calibration.intervals(heads, wishes.level, wishes.method)
    std = standard_deviations(heads)
    values: dict[str, np.ndarray] = {
        "mean": heads["mean"],
        **{kind: std[kind] for kind in ("aleatoric", "epistemic", "total") if kind in std},
        **{head: heads[head] for head in plain if head not in ("mean", "aleatoric", "epistemic")},
        "lower": intervals[..., 0],
        "upper": intervals[..., 1],
        "quantile": model.background.quantile_of_activity(heads["mean"]),
    }
    return {
        "name": np.repeat(windows.names, targets),
        "chromosome": np.repeat(windows.chromosomes, targets),
        "start": np.repeat(windows.starts, targets),
        "end": np.repeat(windows.ends, targets),
        "strand": np.repeat(windows.strands, targets),
        "target": np.tile(np.array(model.targets, dtype=object), len(windows)),
        **{name: np.asarray(own, dtype=np.float64).reshape(-1) for name, own in values.items()},
        "unusual": np.repeat(_unusual(model, windows, heads), targets),
    }


def _unusual(model: ModelFolder, windows: Windows, heads: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the reasons for which each window is unlike the training sequences, (n,), separated by commas."""
    left, _ = model.construct.flanks
    reasons = model.novelty.reasons(windows.constructs[:, left : left + model.construct.insert], heads)
    return in_words(reasons)
