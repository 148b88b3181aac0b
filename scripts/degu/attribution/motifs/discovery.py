"""Discovery of motifs in attribution maps by TF-MoDISco (Shrikumar et al. 2018), in the implementation of modisco-lite.

Seqlets, which are windows of high contribution, are clustered by their contributions into patterns. All random numbers
come from seeds that modisco-lite fixes, so the same maps give the same patterns on any number of threads.
"""

import logging

import numba
import numpy as np
from modiscolite.core import SeqletSet
from modiscolite.tfmodisco import TFMoDISco

from degu.attribution.motifs.patterns import Pattern
from degu.errors import DeguError

log = logging.getLogger(__name__)

# The core of a pattern lies between the outermost positions whose contribution is at least this fraction of the
# highest.
CORE = 0.3


def discover(
    maps: np.ndarray,
    inputs: np.ndarray,
    *,
    window: int = 21,
    flank: int = 10,
    width: int = 30,
    max_seqlets: int = 20000,
    min_seqlets: int = 20,
    runs: int = 50,
    threads: int = 1,
) -> list[Pattern]:
    """Return the patterns of both signs, in descending order of their number of seqlets.

    Parameters
    ----------
    maps
        Hypothetical contributions, (N, L, 4); see `degu.attribution.contributions.combine`.
    inputs
        One-hot sequences, (N, L, 4).
    window, flank
        Number of bases in the window of a seqlet, and in the flank on each side of it.
    width
        Number of bases of a pattern, to which flanks are added on both sides.
    max_seqlets
        Largest number of seqlets of each sign, which bounds time and memory. Those of the first sequences are taken.
    min_seqlets
        Smallest number of seqlets of a pattern; smaller patterns are dropped.
    runs
        Number of runs of the Leiden clustering, the best of which is taken.
    threads
        Number of threads of numba.

    Raises
    ------
    DeguError
        If the sequences are shorter than a seqlet.
    """
    if maps.shape[1] < window + 2 * flank:
        raise DeguError(
            f"sequences of {maps.shape[1]} bases are shorter than a seqlet of {window + 2 * flank}",
            where="attribution.motifs",
            remedy="lower `window` or `flank`",
        )
    sums = np.lib.stride_tricks.sliding_window_view((maps * inputs).sum(axis=2), window, axis=1).sum(axis=2)
    if not (sums.min() < 0 < sums.max()):
        # TF-MoDISco chooses seqlets by the distributions of the contributions of each sign, and so needs both.
        log.warning("contributions are not of both signs: no patterns")
        return []
    _limit_threads(threads)
    found = TFMoDISco(
        inputs.astype(np.float32),
        maps.astype(np.float32),
        sliding_window_size=window,
        flank_size=flank,
        initial_flank_to_add=flank,
        trim_to_window_size=width,
        max_seqlets_per_metacluster=max_seqlets,
        # Seqlets of one sign need not be clustered if they are too few for a pattern.
        min_metacluster_size=min_seqlets,
        final_min_cluster_size=min_seqlets,
        n_leiden_runs=runs,
    )
    patterns = [_pattern(one, sign) for sign, part in zip((1, -1), found, strict=True) for one in part or []]
    return sorted(patterns, key=len, reverse=True)


def _limit_threads(threads: int) -> None:
    """Set the number of threads of numba without starting them, as modisco-lite would then not cache compiled code."""
    try:
        numba.threading_layer()
    except ValueError:
        # Numba sets its configuration when it is imported, where no type checker sees it.
        numba.config.NUMBA_NUM_THREADS = threads  # type: ignore[attr-defined]
    else:
        numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]


def _pattern(found: SeqletSet, sign: int) -> Pattern:
    """Return a pattern of modisco-lite as a `Pattern`."""
    size = np.abs(found.contrib_scores).sum(axis=1)
    high = np.flatnonzero(size >= CORE * size.max())
    seqlets = found.seqlets
    return Pattern(
        sign=sign,
        contributions=np.asarray(found.contrib_scores),
        probabilities=np.asarray(found.sequence),
        core=(int(high[0]), int(high[-1]) + 1),
        sequence=np.array([seqlet.example_idx for seqlet in seqlets]),
        start=np.array([seqlet.start for seqlet in seqlets]),
        stop=np.array([seqlet.end for seqlet in seqlets]),
        reverse=np.array([seqlet.is_revcomp for seqlet in seqlets]),
    )
