"""Trained models on disk: equal models are equal files."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import keras

from degu.formats.files import write_aside, write_text
from degu.outputs.outputs import Outputs


def save_model(model: keras.Model, outputs: Outputs, description: Mapping, path: Path, description_path: Path) -> None:
    """Write a model and, as JSON beside it, its outputs and provenance."""
    save_network(model, path)
    content = {"outputs": outputs.to_json(), "length": model.input_shape[1], **description}
    write_text(description_path, json.dumps(content, indent=2, default=str) + "\n")


def save_network(model: keras.Model, path: Path) -> None:
    """Write a network alone."""
    with write_aside(path) as aside:
        model.save(aside)
        _make_reproducible(aside)


def _make_reproducible(path: Path) -> None:
    """Rewrite a `.keras` archive without dates and addresses in memory, so that equal models are equal files."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(parts["metadata.json"])
    del metadata["date_saved"]
    parts["metadata.json"] = json.dumps(metadata).encode()
    # Shared objects are numbered by their first appearance, in place of their addresses.
    known: dict[bytes, int] = {}
    parts["config.json"] = re.sub(
        rb'(?<="shared_object_id": )\d+',
        lambda found: b"%d" % known.setdefault(found[0], len(known)),
        parts["config.json"],
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            # An entry's date is 1980 unless another one is given.
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
