"""Take one model and its description out of a folder of models that one job has trained."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.formats.files import write_aside

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        for path in map(Path, snakemake.output):
            with write_aside(path) as aside:
                shutil.copyfile(Path(snakemake.input.pack) / path.parent.name / path.name, aside)
