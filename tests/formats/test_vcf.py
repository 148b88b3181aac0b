"""VCF files: records as they are written, copies with more INFO fields, and what is no VCF."""

import gzip

import pysam
import pysam.bcftools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from degu.errors import DeguError
from degu.formats.vcf import Variant, Vcf, as_info_key, is_bases, is_info_key, is_vcf, quoted
from tests.drawing import same_each_time

HEADER = """##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
##FILTER=<ID=q10,Description="Low, quality">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"""
ROWS = [
    "chr1\t3\trs1\ta\tg,TT\t29.1234567890123\tPASS\tAF=0.123456789,0.1;DB",
    "chr1\t9\t.\tACG\tA\t.\tq10\t.",
    "chr2\t1\t.\tN\t<DEL>,*,C\t.\t.\t",
    "chr1\t2\tx;y\tR\tC\t.\t.\tAF=1",
    "chr1\t5\t.\tC\t.\t.\t.\t.",
]
VARIANTS = [
    Variant(5, 0, "chr1", 2, "rs1", "A", "G"),
    Variant(5, 1, "chr1", 2, "rs1", "A", "TT"),
    Variant(6, 0, "chr1", 8, "chr1:9:ACG>A", "ACG", "A"),
    Variant(7, 2, "chr2", 0, "chr2:1:N>C", "N", "C"),
]
TEXT = "\n".join([HEADER, *ROWS]) + "\n"


def plain(path):
    path.write_text(TEXT)


def with_crlf(path):
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())


def gzipped(path):
    with gzip.open(path, "wt") as file:
        file.write(TEXT)


def bgzipped(path):
    with pysam.BGZFile(str(path), "w") as file:
        file.write(TEXT.encode())


def without_last_newline(path):
    path.write_text(TEXT.rstrip("\n"))


@pytest.mark.parametrize("write", [plain, with_crlf, gzipped, bgzipped, without_last_newline])
def test_records_and_alleles_come_in_their_order(tmp_path, write):
    write(tmp_path / "a.vcf")
    source = Vcf(tmp_path / "a.vcf")
    assert "\n".join([*source.header, source.columns]) == HEADER
    assert source.info_keys == {"AF"}
    for _ in range(2):
        records = list(source)
        assert ["\t".join(record.fields) for record in records] == ROWS
        assert [record.line for record in records] == [5, 6, 7, 8, 9]
        assert [len(record.alternatives) for record in records] == [2, 1, 3, 1, 0]
        assert [variant for record in records for variant in record.variants()] == VARIANTS


def test_bcf_is_read_as_its_text(tmp_path):
    header = HEADER.replace("##FILTER", "##contig=<ID=chr1>\n##contig=<ID=chr2>\n##FILTER")
    (tmp_path / "a.vcf").write_text(
        f"{header}\nchr1\t3\trs1\tA\tG,TT\t29.5\tPASS\tAF=0.5,0.25\nchr2\t7\t.\tC\tT\t.\t.\t.\n"
    )
    pysam.bcftools.view("-Ob", "-o", str(tmp_path / "a.bcf"), str(tmp_path / "a.vcf"), catch_stdout=False)
    source = Vcf(tmp_path / "a.bcf")
    assert "AF" in source.info_keys
    assert [record.fields[:5] for record in source] == [["chr1", "3", "rs1", "A", "G,TT"], ["chr2", "7", ".", "C", "T"]]
    assert [variant[1:] for record in source for variant in record.variants()] == [
        (0, "chr1", 2, "rs1", "A", "G"),
        (1, "chr1", 2, "rs1", "A", "TT"),
        (0, "chr2", 6, "chr2:7:C>T", "C", "T"),
    ]


