"""Counts at each base of regions, such as peaks of ATAC-seq or ChIP-seq: a genome, BED and bigWig.

A row is a window of the genome about the summit of a region (column 10 of narrowPeak), or about its middle. It holds
the bases of the window, and the counts at the positions in its centre for each target, replicate and strand. Its target
is log(1 + counts). The tracks are counts of read ends or cuts at single bases, not coverage and not a scaled signal.
BAM files and fragments are turned into such tracks beforehand: those of ATAC-seq by `bam2bw` or by `reads_to_bigwig` of
ChromBPNet, which move the ends of reads to the middle of the cut, and others by `bedtools genomecov -bg -5 -strand +`
(and again with `-strand -`) and `bedGraphToBigWig`.

Rows are named `chromosome:start-end(strand)` by their windows, with the start counted from 0 as in BED. Rows whose
windows overlap, with the bases that jitter adds to them, are one group. There are many such windows, and so a split by
chromosome suits best.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from degu.config.check_lengths import check_centred
from degu.config.tracks import check_tracks
from degu.config.values import check_pair, check_within
from degu.data.context import context, without_context
from degu.data.genome_windows import GenomeWindows, joined
from degu.data.negatives import draw_negatives
from degu.data.profile_reader import ProfileReader
from degu.data.profiles import UNIT, log_counts, replicate_log_counts
from degu.data.records import Records
from degu.data.regions import Regions, regions_about
from degu.data.sequences import N_TOKEN
from degu.errors import DeguError
from degu.formats.bed import read_bed
from degu.formats.chromosomes import check_in_common

# The source files, by the names that a data set's file gives them. The option `tracks` names the others.
SOURCES = ("genome", "regions")
OPTIONAL_SOURCES = ("exclusion",)
TRACKS_NAME_FILES = True
# Its records have counts at each base.
COUNTS = True
LABELS = False
ROW_LABELS = {"chromosome": None}
NOT_EMPTY = ("tracks",)
PAIRS = ("outliers",)
RANGES: dict[str, dict[str, float | str]] = {
    "input_length": {"at_least": 1},
    "output_length": {"at_least": 1, "at_most": "input_length"},
    "jitter": {"at_least": 0},
    "negatives": {"at_least": 0},
    "negative_stride": {"at_least": 1},
    "seed": {"at_least": 0},
    "outliers": {"at_least": 0, "at_most": 1},
    "minimum_counts": {"at_least": 0},
    "maximum_unknown": {"at_least": 0, "at_most": 1},
}

log = logging.getLogger(__name__)


def load(
    files: Mapping[str, Path],
    *,
    drop_bad_rows: bool,
    tracks: dict,
    input_length: int = 2114,
    output_length: int = 1000,
    jitter: int = 0,
    negatives: int = 0,
    negative_stride: int = 1000,
    seed: int = 1234,
    outliers: list[float] | tuple[float, float] | None = (0.0001, 0.9999),
    minimum_counts: int = 0,
    maximum_unknown: float = 0.1,
    stranded_regions: bool | None = None,
) -> Records:
    """Read the sequences of regions, and the counts at each base.

    Parameters
    ----------
    files
        `genome` (FASTA) and `regions` (BED or narrowPeak); `exclusion` (BED), which may be absent; and bigWig files by
        the names that `tracks` gives them.
    drop_bad_rows
        Drop regions that cannot be used instead of stopping: those on a chromosome that the genome or a track lacks,
        those whose window reaches beyond the end of a chromosome, and those with too many unknown bases.
    tracks
        For each target its `replicates`: a list with one file for each, or a list of two files, the forward and the
        reverse strand, as in `{starts: {replicates: [[rep1_plus, rep1_minus], [rep2_plus, rep2_minus]]}}`.
    input_length, output_length
        Number of bases of a window, and number of positions with counts in its centre. Both are even or both are odd.
    jitter
        Number of bases left and right of a window that are kept, too, so that a training can move it.
    negatives
        Number of negatives for each region: windows outside of all regions, of the same GC content on the same
        chromosome; see `degu.data.negatives`.
    negative_stride
        Bases from one window that may become a negative to the next.
    seed
        Seed of the draw of negatives.
    outliers
        The lower and the upper quantile of the total counts of a target, between which regions are kept, ends included.
        With null all are kept. Test regions are filtered, too, which ChromBPNet leaves alone.
    minimum_counts
        Regions with fewer counts of all replicates together are left out; of several targets, one with as many is
        enough.
    maximum_unknown
        The largest part of N in a window.
    stranded_regions
        Whether regions on the reverse strand are stored as their reverse complement. By default they are if the tracks
        are stranded.

    Raises
    ------
    DeguError
        If a file cannot be read, files belong to different genomes, a value of a track is no count, two tracks are
        equal, a region cannot be used, none is left, or negatives are wanted and none can be drawn.
    """
    check_tracks(tracks, "options.tracks")
    check_centred("profiles", {"input_length": input_length, "output_length": output_length}, "options")
    if outliers is not None:
        check_within(list(outliers), RANGES["outliers"], where="options.outliers")
        check_pair(outliers, where="options.outliers")
    bounds = (0.0, 1.0) if outliers is None else (outliers[0], outliers[1])
    entries = list(read_bed(files["regions"]))
    excluded = [entry[1:4] for entry in read_bed(files["exclusion"])] if "exclusion" in files else []
    with ProfileReader(files["genome"], files, tracks, output_length=output_length, jitter=jitter) as reader:
        stranded = reader.strands == 2 if stranded_regions is None else stranded_regions
        regions = regions_about(
            entries, input_length, stranded=stranded, where=files["regions"], drop_bad=drop_bad_rows
        )
        _leave_out_places(regions, reader, excluded, files.get("exclusion"))
        tokens, counts = reader.read(regions.windows)
        reader.check_distinct(counts, regions.windows.reverse)
        unknown = (without_context(tokens, jitter) == N_TOKEN).mean(axis=1) > maximum_unknown
        kept = regions.refuse(f"more than {maximum_unknown:g} of the bases unknown", unknown, "windows of known bases")
        tokens, counts = tokens[kept], counts[kept]
        kept = _leave_out_counts(regions, without_context(counts, jitter), minimum_counts, bounds)
        tokens, counts = tokens[kept], counts[kept]
        windows = regions.windows
        if negatives:
            drawn = draw_negatives(
                reader.genome,
                windows,
                joined([*(entry[1:4] for entry in entries), *excluded], input_length // 2),
                number=negatives,
                stride=negative_stride,
                seed=seed,
                margin=jitter,
                maximum_unknown=maximum_unknown,
            )
            if not len(drawn):
                raise DeguError(
                    "no negative can be drawn: no window of the genome lies outside of all regions and excluded places",
                    where="options.negatives",
                    expected="windows that keep half a window's distance from them, on the chromosomes of the regions",
                    remedy="choose a smaller `negative_stride`, or set `negatives: 0`",
                )
            more_tokens, more_counts = reader.read(drawn)
            tokens, counts = np.concatenate([tokens, more_tokens]), np.concatenate([counts, more_counts])
            windows = windows.followed_by(drawn)
    records = _records(windows, tokens, counts, regions, list(tracks), jitter)
    missing = (1 + negatives) * len(regions) - len(records)
    records.attributes |= {"negatives_not_drawn": missing, "stranded_regions": stranded}
    return records


def _leave_out_places(
    regions: Regions, reader: ProfileReader, excluded: Sequence[tuple[str, int, int]], exclusion: Path | None
) -> None:
    """Leave out regions in excluded places, and refuse those that cannot be read."""
    genome = reader.genome
    if exclusion is not None:
        # A list of other names would exclude nothing.
        check_in_common(
            dict.fromkeys(name for name, *_ in excluded), genome.lengths, where=exclusion, genome_file=genome.path
        )
    names = dict.fromkeys(regions.windows.chromosomes.tolist())
    check_in_common(names, genome.lengths, where=regions.where, genome_file=genome.path)
    wide = regions.windows.resized(regions.windows.length + 2 * reader.jitter)
    regions.leave_out("an excluded place", wide.overlap(joined(excluded)))
    regions.check_places(genome.lengths, [track.lengths for track in reader.tracks.values()], reader.jitter)


def _leave_out_counts(regions: Regions, counts: np.ndarray, minimum: int, bounds: tuple[float, float]) -> np.ndarray:
    """Leave out regions with few counts and outliers, and return the numbers of those that stay, by their counts."""
    totals = counts.sum(axis=(2, 3, 4), dtype=np.int64)
    left = np.flatnonzero(regions.leave_out(f"fewer than {minimum:,} counts", totals.max(axis=1) < minimum))
    low, high = np.quantile(totals[left], bounds, axis=0)
    outside = ((totals[left] < low) | (totals[left] > high)).any(axis=1)
    return left[regions.leave_out(f"counts outside of the quantiles {bounds[0]:g} and {bounds[1]:g}", outside)]


def _depths(counts: np.ndarray, targets: Sequence[str]) -> np.ndarray:
    """Return the total counts of each replicate over the regions, float64 (T, R).

    Raises
    ------
    DeguError
        If a replicate has none, since others cannot be scaled by it.
    """
    depths = counts.sum(axis=(0, 3, 4), dtype=np.float64)
    if (depths == 0).any():
        target, replicate = map(int, np.argwhere(depths == 0)[0])
        raise DeguError(
            f"replicate {replicate + 1} of '{targets[target]}' has no counts in any region",
            where="options.tracks",
            expected="tracks with counts in the regions",
            remedy="see whether the track and the regions belong together",
        )
    return depths


def _records(
    windows: GenomeWindows, tokens: np.ndarray, counts: np.ndarray, regions: Regions, targets: list[str], jitter: int
) -> Records:
    """Put records together of the windows of regions and, behind them, those of negatives, with their contexts."""
    own = np.ascontiguousarray(without_context(counts, jitter))
    depths = _depths(own[: len(regions)], targets)
    replicates = replicate_log_counts(own, depths) if depths.shape[1] > 1 else None
    negatives = len(windows) - len(regions)
    log.info("%s regions and %s negatives", f"{len(regions):,}", f"{negatives:,}")
    return Records(
        tokens=np.ascontiguousarray(without_context(tokens, jitter)),
        names=windows.names,
        targets=log_counts(own),
        target_names=targets,
        units=[UNIT] * len(targets),
        # Negatives are numbered on from the last line.
        rows=np.append(regions.lines, regions.lines.max() + np.arange(1, negatives + 1)),
        replicates=replicates,
        replicate_std=None if replicates is None else replicates.std(axis=2, ddof=1),
        counts=own,
        context_tokens=context(tokens, jitter),
        context_counts=context(counts, jitter),
        negative=np.arange(len(windows)) >= len(regions),
        group=windows.resized(windows.length + 2 * jitter).clusters(),
        chromosome=windows.chromosomes.astype(str),
        attributes={
            "depths": dict(zip(targets, depths.tolist(), strict=True)),
            "regions": len(regions),
            "negatives": negatives,
            "jitter": jitter,
        },
        dropped=regions.dropped,
    )
