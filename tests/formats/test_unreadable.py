"""What the readers of damaged files raise is told to a person."""

import pytest

from degu.errors import DeguError
from degu.formats.unreadable import tell_unreadable


@pytest.mark.parametrize("error", [EOFError("too short"), OSError("too short"), KeyError("too short")])
def test_an_error_of_a_reader_is_told(tmp_path, error):
    with (
        pytest.raises(DeguError, match=r"a\.x: not a readable table: .*too short.*\n  expected: text"),
        tell_unreadable(tmp_path / "a.x", "table", expected="text"),
    ):
        raise error


def test_a_folder_is_told(tmp_path):
    with (
        pytest.raises(DeguError, match="this is a folder\n  expected: text"),
        tell_unreadable(tmp_path, "table", expected="text"),
    ):
        pass


def test_a_file_that_is_not_there_is_told(tmp_path):
    with (
        pytest.raises(DeguError, match=r"a\.x: there is no such file\n  expected: text"),
        tell_unreadable(tmp_path / "a.x", "table", expected="text"),
    ):
        (tmp_path / "a.x").read_text()


def test_other_errors_stay_as_they_are(tmp_path):
    with pytest.raises(DeguError, match=r"^mine$"), tell_unreadable(tmp_path / "a.x", "table", expected="text"):
        raise DeguError("mine")
