"""Two runs compared by their tables of provenance: which files are the same, and where differences begin."""

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
# What a job was asked and ran with, in the order in which it is told; then the machine, told if nothing else differs.
ASKED = ("recipe", "seed_number", "code", "python", "packages", "variables", "device", "threads")
MACHINE = ("cpu", "platform", "host")
# What is compared by numbers.
NUMERIC = ("table", "predictions", "targets")


@dataclass(frozen=True)
class Run:
    """A run's folder, and the rows of its table by file."""

    folder: Path
    files: dict[str, dict]

    @property
    def made(self) -> dict[str, dict]:
        """The rows of files that a job has made."""
        return {file: row for file, row in self.files.items() if row["rule"]}


@dataclass(frozen=True)
class Cause:
    """What differs of jobs that made different files: facts as in `epochs: 20 -> 30`."""

    facts: tuple[str, ...]
    rules: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Distance:
    """How far the numbers of a file are apart at most (`table_comparison`), by column, the farthest first."""

    file: str
    kind: str
    columns: dict[str, float]

    @property
    def largest(self) -> float:
        """The difference of the column that is the farthest apart."""
        return max(self.columns.values(), default=0.0)


def read_run(folder: str | Path) -> Run:
    """Read the provenance of a run, and check it against the files that are there.

    Raises
    ------
    DeguError
        If there is no such table, or a file was changed since.
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
                remedy="run `snakemake provenance` there, which makes anew what has to be",
            )
    return run


def differing_files(first: Run, second: Run) -> list[str]:
    """Return which files that both runs have made are not the same."""
    both = first.made.keys() & second.made.keys()
    return sorted(file for file in both if first.files[file]["digest"] != second.files[file]["digest"])


def find_causes(first: Run, second: Run) -> tuple[list[Cause], list[Cause]]:
    """Return where differences begin, and what else differs of jobs further on.

    Returns
    -------
    The causes of files that differ though all that they were made from is the same; and of the other files that differ,
    the facts that are none of these
    """
    differing = set(differing_files(first, second))
    begin, later = {}, {}
    for file in sorted(differing):
        one, other = first.files[file], second.files[file]
        facts = [*_facts(one, other, ASKED), *_input_facts(first, second, one, other)]
        if differing & {*one["inputs"], *other["inputs"]}:
            later[file] = facts
        else:
            machine = [f"{fact} (nothing else that is recorded differs)" for fact in _facts(one, other, MACHINE)]
            begin[file] = facts or machine or ["nothing that is recorded: the job does not repeat its own results"]
    known = {fact for facts in begin.values() for fact in facts}
    later = {file: [fact for fact in facts if fact not in known] for file, facts in later.items()}
    return _grouped(begin, first), _grouped({file: facts for file, facts in later.items() if facts}, first)


def distances(first: Run, second: Run) -> list[Distance]:
    """Return how far the files that hold numbers are apart where they differ, the farthest first.

    Raises
    ------
    DeguError
        If one of them is not there.
    """
    found = []
    for file in differing_files(first, second):
        kind = first.files[file]["kind"]
        if kind in NUMERIC:
            if not all((run.folder / file).is_file() for run in (first, second)):
                raise DeguError("the runs differ in this file, which is not there to be compared", where=file)
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
    """Return what differs of two rows."""
    facts = []
    for name in names:
        if name == "code":
            # Digests tell a person nothing.
            commits = " -> ".join(row["commit"] or "unknown" for row in (one, other))
            facts += [f"code (commit {commits})"] if one["code"] != other["code"] else []
            continue
        before, after = (_flat(row[name], "" if name == "recipe" else name) for row in (one, other))
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        facts += [f"{key}: {before.get(key, 'none')} -> {after.get(key, 'none')}" for key in keys]
    return facts


def _input_facts(first: Run, second: Run, one: Mapping, other: Mapping) -> list[str]:
    """Return what differs of what two jobs read: the contents of sources, and which files there were."""
    read = [
        # Sources may lie elsewhere on another machine: they go by their names.
        {file if run.files[file]["rule"] else Path(file).name: run.files[file] for file in row["inputs"]}
        for run, row in ((first, one), (second, other))
    ]
    both = [name for name in read[0] if name in read[1] and not read[0][name]["rule"]]
    facts = [f"another {name}" for name in both if read[0][name]["digest"] != read[1][name]["digest"]]
    for word, more in (("first", read[0].keys() - read[1]), ("second", read[1].keys() - read[0])):
        facts += [f"read in the {word} run alone: {', '.join(sorted(more))}"] if more else []
    return facts


def _flat(value: object, name: str) -> dict[str, str]:
    """Return a nested mapping as one of dotted names to text."""
    if not isinstance(value, Mapping):
        return {name: value if isinstance(value, str) else json.dumps(value)}
    flat: dict[str, str] = {}
    for key, item in value.items():
        flat |= _flat(item, f"{name}.{key}" if name else key)
    return flat
