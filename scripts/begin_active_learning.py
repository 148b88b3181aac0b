"""Train the models of the first round of active learning, on sequences that are drawn at random."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from _active_learning import learner_of, store_of
from degu.acquisition.learning import Plan, begin

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, learner = snakemake.params, learner_of(snakemake)
        # Checkpoints are no outputs of the rule: they must outlive a job that was killed.
        checkpoints = Path(params.folder)
        begin(store_of(snakemake), learner, Plan(**params.plan), Path(snakemake.output[0]), checkpoints)
        shutil.rmtree(checkpoints, ignore_errors=True)
