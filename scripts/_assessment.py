"""What assessing an ensemble and assessing students have in common: files in, labelled tables out."""

import numpy as np

from degu.data.resampling import resampling_counts
from degu.data.splits import training_subset
from degu.data.store import SequenceStore, read_store
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.uncertainty.assessment import assess


def left_out(store: SequenceStore, fraction: float, seed: int, resampling: dict) -> np.ndarray | None:
    """Return which training rows each member was trained without, bool (M, n); None if all saw the same rows."""
    if not resampling:
        return None
    train = store.rows("train")
    subset = training_subset(train, fraction, seed)
    counts = resampling_counts(store.group[subset], **resampling)
    excluded = np.zeros((len(counts), len(train)), dtype=bool)
    excluded[:, np.searchsorted(train, subset)] = counts == 0
    return excluded


def assess_and_write(snakemake, *, model: str) -> None:
    """Assess the models of a rule's predictions and write one table an output."""
    params, wildcards = snakemake.params, snakemake.wildcards
    store = read_store(snakemake.input.store, only=["names", "truth"])
    predictions = read_predictions(snakemake.input.predictions, store)
    fraction = float(wildcards.fraction)
    assessment = assess(
        store,
        predictions,
        params.settings,
        model=model,
        family=params.family,
        seed=params.seed,
        excluded=left_out(store, fraction, params.seed, params.resampling),
    )
    labels = {
        "dataset": wildcards.dataset,
        "teacher": wildcards.teacher,
        "student": wildcards.get("student", ""),
        "fraction": fraction,
    }
    for name, table in assessment._asdict().items():
        write_table(table.assign(**labels), snakemake.output[name])
