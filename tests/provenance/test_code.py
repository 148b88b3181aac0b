"""The digest of the code that a script runs."""

import pytest

from degu.provenance import code
from degu.provenance.code import code_digest, imported_files

PROJECT = {
    "train.py": "import numpy\nfrom lib.one import run\n\nrun(1)\n",
    "lib/__init__.py": "",
    "lib/one.py": '"""One."""\nfrom lib import two\n\n\ndef run(x):\n    """Run."""\n    return two.double(x)\n',
    "lib/two.py": "import lib.three\n\n\ndef double(x):\n    return lib.three.FACTOR * x\n",
    "lib/three.py": "FACTOR = 2\n",
    "lib/alone.py": "X = 1\n",
}


def clear():
    for function in (code.code_digest, code._path_of, code._read):
        function.cache_clear()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a function that writes a project, with some files changed, in place of the real one."""
    number = iter(range(100))

    def write(**changes):
        folder = tmp_path / str(next(number))
        for name, text in {
            **PROJECT,
            **{key.replace("__", "/") + ".py": text for key, text in changes.items()},
        }.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.setattr(code, "_SCRIPTS", folder)
        clear()
        return folder

    yield write
    clear()


def test_imports_are_followed_from_module_to_module(project):
    folder = project()
    expected = ["train.py", "lib/__init__.py", "lib/one.py", "lib/two.py", "lib/three.py"]
    assert set(imported_files("train")) == {folder / name for name in expected}


def test_modules_named_in_a_recipe_are_covered(project):
    folder = project()
    before = code_digest("train", "lib.alone")
    assert before != code_digest("train")
    assert folder / "lib" / "alone.py" in imported_files("train", "lib.alone")
    project(lib__alone="X = 2\n")
    assert code_digest("train", "lib.alone") != before


def test_the_same_code_has_the_same_digest_in_another_folder(project):
    project()
    before = code_digest("train")
    project()
    assert code_digest("train") == before
    assert len(before) == 16


def test_modules_that_only_tell_do_not_count_but_are_found(project):
    telling = {"train": "from lib.one import run\nimport lib.telling\n\nrun(1)\n"}
    words = "import lib.alone\nONLY_TELLS = True\nWORDS = 'done'\n"
    folder = project(**telling, lib__telling=words)
    before = code_digest("train")
    assert {folder / "lib" / "telling.py", folder / "lib" / "alone.py"} < set(imported_files("train"))
    project(**telling, lib__telling=words.replace("done", "over"), lib__alone="X = 2\n")
    assert code_digest("train") == before
    # What others import counts all the same.
    project(**telling, lib__telling=words, lib__two=PROJECT["lib/two.py"].replace("* x", "* x + 1"))
    assert code_digest("train") != before


@pytest.mark.parametrize(
    "change",
    [
        {"train": "from lib.one import run\n\nrun(2)\n"},
        {"lib__one": PROJECT["lib/one.py"].replace("double(x)", "double(-x)")},
        {"lib__two": PROJECT["lib/two.py"].replace("* x", "* x + 1")},
        {"lib__three": "FACTOR = 3\n"},
        {"lib__one": PROJECT["lib/one.py"].replace("return", "'text'\n    return").replace('"""Run."""', "x += 1")},
    ],
    ids=["script", "import", "import of an import", "constant", "expression"],
)
def test_the_digest_changes_with_any_code_that_runs(project, change):
    project()
    before = code_digest("train")
    project(**change)
    assert code_digest("train") != before


@pytest.mark.parametrize(
    "change",
    [
        {"train": "# new\nimport numpy  # here\nfrom lib.one import (\n    run,\n)\n\n\n\nrun( 1 )\n"},
        {"lib__one": PROJECT["lib/one.py"].replace("One.", "Two.").replace("Run.", "Go.\n\n    Far.")},
        {"lib__one": PROJECT["lib/one.py"].replace('"""One."""\n', "").replace('    """Run."""\n', "")},
        {"lib__alone": "X = 99\n"},
    ],
    ids=["comments and layout", "docstrings", "no docstrings", "module that is not imported"],
)
def test_the_digest_does_not_change_with_comments_docstrings_layout_or_other_modules(project, change):
    project()
    before = code_digest("train")
    project(**change)
    assert code_digest("train") == before


def test_modules_that_import_each_other_do_not_hang(project):
    project(lib__two="import lib.one\n", lib__one="import lib.two\n")
    assert len(code_digest("train")) == 16


def test_imports_within_functions_count(project):
    folder = project(lib__three="FACTOR = 2\n\n\ndef late():\n    from lib.alone import X\n    return X\n")
    assert folder / "lib" / "alone.py" in imported_files("train")


def test_a_script_of_the_project_covers_the_library_that_it_imports():
    clear()
    names = {path.name for path in imported_files("import_dataset", "degu.data.importers.table")}
    assert {"import_dataset.py", "_job.py", "build.py", "splits.py", "sequences.py", "errors.py", "table.py"} <= names
    assert not {"training.py", "backend.py", "deepstarr.py"} & names


def test_every_file_is_parsed_once(project, monkeypatch):
    project()
    parsed = []
    parse = code.ast.parse
    monkeypatch.setattr(code.ast, "parse", lambda text: parsed.append(text) or parse(text))
    code_digest("train")
    code_digest("train", "lib.alone")
    assert sorted(parsed) == sorted(PROJECT.values())
