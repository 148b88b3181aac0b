"""Score prefixes of an ensemble, and the students that were distilled from prefixes."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.uncertainty.ensemble_sizes import sweep

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=())
        students = {
            size: read_predictions(Path(path), store) for size, path in zip(params.sizes, inputs.students, strict=True)
        }
        table = sweep(store, read_predictions(Path(inputs.ensemble), store), students, family=params.family)
        write_table(table, snakemake.output[0])
