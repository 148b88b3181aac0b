"""The part that assessments of shifted sequences share: the populations, and the labels of their tables."""

from functools import partial
from typing import TYPE_CHECKING

from degu.data.kmer_ridge import KmerRidge, kmer_ridge_of
from degu.data.simulated_truth import count_replicates
from degu.data.store import SequenceStore, read_store
from degu.data.training_rows import training_rows
from degu.shift.assessment import Populations
from degu.shift.ladder import read_ladder
from degu.shift.prediction import means_of, read_shift_predictions
from degu.shift.references import CIRCULAR, REFERENCE

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def read_populations(snakemake: "Snakemake") -> Populations:
    """Return the shifted sequences of a rule's files, with what predictions for them are compared with."""
    files = snakemake.input
    store = read_store(files.store, only=["truth", "replicates"])
    ladders = [read_ladder(path, store.digest) for path in files.ladders]
    read = partial(read_shift_predictions, digest=store.digest, ladders=ladders)
    references = {REFERENCE: files.reference, CIRCULAR: files.own}
    return Populations(
        store,
        ladders,
        {name: means_of(read(path)) for name, path in references.items() if path},
        count_replicates(store) if "noise_std" in store.truth else 0,
        snakemake.params.seed,
    )


def ridge_of(store: SequenceStore, fraction: float, seed: int) -> KmerRidge:
    """Return ridge regression on k-mers, fitted on the rows of a training fraction."""
    return kmer_ridge_of(store, training_rows(store, fraction, seed).subset)


def labels_of(snakemake: "Snakemake") -> dict[str, object]:
    """Return the columns that say whose tables these are."""
    wildcards = snakemake.wildcards
    return {
        "dataset": wildcards.dataset,
        "teacher": wildcards.teacher,
        "student": wildcards.get("student", ""),
        "fraction": float(wildcards.fraction),
    }
