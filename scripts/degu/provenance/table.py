"""The table of a run: every file that its targets come from, with how, when and where it was made.

It is put together from the records that jobs leave (`degu.provenance.job_records`), from the targets back to the
sources, so that what other configurations left behind is not in it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from degu.errors import DeguError
from degu.provenance.digests import content_digest, digest_of

# Where the workflow writes; any other file is a source.
RESULTS = ("results", "figures")
COLUMNS = [
    *("file", "kind", "digest", "dataset", "teacher", "student", "fraction", "seed_number"),
    *("rule", "recipe", "recipe_digest", "seed", "data_digest", "inputs"),
    *("code", "commit", "python", "packages", "variables", "device", "threads"),
    *("finished", "seconds", "peak_memory_mib", "host", "cpu", "platform", "gpus", "slurm_job"),
]
# Columns that hold JSON.
JSON_COLUMNS = ("recipe", "inputs", "packages", "variables")
MOST_PROBLEMS = 5


def trace(targets: Iterable[str], records: Mapping[str, dict]) -> dict[str, dict | None]:
    """Return every file that the targets come from, and its record, None where there is none.

    With a file come the others that its job made.
    """
    traced: dict[str, dict | None] = {}
    waiting = list(targets)
    while waiting:
        path = waiting.pop()
        if path not in traced:
            traced[path] = records.get(path)
            waiting += [*traced[path]["inputs"], *traced[path]["outputs"]] if traced[path] else []
    return traced


def check(traced: Mapping[str, dict | None]) -> None:
    """Check that every file is the one that its record tells of, and that what was read is what is there now.

    Raises
    ------
    DeguError
        Naming the files.
    """
    problems = dict(_problems(traced))
    if problems:
        lines = [f"{path} {problem}" for path, problem in problems.items()]
        more = len(lines) - MOST_PROBLEMS
        lines[MOST_PROBLEMS:] = [f"and {more:,} more"] if more > 0 else []
        names = " ".join(list(problems)[:MOST_PROBLEMS])
        raise DeguError(
            "not everything here is what its record says:\n  " + "\n  ".join(lines),
            where="provenance",
            remedy=f"make them anew: snakemake provenance --forcerun {names}",
        )


def _problems(traced: Mapping[str, dict | None]) -> Iterator[tuple[str, str]]:
    now = {path: content_digest(path) for path in traced if Path(path).is_file()}
    changed = {path for path, record in traced.items() if record and now.get(path) != record["outputs"][path]}
    for path, record in sorted(traced.items()):
        if record is None:
            if Path(path).parts[0] in RESULTS:
                yield path, "has no record of how it was made"
        elif path not in now:
            # A folder that models were unpacked from goes once they are.
            if kind_of(path) != "pack":
                yield path, "is not there any more"
        elif path in changed:
            yield path, "was changed after it was made"
        else:
            # A source may be gone.
            read = {name: digest for name, digest in record["inputs"].items() if name in now and name not in changed}
            others = [name for name, digest in read.items() if now[name] != digest]
            if others:
                yield path, f"was made from another {others[0]} than is there now"


def tabulate(traced: Mapping[str, dict | None], read_digest: Callable[[str], str]) -> pd.DataFrame:
    """Return a row a file, of `COLUMNS`, sorted by file.

    Parameters
    ----------
    traced
        Of `trace`.
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
    """Return the record of the job that did the work: for what was unpacked, the one that trained it."""
    if not record["rule"].startswith("unpack_"):
        return record
    return traced[next(iter(record["inputs"]))] or record


def _of_job(path: str, record: Mapping) -> dict:
    """Return what the record of a file's job says of it."""
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
    """Return what a file is: a source, store, model, pack of models, table, page, figure, or as its name says."""
    file = Path(path)
    kinds = {".keras": "model", ".json": "model", ".tsv": "table", ".parquet": "table", ".html": "page"}
    if file.name.startswith("pack-"):
        return "pack"
    if file.parts[0] not in RESULTS or file.parent.name == "sources":
        return "source"
    return "figure" if file.parts[0] == "figures" else kinds.get(file.suffix, file.stem)


def _to_json(value: object) -> str:
    return json.dumps(value, sort_keys=True)
