"""Each line of delimited text is accounted for."""

import pytest

from degu.errors import DeguError
from degu.formats.delimited import find_header, read_delimited


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


def test_the_first_column_needs_no_name(tmp_path):
    # Pandas writes its row numbers so, and R with col.names = NA its row names.
    assert read(tmp_path, '"","a"\n"1",0.5\n') == (["", "a"], [(2, ["1", "0.5"])])


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("a,b,\nx,0,37\n", r"name the column or remove it; .*decimal comma"), ("a\tb\t \nx\t0\t37\n", "remove it$")],
)
def test_a_field_in_another_column_without_a_name_is_told(tmp_path, text, remedy):
    with pytest.raises(DeguError, match=f"(?s)line 2 holds '37' in column 3, which has no name.*{remedy}"):
        read(tmp_path, text)


@pytest.mark.parametrize("start", ["<!DOCTYPE html>", "<html>", '<?xml version="1.0"?>', "  <HTML lang='en'>"])
def test_a_web_page_is_named(tmp_path, start):
    with pytest.raises(DeguError, match=r"the file is a web page(.|\n)*fetch the file again"):
        read(tmp_path, f"{start}\n<body>\n")


def test_two_byte_order_marks_are_told(tmp_path):
    with pytest.raises(DeguError, match=r"begins with more than one byte order mark(.|\n)*remove the marks"):
        read(tmp_path, "\ufeff\ufeffa\tb\n1\t2\n")
    assert read(tmp_path, "\ufeffa\tb\n1\t2\n")[0] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("# made by hand\na\tb\n", "delete all lines above line 2, "),
        ("Table 4: activities, of all\n\n,,\na, b,c\n", "delete all lines above line 4, "),
        ('a  "b"\nx 1\n', "separate the columns by tabs: line 1 "),
        ("# made by hand\na b\n", "separate the columns by tabs: line 2 "),
        ("a\tb\n", None),
        ("title\n" * 20 + "a\tb\n", None),
        ("x\ty\n", None),
    ],
)
def test_a_header_elsewhere_is_found(tmp_path, text, advice):
    (tmp_path / "table").write_text(text)
    found = find_header(tmp_path / "table", ["b", "a"])
    assert found is None if advice is None else found.startswith(advice)


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


def test_row_names_of_r_are_no_column(tmp_path):
    # This is what write.table(frame, sep = "\t") writes.
    text = '"a"\t"b"\n"1"\t"x"\t0.5\n"2"\t"y"\tNA\n'
    assert read(tmp_path, text) == (["a", "b"], [(2, ["x", "0.5"]), (3, ["y", "NA"])])


NOT_CERTAIN = [
    # The first field may be the row's name or number, and the last one stand in a column without a name.
    "a\tb\n1\tx\t0.5\n2\ty\t1.5\n",
    '"a"\t"b"\n1\t"x"\t0.5\n2\t"y"\t1.5\n',
    '"a"\t"b"\n"one"\t"x"\t0.5\n"two"\t"y"\t1.5\n',
    '"a"\t"b"\n"1"\t"x"\t"0.5"\n"2"\t"y"\t"1.5"\n',
    '"a"\t"b"\n"2"\t"x"\t0.5\n"3"\t"y"\t1.5\n',
    '"a"\t"b"\n"1"\t"x"\t0.5\n"3"\t"y"\t1.5\n',
    "a\tb\none\tx\t0.5\ntwo\ty\t1.5\n",
    'a\tb\n"1"\tx\t0.5\n',
    # A decimal comma may have made two fields of one.
    "a,b\n1,0,37\n2,1,5\n",
    '"a","b"\n"1",0,37\n',
    '"a","b"\n"1","x",0.5\n',
]


@pytest.mark.parametrize("text", NOT_CERTAIN)
def test_rows_with_a_field_too_many_that_is_not_certainly_a_row_name_are_refused(tmp_path, text):
    with pytest.raises(DeguError, match=r"line [23] has 3 fields\n  expected: 2 fields") as caught:
        read(tmp_path, text)
    assert "if a column has no name in the header, give it one; if the first field is a row name" in str(caught.value)
    assert ("decimal comma" in str(caught.value)) == ("," in text)


def test_a_sequence_may_be_long(tmp_path):
    assert read(tmp_path, f"a,b\n{'A' * 500_000},1\n")[1][0][1][0] == "A" * 500_000


def test_a_byte_of_zero_is_no_letter(tmp_path):
    # Beyond the part of the file by which its kind is told.
    text = "a,b\n" + "x,1\n" * 5000 + "x\0y,1\n"
    with pytest.raises(DeguError, match="line 5002 holds a byte of zero"):
        list(read(tmp_path, text)[1])
