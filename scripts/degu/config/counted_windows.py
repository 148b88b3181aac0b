"""How large the windows of a data set with counts at each base are, as its settings say before it is imported.

An importer that declares `COUNTS = True` has the option `output_length`, one of `tracks` and `strands`, and `jitter`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from degu.config.plugins import complete_options, constant
from degu.config.tracks import strands_of

_COUNT, _FLOAT = 2, 4


class CountedWindows(NamedTuple):
    """The windows of a data set with counts at each base.

    Attributes
    ----------
    rows
        Number of windows; 0 if the settings do not say it.
    length, context
        Number of bases of a window, and of those that are kept beside it.
    targets, replicates
        Number of targets, and of replicates of each.
    strands, positions
        Number of strands and of positions that have counts.
    negatives
        Number of negatives for each region.
    """

    rows: int
    length: int
    context: int
    targets: int
    replicates: int
    strands: int
    positions: int
    negatives: int

    @property
    def counts(self) -> int:
        """Number of counts of a window and what is kept beside it."""
        return self.targets * self.replicates * self.strands * (self.positions + self.context)

    @property
    def megabytes(self) -> float:
        """Size of all bases and counts in memory."""
        return self.rows * (self.length + self.context + _COUNT * self.counts) / 1e6

    @property
    def predicted_megabytes(self) -> float:
        """Size in memory of the profiles that one model predicts for all windows."""
        return self.rows * self.targets * self.strands * self.positions * _FLOAT / 1e6


def counted_windows(settings: Mapping) -> CountedWindows | None:
    """Return the size of the windows of a data set; None if it has no counts at each base.

    Parameters
    ----------
    settings
        The settings of the data set, complete with their defaults.
    """
    importer = settings["importer"]
    if not constant("importer", importer, "COUNTS", False):
        return None
    options = complete_options("importer", importer, settings["options"])
    if "tracks" in options:
        files = strands_of(options["tracks"])
        targets, replicates, strands = len(files), len(files[0]), len(files[0][0])
    else:
        targets, replicates, strands = 1, options["replicates"], options["strands"]
    published = settings["published_size"]
    return CountedWindows(
        rows=sum(published["rows"].values()) if published else options.get("number", 0),
        length=options["input_length"],
        context=2 * options["jitter"],
        targets=targets,
        replicates=replicates,
        strands=strands,
        positions=options["output_length"],
        negatives=options.get("negatives", 0),
    )
