"""Digests of files and values: two digests are equal if, and only if, the contents are."""

import hashlib
import json
from pathlib import Path

from degu.formats.files import file_digest

# Keys of a model's description that tell of its training run rather than of the model.
# Snakemake puts this file into each folder that a rule makes.
_TIMESTAMP = ".snakemake_timestamp"
_RUN_KEYS = ("device", "run", "seconds", "seconds_this_run", "seconds_training", "threads", "trained_together")


def content_digest(path: str | Path) -> str:
    """Return the sha256 of what a file holds.

    The digest covers the bytes of the file. There are two exceptions: the digest of a JSON file ignores the keys that
    tell when, where and how fast a model was trained, and the digest of a folder covers the names and contents of all
    files in it.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and file.name != _TIMESTAMP)
        return digest_of({str(file.relative_to(path)): content_digest(file) for file in files})
    if path.suffix != ".json":
        return file_digest(path)
    return digest_of(without_run(json.loads(path.read_text(encoding="utf-8"))))


def digest_of(value: object) -> str:
    """Return the sha256 of a value that JSON can hold; the order of keys does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def without_run(value: object) -> object:
    """Return a value that JSON can hold without the keys that tell when, where and how fast a model was trained."""
    if isinstance(value, dict):
        return {key: without_run(item) for key, item in value.items() if key not in _RUN_KEYS}
    return [without_run(item) for item in value] if isinstance(value, list) else value
