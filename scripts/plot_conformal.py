"""Draw the coverage of conformal intervals against their width."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import conformal, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        conformal_table = read_methods(snakemake.input.conformal)
        store = read_store(snakemake.input.store, only=(), units=params.units)
        rows = {split: len(store.rows(split)) for split in ("calibration", "test")}
        figure = conformal.draw(conformal_table, params.level, rows, store.unit_of, params.title)
        style.save(figure, snakemake.output)
