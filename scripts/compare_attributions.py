"""Compare the maps of a student's seeds with those of its teachers and of the reference ensemble."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.attribution.comparison import compare_attributions
from degu.attribution.explained_sequences import read_explained_sequences
from degu.data.store import read_store
from degu.formats.tables import write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs = snakemake.input
        store = read_store(inputs.store, only=())
        chosen = read_explained_sequences(Path(inputs.sequences), store)
        paths = {"member": inputs.members, "reference": inputs.reference, "student": inputs.students}
        comparison = compare_attributions(
            {name: Path(path) for name, path in paths.items()},
            store,
            chosen,
            gradient_correction=snakemake.params.gradient_correction,
        )
        for name, table in comparison._asdict().items():
            write_table(table, Path(snakemake.output[name]))
