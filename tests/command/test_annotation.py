"""Copies of VCF files with INFO fields, read back by pysam."""

import gzip

import numpy as np
import pysam
import pytest

from degu.command.annotation import KEYS, Annotation, open_annotated
from degu.errors import DeguError
from degu.formats.vcf import Vcf, is_info_key
from degu.package.effects import MEANINGS

HEADER = (
    '##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
)
ROWS = [
    "chr1\t30\ta\tA\tC,<DEL>,G\t29.125\tPASS\tAF=0.1,0.2,0.3",
    "chr1\t10\tb\tA\t*\t.\t.\t.",
    "chr1\t20\tc\tAC\tA\t.\t.\t.",
]
ORIGIN = {"degu": "0.2.0", "model": "0a1b", "level": 0.9, "command": "degu variants 'my model' \"a.vcf\" -o b.vcf"}
TARGETS = ["Dev", "log2 (RNA/DNA)"]


@pytest.fixture
def source(tmp_path):
    (tmp_path / "a.vcf").write_text("\n".join([HEADER, *ROWS]) + "\n")
    return Vcf(tmp_path / "a.vcf")


def write(source, path, annotation, columns, unusual=None):
    records = list(source)
    variants = [variant for record in records for variant in record.variants()]
    with open_annotated(path, annotation) as file:
        file.write_header(source, ORIGIN)
        file.write(records, variants, columns, unusual or [""] * len(variants))


@pytest.mark.parametrize("name", ["b.vcf", "b.vcf.gz"])
def test_fields_are_read_back(tmp_path, source, name):
    annotation = Annotation("DEGU", TARGETS, ["log2", ""], list(MEANINGS))
    columns = {column: np.random.default_rng(1).normal(size=(3, 2)) for column in MEANINGS}
    write(source, tmp_path / name, annotation, columns, ["", "gc,composition", "epistemic"])
    with pysam.VariantFile(str(tmp_path / name)) as file:
        assert file.header.info["DEGU_DELTA_Dev"].number == "A"
        assert file.header.info["DEGU_DELTA_Dev"].type == "Float"
        assert "alternative less" in file.header.info["DEGU_DELTA_Dev"].description
        assert "Dev [log2]" in file.header.info["DEGU_DELTA_Dev"].description
        made = [dict(record.items()) for record in file.header.records if record.key == "degu"]
        for record, alleles in zip(file, ([0, None, 1], [None], [2]), strict=True):
            told = {(0, None, 1): (".", ".", "gc&composition"), (2,): ("epistemic",)}
            assert record.info.get("DEGU_UNUSUAL") == told.get(tuple(alleles))
            for (target, column), key in annotation.keys.items():
                place = TARGETS.index(target)
                expected = [None if row is None else columns[column][row, place] for row in alleles]
                if alleles == [None]:
                    assert key not in record.info
                else:
                    assert record.info[key] == tuple(
                        None if value is None else pytest.approx(value, rel=1e-5) for value in expected
                    )
    assert made[0]["Model"] == '"0a1b"'
    assert made[0]["Level"] == '"0.9"'
    assert "my model" in made[0]["Command"]


def test_all_else_stays_as_it_was(tmp_path, source):
    annotation = Annotation("DEGU", ["Dev"], [""], ["effect"])
    write(source, tmp_path / "b.vcf", annotation, {"effect": np.array([[0.5], [-0.25], [1e-7]])})
    lines = (tmp_path / "b.vcf").read_text().splitlines()
    added = [line for line in lines if line.startswith(("##INFO=<ID=DEGU", "##degu="))]
    assert len(added) == 3
    assert [line for line in lines if line not in added] == [
        *HEADER.splitlines(),
        f"{ROWS[0]};DEGU_DELTA=0.5,.,-0.25;DEGU_UNUSUAL=.,.,.",
        ROWS[1],
        "chr1\t20\tc\tAC\tA\t.\t.\tDEGU_DELTA=1e-07;DEGU_UNUSUAL=.",
    ]


def test_a_gzipped_copy_can_be_indexed(tmp_path, source):
    rows = [f"chr1\t{position}\t.\tA\tC\t.\t.\t." for position in range(1, 9)]
    source.path.write_text("\n".join([HEADER, *rows]) + "\n")
    write(source, tmp_path / "b.vcf.gz", Annotation("DEGU", ["Dev"], [""], ["effect"]), {"effect": np.ones((8, 1))})
    pysam.tabix_index(str(tmp_path / "b.vcf.gz"), preset="vcf")
    with pysam.VariantFile(str(tmp_path / "b.vcf.gz")) as file:
        assert [record.pos for record in file.fetch("chr1", 2, 5)] == [3, 4, 5]
    with gzip.open(tmp_path / "b.vcf.gz", "rt") as file:
        assert file.readlines()[-1] == f"{rows[-1][:-1]}DEGU_DELTA=1;DEGU_UNUSUAL=.\n"


@pytest.mark.parametrize(
    ("targets", "ends"),
    [
        (["any thing"], [""]),
        (["Dev", "Hk"], ["_Dev", "_Hk"]),
        (["log2 (RNA/DNA)", "2 µM"], ["_log2_RNA_DNA", "_2_M"]),
        (["a b", "a/b", "c"], ["_a_b_1", "_a_b_2", "_c"]),
        (["%", "+", "x"], ["_target_1", "_target_2", "_x"]),
    ],
)
def test_every_target_and_column_has_a_key_of_its_own(targets, ends):
    keys = Annotation("DEGU", targets, [""] * len(targets), list(MEANINGS)).keys
    assert keys == {
        (target, column): f"DEGU_{KEYS[column]}{end}"
        for target, end in zip(targets, ends, strict=True)
        for column in MEANINGS
    }
    assert len(set(keys.values())) == len(keys)
    assert all(map(is_info_key, keys.values()))


def test_a_field_that_is_there_already_is_refused(tmp_path, source):
    annotation = Annotation("DEGU", ["Dev"], [""], ["effect", "quantile"])
    annotation.check(source)
    write(source, tmp_path / "b.vcf", annotation, {"effect": np.ones((3, 1)), "quantile": np.ones((3, 1))})
    with pytest.raises(DeguError, match=r"INFO field DEGU_DELTA already(?s:.*)choose another --prefix"):
        annotation.check(Vcf(tmp_path / "b.vcf"))
    with pytest.raises(DeguError, match="INFO field DEGU_UNUSUAL already"):
        Annotation("DEGU", ["Dev"], [""], ["effect_std"]).check(Vcf(tmp_path / "b.vcf"))
    Annotation("MINE", ["Dev"], [""], ["effect"]).check(Vcf(tmp_path / "b.vcf"))


@pytest.mark.parametrize("prefix", ["", "1DEGU", "my degu", "a;b", "a=b", ".x"])
def test_a_prefix_that_makes_no_key_is_refused(source, prefix):
    with pytest.raises(DeguError, match="the prefix"):
        Annotation(prefix, ["Dev"], [""], ["effect"]).check(source)
