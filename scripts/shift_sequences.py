"""Change the sequences of the test split more and more, by one kind of shift."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.config.plugins import constant
from degu.data.known_truth import known_truth
from degu.data.store import read_store
from degu.shift.ladder import chosen_rows, draw_rungs, with_truth, write_ladder

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        store = read_store(files.store, only=())
        truth = known_truth(params.truth, {name: files[name] for name in params.sources})
        rows = chosen_rows(store, params.sequences, params.seed)
        settings = {**params.ladder, **{name: files[name] for name in params.files}}
        rungs = draw_rungs(settings, store.tokens[rows], store.attributes["flanks"], params.seed)
        write_ladder(
            Path(snakemake.output[0]),
            (with_truth(rung, truth) for rung in rungs),
            rows,
            store.digest,
            name=params.ladder["name"],
            level_word=constant("shift", params.ladder["kind"], "LEVEL", "level"),
        )
        logging.info("%s sequences at the levels %s", f"{len(rows):,}", params.ladder["levels"])
