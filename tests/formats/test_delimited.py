"""Each line of delimited text is accounted for."""

import pytest

from degu.errors import DeguError
from degu.formats.delimited import read_delimited


def read(tmp_path, text):
    path = tmp_path / "table"
    path.write_text(text, newline="")
    header, rows = read_delimited(path)
    return header, [(line, list(row)) for line, row in rows]


@pytest.mark.parametrize("separator", ["\t", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_fields_are_text_and_lines_are_counted(tmp_path, separator, end):
    text = end.join(separator.join(row) for row in (["name", "y"], ["0001", "1e5"], ["NA", ""]))
    assert read(tmp_path, text) == (["name", "y"], [(2, ["0001", "1e5"]), (3, ["NA", ""])])


def test_blank_lines_are_skipped_and_counted(tmp_path):
    assert read(tmp_path, "a\tb\n\n1\t2\n   \n\t\n3\t4\n\n")[1] == [(3, ["1", "2"]), (6, ["3", "4"])]


def test_rows_that_are_all_empty_are_skipped(tmp_path):
    assert read(tmp_path, "a,b\n1,2\n,\n3,4\n")[1] == [(2, ["1", "2"]), (4, ["3", "4"])]


def test_quotes_hold_separators_and_quotes(tmp_path):
    assert read(tmp_path, '"a, b",c\n"1,5","say ""so"""\n') == (["a, b", "c"], [(2, ["1,5", 'say "so"'])])


def test_a_tab_in_the_header_makes_commas_text(tmp_path):
    assert read(tmp_path, "log2(a,b)\tc\n1,5\t2\n") == (["log2(a,b)", "c"], [(2, ["1,5", "2"])])


def test_a_tab_within_quotes_separates_nothing(tmp_path):
    assert read(tmp_path, '"a\tb",c\n1,2\n') == (["a\tb", "c"], [(2, ["1", "2"])])


@pytest.mark.parametrize("separator", [";", "|"])
def test_other_separators_are_named(tmp_path, separator):
    with pytest.raises(DeguError, match=r"the columns are separated by (semicolons|vertical bars)\n  expected: tabs"):
        read(tmp_path, separator.join(["a", "b"]) + "\n1,5" + separator + "2\n")


@pytest.mark.parametrize("text", ["", "\n", "   \n", "\n\na\tb\n1\t2\n"])
def test_a_first_line_that_is_blank_is_no_header(tmp_path, text):
    with pytest.raises(DeguError, match="the table has no header in its first line"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("rows", "line", "found"),
    [
        ("1,2\n3\n", 3, 1),
        ("1,2\n\n3,4,5\n", 4, 3),
        ("1\n3,4\n", 2, 1),
        ("1,2\n3,4\n# a comment\n", 4, 1),
    ],
)
def test_a_line_of_another_number_of_fields_is_named(tmp_path, rows, line, found):
    with pytest.raises(DeguError, match=rf"line {line} has {found} fields\n  expected: 2 fields, as the header has"):
        read(tmp_path, "a,b\n" + rows)


@pytest.mark.parametrize("header", ["a,b", "a,b,"])
def test_a_separator_at_the_end_of_every_line_is_refused_where_the_header_has_none(tmp_path, header):
    text = f"{header}\nx,1,\ny,2,\n"
    if header.endswith(","):
        assert read(tmp_path, text) == (["a", "b", ""], [(2, ["x", "1", ""]), (3, ["y", "2", ""])])
    else:
        with pytest.raises(DeguError, match=r"line 2 has 3 fields\n.*\n  remedy:   remove the separator at the end"):
            read(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"x,1\ny,2\n',
        'a,b\n"x,1\n"y,2\n',
        # The quotes of two lines enclose a field that begins in the one and ends in the other.
        'a,b\n"x,1\ny",2\n',
        'a,b\nx,"1"2\n',
    ],
)
def test_a_quote_that_is_not_closed_in_its_line_is_named(tmp_path, text):
    with pytest.raises(DeguError, match="line 2 cannot be split into fields"):
        read(tmp_path, text)


def test_a_quote_within_a_field_is_text(tmp_path):
    assert read(tmp_path, "a,b\n5' end,3\" end\n")[1] == [(2, ["5' end", '3" end'])]


@pytest.mark.parametrize(
    "text",
    [
        # write.table(frame, sep = "\t"), with and without quote = FALSE, and with row names of one's own.
        '"a"\t"b"\n"1"\t"x"\t0.5\n"2"\t"y"\t1.5\n',
        "a\tb\n1\tx\t0.5\n2\ty\t1.5\n",
        '"a"\t"b"\n"one"\t"x"\t0.5\n"two"\t"y"\t1.5\n',
    ],
)
def test_row_names_of_r_are_no_column(tmp_path, text):
    assert read(tmp_path, text) == (["a", "b"], [(2, ["x", "0.5"]), (3, ["y", "1.5"])])


@pytest.mark.parametrize(
    "text",
    [
        "a\tb\none\tx\t0.5\ntwo\ty\t1.5\n",
        "a\tb\n2\tx\t0.5\n3\ty\t1.5\n",
        '"a"\t"b"\n"one"\t"x"\t0.5\n"one"\t"y"\t1.5\n',
        'a\tb\n"one"\t"x"\t0.5\n',
    ],
)
def test_other_rows_with_a_field_too_many_are_refused(tmp_path, text):
    with pytest.raises(DeguError, match=r"line [23] has 3 fields\n  expected: 2 fields"):
        read(tmp_path, text)


def test_a_sequence_may_be_long(tmp_path):
    assert read(tmp_path, f"a,b\n{'A' * 500_000},1\n")[1][0][1][0] == "A" * 500_000


def test_a_byte_of_zero_is_no_letter(tmp_path):
    # Beyond the part of the file by which its kind is told.
    text = "a,b\n" + "x,1\n" * 5000 + "x\0y,1\n"
    with pytest.raises(DeguError, match="line 5002 holds a byte of zero"):
        list(read(tmp_path, text)[1])
