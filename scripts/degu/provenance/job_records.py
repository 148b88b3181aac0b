"""Records of jobs: one JSON file beside the log of each job tells what the job did, on what data, where and when."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from degu.errors import REMAKE, DeguError
from degu.formats.files import write_text
from degu.provenance.digests import content_digest
from degu.provenance.environment import describe_machine, describe_run

_notes: dict[str, object] = {}


def note(**facts: object) -> None:
    """Add facts that only the running job knows, such as its device, to the record of this job."""
    _notes.update(facts)


def write_record(
    path: Path,
    *,
    rule: str,
    wildcards: Mapping[str, str],
    params: Mapping,
    threads: int,
    inputs: Iterable[str],
    outputs: Iterable[str],
    start: datetime,
) -> None:
    """Write the record of a job that has finished its work.

    Parameters
    ----------
    path
        The JSON file to write.
    rule, wildcards, params, threads
        The values that Snakemake gave the job.
    inputs, outputs
        The files that the job has read and written; the record holds their digests.
    start
        The time at which the job began, with its time zone.
    """
    run = describe_run()
    record = {
        "rule": rule,
        "wildcards": dict(wildcards),
        "params": dict(params),
        "threads": threads,
        **run,
        **describe_machine(),
        "device": None,
        **_notes,
        "started": start.astimezone(UTC).isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - start).total_seconds(), 2),
        "inputs": {file: content_digest(file) for file in inputs},
        "outputs": {file: content_digest(file) for file in outputs},
    }
    write_text(path, json.dumps(record, indent=1, default=str) + "\n")


def read_records(folder: Path) -> dict[str, dict]:
    """Return the records in a folder and its subfolders, by the files that the jobs made.

    If several jobs made the same file, the record of the last one counts.

    Raises
    ------
    DeguError
        If a record is damaged.
    """
    records = []
    # A hidden file is a record that was never completed.
    for path in folder.rglob("[!.]*.json"):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            records.append((record["finished"], record["outputs"], record))
        except OSError as error:
            raise DeguError(f"the record of a job cannot be read: {error}", where=path) from error
        except (ValueError, KeyError, TypeError) as error:
            raise DeguError(f"not a readable record of a job: {error}", where=path, remedy=REMAKE) from error
    records.sort(key=lambda item: item[0])
    return {file: record for _, outputs, record in records for file in outputs}
