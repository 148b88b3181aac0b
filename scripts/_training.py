"""The part that training members and training students share: the rule's device, folders and outputs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from degu.training.backend import prepare
from degu.training.job import TrainingJob, train_and_save

if TYPE_CHECKING:
    from snakemake.io import Wildcards
    from snakemake.script import Snakemake


def run(snakemake: "Snakemake", read: Callable[["Snakemake"], TrainingJob]) -> None:
    """Train the models that `read` names on the rule's device and write them to the rule's outputs."""
    params = snakemake.params
    # The device is set up before any model is read.
    device = prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
    # Checkpoints are not outputs of the rule: they must outlive a job that was killed.
    checkpoints = {number: Path(folder) for number, folder in params.folders.items()}
    # Several models of one job are handed on in one folder.
    pack = snakemake.output.get("pack")
    folders = {number: Path(pack) / folder.name if pack else folder for number, folder in checkpoints.items()}
    train_and_save(read(snakemake), checkpoints, folders, device=device, threads=snakemake.threads)


def labels_of(wildcards: "Wildcards") -> dict[str, object]:
    """Return what the descriptions of a rule's models are labelled with."""
    names = {key: wildcards.get(key) for key in ("dataset", "teacher", "student")}
    return {**names, "fraction": float(wildcards.fraction)}
