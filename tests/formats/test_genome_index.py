"""Whether an index was made of the FASTA file that it lies beside."""

import os

import pysam
import pytest

from degu.formats.genome_index import is_index_of

TEXT = ">one first\nACGTAC\nGTACGT\nAC\n>two\nACGTAC\nGTACGT\n\n>three\tx\nACG\n"


@pytest.fixture
def files(tmp_path):
    path = tmp_path / "genome.fa"
    path.write_text(TEXT)
    pysam.faidx(str(path))
    return path, tmp_path / "genome.fa.fai"


def test_the_index_of_a_file_fits(files):
    path, index = files
    assert is_index_of(index, path)
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    pysam.faidx(str(path))
    assert is_index_of(index, path)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("GTACGT\nAC\n", "AC\n", 1),
        TEXT.replace(">one first", ">one"),
        TEXT.replace(">two", ">owt"),
        TEXT.replace("\nACG\n", "\nACGT\n"),
        TEXT + "ACG\n",
    ],
)
def test_the_index_of_another_file_of_an_older_date_does_not_fit(files, text):
    path, index = files
    path.write_text(text)
    os.utime(path, (1, 1))
    assert not is_index_of(index, path)


@pytest.mark.parametrize("text", ["", "one\n", "one\t14\t11\t0\t7\n", "one\t14\t11\t6\tx\n"])
def test_a_damaged_index_does_not_fit(files, text):
    path, index = files
    index.write_text(text)
    assert not is_index_of(index, path)


def test_an_index_that_is_older_or_not_there_does_not_fit(files):
    path, index = files
    os.utime(index, (1, 1))
    assert not is_index_of(index, path)
    index.unlink()
    assert not is_index_of(index, path)
