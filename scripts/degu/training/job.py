"""One job that trains the models of a recipe, side by side, and writes each with its provenance."""

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from degu.training.backend import derive_seed, total_parameters
from degu.outputs.outputs import Outputs
from degu.provenance.environment import describe_run
from degu.training.saving import save_model
from degu.training.training import Training, TrainingData, train

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingJob:
    """The trainings of one job, and the facts that go into its models' descriptions.

    Attributes
    ----------
    recipe
        Resolved settings of a teacher or student.
    stage
        `member` or `student`: with the configuration's seed and a seed number it gives a model's seed.
    seed
        The configuration's seed.
    code
        Digest of the code that is run.
    outputs
        The parameters that each model puts out.
    data
        Sequences and targets of each model, by seed number.
    label
        Name of the trainings, followed by the seed number in the progress lines.
    labels
        `dataset`, `teacher`, `student` (None for a member) and `fraction`, for the descriptions.
    data_digest
        Digest of the store, or of the student's targets.
    flanks
        Lengths of the constant sequence left and right.
    """

    recipe: Mapping
    stage: str
    seed: int
    code: str
    outputs: Outputs
    data: Mapping[int, TrainingData]
    label: str
    labels: Mapping[str, object]
    data_digest: str
    flanks: list[int]


def train_and_save(
    job: TrainingJob, checkpoints: Mapping[int, Path], folders: Mapping[int, Path], **machine: object
) -> None:
    """Train the models of a job and write each with its provenance.

    Parameters
    ----------
    job
        The trainings.
    checkpoints, folders
        By seed number: the folder that holds a training's checkpoint, which outlives a job that is killed, and the
        folder that `model.keras` and `model.json` are written to.
    machine
        Device and threads of the job, for the descriptions.
    """
    start = time.perf_counter()
    seeds = {number: derive_seed(job.seed, job.stage, number) for number in job.data}
    files = {number: folder / "checkpoint.npz" for number, folder in checkpoints.items()}
    trainings = {number: _training(job, number, seeds[number], files[number]) for number in job.data}
    train(list(trainings.values()))
    for number, training in trainings.items():
        description = {
            **job.labels,
            "label": training.label,
            "recipe": job.recipe,
            "seed": seeds[number],
            "seed_number": number,
            "data_digest": job.data_digest,
            "flanks": job.flanks,
            "training_sequences": len(job.data[number].tokens),
            "parameters": total_parameters(training.model.weights),
            **machine,
            "trained_together": len(trainings),
            "seconds_this_run": round(time.perf_counter() - start, 1),
            "seconds_training": round(sum(row["seconds"] for row in training.history), 1),
            "run": describe_run(),
            "history": training.history,
        }
        folder = folders[number]
        save_model(training.trained, job.outputs, description, folder / "model.keras", folder / "model.json")
    for file in files.values():
        file.unlink(missing_ok=True)


def _training(job: TrainingJob, number: int, seed: int, checkpoint: Path) -> Training:
    """Return one model in training, fresh or from its checkpoint."""
    data, name = job.data[number], f"{job.label} {number}"
    sizes = (f"{len(tokens):,}" for tokens in (data.tokens, data.validation_tokens))
    log.info("%s: %s training sequences, %s for validation", name, *sizes)
    identity = json.dumps([job.recipe, job.code, seed, job.data_digest, len(data.tokens)], sort_keys=True)
    return Training(
        job.recipe,
        data,
        job.outputs,
        seed,
        checkpoint=checkpoint,
        identity=hashlib.sha256(identity.encode()).hexdigest(),
        label=name,
    )
