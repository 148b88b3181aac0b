"""Paths as a configuration writes them."""

import pytest

from degu.config.paths import expand_path, find_file
from degu.errors import DeguError


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", ""),
        ("data/a.tsv", "data/a.tsv"),
        ("~", "/home/me"),
        ("~/a.tsv", "/home/me/a.tsv"),
        ("$HOME/a.tsv", "/home/me/a.tsv"),
        ("${HOME}/a~b.tsv", "/home/me/a~b.tsv"),
        ("100$/a.tsv", "100$/a.tsv"),
    ],
)
def test_the_home_and_variables_in_a_path_are_expanded(monkeypatch, path, expected):
    monkeypatch.setenv("HOME", "/home/me")
    assert expand_path(path, where="here") == expected


@pytest.mark.parametrize("path", ["$NO_SUCH_VARIABLE/a.tsv", "${NO_SUCH_VARIABLE}/a.tsv", "~nosuchuser/a.tsv"])
def test_a_variable_or_user_that_does_not_exist_is_told(path):
    with pytest.raises(DeguError, match=r"here: '.*' names a user or a variable that does not exist"):
        expand_path(path, where="here")


@pytest.mark.parametrize("path", ["a{1}.tsv", "/data/{a/b.tsv", "~/b}.tsv"])
def test_a_path_with_braces_is_refused(path):
    with pytest.raises(DeguError, match=r"(?s)here: the path .* has braces.*rename the file"):
        expand_path(path, where="here")


def test_the_first_folder_that_has_a_file_gives_it(tmp_path):
    for folder in ("own", "general"):
        (tmp_path / folder / "pools").mkdir(parents=True)
        (tmp_path / folder / "pools" / f"{folder}.yaml").write_text("")
    (tmp_path / "general" / "pools" / "own.yaml").write_text("")
    folders = [tmp_path / "own", tmp_path / "general"]
    assert find_file(folders, "pools", "own", "x") == tmp_path / "own" / "pools" / "own.yaml"
    assert find_file(folders, "pools", "general", "x") == tmp_path / "general" / "pools" / "general.yaml"
    with pytest.raises(DeguError, match=r"x: there is no pool 'genral'\n.*did you mean 'general'"):
        find_file(folders, "pools", "genral", "x")
