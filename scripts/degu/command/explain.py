"""`degu explain`: which bases a student's predictions come from, for the activity and for its uncertainty."""

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from degu.command.map_wishes import ALONE, Wishes, keys_of
from degu.command.maps import ARRAYS, Explained, Map, open_maps
from degu.command.pages import check_figures, open_pages
from degu.command.progress import Progress
from degu.command.records import Sequences
from degu.command.windows import Windows, batches, count_windows
from degu.command.writers import format_of
from degu.data.sequences import one_hot
from degu.package.folder import ModelFolder

log = logging.getLogger(__name__)

# Sequences that are explained together.
BLOCK = 64
FORMATS = (*ARRAYS, ".tsv", ".csv", ".parquet")


def check(model: ModelFolder, sequences: Sequences, output: Path, figure: Path | None, wishes: Wishes) -> int:
    """Return the number of windows of all sequences.

    Raises
    ------
    DeguError
        If the student lacks what is wanted, the output has no known format, a sequence is refused, or the figure cannot
        show the sequences.
    """
    keys_of(model, wishes)
    format_of(output, FORMATS)
    number = count_windows(sequences, model.construct)
    if figure is not None:
        check_figures(figure, number)
    return number


def blocks(model: ModelFolder, sequences: Sequences) -> Iterator[Windows]:
    """Yield the windows of sequences in their order, up to `BLOCK` at a time."""
    for windows in batches(sequences, model.construct):
        yield from (windows.part(start, start + BLOCK) for start in range(0, len(windows), BLOCK))


def shown(model: ModelFolder, windows: Windows, within: slice, maps: Mapping[tuple[str, str], Map]) -> Explained:
    """Return the bases of windows that are shown, with where they are.

    Parameters
    ----------
    model, windows
        The student and the windows.
    within
        The bases of a construct that are shown.
    maps
        Maps of the constructs.
    """
    construct = model.construct
    starts, ends = windows.starts, windows.ends
    # A sequence of the whole construct's length begins with its left flank.
    before = np.where(ends - starts == construct.length, 0, len(construct.left))
    offsets = np.arange(construct.length)[within] - before[:, None]
    backwards = (windows.strands == "-")[:, None]
    positions = np.where(backwards, ends[:, None] - offsets, starts[:, None] + 1 + offsets)
    own = {
        key: replace(one, hypothetical=one.hypothetical[:, within], contributions=one.contributions[:, within])
        for key, one in maps.items()
    }
    names, chromosomes, strands = (values.tolist() for values in (windows.names, windows.chromosomes, windows.strands))
    return Explained(names, chromosomes, strands, windows.constructs[:, within], positions, own)


def explain(
    model: ModelFolder,
    sequences: Sequences,
    output: Path,
    figure: Path | None,
    wishes: Wishes,
    origin: Mapping[str, Any],
    total: int,
) -> float | None:
    """Write the maps of all windows of some sequences, and return the largest error of their sums.

    It is None if every sequence has an N, for whose maps no sum is claimed, or if the method defines no sum.

    Parameters
    ----------
    model, sequences
        The student and the sequences.
    output, figure
        The files that are written; no figure is drawn for None.
    wishes
        What is wanted.
    origin
        What the file is to say of where it comes from.
    total
        Number of windows.

    Raises
    ------
    DeguError
        If the method cannot explain the student, or a file cannot be written.
    """
    from degu.command.explainer import Explainer

    explainer = Explainer(model, wishes)
    log.info("explained: %s", ", ".join(f"{head} of {target}" for target, head in explainer.keys))
    progress, empty = Progress(total, "sequences"), 0
    worst: float | None = None
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(open_maps(output, total, origin))
        add = None if figure is None else stack.enter_context(open_pages(figure))
        for windows in blocks(model, sequences):
            maps = explainer(windows.constructs)
            explained = shown(model, windows, explainer.shown(), maps)
            writer.write(explained)
            if wishes.method not in ALONE:
                empty += int(np.all([~own.contributions.any(axis=1) for own in maps.values()], axis=0).sum())
            for own in maps.values():
                known = own.error[~np.isnan(own.error)]
                if len(known):
                    worst = max(worst or 0.0, float(known.max()))
            if add is not None:
                _draw(model, explained, windows.ends, add)
            progress.add(len(windows))
    if empty:
        log.warning(
            "%s of %s maps are 0 at every base: no shuffle differs from the sequence, which is a simple repeat",
            f"{empty:,}",
            f"{total:,}",
        )
    return worst


def _draw(model: ModelFolder, explained: Explained, ends: np.ndarray, add: Callable[[Any], None]) -> None:
    """Draw a figure for each sequence, with the heads of each target below one another.

    Positions along a genome count down on the reverse strand. A figure shows the bases as they are read, and counts
    them from the beginning of the window there.
    """
    from degu.attribution.logos import unit_of
    from degu.figures import attribution_logos

    one_hot_tokens = one_hot(explained.tokens)
    units: dict[str, dict[str, str]] = {}
    for target, head in explained.maps:
        units.setdefault(target, {})[head] = unit_of(head, model.facts["units"][model.targets.index(target)])
    for row, name in enumerate(explained.names):
        logos: dict[str, dict[str, np.ndarray]] = {}
        for (target, head), own in explained.maps.items():
            logos.setdefault(target, {})[head] = own.contributions[row, :, None] * one_hot_tokens[row]
        first, position = int(explained.positions[row, 0]), "position"
        if explained.strands[row] == "-":
            first, position = int(ends[row]) + 1 - first, "position in the window, reverse strand"
        title = f"{model.facts['title']}: {name}"
        add(attribution_logos.draw(logos, units, title, first=first, position=position))
