"""Discover motifs in the mean maps of an ensemble's members, or of a student's seeds."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.attribution.motifs.discovery import discover
from degu.attribution.motifs.patterns import write_patterns
from degu.data.sequences import one_hot
from degu.data.store import read_store
from degu.errors import DeguError, did_you_mean

if TYPE_CHECKING:
    from snakemake.script import snakemake

log = logging.getLogger(__name__)


def mean_maps(path: Path, key: MapKey) -> np.ndarray:
    """Return maps, (N, L, 4), averaged over models; refuse a head that these do not put out."""
    heads = {other.head for other in map_keys(path) if (other.target, other.method) == (key.target, key.method)}
    if key.head not in heads:
        raise DeguError(
            f"these models put out no '{key.head}'",
            where="attribution.motifs.head",
            expected=did_you_mean(key.head, heads),
        )
    return read_maps(path, key)[0].mean(axis=0)


if __name__ == "__main__":
    with job(snakemake):
        inputs, settings = snakemake.input, dict(snakemake.params.settings)
        method, head = settings.pop("method"), settings.pop("head")
        store = read_store(inputs.store, only=())
        patterns = {}
        for target, sequences in read_explained_sequences(Path(inputs.sequences), store).items():
            maps = mean_maps(Path(inputs.maps), MapKey(target, method, head))
            found = discover(maps, one_hot(sequences.tokens), threads=snakemake.threads, **settings)
            for pattern in found:
                effect = "raises" if pattern.sign > 0 else "lowers"
                log.info("%s: %s %s the %s, %s seqlets", target, pattern.consensus, effect, head, f"{len(pattern):,}")
            log.info("%s: %s patterns in %s sequences", target, len(found), f"{len(maps):,}")
            patterns[target] = found
        write_patterns(patterns, Path(snakemake.output[0]), store.digest)
