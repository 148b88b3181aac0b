"""Windows of DNA around a variant, with either of its alleles."""

from collections.abc import Sequence


def places(shifts: int, shift_by: int) -> list[int]:
    """Return where a variant stands in its windows, as bases right of their middle.

    Parameters
    ----------
    shifts
        Number of further windows on either side.
    shift_by
        Number of bases from one window to the next.
    """
    return [shift_by * step for step in range(-shifts, shifts + 1)]


def columns_of(length: int, shifts: Sequence[int]) -> list[int]:
    """Return the columns of windows, counted from 0, in which the first base of a variant stands.

    It stands in the middle of a window, or `shift` bases right of it, but within the window.
    """
    return [min(max((length - 1) // 2 + shift, 0), length - 1) for shift in shifts]


def edited(left: str, allele: str, right: str, length: int, shifts: Sequence[int] = (0,)) -> list[str]:
    """Return windows of DNA with an allele, one for each shift.

    All bases left of the allele are the same for every allele; a longer one pushes bases out at the right end.

    Parameters
    ----------
    left, right
        The bases that stand before and after the allele.
    allele
        The allele.
    length
        Number of bases of a window.
    shifts
        Where the allele stands (see `columns_of`).
    """
    return [f"{left[len(left) - column :]}{allele}{right}"[:length] for column in columns_of(length, shifts)]
