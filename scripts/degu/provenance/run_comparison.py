"""A comparison of two runs by their provenance tables: which files are the same, and where differences begin."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from degu.errors import DeguError
from degu.provenance.digests import content_digest
from degu.provenance.table import COLUMNS, JSON_COLUMNS
from degu.provenance.table_comparison import largest_differences

TABLE = Path("results/provenance.tsv")
# Columns that can explain a difference, in the order in which they are reported. Those of the machine are reported only
# if no others differ.
JOB_COLUMNS = ("recipe", "seed_number", "code", "python", "packages", "variables", "device", "threads")
MACHINE_COLUMNS = ("cpu", "platform", "host")
# Files of these kinds are compared number by number.
NUMERIC = ("table", "predictions", "targets")


@dataclass(frozen=True)
class Run:
    """A run: its folder, and the rows of its provenance table.

    Attributes
    ----------
    folder
        The folder in which Snakemake ran.
    files
        The row of each file, as a mapping of columns to values.
    """

    folder: Path
    files: dict[str, dict]

    @property
    def made(self) -> dict[str, dict]:
        """The rows of the files that a job has made; the sources are left out."""
        return {file: row for file, row in self.files.items() if row["rule"]}


@dataclass(frozen=True)
class Cause:
    """A reason why files differ.

    Attributes
    ----------
    facts
        What differs between the jobs of the two runs, such as `epochs: 20 -> 30`.
    rules, files
        The rules of these jobs, and the files that they made.
    """

    facts: tuple[str, ...]
    rules: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Distance:
    """The distance between the numbers of one file in two runs.

    Attributes
    ----------
    file, kind
        The path and the kind of the file.
    columns
        The largest relative difference of each column (`degu.provenance.table_comparison`), in descending order.
    """

    file: str
    kind: str
    columns: dict[str, float]

    @property
    def largest(self) -> float:
        """The largest difference of all columns."""
        return max(self.columns.values(), default=0.0)


def read_run(folder: str | Path) -> Run:
    """Read the provenance table of a run, and compare it with the files that are there.

    Raises
    ------
    DeguError
        If there is no readable table, or if a file has changed since the table was made.
    """
    folder = Path(folder)
    path = folder / TABLE
    if not path.is_file():
        raise DeguError("there is no table of provenance", where=path, remedy="run `snakemake provenance` there")
    try:
        table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)[COLUMNS]
        rows = table.to_dict("records")
        for row in rows:
            row.update({name: json.loads(row[name] or "{}") for name in JSON_COLUMNS})
    except (OSError, ValueError, KeyError) as error:
        raise DeguError(f"not a readable table of provenance: {error}", where=path) from error
    run = Run(folder, {row["file"]: row for row in rows})
    for file, row in run.made.items():
        if (folder / file).is_file() and content_digest(folder / file) != row["digest"]:
            raise DeguError(
                "the file was changed after the table of provenance was made",
                where=folder / file,
                remedy="run `snakemake provenance` there, which makes the file again",
            )
    return run


def differing_files(first: Run, second: Run) -> list[str]:
    """Return the files that both runs have made and that are not the same."""
    both = first.made.keys() & second.made.keys()
    return sorted(file for file in both if first.files[file]["digest"] != second.files[file]["digest"])


def find_causes(first: Run, second: Run) -> tuple[list[Cause], list[Cause]]:
    """Return where the differences between two runs begin.

    Returns
    -------
    The causes of the files that differ although they were made from the same files; and further causes, which the first
    ones do not include, of files that were made from files that differ
    """
    differing = set(differing_files(first, second))
    begin, later = {}, {}
    for file in sorted(differing):
        one, other = first.files[file], second.files[file]
        facts = [*_facts(one, other, JOB_COLUMNS), *_input_facts(first, second, one, other)]
        if differing & {*one["inputs"], *other["inputs"]}:
            later[file] = facts
        else:
            machine = [
                f"{fact} (nothing else that is recorded differs)" for fact in _facts(one, other, MACHINE_COLUMNS)
            ]
            unknown = ["nothing that is recorded differs: the job does not repeat its own results"]
            begin[file] = facts or machine or unknown
    known = {fact for facts in begin.values() for fact in facts}
    later = {file: [fact for fact in facts if fact not in known] for file, facts in later.items()}
    return _grouped(begin, first), _grouped({file: facts for file, facts in later.items() if facts}, first)


def distances(first: Run, second: Run) -> list[Distance]:
    """Return the distances between files of numbers that differ, in descending order.

    Raises
    ------
    DeguError
        If such a file is missing.
    """
    found = []
    for file in differing_files(first, second):
        kind = first.files[file]["kind"]
        if kind in NUMERIC:
            if not all((run.folder / file).is_file() for run in (first, second)):
                raise DeguError("the runs differ in this file, and it is missing in one of them", where=file)
            columns = largest_differences(first.folder / file, second.folder / file)
            apart = sorted((item for item in columns.items() if item[1]), key=lambda item: -item[1])
            found.append(Distance(file, kind, dict(apart)))
    return sorted(found, key=lambda distance: -distance.largest)


def _grouped(facts: Mapping[str, Iterable[str]], run: Run) -> list[Cause]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for file, told in facts.items():
        groups.setdefault(tuple(told), []).append(file)
    rules = {told: dict.fromkeys(run.files[file]["rule"] for file in files) for told, files in groups.items()}
    return [Cause(told, tuple(rules[told]), tuple(files)) for told, files in groups.items()]


def _facts(one: Mapping, other: Mapping, names: Iterable[str]) -> list[str]:
    """Return in which of some columns two rows differ."""
    facts = []
    for name in names:
        if name == "code":
            # A digest tells a person nothing, so the commits are named.
            commits = " -> ".join(row["commit"] or "unknown" for row in (one, other))
            facts += [f"code (commit {commits})"] if one["code"] != other["code"] else []
            continue
        before, after = (_flat(row[name], "" if name == "recipe" else name) for row in (one, other))
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        facts += [f"{key}: {before.get(key, 'none')} -> {after.get(key, 'none')}" for key in keys]
    return facts


def _input_facts(first: Run, second: Run, one: Mapping, other: Mapping) -> list[str]:
    """Return how the inputs of two jobs differ: in the contents of sources, and in which files were read."""
    read = [
        # Sources may lie in another folder on another machine, so they are identified by their names.
        {file if run.files[file]["rule"] else Path(file).name: run.files[file] for file in row["inputs"]}
        for run, row in ((first, one), (second, other))
    ]
    both = [name for name in read[0] if name in read[1] and not read[0][name]["rule"]]
    facts = [f"the content of {name} differs" for name in both if read[0][name]["digest"] != read[1][name]["digest"]]
    for word, more in (("first", read[0].keys() - read[1]), ("second", read[1].keys() - read[0])):
        facts += [f"only the {word} run reads {', '.join(sorted(more))}"] if more else []
    return facts


def _flat(value: object, name: str) -> dict[str, str]:
    """Return a nested mapping as a flat one of dotted names to text."""
    if not isinstance(value, Mapping):
        return {name: value if isinstance(value, str) else json.dumps(value)}
    flat: dict[str, str] = {}
    for key, item in value.items():
        flat |= _flat(item, f"{name}.{key}" if name else key)
    return flat
