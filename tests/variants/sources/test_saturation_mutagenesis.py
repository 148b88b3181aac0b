"""Saturation mutagenesis in the published layout, against the bases of a genome."""

import re

import numpy as np
import pytest

from degu.errors import DeguError
from degu.variants.sources.saturation_mutagenesis import load
from tests.conftest import skip_without
from tests.variants.sets import genome_of, published_table

WINDOW = {"chromosome": "locus", "position": "at", "ref": "ref", "alt": "alt", "value": "value", "locus": "locus"}


def other(base: str, step: int = 1) -> str:
    return "ACGT"[("ACGT".index(base) + step) % 4]


@pytest.fixture
def published(tmp_path):
    """Return a genome and two tables of a locus, in the layout of CAGI5, with their sequences."""
    path, sequences = genome_of(tmp_path, {"chr1": 400, "chrX": 300})
    bases = sequences["chrX"]
    rows = [("X", at + 1, bases[at], other(bases[at], step), at / 100, 0.3) for at in (0, 150, 299) for step in (1, 2)]
    challenge = published_table(tmp_path / "challenge_F9.tsv.gz", [*rows[:4], ("X", 201, bases[200], "-", 1.5, 0.01)])
    release = published_table(tmp_path / "release_F9.tsv", rows[4:])
    tables = {
        "challenge_F9": {"locus": "F9", "part": "challenge"},
        "release_F9": {"locus": "F9", "part": "release"},
    }
    return {"sequences": path, "challenge_F9": challenge, "release_F9": release}, tables, bases


def test_published_tables_with_a_genome(published):
    files, tables, bases = published
    variants = load(files, tables=tables, prefix="chr", context=30)
    assert len(variants) == 7
    assert set(variants.loci) == {"F9"}
    assert list(variants.parts) == ["challenge"] * 5 + ["release"] * 2
    np.testing.assert_allclose(variants.effect, [0, 0, 1.5, 1.5, 1.5, 2.99, 2.99])
    np.testing.assert_allclose(variants.confidence, [0.3] * 4 + [0.01] + [0.3] * 2)
    padded = "N" * 30 + bases + "N" * 30
    for row, at in enumerate([0, 0, 150, 150, 200, 299, 299]):
        assert variants.left[row] == padded[at : at + 30]
        assert variants.reference[row] == bases[at]
        assert variants.right[row] == padded[at + 31 : at + 61]
    assert variants.alternative[4] == ""
    assert variants.names[4] == f"chrX:201:{bases[200]}>-"
    # Variants of one position are one group.
    assert len(set(variants.groups)) == 4


def test_windows_with_indices(tmp_path):
    path, sequences = genome_of(tmp_path, {"F9": 80, "LDLR": 90})
    table = tmp_path / "table.tsv"
    lines = ["locus\tat\tref\talt\tvalue"]
    lines += [
        f"{name}\t{at}\t{bases[at].lower()}\t{other(bases[at])}\t{at}"
        for name, bases in sequences.items()
        for at in (40, 41)
    ]
    table.write_text("\n".join(lines))
    variants = load({"table": table, "sequences": path}, columns={**WINDOW, "confidence": ""}, first=0, context=10)
    assert variants.confidence is None
    assert list(variants.loci) == ["F9", "F9", "LDLR", "LDLR"]
    assert variants.left[3] + variants.reference[3] + variants.right[3] == sequences["LDLR"][31:52]


def test_without_labels_a_table_names_its_locus(published):
    files, _, _ = published
    assert set(load(files, prefix="chr").loci) == {"challenge_F9", "release_F9"}


