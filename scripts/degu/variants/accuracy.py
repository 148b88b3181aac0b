"""How well predicted effects agree with measured ones: correlations with bootstrap intervals."""

import zlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from degu.evaluation.accuracy import METRICS
from degu.evaluation.bootstrap import GroupBootstrap, ends
from degu.evaluation.ceilings import activity_ceiling
from degu.variants.effects import Effects
from degu.variants.subsets import POOLED, Chosen, subsets
from degu.variants.variant_set import VariantSet

CORRELATIONS = ("pearson", "spearman")
# The mean of a score over loci, each of which counts the same.
MEAN = "mean over loci"


class EffectScorer:
    """Correlations of effects with the measured ones, for the same resamples of all models.

    Parameters
    ----------
    variants
        The measured variants.
    chosen
        Which of them are judged together.
    confident
        The least confidence of the confident ones.
    seed
        Seed of the bootstrap. Groups of variants are drawn, which are those of one position, or relatives.
    """

    def __init__(self, variants: VariantSet, chosen: Iterable[Chosen], confident: float, seed: int) -> None:
        self._variants = variants
        self._cells: list[tuple[Chosen, str, np.ndarray, GroupBootstrap]] = []
        for own in chosen:
            if own.locus == POOLED:
                # Effects of different loci are not on one scale.
                continue
            confidence = None if variants.confidence is None else variants.confidence[own.rows]
            for subset, mask in subsets(variants.effect[own.rows], confidence, confident).items():
                rows = own.rows[mask]
                stream = zlib.crc32(f"{own.protocol}/{own.locus}/{subset}".encode())
                self._cells.append((own, subset, rows, GroupBootstrap(variants.groups[rows], seed + stream)))

    def score(self, effects: Effects) -> Iterator[dict]:
        """Yield a row for each protocol, locus, subset and metric, and for the mean over several loci."""
        together: dict[tuple[str, str, str], list[tuple[float, np.ndarray, int]]] = {}
        for chosen, subset, rows, bootstrap in self._cells:
            if len(rows) < 3:
                continue
            pair = effects.effect[rows], self._variants.effect[rows]
            for metric in CORRELATIONS:
                value, resampled = METRICS[metric](*pair), bootstrap.resampled(metric, *pair)
                low, high = ends(resampled)
                yield _row(chosen.protocol, chosen.locus, subset, metric, value, low, high, len(rows))
                together.setdefault((chosen.protocol, subset, metric), []).append((value, resampled, len(rows)))
        for (protocol, subset, metric), own in together.items():
            if len(own) > 1:
                values, resampled, numbers = zip(*own, strict=True)
                low, high = ends(np.mean(resampled, axis=0))
                yield _row(protocol, MEAN, subset, metric, float(np.mean(values)), low, high, sum(numbers))

    def ceilings(self) -> Iterator[dict]:
        """Yield the highest Pearson correlation to be expected, by the replicates of the measured effects."""
        if self._variants.replicates is None:
            return
        for chosen, subset, rows, _ in self._cells:
            # Among effects that were chosen by their size or significance, the replicates agree by the choice.
            highest = activity_ceiling(self._variants.replicates[rows]).highest if subset == "all" else np.nan
            if np.isfinite(highest):
                yield _row(chosen.protocol, chosen.locus, subset, "pearson", highest, np.nan, np.nan, len(rows))


def _row(*values: object) -> dict:
    names = ("protocol", "locus", "subset", "metric", "value", "low", "high", "number")
    return dict(zip(names, values, strict=True))


def labelled(rows: Iterable[dict], effects: Effects, **labels: object) -> list[dict]:
    """Return rows with what tells whose they are."""
    known: Mapping = {"model": effects.model, "student": effects.student, "seed": effects.seed, **labels}
    return [{**row, **known} for row in rows]
