"""Tell whether one run reproduces another: which files agree, where differences begin, and how far tables differ.

    python scripts/compare_runs.py FIRST SECOND [--tolerance 1e-5] [--tables results/summary.tsv]

FIRST and SECOND are folders in which `snakemake provenance` has run. The exit code is 0 if the tables agree within the
tolerance, 1 if they do not, and 2 if the runs cannot be compared. The page docs/guide/reproducibility.md tells
which tolerance suits which comparison.
"""

import argparse
import fnmatch
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from degu.errors import DeguError
from degu.provenance.run_comparison import Cause, Distance, Run, differing_files, distances, find_causes, read_run

MOST_NAMED = 3


def names(some: Iterable[str]) -> str:
    """Return the first few names as text, and the number of those that are left out."""
    some = list(some)
    more = f" and {len(some) - MOST_NAMED:,} more" if len(some) > MOST_NAMED else ""
    return ", ".join(some[:MOST_NAMED]) + more


def judged_tables(run: Run, patterns: list[str]) -> set[str]:
    """Return the tables of a run whose paths match at least one pattern.

    Raises
    ------
    DeguError
        If no table matches one of the patterns.
    """
    tables = [file for file, row in run.made.items() if row["kind"] == "table"]
    matching = {pattern: fnmatch.filter(tables, pattern) for pattern in patterns}
    for pattern, files in matching.items():
        if not files:
            raise DeguError("no table of the first run matches", where=f"--tables {pattern}")
    return {file for files in matching.values() for file in files}


def show_counts(first: Run, differing: list[str]) -> None:
    """Print the number of files of each kind that are the same."""
    made = Counter(row["kind"] for row in first.made.values())
    different = Counter(first.files[file]["kind"] for file in differing)
    for kind, number in sorted(made.items()):
        print(f"{kind:<14}{number - different[kind]:>7,} of {number:,} are the same")


def show_causes(heading: str, causes: list[Cause]) -> None:
    """Print a heading and the causes of differences, unless there are none."""
    if causes:
        print(heading)
    for cause in causes:
        print(*(f"  {fact}" for fact in cause.facts), sep="\n")
        print(f"    in {', '.join(cause.rules)}: {names(cause.files)}")


def show_distances(found: list[Distance], tolerance: float) -> None:
    """Print how far the numbers of each file differ, column by column."""
    if found:
        print(f"how far numbers are apart, at a tolerance of {tolerance:g}")
    for distance in found:
        columns = [
            f"{name} {difference:.1e}" if np.isfinite(difference) else f"{name} has other text or rows"
            for name, difference in distance.columns.items()
        ]
        print(f"  {'beyond' if distance.largest > tolerance else 'within'}  {distance.file}: {names(columns)}")


def compare(first: Run, second: Run, tolerance: float, tables: list[str]) -> bool:
    """Print a comparison of two runs, and return whether the tables that match the patterns agree."""
    judged = judged_tables(first, tables)
    alone = {"first": first.made.keys() - second.made, "second": second.made.keys() - first.made}
    differing = differing_files(first, second)
    show_counts(first, differing)
    for word, files in alone.items():
        if files:
            print(f"only in the {word} run: {names(sorted(files))}")
    begin, later = find_causes(first, second)
    show_causes("differences begin with", begin)
    show_causes("later jobs differ in addition by", later)
    found = distances(first, second)
    show_distances(found, tolerance)
    if any(alone.values()) or any(distance.largest > tolerance for distance in found if distance.file in judged):
        print("NOT REPRODUCED")
        return False
    print(f"REPRODUCED: {'the tables agree within the tolerance' if differing else 'every file is the same'}")
    return True


def main() -> int:
    """Compare the two runs that the command line names, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument(
        "--tolerance",
        type=float,
        default=1e-5,
        help="the largest relative difference at which numbers agree; the default is %(default)g",
    )
    parser.add_argument(
        "--tables",
        nargs="+",
        default=["*"],
        metavar="PATTERN",
        help="the tables that have to agree; by default all of them",
    )
    arguments = parser.parse_args()
    # A reader such as `head` may close the pipe before everything is printed.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        first, second = read_run(arguments.first), read_run(arguments.second)
        return 0 if compare(first, second, arguments.tolerance, arguments.tables) else 1
    except DeguError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
