"""One job that trains the models of a recipe, side by side, and writes each with its provenance."""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import keras

from degu.training.backend import derive_seed, total_parameters
from degu.data.kmer_ridge import KmerRidge, fit_kmer_ridge
from degu.errors import DeguError
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.outputs import Outputs
from degu.provenance.environment import describe_run
from degu.training.building import Inheritance
from degu.training.flops import forward_flops, step_flops
from degu.training.saving import save_model
from degu.training.stages import MAIN, stages_of
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
    inheritance
        What a model has of other models when its training begins, by seed number; without it that is nothing.
    kmer_margin
        Number of bases at either end of a sequence whose k-mers the ridge regression of members does not count.
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
    inheritance: Mapping[int, Inheritance] = field(default_factory=dict)
    kmer_margin: int = 0


class Trained(NamedTuple):
    """How long the trainings of a job took.

    Attributes
    ----------
    seconds
        Time in seconds of all of them side by side, without the start of the job.
    epochs
        Mean number of epochs of a model.
    """

    seconds: float
    epochs: float


def train_and_save(
    job: TrainingJob, checkpoints: Mapping[int, Path], folders: Mapping[int, Path], **machine: object
) -> Trained:
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

    Returns
    -------
    How long the trainings took
    """
    start = time.perf_counter()
    inheritance = {number: job.inheritance.get(number, Inheritance()) for number in job.data}
    history: dict[int, list[dict]] = {number: [] for number in job.data}
    trainings: dict[int, Training] = {}
    for stage, recipe in stages_of(job.recipe).items():
        trainings = {
            number: _training(job, stage, recipe, number, checkpoints[number], inheritance[number])
            for number in job.data
        }
        train(list(trainings.values()))
        for number, training in trainings.items():
            inheritance[number] = replace(inheritance[number], model=training.model)
            past = len(history[number])
            history[number] += [{**row, "epoch": past + row["epoch"], "stage": stage} for row in training.history]
    ridges = _kmer_ridges(job)
    for number, training in trainings.items():
        model = training.trained
        if number in ridges:
            model = add_kmer_ridge(model, job.outputs, ridges[number], job.recipe["kmer_ridge_weight"])
        description = {
            **job.labels,
            "label": training.label,
            "recipe": job.recipe,
            "seed": derive_seed(job.seed, job.stage, number),
            "seed_number": number,
            "data_digest": job.data_digest,
            "flanks": job.flanks,
            "strands": job.recipe["strands"],
            "bias": _bias(inheritance[number]),
            "training_sequences": len(job.data[number].tokens),
            "parameters": total_parameters(model.weights),
            "flops": _known(forward_flops, model),
            "step_flops": _known(step_flops, training.model),
            **machine,
            "trained_together": len(trainings),
            "seconds_this_run": round(time.perf_counter() - start, 1),
            "seconds_training": round(sum(row["seconds"] for row in history[number]), 1),
            "run": describe_run(),
            "history": history[number],
        }
        folder = folders[number]
        save_model(model, job.outputs, description, folder / "model.keras", folder / "model.json")
    for folder in checkpoints.values():
        for stage in stages_of(job.recipe):
            _checkpoint(folder, stage).unlink(missing_ok=True)
    # Models that are trained side by side share the time of each epoch.
    seconds = max(sum(row["seconds"] for row in rows) for rows in history.values())
    return Trained(round(seconds, 1), sum(map(len, history.values())) / len(history))


def _known(count: Callable[[keras.Model], int], model: keras.Model) -> int | None:
    """Return what a function counts of a model's floating-point operations; None if a layer's are not known."""
    try:
        return count(model)
    except DeguError:
        return None


def _kmer_ridges(job: TrainingJob) -> dict[int, KmerRidge]:
    """Return the ridge regression on the training sequences of each member, by its seed number, if members have one.

    Students inherit that of the members, and are trained with it.
    """
    if job.stage != "member" or not job.recipe.get("kmer_ridge_weight"):
        return {}
    ridges: dict[int, KmerRidge] = {}
    # Members that are trained on the same sequences share them.
    for data in {id(data): data for data in job.data.values()}.values():
        activity, validation = (
            targets["measured" if "measured" in targets else "mean"]
            for targets in (data.targets, data.validation_targets)
        )
        ridge = fit_kmer_ridge(data.tokens, activity, data.validation_tokens, validation, margin=job.kmer_margin)
        log.info("%s: ridge regression on k-mers, penalties %s", job.label, ridge.penalties)
        ridges |= {number: ridge for number, own in job.data.items() if own is data}
    return ridges


def _bias(inheritance: Inheritance) -> dict[str, object] | None:
    """Return what tells a bias network within a model from others; None if there is none."""
    bias = inheritance.bias
    return None if bias is None else {"digest": bias.digest, "shift": list(bias.shift)}


def _checkpoint(folder: Path, stage: str) -> Path:
    return folder / ("checkpoint.npz" if stage == MAIN else f"checkpoint-{stage}.npz")


def _training(
    job: TrainingJob, stage: str, recipe: Mapping, number: int, folder: Path, inheritance: Inheritance
) -> Training:
    """Return one model in one stage of its training, fresh or from its checkpoint."""
    data, name, seed = job.data[number], f"{job.label} {number}", derive_seed(job.seed, job.stage, number)
    if stage != MAIN:
        data, seed = data.for_fine_tuning(), derive_seed(seed, stage, number)
        name = f"{name}, {stage.replace('_', '-')}"
    sizes = (f"{len(tokens):,}" for tokens in (data.tokens, data.validation_tokens))
    log.info("%s: %s training sequences, %s for validation", name, *sizes)
    known = [job.recipe, job.code, seed, job.data_digest, len(data.tokens), _bias(inheritance)]
    identity = json.dumps(known, sort_keys=True)
    return Training(
        recipe,
        data,
        job.outputs,
        seed,
        checkpoint=_checkpoint(folder, stage),
        identity=hashlib.sha256(identity.encode()).hexdigest(),
        label=name,
        inheritance=inheritance,
    )
