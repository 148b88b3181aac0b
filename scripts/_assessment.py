"""The part that assessing an ensemble and assessing students share: from the rule's files to labelled tables."""

from typing import TYPE_CHECKING

from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.uncertainty.assessment import assess

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def assess_and_write(snakemake: "Snakemake", *, model: str) -> None:
    """Assess the models of a rule's predictions and write one table an output."""
    params, wildcards = snakemake.params, snakemake.wildcards
    store = read_store(snakemake.input.store, only=["names", "truth"])
    predictions = read_predictions(snakemake.input.predictions, store)
    fraction = float(wildcards.fraction)
    left_out = training_rows(store, fraction, params.seed, params.resampling).left_out
    assessment = assess(
        store,
        predictions,
        params.settings,
        model=model,
        family=params.family,
        seed=params.seed,
        excluded=None if left_out is None else left_out[[seed - 1 for seed in predictions.seeds]],
    )
    labels = {
        "dataset": wildcards.dataset,
        "teacher": wildcards.teacher,
        "student": wildcards.get("student", ""),
        "fraction": fraction,
    }
    for name, table in assessment._asdict().items():
        write_table(table.assign(**labels), snakemake.output[name])
