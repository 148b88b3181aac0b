"""Names and lengths of chromosomes: those of one file are compared with those of a genome."""

from collections.abc import Collection, Mapping

from degu.errors import DeguError

# Names that a message lists.
_MOST = 5


def check_in_common(names: Collection[str], genome: Collection[str], *, where: object, genome_file: object) -> None:
    """Check that a file and a genome have a chromosome in common.

    Parameters
    ----------
    names, genome
        The names of the chromosomes of each.
    where, genome_file
        Both files, for error messages.

    Raises
    ------
    DeguError
        If they have none. The message lists names of both, and tells if a `chr` before the names is all that differs.
    """
    if set(names) & set(genome):
        return
    other = {_other_style(name) for name in names}
    remedy = "take the genome that the file was made with"
    if other & set(genome):
        remedy = "names with and without `chr` are mixed: rename the chromosomes of one of the two"
    raise DeguError(
        f"no chromosome is one of the genome {genome_file}: {_some(names)}",
        where=where,
        expected=f"chromosomes of the genome: {_some(genome)}",
        remedy=remedy,
    )


def check_lengths(lengths: Mapping[str, int], genome: Mapping[str, int], *, where: object, genome_file: object) -> None:
    """Check that the chromosomes which a file and a genome have in common have the same lengths.

    Parameters
    ----------
    lengths, genome
        Number of bases of each chromosome in each.
    where, genome_file
        Both files, for error messages.

    Raises
    ------
    DeguError
        If one has another length: then the file was made with another build of the genome.
    """
    for name, length in lengths.items():
        if name in genome and genome[name] != length:
            raise DeguError(
                f"'{name}' has {length:,} bases here, and {genome[name]:,} in the genome {genome_file}",
                where=where,
                expected="the same build of the genome in both",
                remedy="take the genome that the file was made with, or make the file with this genome",
            )


def _other_style(name: str) -> str:
    return name.removeprefix("chr") if name.startswith("chr") else f"chr{name}"


def _some(names: Collection[str]) -> str:
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return f"{', '.join(list(names)[:_MOST]) or 'none'}{more}"
