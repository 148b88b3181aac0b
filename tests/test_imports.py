"""Imports that leave out what a package would import."""

import sys

import pytest

from degu.imports import hidden


def test_a_package_cannot_be_imported_while_it_is_hidden(tmp_path, monkeypatch):
    (tmp_path / "a_package_of_this_test.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with hidden("a_package_of_this_test"), pytest.raises(ImportError):
        import a_package_of_this_test
    import a_package_of_this_test  # noqa: F401

    monkeypatch.delitem(sys.modules, "a_package_of_this_test")


def test_a_package_that_is_imported_already_stays():
    with hidden("pytest"):
        import pytest as again
    assert again is pytest is sys.modules["pytest"]


def test_packages_are_there_again_after_an_error():
    with pytest.raises(ZeroDivisionError), hidden("a_package_that_is_not_installed"):
        _ = 1 / 0
    assert "a_package_that_is_not_installed" not in sys.modules