def test_more_info_fields_leave_all_else_as_it_was(tmp_path):
    samples = "\tGT:DP\t0/1:3\t./.:."
    rows = [f"{row}{samples}" for row in ROWS]
    (tmp_path / "a.vcf").write_text("\n".join([f"{HEADER}\tFORMAT\tone\ttwo", *rows]) + "\n")
    records = list(Vcf(tmp_path / "a.vcf"))
    assert [record.with_info({}) for record in records[:2]] == rows[:2]
    assert records[0].with_info({"X": ["1", "."], "Y": ["2", "3"]}) == (
        f"chr1\t3\trs1\ta\tg,TT\t29.1234567890123\tPASS\tAF=0.123456789,0.1;DB;X=1,.;Y=2,3{samples}"
    )
    assert records[1].with_info({"X": ["1"]}) == f"chr1\t9\t.\tACG\tA\t.\tq10\tX=1{samples}"
    assert records[2].with_info({"X": [".", ".", "1"]}).split("\t")[7] == "X=.,.,1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "the file is empty"),
        (f"{ROWS[0]}\n", "does not begin as VCF does"),
        ("##fileformat=VCFv4.2\n", "the header names no columns"),
        (f"##fileformat=VCFv4.2\n{ROWS[0]}\n", "line 2 is not the line that names the columns"),
        ("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n", "line 2 is not the line that names the columns"),
        (f"{HEADER}\nchr1\t3\t.\tA\tG\n", "line 5 has 5 columns"),
        (f"{HEADER}\nchr1 3 . A G . . .\n", "line 5 has 1 column\n"),
        (f"{HEADER}\n{ROWS[0]}\nchr1\tthree\t.\tA\tG\t.\t.\t.\n", "line 6 has the position 'three'"),
        (f"{HEADER}\nchr1\t-3\t.\tA\tG\t.\t.\t.\n", "line 5 has the position '-3'"),
        (f"{HEADER}\nchr1\t3\t.\t\tG\t.\t.\t.\n", "line 5 has an empty column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "holds bytes of zero"),
        (b"\x1f\x8b\x08\x00not gzip at all", "not a readable VCF file"),
        (HEADER.encode() + b"\nchr1\t3\tcaf\xe9\tA\tG\t.\t.\t.\n", "0xE9"),
    ],
)
def test_what_is_no_vcf_is_told(tmp_path, content, told):
    path = tmp_path / "a.vcf"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DeguError, match=r"a\.vcf") as error:
        list(Vcf(path))
    assert told in str(error.value)


def test_a_truncated_file_is_told(tmp_path):
    gzipped(tmp_path / "a.vcf.gz")
    whole = (tmp_path / "a.vcf.gz").read_bytes()
    (tmp_path / "b.vcf.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DeguError, match="not a readable VCF file"):
        list(Vcf(tmp_path / "b.vcf.gz"))


def test_a_damaged_bcf_is_told_without_a_word_of_its_library(tmp_path, capfd):
    with gzip.open(tmp_path / "a.bcf", "wb") as file:
        file.write(b"BCF\x02\x02no header")
    with pytest.raises(DeguError, match="not a readable VCF file"):
        Vcf(tmp_path / "a.bcf")
    assert capfd.readouterr().err == ""


def test_a_folder_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(DeguError, match="this is a folder"):
        Vcf(tmp_path)
    with pytest.raises(DeguError, match="there is no such file"):
        Vcf(tmp_path / "a.vcf")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.vcf", True), ("A.VCF.GZ", True), ("a.vcf.gz.tbi", False), ("a.bcf", False), ("vcf.tsv", False)],
)
def test_files_are_told_by_their_names(name, is_one):
    assert is_vcf(name) is is_one


def test_alleles_of_bases():
    assert all(map(is_bases, ["A", "acgtn", "GATTACA"]))
    assert not any(map(is_bases, ["", "*", ".", "<DEL>", "A[chr2:5[", "]chr2:5]A", "R", "A,C"]))


@same_each_time
@given(st.text(max_size=20))
def test_every_text_becomes_a_key_or_nothing(text):
    key = as_info_key(text)
    assert not key or is_info_key(f"DEGU_{key}")


@same_each_time
# The other library drops blanks at the end.
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=30).map(str.strip))
def test_what_is_quoted_is_read_back_by_another_library(text):
    header = pysam.VariantHeader()
    header.add_line(f'##INFO=<ID=X,Number=A,Type=Float,Description={quoted(text)},Version="1">')
    entries = dict(header.info["X"].record.items())
    assert entries["Description"] == quoted(text)
    assert entries["Version"] == '"1"'
