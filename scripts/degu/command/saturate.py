"""`degu saturate`: what every single substitution in a stretch of DNA does, with the uncertainty of its effect."""

import contextlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from degu.command.pages import check_figures, open_pages
from degu.command.progress import Progress
from degu.command.stretches import Stretch, Stretches
from degu.command.writers import format_of, open_writer
from degu.data.sequences import ALPHABET, N_TOKEN
from degu.errors import DeguError
from degu.package.effects import NO_STD, columns_of, predict_pairs
from degu.package.folder import ModelFolder

log = logging.getLogger(__name__)

# Bases that are changed together, in three ways each.
BLOCK = 512
TABLES = (".tsv", ".csv", ".parquet")
# A figure shows this number of bases at most.
MOST_DRAWN = 1000
_LETTERS = np.array(list(ALPHABET))


def check(stretches: Stretches, output: Path, figure: Path | None) -> int:
    """Return the number of bases of all stretches.

    Raises
    ------
    DeguError
        If the output has no known format, a sequence is refused, or the figure cannot show the sequences.
    """
    format_of(output, TABLES)
    lengths = []
    for stretch in stretches:
        if (stretch.tokens == N_TOKEN).all():
            raise DeguError(f"'{stretch.name}' has no known base", expected="bases that can be changed")
        lengths.append(len(stretch.tokens))
    if figure is not None:
        check_figures(figure, len(lengths))
        if max(lengths) > MOST_DRAWN:
            raise DeguError(
                f"a figure cannot show {max(lengths):,} bases",
                where=figure,
                expected=f"sequences of at most {MOST_DRAWN:,} bases",
                remedy="leave --figure out, or give a shorter region",
            )
    return sum(lengths)


def rows_of(
    model: ModelFolder, stretch: Stretch, rows: slice, *, level: float, both_strands: bool
) -> dict[str, Any] | None:
    """Return the columns of a table with a row for each substitution and target, or None if no base is known.

    Parameters
    ----------
    model
        The student.
    stretch, rows
        The stretch, and which of its bases are changed.
    level
        Probability of the interval of the effect.
    both_strands
        Whether the average is taken with the reverse complement of each insert.
    """
    places, bases, reference, alternative = stretch.substitutions(rows)
    if not len(places):
        return None
    pairs = predict_pairs(model, reference, alternative, both_strands=both_strands)
    number = len(model.targets)
    return {
        "name": [stretch.name] * (len(places) * number),
        "chromosome": [stretch.chromosome] * (len(places) * number),
        "position": np.repeat(stretch.first + places, number),
        "ref": np.repeat(_LETTERS[stretch.tokens[places]], number).tolist(),
        "alt": np.repeat(_LETTERS[bases], number).tolist(),
        "target": model.targets * len(places),
        **{name: values.reshape(-1) for name, values in columns_of(model, pairs, level).items()},
        "unusual": np.repeat(pairs.reasons(), number).tolist(),
    }


def saturate(
    model: ModelFolder,
    stretches: Stretches,
    output: Path,
    figure: Path | None,
    wishes: Mapping[str, Any],
    origin: Mapping[str, Any],
    total: int,
) -> None:
    """Write what every single substitution does, and draw it.

    Parameters
    ----------
    model, stretches
        The student, and the stretches of DNA.
    output, figure
        The files that are written; no figure is drawn for None.
    wishes
        `level` and `both_strands`, as for `rows_of`.
    origin
        What the file is to say of where it comes from.
    total
        Number of bases, for the progress.

    Raises
    ------
    DeguError
        If a file cannot be written.
    """
    if not model.has_difference:
        log.warning(NO_STD)
    progress = Progress(total, "bases")
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(open_writer(output, origin))
        add = None if figure is None else stack.enter_context(open_pages(figure))
        for stretch in stretches:
            parts = []
            for start in range(0, len(stretch.tokens), BLOCK):
                columns = rows_of(model, stretch, slice(start, start + BLOCK), **wishes)
                if columns is not None:
                    writer.write(columns)
                    parts += [pd.DataFrame(columns)] if add is not None else []
                progress.add(min(BLOCK, len(stretch.tokens) - start))
            if add is not None:
                from degu.figures import saturation

                units = dict(zip(model.targets, model.facts["units"], strict=True))
                add(saturation.draw(pd.concat(parts), units, f"{model.facts['title']}: {stretch.name}"))
