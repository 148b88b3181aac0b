"""Draw discovered motifs beside those that they are most like."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.attribution.motifs.matching import read_database
from degu.attribution.motifs.patterns import MODELS, read_patterns
from degu.figures import motifs, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


def notes(path: list[str]) -> dict[tuple[str, str], str]:
    """Return how many planted motifs were found, by target and model, where a table of scores says."""
    if not path:
        return {}
    scores = read_tables(path)
    found = {}
    for (target, model), own in scores.groupby(["target", "model"]):
        matters = own[own["matters"]]
        if len(matters):
            found[target, model] = f"{matters['found'].sum()} of {len(matters)} planted motifs found"
    return found


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        patterns = {model: read_patterns(Path(inputs[model])) for model in MODELS}
        rows = motifs.rows_of(
            patterns, read_tables(inputs.matches), read_database(inputs.database), params.significance
        )
        style.save(motifs.draw(rows, notes(inputs.truth), params.title), snakemake.output)
