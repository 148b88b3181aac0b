"""Read variants whose effects were measured."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.config.plugins import load
from degu.errors import DeguError
from degu.variants.variant_set import write_variants

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        files = {name: Path(path) for name, path in snakemake.input.items()}
        try:
            variants = load("variant source", params.source).load(files, **params.options)
        except DeguError as error:
            # A person knows the file by the name it came under.
            copies = (f"{files[name]} is {origin}" for name, origin in params.origins.items())
            raise DeguError(f"{error}\n  source:   {', '.join(copies)}") from error
        write_variants(variants, snakemake.output[0])
        for locus, number in zip(*np.unique(variants.loci.astype(str), return_counts=True), strict=True):
            logging.info("%s: %s variants", locus, f"{number:,}")
