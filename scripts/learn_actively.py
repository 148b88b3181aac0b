"""Let a strategy choose, round by round, which training sequences are labelled, and train models on them."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from _active_learning import learner_of, names_of, store_of
from degu.acquisition.learning import Plan, learn_actively
from degu.formats.tables import write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, wildcards = snakemake.params, snakemake.wildcards
        learner = learner_of(snakemake)
        # The rounds are no outputs of the rule: those that are finished must outlive a job that was killed.
        rounds = Path(params.folder)
        first = Path(snakemake.input.first)
        tables = learn_actively(store_of(snakemake), learner, Plan(**params.plan), first, rounds)
        labels = {**names_of(snakemake), "strategy": wildcards.strategy, "seed": int(wildcards.seed)}
        for name, table in tables._asdict().items():
            write_table(table.assign(**labels), snakemake.output[name])
        shutil.rmtree(rounds)
