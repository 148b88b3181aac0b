"""Compare discovered motifs with those of a database."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.attribution.motifs.matching import match_patterns, read_database
from degu.attribution.motifs.patterns import MODELS, read_patterns
from degu.formats.tables import write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs = snakemake.input
        patterns = {model: read_patterns(Path(inputs[model])) for model in MODELS}
        write_table(match_patterns(patterns, read_database(inputs.database)), Path(snakemake.output[0]))
