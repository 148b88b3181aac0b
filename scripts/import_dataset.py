"""Read a data set's source files and write its sequence store."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.data.build import build_store, describe_splits
from degu.data.store import write_store
from degu.errors import DeguError
from degu.formats.files import file_digest

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files = {name: Path(path) for name, path in snakemake.input.items()}
        try:
            store = build_store(
                snakemake.params.settings, files, snakemake.params.seed, where=snakemake.wildcards.dataset
            )
        except DeguError as error:
            # A person knows the file by the name it came under.
            copies = (f"{files[name]} is {origin}" for name, origin in snakemake.params.origins.items())
            raise DeguError(f"{error}\n  source:   {', '.join(copies)}") from error
        store.attributes["sources"] = {name: {"sha256": file_digest(path)} for name, path in files.items()}
        store.attributes["settings"] = snakemake.params.settings
        store.attributes["seed"] = snakemake.params.seed
        write_store(store, snakemake.output[0])
        logging.info(
            "%s sequences of %d bases, targets %s; %s",
            f"{len(store):,}",
            store.tokens.shape[1],
            ", ".join(store.target_names),
            describe_splits(store),
        )
