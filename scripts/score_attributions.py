"""Score attribution maps against the positions of planted motifs."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.attribution.comparison import score_attributions
from degu.attribution.explained_sequences import read_explained_sequences
from degu.data.store import read_store
from degu.formats.tables import write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs = snakemake.input
        store = read_store(inputs.store, only=["truth"])
        chosen = read_explained_sequences(Path(inputs.sequences), store)
        # A member of the reference ensemble is a model like any trained without an ensemble.
        paths = {"alone": inputs.reference, "member": inputs.members, "student": inputs.students}
        paths = {name: Path(path) for name, path in paths.items()}
        scores = score_attributions(paths, store, chosen, gradient_correction=snakemake.params.gradient_correction)
        write_table(scores, Path(snakemake.output[0]))
