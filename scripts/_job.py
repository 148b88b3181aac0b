"""What every rule's script does around its work: log to the rule's log and the terminal, tell errors to a person."""

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from degu.errors import DeguError


@contextlib.contextmanager
def job(snakemake) -> Iterator[None]:
    """Log to the rule's log file and the terminal; end with a plain message where a `DeguError` is raised."""
    path = Path(snakemake.log[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (logging.FileHandler(path, mode="w"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"))
        root.addHandler(handler)
    logging.captureWarnings(True)
    try:
        yield
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
