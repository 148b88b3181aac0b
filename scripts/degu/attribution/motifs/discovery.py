"""Motifs that recur in attribution maps: TF-MoDISco (Shrikumar et al. 2018), as modisco-lite has it.

Seqlets, windows of high contribution, are clustered by their contributions into patterns. Nothing is drawn but from
seeds that modisco-lite fixes, so the same maps give the same patterns, on any number of threads.
"""

import logging

import numba
import numpy as np
from modiscolite.tfmodisco import TFMoDISco

from degu.attribution.motifs.patterns import Pattern
from degu.errors import DeguError

log = logging.getLogger(__name__)

# Of the highest contribution of a position: the core is what lies between the outermost positions of as much.
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
    """Return the patterns of both signs, of most seqlets first.

    Parameters
    ----------
    maps
        Hypothetical contributions, (N, L, 4); see `degu.attribution.contributions.combine`.
    inputs
        One-hot sequences, (N, L, 4).
    window, flank
        A seqlet is a window of so many bases with flanks on both sides.
    width
        Of a pattern, to which flanks are added on both sides.
    max_seqlets
        Of each sign, those of the first sequences, so that time and memory have a bound.
    min_seqlets
        Patterns of fewer are dropped.
    runs
        Of the Leiden clustering, the best of which is taken.
    threads
        Of numba, and processes.

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
        # What stands out is judged by how contributions of each sign are distributed.
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
        # A group of seqlets of one sign that is too small for a pattern need not be clustered.
        min_metacluster_size=min_seqlets,
        final_min_cluster_size=min_seqlets,
        n_leiden_runs=runs,
    )
    patterns = [_pattern(one, sign) for sign, part in zip((1, -1), found, strict=True) for one in part or []]
    return sorted(patterns, key=len, reverse=True)


def _limit_threads(threads: int) -> None:
    """Let numba use so many threads, without starting them: then modisco-lite would not keep what it compiles."""
    try:
        numba.threading_layer()
    except ValueError:
        numba.config.NUMBA_NUM_THREADS = threads
    else:
        numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))


def _pattern(found: object, sign: int) -> Pattern:
    """Return a `modiscolite.core.SeqletSet` as a pattern."""
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
