"""Compare discovered motifs with those that were planted."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from _job import job
from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.motifs.matching import read_database
from degu.attribution.motifs.patterns import MODELS, read_patterns
from degu.attribution.motifs.planted import recall, score_patterns
from degu.data.motifs import pick, read_jaspar
from degu.data.store import read_store
from degu.formats.tables import write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake

log = logging.getLogger(__name__)


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=["truth"])
        chosen = read_explained_sequences(Path(inputs.sequences), store)
        database = list(read_database(inputs.database).values())
        known = read_jaspar(inputs.planted)
        names = store.attributes["motifs"]
        motifs = {name: pick(known, name, where=inputs.planted).probability for name in names}
        matters = store.attributes["matters"].get(params.head, [])
        tables = []
        for model in MODELS:
            for target, patterns in read_patterns(Path(inputs[model])).items():
                planted = store.truth["planted"][chosen[target].rows]
                scores = score_patterns(patterns, planted, motifs, matters, database, params.significance)
                log.info("%s: %.2f of the motifs that matter to %s found", model, recall(scores), params.head)
                tables.append(scores.assign(model=model, target=target))
        write_table(pd.concat(tables, ignore_index=True), Path(snakemake.output[0]))
