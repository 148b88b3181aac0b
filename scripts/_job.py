"""What the script of every rule does around its work: it logs, reports errors to a person and writes a record."""

import contextlib
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

# Snakemake puts the folder of the scripts at the end of the search path. A package of the same name that is installed
# or on PYTHONPATH would be imported in place of the one that belongs to these scripts, and that the record names.
SCRIPTS = Path(__file__).resolve().parent
sys.path.insert(0, str(SCRIPTS))
# What a job trains does not depend on the settings of the user, such as those in ~/.keras/keras.json.
os.environ["KERAS_BACKEND"] = "tensorflow"

import degu  # noqa: E402
from degu.errors import DeguError  # noqa: E402
from degu.provenance.job_records import write_record  # noqa: E402

if TYPE_CHECKING:
    from snakemake.script import Snakemake


class Occasional(logging.Filter):
    """A filter that lets each warning or error pass once, each milestone, and lines of progress every few seconds."""

    def __init__(self, seconds: float = 10.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._last = time.monotonic()
        self._shown: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be shown."""
        if getattr(record, "milestone", False):
            return True
        if not getattr(record, "progress", False):
            if record.levelno < logging.WARNING:
                return False
            new = record.getMessage() not in self._shown
            self._shown.add(record.getMessage())
            return new
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


class Terminated(BaseException):
    """A signal has asked the job to end, as a cluster does when the time of the job is over."""


def _end(*_: object) -> None:
    # This exception ends the blocks of `write_aside`, which then remove their temporary files.
    raise Terminated


@contextlib.contextmanager
def job(snakemake: "Snakemake") -> Iterator[list[Callable[[], None]]]:
    """Log to the rule's log file and to the terminal, and end with a plain message if a `DeguError` is raised.

    The log file holds every line. The terminal shows the progress of a job every ten seconds, each warning once, and
    how far the trainings of the run are.
    A job that succeeds writes its record beside its log (`degu.provenance.job_records`); a job that fails leaves none.
    The block gets a list for functions that are called after that.
    """
    start = datetime.now(UTC)
    path = Path(snakemake.log[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    record = path.with_suffix(".json")
    record.unlink(missing_ok=True)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    terminal = logging.StreamHandler(sys.stderr)
    terminal.addFilter(Occasional())
    for handler in (logging.FileHandler(path, mode="w", encoding="utf-8"), terminal):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"))
        root.addHandler(handler)
    logging.captureWarnings(True)
    signal.signal(signal.SIGTERM, _end)
    try:
        check_package()
        afterwards: list[Callable[[], None]] = []
        yield afterwards
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
        for function in afterwards:
            function()
    except Terminated:
        logging.error("%s: ended by a signal; the same command continues from what is finished", snakemake.rule)
        _leave()
    except DeguError as error:
        logging.error("%s\n%s", snakemake.rule, error)
        _leave()
    except Exception:
        logging.error("%s: an error in the program\n%s", snakemake.rule, traceback.format_exc())
        _leave()


def check_package() -> None:
    """Check that the package `degu` is the one beside this file.

    Raises
    ------
    DeguError
        If something, such as a file `sitecustomize.py`, has imported another one before this file could.
    """
    found = Path(degu.__file__).resolve().parent
    if found != SCRIPTS / "degu":
        raise DeguError(
            "this package `degu` was imported in place of the workflow's own",
            where=found,
            expected=f"{SCRIPTS / 'degu'}",
            remedy="uninstall that package, or take it off PYTHONPATH, in the environment that the jobs run in",
        )


def _leave() -> None:
    """End the process without the traceback of Python, which would repeat the message that was just logged."""
    # The reader of the output may have ended before.
    with contextlib.suppress(OSError):
        logging.shutdown()
        sys.stderr.flush()
    os._exit(1)
