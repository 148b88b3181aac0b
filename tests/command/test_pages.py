"""Figures beside a table."""

import sys

import pytest
from matplotlib import pyplot as plt

from degu.command.pages import check_figures, open_pages
from degu.errors import DeguError


def figure_of(number):
    figure, axes = plt.subplots(figsize=(1, 1))
    axes.plot([0, number])
    return figure


@pytest.mark.parametrize(("name", "magic"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_one_figure_in_every_format_is_the_same_each_time(tmp_path, name, magic):
    for folder in ("first", "second"):
        with open_pages(tmp_path / folder / name) as add:
            add(figure_of(3))
    first, second = ((tmp_path / folder / name).read_bytes() for folder in ("first", "second"))
    assert first.startswith(magic)
    assert first == second
    assert plt.get_fignums() == []


def test_a_pdf_has_a_page_for_each_figure(tmp_path):
    with open_pages(tmp_path / "a.pdf") as add:
        for number in range(3):
            add(figure_of(number))
            assert not (tmp_path / "a.pdf").exists()
    assert (tmp_path / "a.pdf").read_bytes().count(b"/Type /Page ") == 3


def test_a_pdf_appears_whole_or_not_at_all(tmp_path):
    with pytest.raises(ZeroDivisionError), open_pages(tmp_path / "a.pdf") as add:
        add(figure_of(1))
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "number", "told"),
    [
        ("a.jpg", 1, "no format of a figure"),
        ("a", 1, "no format of a figure"),
        ("a.png", 2, "holds one figure, and there are 2 sequences"),
        ("a.svg", 1000, "there are 1,000 sequences"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(tmp_path, name, number, told):
    with pytest.raises(DeguError, match=told):
        check_figures(tmp_path / name, number)


def test_what_a_file_can_hold_is_not_refused(tmp_path):
    for name, number in (("a.PNG", 1), ("a.pdf", 1000), ("a.svg", 1)):
        check_figures(tmp_path / name, number)


def test_a_missing_library_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "degu.figures.style", None)
    with pytest.raises(DeguError, match=r"pip install '\.\[figures\]'"):
        check_figures(tmp_path / "a.png", 1)
