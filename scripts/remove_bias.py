"""Take the bias network out of a trained member."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.prediction.bias import remove_bias

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        prepare(snakemake.threads, deterministic=snakemake.params.deterministic, gpu_expected=False)
        remove_bias(Path(snakemake.input.model), Path(snakemake.output.model))
