"""The Python code that README.md and the page of the library show works as it stands, on a tiny assay."""

import json

import numpy as np
import pandas as pd
import pytest

from degu.data.sequences import decode
from degu.distillation import differences
from degu.library import recipes
from degu.library.student import open_student
from tests.docs.pages import DOCS, REPOSITORY, blocks

README, GUIDE = REPOSITORY / "README.md", DOCS / "guide" / "library.md"


def shown(page) -> list[str]:
    """Return the blocks of Python that use the library for arrays in memory."""
    code = [block.code for block in blocks(page) if block.language == "python"]
    return [text for text in code if "degu." in text or "student." in text]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Go to a folder with a tiny assay, where trainings last one epoch."""
    rng = np.random.default_rng(1)
    tokens = rng.integers(0, 4, size=(240, 200), dtype=np.uint8)
    table = pd.DataFrame({"sequence": decode(tokens), "element": np.arange(240) // 2})
    table["activity"] = 9 * (tokens == 0).mean(axis=1) + rng.normal(size=240)
    table["split"] = np.resize(["train"] * 12 + ["validation"] * 2 + ["calibration"] * 4 + ["test"] * 2, 240)
    table.to_csv(tmp_path / "my_assay.tsv", sep="\t", index=False)
    content = recipes.recommended()
    for recipe in (*content["teachers"].values(), content["student"]):
        recipe["epochs"] = 1
    content["student"]["pool"]["variants"] = 1
    monkeypatch.setattr(recipes, "_content", lambda: json.dumps(content))
    monkeypatch.setattr(differences, "_EPOCHS", 1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def example() -> str:
    [code] = [code for code in shown(README) if "degu.distil" in code]
    return code


def check(names: dict) -> None:
    """Check the shapes that both pages tell."""
    shapes = {head: values.shape for head, values in names["heads"].items()}
    assert shapes == {"mean": (1, 1), "aleatoric": (1, 1), "epistemic": (1, 1)}
    assert names["intervals"].shape == (1, 1, 2)


def test_the_common_case_takes_fewer_than_ten_lines():
    for code in (example(), shown(GUIDE)[0]):
        assert len([line for line in code.splitlines() if line]) < 10


@pytest.mark.slow
def test_the_code_of_the_readme_runs_as_it_stands(folder):
    table = pd.read_csv("my_assay.tsv", sep="\t")
    names = {"sequences": table["sequence"].tolist(), "activity": table["activity"].to_numpy()}
    exec(example(), names)
    check(names)
    assert open_student("my_student").targets == ["activity"]


@pytest.mark.slow
def test_the_code_of_the_guide_runs_as_it_stands(folder):
    first, *others = shown(GUIDE)
    names: dict = {}
    exec(first, names)
    check(names)
    assert {"effect", "effect_std", "effect_lower", "effect_upper"} <= set(names["effects"])
    assert (folder / "my_student" / "package.json").is_file()
    for code in others:
        exec(code, names)
    assert names["student"].facts["calibration_rows"] == 60
    assert (folder / "my_ensemble" / "member-3.keras").is_file()
