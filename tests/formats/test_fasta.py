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
    ("name", "expected"), [("a.fa", True), ("a.fasta.gz", True), ("b.fna", True), ("a.tsv", False), ("fa", False)]
)
def test_a_fasta_file_is_known_by_its_name(name, expected):
    assert is_fasta(name) == expected
