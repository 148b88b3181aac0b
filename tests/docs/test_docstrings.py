"""Examples in docstrings give what they show, and run where small trained models lie, `model.keras` and another one."""

import doctest
import importlib
from pathlib import Path

import numpy as np
import pytest

from tests.docs.pages import REPOSITORY

LIBRARY = REPOSITORY / "scripts" / "degu"
WITH_EXAMPLES = sorted(path for path in LIBRARY.rglob("*.py") if ">>> " in path.read_text())


def name_of(path: Path) -> str:
    parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Return a folder in which students `model.keras` and `second.keras` lie that take 200 bases, and go there."""
    from degu.models import motif_cnn
    from degu.outputs.heads import Heads
    from degu.outputs.outputs import Outputs
    from degu.training.saving import save_model

    outputs = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("activity",)))
    for name in ("model", "second"):
        model = motif_cnn.build(200, outputs, filters=2, units=2)
        save_model(model, outputs, {}, tmp_path / f"{name}.keras", tmp_path / f"{name}.json")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name_of)
def test_examples_give_what_they_show(path, folder):
    module = importlib.import_module(name_of(path))
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    with np.printoptions(precision=4, suppress=True):
        result = doctest.testmod(module, optionflags=options)
    assert result.failed == 0
    assert result.attempted


def test_there_are_examples():
    assert WITH_EXAMPLES
