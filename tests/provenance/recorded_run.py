"""A run of a few small files, each of which depends on its inputs and parameters and has the record of a job."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from degu.data.store import read_digest, write_store
from degu.formats.tables import write_table
from degu.provenance.digests import content_digest, digest_of
from degu.provenance.job_records import read_records, write_record
from degu.provenance.table import tabulate, trace
from tests.conftest import small_store

SOURCE, STORE = "resources/assay.tsv", "results/assay/store.h5"
ENSEMBLE = "results/assay/small/fraction-1"
MEMBERS = [f"{ENSEMBLE}/member-{number}/model.keras" for number in (1, 2)]
PREDICTIONS, SUMMARY, FIGURE = f"{ENSEMBLE}/predictions.h5", "results/summary.tsv", "figures/assay/performance.pdf"
CLAIMS = "results/assay/claims.tsv"
TARGETS = [FIGURE, SUMMARY]
LABELS = {"dataset": "assay", "teacher": "small", "fraction": "1"}


def record(rule: str, inputs: Sequence[str], outputs: Sequence[str], params: dict, *, threads: int = 1) -> None:
    """Write the record of a job under a name that depends on its outputs."""
    write_record(
        Path("logs", rule, digest_of(list(outputs))[:8]).with_suffix(".json"),
        rule=rule,
        wildcards=LABELS if "assay" in outputs[0] else {},
        params={"code": "1234", **params},
        threads=threads,
        inputs=inputs,
        outputs=outputs,
        start=datetime.now(UTC),
    )


def make(rule: str, inputs: Sequence[str], output: str, **params: object) -> None:
    """Write a file whose content depends on its inputs and parameters, and write its record."""
    content = digest_of([[content_digest(file) for file in inputs], params])
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".tsv":
        number = int(content[:8], 16) / 16**8
        write_table(pd.DataFrame({"model": ["member"], "metric": ["mse"], "value": [number]}), path)
    else:
        path.write_text(content)
    record(rule, inputs, [output], params)


def make_run(
    *, data: int = 1, epochs: int = 5, seed: int = 1, members: Sequence[str] = MEMBERS, title: str = ""
) -> None:
    """Make all files of a run in the working directory."""
    Path("resources").mkdir(exist_ok=True)
    Path(SOURCE).write_text(f"{data}\n")
    Path(STORE).parent.mkdir(parents=True, exist_ok=True)
    store = small_store()
    store.targets += np.float32(data)
    write_store(store, STORE)
    record("import_dataset", [SOURCE], [STORE], {"settings": {"importer": "table"}})
    for member in members:
        recipe = {"epochs": epochs, "model": {"name": "motif_cnn"}}
        make("train_member", [STORE], member, recipe=recipe, seed=seed)
    make("predict_members", [STORE, *members], PREDICTIONS, seeds=list(range(len(members))))
    make("summarize_performance", [PREDICTIONS], SUMMARY)
    make("summarize_uncertainty", [STORE], CLAIMS)
    make("plot_performance", [SUMMARY, CLAIMS], FIGURE, title=title)


def write_provenance() -> None:
    """Write the provenance table of the run in the working directory."""
    write_table(tabulate(trace(TARGETS, read_records(Path("logs"))), read_digest), "results/provenance.tsv")
