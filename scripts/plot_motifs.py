"""Draw discovered motifs beside the known motifs that resemble them most."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.attribution.motifs.alignment import align_patterns
from degu.attribution.motifs.matching import read_database
from degu.attribution.motifs.patterns import MODELS, read_patterns
from degu.attribution.motifs.planted import count_found
from degu.figures import motifs, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        patterns = {model: read_patterns(Path(inputs[model])) for model in MODELS}
        matches, database = read_tables(inputs.matches), read_database(inputs.database)
        aligned = align_patterns(patterns, matches, database, params.significance)
        # Only data sets with planted motifs have a table of which of them were found.
        found = count_found(read_tables(inputs.truth)) if inputs.truth else {}
        style.save(motifs.draw(aligned, found, params.title), snakemake.output)
