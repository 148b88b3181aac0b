"""A module in each environment of the stand-in for conda, by which jobs import nothing from Snakemake's environment.

Snakemake appends its own search path to that of every script, so that a package which a rule's environment lacks is
found there, as long as Snakemake's environment happens to have it. Here only Snakemake itself is, and what it imports.
"""

import atexit
import functools
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path
from types import FrameType

# A file in each environment, with the rule of each job that ran in it, a line each.
JOBS = "jobs.txt"


# Python reads the `.pth` files of a virtual environment twice.
@functools.cache
def be_alone(*folders: str) -> None:
    """Find nothing in the folders of another Python, and note the rule of the job that runs."""
    own = sysconfig.get_paths().values()
    foreign = tuple(f"{folder}/" for folder in folders if folder not in own)
    sys.meta_path[sys.meta_path.index(PathFinder)] = Alone(foreign)
    atexit.register(note_job)


class Alone(PathFinder):
    """A finder that finds nothing below some folders, except for modules that lie there themselves."""

    def __init__(self, foreign: tuple[str, ...]):
        self.foreign = foreign

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or name.partition(".")[0] == "snakemake":
            return spec
        places = [spec.origin] if spec.has_location else spec.submodule_search_locations or []
        abroad = places and all(f"{place}/".startswith(self.foreign) for place in places)
        return None if abroad and not importer(sys._getframe(1)).startswith(self.foreign) else spec

    def find_distributions(self, context: DistributionFinder.Context) -> Iterable[Distribution]:
        path = [folder for folder in context.path if not f"{folder}/".startswith(self.foreign)]
        return PathFinder.find_distributions(DistributionFinder.Context(name=context.name, path=path))


def importer(frame: FrameType | None) -> str:
    """Return the file of the code that imports."""
    while frame and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def note_job() -> None:
    job = getattr(sys.modules["__main__"], "snakemake", None)
    if job is not None:
        with (Path(sys.prefix) / JOBS).open("a") as file:
            file.write(f"{job.rule}\n")
