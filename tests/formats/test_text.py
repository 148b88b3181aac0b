"""Text is read as UTF-8, and whatever else is found is named."""

import gzip
import random

import pysam
import pytest

from degu.errors import DeguError
from degu.formats.text import is_gzipped, open_text


def write(path, content, zipped):
    path.write_bytes(gzip.compress(content) if zipped else content)
    return path


def lines_of(path):
    with open_text(path) as handle:
        return handle.readlines()


@pytest.mark.parametrize("zipped", [False, True])
def test_text_is_read_gzipped_or_not_whatever_its_name(tmp_path, zipped):
    path = write(tmp_path / ("plain" if zipped else "plain.gz"), b"one\ntwo\n", zipped)
    assert is_gzipped(path) == zipped
    assert lines_of(path) == ["one\n", "two\n"]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_a_line_is_the_same(tmp_path, end, zipped):
    path = write(tmp_path / "text", f"one{end}two{end}".encode(), zipped)
    assert lines_of(path) == ["one\n", "two\n"]


@pytest.mark.parametrize("zipped", [False, True])
def test_the_mark_that_excel_puts_before_utf_8_is_no_text(tmp_path, zipped):
    assert lines_of(write(tmp_path / "text", "naïve\n".encode("utf-8-sig"), zipped)) == ["naïve\n"]


def test_the_encoding_of_the_user_does_not_matter(tmp_path, monkeypatch):
    monkeypatch.setattr("locale.getpreferredencoding", lambda *_: "cp1252")
    assert lines_of(write(tmp_path / "text", "µ\n".encode(), False)) == ["µ\n"]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_that_begin_with_a_mark_are_named(tmp_path, encoding, zipped):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    path = write(tmp_path / "text", mark + "a\tb\n".encode(encoding), zipped)
    name = encoding.upper()[:6]
    with pytest.raises(DeguError, match=f"the file is text in {name}\n  expected: .*\n  remedy: .*iconv -f {name}"):
        lines_of(path)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_named(tmp_path, encoding, zipped):
    path = write(tmp_path / "text", "sequence\tprécis\n".encode(encoding), zipped)
    name = encoding.upper().replace("-LE", "LE").replace("-BE", "BE")
    with pytest.raises(DeguError, match=f"the file is text in {name}\n  expected: .*\n  remedy: .*iconv -f {name} "):
        lines_of(path)


def test_random_bytes_are_no_text(tmp_path):
    with pytest.raises(DeguError, match="the file is no text, since it holds bytes of zero"):
        lines_of(write(tmp_path / "file", random.Random(3).randbytes(5000), False))


@pytest.mark.parametrize("line", [1, 2, 5000])
def test_a_byte_of_windows_is_named_with_its_line(tmp_path, line):
    content = b"plain\n" * (line - 1) + "caf\xe9".encode("cp1252") + b"\nplain\n"
    with pytest.raises(DeguError, match=rf"line {line} holds the byte 0xE9, .*'é' in cp1252.*\n.*\n.*-f CP1252"):
        lines_of(write(tmp_path / "text", content, False))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old version of Excel"),
        (b"\x89HDF\r\n", "HDF5"),
    ],
)
def test_files_that_are_no_text_are_named(tmp_path, start, kind):
    with pytest.raises(DeguError, match=kind):
        lines_of(write(tmp_path / "file", start + bytes(20), False))


def test_a_truncated_gzip_file_is_an_error(tmp_path):
    content = gzip.compress(b"one\n" * 5000)
    (tmp_path / "text.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(EOFError):
        lines_of(tmp_path / "text.gz")


@pytest.mark.parametrize("lines", [10, 30_000])
def test_a_file_of_bgzip_that_is_cut_between_two_blocks_is_refused(tmp_path, lines):
    with pysam.BGZFile(str(tmp_path / "a.gz"), "w", None) as file:
        for number in range(lines):
            file.write(f"line {number} {number**3}\n".encode())
    with open_text(tmp_path / "a.gz") as handle:
        assert len(handle.readlines()) == lines
    whole = (tmp_path / "a.gz").read_bytes()
    # A block begins with these bytes, and the last one is empty.
    starts = [at for at in range(len(whole)) if whole.startswith(b"\x1f\x8b\x08\x04", at)]
    for cut in starts[1:]:
        (tmp_path / "a.gz").write_bytes(whole[:cut])
        with (
            pytest.raises(
                DeguError, match=r"a\.gz: the file is cut off: the block that ends a file of bgzip is missing"
            ),
            open_text(tmp_path / "a.gz") as handle,
        ):
            handle.read()


def test_a_file_of_plain_gzip_needs_no_such_block(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"a\n"))
    with open_text(tmp_path / "a.gz") as handle:
        assert handle.read() == "a\n"
