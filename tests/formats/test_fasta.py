"""FASTA files are read name by name, each with its line."""

import gzip

import pytest

from degu.errors import DeguError
from degu.formats.fasta import FastaRecord, is_fasta, read_fasta


def read(tmp_path, text, *, zipped=False):
    path = tmp_path / "sequences.fa"
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    return list(read_fasta(path))


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_names_and_sequences_are_read_over_any_number_of_lines(tmp_path, end, zipped):
    text = end.join([">one of two", "ACGT", "acgtn", "", ">two", "TT", ""])
    assert read(tmp_path, text, zipped=zipped) == [FastaRecord(1, "one", "ACGTacgtn"), FastaRecord(5, "two", "TT")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ACGT\n>one\nACGT\n", "line 1 comes before the first name"),
        ("", "the file has no sequences"),
        (">one\n>two\nACGT\n", "'one' in line 1 has no sequence"),
        (">one\nACGT\n>two\n", "'two' in line 3 has no sequence"),
    ],
)
def test_what_is_no_fasta_is_told(tmp_path, text, message):
    with pytest.raises(DeguError, match=message):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("a.fa", True), ("a.fasta.gz", True), ("b.fna", True), ("W.FA", True), ("W.Fasta.GZ", True)),
        *(("a.tsv", False), ("fa", False), ("x.fa.tsv", False), ("x.fa.tsv.gz", False), ("dir.fa/x.tsv", False)),
    ],
)
def test_a_fasta_file_is_known_by_its_name(name, expected):
    assert is_fasta(name) == expected


def damage(data):
    """Return gzipped data whose checksum is wrong."""
    return data[:-8] + bytes([data[-8] ^ 1]) + data[-7:]


@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], damage], ids=["truncated", "checksum"])
def test_a_damaged_gzipped_file_is_told(tmp_path, spoil):
    path = tmp_path / "sequences.fa.gz"
    path.write_bytes(spoil(gzip.compress(b"".join(b">s%d\nACGT\n" % number for number in range(5000)))))
    with pytest.raises(DeguError, match=r"sequences\.fa\.gz: not a readable FASTA file: .*\n  expected: FASTA"):
        list(read_fasta(path))


def test_a_folder_is_told(tmp_path):
    with pytest.raises(DeguError, match=f"{tmp_path}: this is a folder\n  expected: FASTA"):
        list(read_fasta(tmp_path))


def test_a_name_ends_at_a_blank_or_a_tab(tmp_path):
    (tmp_path / "a.fa").write_text(">one first\nAC\n>two\tsecond\nAC\n> three\nAC\n")
    assert [record.name for record in read_fasta(tmp_path / "a.fa")] == ["one", "two", ""]
