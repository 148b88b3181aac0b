"""The provenance table of a run: how, when and where every file was made that its targets depend on.

The table is made from the records of the jobs (`degu.provenance.job_records`). They are followed from the targets back
to the sources, so the table leaves out files that other configurations have made.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from degu.errors import DeguError
from degu.provenance.digests import content_digest, digest_of

# The folders that the workflow writes to; a file anywhere else is a source.
RESULTS = ("results", "figures")
COLUMNS = [
    *("file", "kind", "digest", "dataset", "teacher", "student", "fraction", "seed_number"),
    *("rule", "recipe", "recipe_digest", "seed", "data_digest", "inputs"),
    *("code", "commit", "python", "packages", "variables", "device", "threads"),
    *("finished", "seconds", "peak_memory_mib", "host", "cpu", "platform", "gpus", "slurm_job"),
]
# These columns hold JSON.
JSON_COLUMNS = ("recipe", "inputs", "packages", "variables")
MOST_PROBLEMS = 5


def trace(targets: Iterable[str], records: Mapping[str, dict] | Mapping[str, dict | None]) -> dict[str, dict | None]:
    """Return every file that the targets depend on, with its record, or None if it has none.

    The files include all others that the same jobs made.
    """
    traced: dict[str, dict | None] = {}
    waiting = list(targets)
    while waiting:
        path = waiting.pop()
        if path not in traced:
            record = traced[path] = records.get(path)
            waiting += [*record["inputs"], *record["outputs"]] if record else []
    return traced


def check(traced: Mapping[str, dict | None]) -> None:
    """Check that every file agrees with its record, and was made from the inputs that are there now.

    Raises
    ------
    DeguError
        If some do not. The message names the first few of these files.
    """
    problems = dict(_problems(traced))
    if problems:
        lines = [f"{path} {problem}" for path, problem in problems.items()]
        more = len(lines) - MOST_PROBLEMS
        lines[MOST_PROBLEMS:] = [f"and {more:,} more"] if more > 0 else []
        names = " ".join(list(problems)[:MOST_PROBLEMS])
        raise DeguError(
            "some files do not agree with the records of the jobs that made them:\n  " + "\n  ".join(lines),
            where="provenance",
            remedy=f"make them again: snakemake provenance --forcerun {names}",
        )


def _problems(traced: Mapping[str, dict | None]) -> Iterator[tuple[str, str]]:
    now = {path: content_digest(path) for path in traced if Path(path).exists()}
    changed = {path for path, record in traced.items() if record and now.get(path) != record["outputs"][path]}
    for path, record in sorted(traced.items()):
        if record is None:
            if Path(path).parts[0] in RESULTS:
                yield path, "has no record of how it was made"
        elif path not in now:
            # A folder of packed models is deleted once the models are unpacked.
            if kind_of(path) != "pack":
                yield path, "is missing"
        elif path in changed:
            yield path, "was changed after it was made"
        else:
            # A source may be missing.
            read = {name: digest for name, digest in record["inputs"].items() if name in now and name not in changed}
            others = [name for name, digest in read.items() if now[name] != digest]
            if others:
                yield path, f"was made from another version of {others[0]}"


def tabulate(traced: Mapping[str, dict | None], read_digest: Callable[[str], str]) -> pd.DataFrame:
    """Return a table with one row for each file and the columns `COLUMNS`, sorted by file.

    Parameters
    ----------
    traced
        The files and records that `trace` returns.
    read_digest
        A function that returns the digest of a sequence store, such as `degu.data.store.read_digest`.
    """
    digests = {name: digest for record in traced.values() if record for name, digest in record["inputs"].items()}
    digests |= {path: record["outputs"][path] for path, record in traced.items() if record}
    stores = {path: read_digest(path) for path in traced if kind_of(path) == "store"}
    rows = []
    for path, record in traced.items():
        upstream = trace([path], traced)
        seeds = {str(job["params"]["seed"]) for job in upstream.values() if job and "seed" in job["params"]}
        row = {
            "file": path,
            "kind": kind_of(path),
            "digest": digests[path],
            "seed": " ".join(sorted(seeds)),
            "data_digest": " ".join(sorted({stores[name] for name in upstream if name in stores})),
        }
        rows.append(row | _of_job(path, _maker(record, traced)) if record else row)
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values("file")
    return table.assign(**{name: table[name].map(_to_json, na_action="ignore") for name in JSON_COLUMNS})


def _maker(record: dict, traced: Mapping[str, dict | None]) -> dict:
    """Return the record of the job that made the content of a file: for an unpacked model, the job that trained it."""
    if not record["rule"].startswith("unpack_"):
        return record
    return traced[next(iter(record["inputs"]))] or record


def _of_job(path: str, record: Mapping) -> dict:
    """Return the columns of a file that follow from the record of its job."""
    recipe = {name: value for name, value in record["params"].items() if name != "code"}
    number = re.search(r"/(?:member|seed)-(\d+)/", path)
    labels = {name: record["wildcards"].get(name) for name in ("dataset", "teacher", "student", "fraction")}
    return {
        **{name: record[name] for name in COLUMNS if name in record},
        **labels,
        "seed_number": number[1] if number else None,
        "recipe": recipe,
        "recipe_digest": digest_of(recipe)[:16],
        "code": record["params"]["code"],
        "inputs": sorted(record["inputs"]),
    }


def kind_of(path: str) -> str:
    """Return the kind of a file, such as source, store, model, pack, table, page or figure, or else its stem."""
    file = Path(path)
    kinds = {".keras": "model", ".json": "model", ".tsv": "table", ".parquet": "table", ".html": "page"}
    if file.name.startswith("pack-"):
        return "pack"
    if file.parts[0] not in RESULTS or file.parent.name == "sources":
        return "source"
    return "figure" if file.parts[0] == "figures" else kinds.get(file.suffix, file.stem)


def _to_json(value: object) -> str:
    return json.dumps(value, sort_keys=True)
