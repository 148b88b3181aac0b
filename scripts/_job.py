"""What every rule's script does around its work: log, tell errors to a person, leave a record of what was done."""

import contextlib
import logging
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from degu.errors import DeguError
from degu.provenance.job_records import write_record


class Terminated(BaseException):
    """A signal asked the job to end, as a cluster does at the end of its time."""


def _end(*_: object) -> None:
    # What is being written aside is removed on the way out.
    raise Terminated


@contextlib.contextmanager
def job(snakemake) -> Iterator[None]:
    """Log to the rule's log file and the terminal; end with a plain message where a `DeguError` is raised.

    A job that ends well leaves its record beside its log (`degu.provenance.job_records`); any other leaves none.
    """
    start = datetime.now(UTC)
    path = Path(snakemake.log[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    record = path.with_suffix(".json")
    record.unlink(missing_ok=True)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (logging.FileHandler(path, mode="w"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"))
        root.addHandler(handler)
    logging.captureWarnings(True)
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
        write_record(
            record,
            rule=snakemake.rule,
            wildcards=dict(snakemake.wildcards.items()),
            params=dict(snakemake.params.items()),
            threads=snakemake.threads,
            inputs=snakemake.input,
            outputs=snakemake.output,
            start=start,
        )
    except Terminated:
        logging.error("%s: ended by a signal; the same command goes on from what is done", snakemake.rule)
        _leave()
    except DeguError as error:
        logging.error("%s\n%s", snakemake.rule, error)
        _leave()
    except Exception:
        logging.error("%s: an error in the program\n%s", snakemake.rule, traceback.format_exc())
        _leave()


def _leave() -> None:
    """End the process without Python's own traceback, which would repeat what the log has just said."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(1)
