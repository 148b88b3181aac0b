"""The part that training members and training students share: the rule's device, folders and outputs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from degu.training.backend import prepare
from degu.provenance.job_records import note
from degu.training.job import TrainingJob, train_and_save
from degu.training.progress import tell_progress

if TYPE_CHECKING:
    from snakemake.io import Wildcards
    from snakemake.script import Snakemake


def run(
    snakemake: "Snakemake", read: Callable[["Snakemake"], TrainingJob], afterwards: list[Callable[[], None]]
) -> None:
    """Train the models that `read` names on the rule's device and write them to the rule's outputs.

    When the job has written its record, it tells how far the trainings of the run are.
    """
    params = snakemake.params
    # The device is set up before any model is read.
    device = prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
    # Checkpoints are not outputs of the rule: they must outlive a job that was killed.
    checkpoints = {number: Path(folder) for number, folder in params.folders.items()}
    # Several models of one job are handed on in one folder.
    pack = snakemake.output.get("pack")
    folders = {number: Path(pack) / folder.name if pack else folder for number, folder in checkpoints.items()}
    training = read(snakemake)
    trained = train_and_save(training, checkpoints, folders, device=device, threads=snakemake.threads)
    note(training=trained._asdict())
    afterwards.append(partial(tell_progress, training, Path(snakemake.log[0]).with_suffix(".json")))


def labels_of(wildcards: "Wildcards") -> dict[str, object]:
    """Return what the descriptions of a rule's models are labelled with."""
    names = {key: wildcards.get(key) for key in ("dataset", "teacher", "student")}
    return {**names, "fraction": float(wildcards.fraction)}
