"""The trainings of members and students, as the pipeline does them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from degu import __version__
from degu.data.new_dataset import LARGE_ASSAY, TEACHERS
from degu.data.store import SequenceStore
from degu.data.training_rows import training_rows
from degu.distillation.training_data import member_data
from degu.library.architectures import Architecture
from degu.library.settings import Settings
from degu.outputs.outputs import Outputs
from degu.training.building import Inheritance
from degu.training.job import TrainingJob, train_and_save

log = logging.getLogger(__name__)


def train_members(
    architecture: Architecture,
    recipe: Mapping,
    store: SequenceStore,
    numbers: Sequence[int],
    seed: int,
    folder: Path,
    settings: Settings,
    device: str,
) -> list[Path]:
    """Train the members of an ensemble, and return their files.

    Parameters
    ----------
    architecture, recipe
        Their network, and the recipe that they are trained by.
    store, numbers, seed
        The data set, the seed numbers of the members, and the seed that they follow from.
    folder
        Where the files are put.
    settings, device
        How many are trained side by side, and the name of the device.
    """
    resampling = None
    if recipe["resampling"] != "none":
        resampling = {"members": len(numbers), "method": recipe["resampling"], "seed": seed}
    rows = training_rows(store, 1.0, seed, resampling)
    trained = {key: value for key, value in recipe.items() if key != "prediction"}
    log.info("training %d members on %s sequences", len(numbers), f"{len(rows.subset):,}")
    if len(store) < LARGE_ASSAY and settings.recipe is None:
        log.info(
            "on fewer than %s sequences, Settings(recipe='%s') is more accurate, if both strands mean the same",
            f"{LARGE_ASSAY:,}",
            TEACHERS[False],
        )

    def job(own: Sequence[int]) -> TrainingJob:
        return TrainingJob(
            recipe=trained,
            stage="member",
            seed=seed,
            code=__version__,
            outputs=Outputs.of_recipe(trained, store.targets[rows.subset], store.target_names),
            data=member_data(store, rows, trained, own),
            label="member",
            labels={"dataset": "assay", "teacher": recipe["model"]["name"], "student": None, "fraction": 1.0},
            data_digest=store.digest,
            flanks=store.attributes["flanks"],
            inheritance=dict.fromkeys(own, Inheritance(build=architecture.build)),
        )

    return train_packs(job, numbers, folder, settings, device)


def train_packs(
    job: Callable[[Sequence[int]], TrainingJob], numbers: Sequence[int], folder: Path, settings: Settings, device: str
) -> list[Path]:
    """Train models, some of them side by side, and return their files.

    Parameters
    ----------
    job
        Function that returns the training of some seed numbers.
    numbers
        All of the seed numbers.
    folder
        Where a folder for each model is put.
    settings, device
        How many are trained side by side, and the name of the device.
    """
    folders = {number: folder / f"seed-{number}" for number in numbers}
    for start in range(0, len(numbers), settings.together):
        own = {number: folders[number] for number in numbers[start : start + settings.together]}
        train_and_save(job(list(own)), own, own, device=device, threads=None)
    return [folder / "model.keras" for folder in folders.values()]