def test_wrong_reference_bases_are_refused_with_their_rows(published, tmp_path):
    files, tables, bases = published
    wrong = [("X", at + 1, other(bases[at]), bases[at] if at == 9 else other(bases[at], 2), 0, 0) for at in (9, 10)]
    published_table(files["release_F9"], [("X", 3, bases[2], other(bases[2]), 0, 0), *wrong])
    with pytest.raises(DeguError) as error:
        load(files, tables=tables, prefix="chr")
    assert "2 of 3 reference alleles are not those of the sequences: rows 5, 6" in str(error.value)
    assert f"the first with {other(bases[9])} where the sequence has {bases[9]}" in str(error.value)


def test_positions_beyond_their_sequence_are_told_with_its_length(published):
    files, tables, bases = published
    published_table(files["release_F9"], [("X", at, bases[0], other(bases[0]), 0, 0) for at in (1, 301, 900)])
    with pytest.raises(DeguError) as error:
        load(files, tables=tables, prefix="chr")
    name = f"chrX:301:{bases[0]}>{other(bases[0])}"
    assert "2 of 3 variants lie beyond their sequence: rows 5, 6" in str(error.value)
    assert f"the first of which is {name}, where 'chrX' has 300 bases" in str(error.value)


def test_a_row_without_its_locus_is_named(tmp_path):
    path, sequences = genome_of(tmp_path, {"F9": 80})
    table, base = tmp_path / "table.tsv", sequences["F9"][3]
    table.write_text(f"chromosome\tlocus\tat\tref\talt\tvalue\nF9\t\t3\t{base}\t{other(base)}\t1\n")
    columns = {**WINDOW, "confidence": "", "chromosome": "chromosome"}
    with pytest.raises(DeguError, match="column 'locus' is empty in row 2"):
        load({"table": table, "sequences": path}, columns=columns, first=0)


def test_counting_from_the_wrong_number_is_found(published):
    files, tables, _ = published
    with pytest.raises(DeguError, match="set `first`"):
        load(files, tables=tables, prefix="chr", first=0)


def test_names_of_chromosomes_without_their_prefix_are_refused(published):
    files, tables, _ = published
    with pytest.raises(DeguError, match="calls it 'chrX'"):
        load(files, tables=tables)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("X", 1.5, "A", "C", 0, 0), "column 'Pos' holds no whole number in row 4"),
        (("X", 1, "A", "", 0, 0), "the alleles 'A' and '' in row 4"),
        (("X", 1, "A", "K", 0, 0), "the alleles 'A' and 'K' in row 4"),
        (("X", 1, "A", "C", "high", 0), "column 'Value' holds 'high' in row 4"),
    ],
)
def test_bad_rows_are_named(published, row, told):
    files, tables, bases = published
    row = tuple(bases[0] if cell == "A" else cell for cell in row)
    published_table(files["release_F9"], [row])
    with pytest.raises(DeguError, match=re.escape(told.replace("'A'", f"'{bases[0]}'"))):
        load(files, tables=tables, prefix="chr")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"columns": {"value": ""}}, "no column for 'value'"),
        ({"tables": {"release": {}}}, "there is no file 'release'"),
        ({"tables": {"release_F9": {"loc": "F9"}}}, "unknown key 'loc'\n.*did you mean 'locus'"),
    ],
)
def test_wrong_options_are_named(published, options, told):
    with pytest.raises(DeguError, match=told):
        load(published[0], **options)


def test_a_table_is_needed(published):
    with pytest.raises(DeguError, match="tables of variants"):
        load({"sequences": published[0]["sequences"]})


def test_measured_loci():
    variants = load(
        {"table": skip_without("cagi5/variants.tsv.gz"), "sequences": skip_without("cagi5/windows_hg19_2048.fa")},
        columns={
            **{"chromosome": "locus", "position": "window_index0", "ref": "ref", "alt": "alt", "value": "value"},
            **{"confidence": "confidence", "locus": "locus", "part": "cagi5_set"},
        },
        first=0,
    )
    assert len(variants) == 1851
    assert {locus: int((variants.loci == locus).sum()) for locus in ("F9", "LDLR")} == {"F9": 897, "LDLR": 954}
