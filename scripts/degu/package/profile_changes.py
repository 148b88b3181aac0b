"""How far a variant changes a predicted profile, where an insertion or a deletion moves the positions behind it."""

import numpy as np

from degu.evaluation.profiles import jensen_shannon_distance


def profile_distance(first: np.ndarray, second: np.ndarray, edits: np.ndarray | None = None) -> np.ndarray:
    """Return the Jensen-Shannon distance between the profiles of pairs of sequences, natural logarithm, (N, T).

    It is NaN where no base is left that both profiles show.

    Parameters
    ----------
    first, second
        Profiles, (N, T, S, P) each.
    edits
        Where the sequences of each pair differ, int (N, 3): the position in the profile, counted from 0, at which the
        alleles begin, and the number of bases of the first and of the second allele. The position may lie outside of
        the profile. Without them, and for alleles of one length, positions are compared one by one. Else they are
        compared as `aligned` returns them.
    """
    found = jensen_shannon_distance(first, second)
    if edits is not None:
        for row in np.flatnonzero(edits[:, 1] != edits[:, 2]):
            pair = aligned(first[row], second[row], *edits[row].tolist())
            known = pair[0].shape[-1] > 0
            found[row] = jensen_shannon_distance(*(profile[None] for profile in pair))[0] if known else np.nan
    return found


def aligned(
    first: np.ndarray, second: np.ndarray, start: int, removed: int, inserted: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return two profiles, (..., P), at the bases that both sequences have, (..., Q) each.

    The bases of the alleles are left out, and so are those that only one of the profiles shows, since the other one has
    moved them out at an end.

    Parameters
    ----------
    first, second
        The profiles.
    start
        Position in both at which the alleles begin.
    removed, inserted
        Number of bases of the allele in the first and in the second sequence.
    """
    behind = start + removed, start + inserted
    hidden = max(0, -min(behind))
    shown = max(0, first.shape[-1] - max(behind) - hidden)
    parts = []
    for profile, end in zip((first, second), behind, strict=True):
        right = profile[..., end + hidden : end + hidden + shown]
        parts.append(np.concatenate([profile[..., : max(start, 0)], right], axis=-1))
    return parts[0], parts[1]
