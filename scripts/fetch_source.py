"""Bring one source file into the results: from a local path, from the data directory, or from its publisher."""

import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.errors import DeguError
from degu.formats.files import check_file, download, file_digest, write_aside

if TYPE_CHECKING:
    from snakemake.script import snakemake


def fetch(settings: dict, local: Path | None, data_directory: str, output: Path, origin: dict) -> None:
    """Copy or download a source file, checked against its published size and checksum.

    `origin` holds the page, the preparation and the citation of a file that is neither here nor has an address.

    Raises
    ------
    DeguError
        If it cannot be reached, is a folder, is truncated or has another checksum.
    """
    if local is not None and local.is_dir():
        raise DeguError("this is a folder", where=local, expected="a file", remedy="name the file within it")
    by_hand = _by_hand(settings["name"], data_directory)
    with write_aside(output) as aside:
        if local is not None:
            logging.info("copying %s", local)
            shutil.copyfile(local, aside)
        elif settings["url"]:
            logging.info("downloading %s", settings["url"])
            download(settings["url"], aside, by_hand=by_hand)
        else:
            page, preparation, citation = (origin[key] for key in ("page", "preparation", "citation"))
            steps = [f"{preparation or 'download it'} from {page}" if page else preparation, by_hand]
            raise DeguError(
                "the file is not there and has no address to download it from",
                where=Path(data_directory) / settings["name"],
                expected=f"the file of this source: {citation}" if citation else None,
                remedy=", and ".join(filter(None, steps)),
            )
        try:
            check_file(aside, checksum=settings["checksum"], size=settings["size"])
        except DeguError as error:
            # Name the source, not the temporary file.
            raise DeguError(str(error).replace(str(aside), str(local or settings["url"]))) from error
        logging.info("sha256 %s, %s bytes", file_digest(aside), f"{aside.stat().st_size:,}")


def _by_hand(name: str, data_directory: str) -> str:
    """Return where a person can put the file."""
    give_path = "give its `path` in the data set's file"
    return f"put it at {Path(data_directory) / name}, or {give_path}" if name else give_path


if __name__ == "__main__":
    with job(snakemake):
        local = snakemake.input.get("local")
        fetch(
            snakemake.params.source,
            Path(local) if local else None,
            snakemake.params.data_directory,
            Path(snakemake.output[0]),
            snakemake.params.origin,
        )
