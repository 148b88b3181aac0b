"""Explain the predictions of every member of an ensemble, or every seed of a student."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.attribution.explain import explain_models
from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.maps import MapBlocks, identity_of
from degu.data.store import read_store
from degu.formats.files import file_digest

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, inputs = snakemake.params, snakemake.input
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(inputs.store, only=())
        path = Path(snakemake.output[0])
        # Finished blocks are not outputs of the rule, since they must outlive a job that was killed.
        digests = [file_digest(file) for file in (inputs.sequences, *inputs.models)]
        identity = identity_of(code=params.code, methods=params.methods, heads=params.heads, inputs=digests)
        blocks = MapBlocks(path.with_suffix(".blocks"), identity)
        sequences = read_explained_sequences(Path(inputs.sequences), store)
        keys = explain_models([Path(model) for model in inputs.models], sequences, params.methods, params.heads, blocks)
        blocks.assemble(keys, params.seeds, path, store.digest)
