"""The part that the rules of active learning share: the device, the recipes, and the data set."""

from typing import TYPE_CHECKING

from degu.training.backend import derive_seed, prepare
from degu.acquisition.learner import Learner
from degu.data.store import SequenceStore, read_store

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def names_of(snakemake: "Snakemake") -> dict[str, str]:
    """Return what the models and the tables of a job are labelled with."""
    return {key: snakemake.wildcards[key] for key in ("dataset", "teacher", "student")}


def learner_of(snakemake: "Snakemake") -> Learner:
    """Set up the device of a rule, and return how its models are trained."""
    params = snakemake.params
    return Learner(
        params.teacher,
        params.student,
        params.members,
        derive_seed(params.seed, "acquisition", int(snakemake.wildcards.seed)),
        params.code,
        names_of(snakemake),
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu)),
        snakemake.threads,
    )


def store_of(snakemake: "Snakemake") -> SequenceStore:
    """Return the data set of a rule, with all of its labels."""
    return read_store(snakemake.input.store, only=["names", "truth"])
