"""`degu predict`: what a student says of the sequences of a file, one row for each window and target."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from degu.command.records import Record, Sequences
from degu.command.writers import open_writer
from degu.data.sequences import other_strand
from degu.errors import DeguError
from degu.package.folder import ModelFolder
from degu.uncertainty.predictive import standard_deviations

log = logging.getLogger(__name__)

# Constructs that are predicted together.
BATCH = 4096
# Seconds between two lines about the progress.
_PACE = 10.0


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
    """

    level: float = 0.9
    method: str = "normalized"
    stride: int = 0
    shorter: str = "refuse"
    both_strands: bool = False


class Windows(NamedTuple):
    """Windows of some sequences that are predicted together.

    Attributes
    ----------
    names, chromosomes, starts, ends, strands
        What each is a window of, and where; starts count from 0.
    constructs
        The windows in their constructs, uint8 (n, L).
    """

    names: list[str]
    chromosomes: list[str]
    starts: list[int]
    ends: list[int]
    strands: list[str]
    constructs: np.ndarray


def predict_file(
    model: ModelFolder, sequences: Sequences, output: Path, wishes: Wishes, origin: Mapping[str, Any]
) -> int:
    """Write what a student predicts for all windows of some sequences, and return their number.

    Parameters
    ----------
    model, sequences
        The student, and the sequences, which are gone through twice: all are checked before the first is predicted.
    output
        The file that is written, by its name as TSV, CSV, BED or Parquet.
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
    total = sum(_number_of_windows(model, record, sequences.path, wishes) for record in sequences)
    done, start = 0, time.monotonic()
    told = start
    with open_writer(output, origin) as writer:
        for windows in batches(model, sequences, wishes):
            writer.write(table(model, windows, predict_windows(model, windows, wishes), wishes))
            done += len(windows.names)
            if (now := time.monotonic()) - told > _PACE or done == total:
                told = now
                log.info("%s", _progress(done, total, now - start))
    return total


def batches(model: ModelFolder, sequences: Iterable[Record], wishes: Wishes) -> Iterator[Windows]:
    """Yield the windows of sequences in their order, about `BATCH` at a time."""
    parts: list[Windows] = []
    number = 0
    for record in sequences:
        own = windows_of(model, record, wishes)
        # A chromosome has more windows than fit together.
        for begin in range(0, len(own.names), BATCH):
            part = Windows(*(values[begin : begin + BATCH] for values in own))
            parts.append(part)
            number += len(part.names)
            if number >= BATCH:
                yield _together(parts)
                parts, number = [], 0
    if parts:
        yield _together(parts)


def windows_of(model: ModelFolder, record: Record, wishes: Wishes) -> Windows:
    """Return the windows of one sequence."""
    starts, constructs = model.construct.place(record.tokens, stride=wishes.stride, shorter=wishes.shorter)
    length = min(len(record.tokens), model.construct.insert if len(starts) > 1 else len(record.tokens))
    ends = starts + length
    if record.strand == "-":
        starts, ends = len(record.tokens) - ends, len(record.tokens) - starts
    number = len(constructs)
    return Windows(
        [record.name] * number,
        [record.chromosome] * number,
        (record.start + starts).tolist(),
        (record.start + ends).tolist(),
        [record.strand] * number,
        constructs,
    )


def predict_windows(model: ModelFolder, windows: Windows, wishes: Wishes) -> dict[str, np.ndarray]:
    """Return the heads of windows, (n, T) each."""
    heads = model.predict(windows.constructs)
    if wishes.both_strands and model.construct.strands == "one":
        flanks = len(model.construct.left), len(model.construct.right)
        turned = model.predict(other_strand(windows.constructs, flanks))
        heads = {head: (values + turned[head]) / 2 for head, values in heads.items()}
    return heads


def table(model: ModelFolder, windows: Windows, heads: Mapping[str, np.ndarray], wishes: Wishes) -> dict[str, Any]:
    """Return the columns of the rows of windows, one row for each window and target."""
    targets, number = model.targets, len(windows.names)
    left, right = len(model.construct.left), len(model.construct.right)
    inserts = windows.constructs[:, left : model.construct.length - right]
    reasons = model.novelty.reasons(inserts, heads)
    unusual = [",".join(name for name, mask in reasons.items() if mask[row]) for row in range(number)]
    intervals = model.calibration.intervals(heads, wishes.level, wishes.method)
    std = standard_deviations(dict(heads))
    values = {
        "mean": heads["mean"],
        **{kind: std[kind] for kind in ("aleatoric", "epistemic", "total") if kind in std},
        **{head: heads[head] for head in heads if head not in ("mean", "aleatoric", "epistemic")},
        "interval_low": intervals[..., 0],
        "interval_high": intervals[..., 1],
        "quantile": model.background.quantile_of_activity(heads["mean"]),
    }

    def repeated(column: list) -> list:
        return [value for value in column for _ in targets]

    return {
        "name": repeated(windows.names),
        "chromosome": repeated(windows.chromosomes),
        "start": repeated(windows.starts),
        "end": repeated(windows.ends),
        "strand": repeated(windows.strands),
        "target": targets * number,
        **{name: np.asarray(own, dtype=np.float64).reshape(-1) for name, own in values.items()},
        "unusual": repeated(unusual),
    }


def _number_of_windows(model: ModelFolder, record: Record, path: Path, wishes: Wishes) -> int:
    if len(record.tokens) in (model.construct.length, model.construct.insert):
        return 1
    try:
        return len(windows_of(model, record, wishes).names)
    except DeguError as error:
        raise DeguError(f"'{record.name}': {error}", where=path) from error


def _together(parts: list[Windows]) -> Windows:
    lists = ([value for part in parts for value in part[index]] for index in range(5))
    return Windows(*lists, np.concatenate([part.constructs for part in parts]))


def _progress(done: int, total: int, seconds: float) -> str:
    left = (total - done) * seconds / max(done, 1)
    return f"{done:,} of {total:,} windows, {done / max(seconds, 1e-9):,.0f} a second, {_duration(left)} left"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
