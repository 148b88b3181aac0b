"""What training a member and training a student have in common: device, checkpoint, provenance, files."""

import hashlib
import json
import logging
import time
from pathlib import Path

from degu.backend import derive_seed, prepare, total_parameters
from degu.outputs import Outputs
from degu.prediction import save_model
from degu.provenance import describe_run
from degu.training import TrainingData, train


def train_and_save(
    snakemake,
    data: TrainingData,
    outputs: Outputs,
    *,
    stage: str,
    label: str,
    data_digest: str,
    flanks: list[int],
) -> None:
    """Train one model as the rule's recipe says and write it with its provenance."""
    params = snakemake.params
    start = time.perf_counter()
    device = prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
    seed = derive_seed(params.seed, stage, int(snakemake.wildcards.seed))
    path = Path(snakemake.output.model)
    # Not an output of the rule: it must outlive a job that was killed.
    checkpoint = path.with_name("checkpoint.npz")
    identity = json.dumps([params.recipe, params.code, seed, data_digest, len(data.tokens)], sort_keys=True)
    sizes = (f"{len(tokens):,}" for tokens in (data.tokens, data.validation_tokens))
    logging.info("%s: %s training sequences, %s for validation", label, *sizes)
    model, history = train(
        params.recipe,
        data,
        outputs,
        seed,
        checkpoint=checkpoint,
        identity=hashlib.sha256(identity.encode()).hexdigest(),
        label=label,
    )
    description = {
        **{key: snakemake.wildcards.get(key) for key in ("dataset", "teacher", "student")},
        "fraction": float(snakemake.wildcards.fraction),
        "label": label,
        "recipe": params.recipe,
        "seed": seed,
        "seed_number": int(snakemake.wildcards.seed),
        "data_digest": data_digest,
        "flanks": flanks,
        "training_sequences": len(data.tokens),
        "parameters": total_parameters(model.weights),
        "device": device,
        "threads": snakemake.threads,
        "seconds_this_run": round(time.perf_counter() - start, 1),
        "seconds_training": round(sum(row["seconds"] for row in history), 1),
        "run": describe_run(),
        "history": history,
    }
    save_model(model, outputs, description, path, Path(snakemake.output.description))
    checkpoint.unlink(missing_ok=True)
