"""What training members and training students have in common: device, checkpoints, provenance, files."""

import hashlib
import json
import logging
import time
from pathlib import Path

from degu.outputs.outputs import Outputs
from degu.provenance.environment import describe_run
from degu.training.backend import derive_seed, prepare, total_parameters
from degu.training.saving import save_model
from degu.training.training import Training, TrainingData, train


def train_and_save(
    snakemake,
    *,
    data: dict[int, TrainingData],
    outputs: Outputs,
    stage: str,
    label: str,
    data_digest: str,
    flanks: list[int],
) -> None:
    """Train a model for each seed number as the rule's recipe says, side by side, and write each with its provenance.

    `data` is what each is trained on, by seed number.
    """
    params = snakemake.params
    start = time.perf_counter()
    device = prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
    folders = {number: Path(folder) for number, folder in params.folders.items()}
    seeds = {number: derive_seed(params.seed, stage, number) for number in data}
    trainings = {}
    for number, own in data.items():
        name = f"{label} {number}"
        sizes = (f"{len(tokens):,}" for tokens in (own.tokens, own.validation_tokens))
        logging.info("%s: %s training sequences, %s for validation", name, *sizes)
        identity = json.dumps([params.recipe, params.code, seeds[number], data_digest, len(own.tokens)], sort_keys=True)
        trainings[number] = Training(
            params.recipe,
            own,
            outputs,
            seeds[number],
            # Not an output of the rule: it must outlive a job that was killed.
            checkpoint=folders[number] / "checkpoint.npz",
            identity=hashlib.sha256(identity.encode()).hexdigest(),
            label=name,
        )
    train(list(trainings.values()))
    for number, training in trainings.items():
        description = {
            **{key: snakemake.wildcards.get(key) for key in ("dataset", "teacher", "student")},
            "fraction": float(snakemake.wildcards.fraction),
            "label": training.label,
            "recipe": params.recipe,
            "seed": seeds[number],
            "seed_number": number,
            "data_digest": data_digest,
            "flanks": flanks,
            "training_sequences": len(data[number].tokens),
            "parameters": total_parameters(training.model.weights),
            "device": device,
            "threads": snakemake.threads,
            "trained_together": len(trainings),
            "seconds_this_run": round(time.perf_counter() - start, 1),
            "seconds_training": round(sum(row["seconds"] for row in training.history), 1),
            "run": describe_run(),
            "history": training.history,
        }
        # Models of one job are handed on in one folder.
        folder = Path(snakemake.output.get("pack", folders[number].parent)) / folders[number].name
        save_model(training.trained, outputs, description, folder / "model.keras", folder / "model.json")
    for folder in folders.values():
        (folder / "checkpoint.npz").unlink(missing_ok=True)
