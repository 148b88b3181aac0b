"""What the script of every rule does around its work: it logs, reports errors to a person and writes a record."""

import contextlib
import logging
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from degu.errors import DeguError
from degu.provenance.job_records import write_record

if TYPE_CHECKING:
    from snakemake.script import Snakemake


class Terminated(BaseException):
    """A signal has asked the job to end, as a cluster does when the time of the job is over."""


def _end(*_: object) -> None:
    # This exception ends the blocks of `write_aside`, which then remove their temporary files.
    raise Terminated


@contextlib.contextmanager
def job(snakemake: "Snakemake") -> Iterator[None]:
    """Log to the rule's log file and to the terminal, and end with a plain message if a `DeguError` is raised.

    A job that succeeds writes its record beside its log (`degu.provenance.job_records`); a job that fails leaves none.
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
        logging.error("%s: ended by a signal; the same command continues from what is finished", snakemake.rule)
        _leave()
    except DeguError as error:
        logging.error("%s\n%s", snakemake.rule, error)
        _leave()
    except Exception:
        logging.error("%s: an error in the program\n%s", snakemake.rule, traceback.format_exc())
        _leave()


def _leave() -> None:
    """End the process without the traceback of Python, which would repeat the message that was just logged."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(1)
