"""Variants of a VCF file, against edits of strings and the student itself."""

import numpy as np
import pandas as pd
import pysam
import pytest

from degu.command import variants
from degu.command.annotation import Annotation
from degu.command.variants import Wishes, annotation_for, batches, effects, predict_variants, rows_of, survey
from degu.data.sequences import encode
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.formats.vcf import Variant, Vcf
from degu.package.folder import ModelFolder
from degu.package.profile_changes import profile_distance
from tests.command.edits import BASES, OTHER, between, heads_of, stds_of, turned
from tests.command.models import TARGETS
from tests.command.profile_models import LENGTH, POSITIONS

HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
# Position from 0 on, reference allele and alternatives: a substitution, a deletion and an insertion in one record, an
# allele that is predicted among others, several bases, lower case, and both ends of the chromosome. None is sorted.
LINES = [
    (150, BASES[150], [OTHER[BASES[150]]]),
    (80, BASES[80:83], [BASES[80], f"{BASES[80:83]}GATTACA"]),
    (120, BASES[120], ["<DEL>", "*", OTHER[OTHER[BASES[120]]]]),
    (60, BASES[60:64], ["ACGT"]),
    (200, BASES[200].lower(), [f"{BASES[200]}n".lower()]),
    (0, BASES[0], ["TT"]),
    (299, BASES[299], [OTHER[BASES[299]]]),
    # Longer than a window.
    (100, BASES[100:140], [BASES[100]]),
]
ALLELES = [(at, ref.upper(), alt.upper()) for at, ref, alts in LINES for alt in alts if alt.isalpha()]
PADDED = "N" * 100 + BASES + "N" * 100


@pytest.fixture
def genome(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES.lower()}\n>chrII\nNNNNNACGT\n")
    with Genome(tmp_path / "genome.fa") as opened:
        yield opened


def vcf(path, lines, chromosome="chrI"):
    rows = (f"{chromosome}\t{at + 1}\t.\t{ref}\t{','.join(alts)}\t.\t.\t.\n" for at, ref, alts in lines)
    path.write_text(HEADER + "".join(rows))
    return Vcf(path)


def windows(length, shift=0):
    """Return the windows of both alleles by edits of the chromosome, which is longer by N at its ends."""
    first, second = [], []
    for at, ref, alt in ALLELES:
        start = 100 + at - ((length - 1) // 2 + shift)
        edited = PADDED[: 100 + at] + alt + PADDED[100 + at + len(ref) :]
        first.append(PADDED[start : start + length])
        second.append(edited[start : start + length])
    return first, second


def found(model, source, genome, wishes):
    records_and_variants = list(batches(source, genome, 3))
    own = [variant for _, part in records_and_variants for variant in part]
    assert [(variant.position, variant.ref, variant.alt) for variant in own] == ALLELES
    return effects(model, own, genome, wishes)


def test_effects_are_those_of_edited_chromosomes(tmp_path, model, genome):
    pairs = found(model, vcf(tmp_path / "a.vcf", LINES), genome, Wishes())
    first, second = (list(map(between, texts)) for texts in windows(20))
    np.testing.assert_allclose(pairs.reference, heads_of(model, first), rtol=1e-5)
    np.testing.assert_allclose(pairs.alternative, heads_of(model, second), rtol=1e-5)
    np.testing.assert_allclose(pairs.std, stds_of(model, first, second), rtol=1e-5)


def test_shifted_windows_and_both_strands_are_averaged(tmp_path, model, genome):
    wishes = Wishes(shifts=2, shift_by=3, both_strands=True)
    assert wishes.places == [-6, -3, 0, 3, 6]
    pairs = found(model, vcf(tmp_path / "a.vcf", LINES), genome, wishes)
    reference, alternative, std = [], [], []
    for shift in wishes.places:
        for turn in (str, turned):
            first, second = ([between(turn(text)) for text in texts] for texts in windows(20, shift))
            reference.append(heads_of(model, first))
            alternative.append(heads_of(model, second))
            # A long insertion pushes the change out of a window in which the variant stands far to the right.
            same = np.array([[own == other] for own, other in zip(first, second, strict=True)])
            std.append(np.where(same, 0, stds_of(model, first, second)))
    np.testing.assert_allclose(pairs.reference, np.mean(reference, axis=0), rtol=1e-5)
    np.testing.assert_allclose(pairs.alternative, np.mean(alternative, axis=0), rtol=1e-5)
    np.testing.assert_allclose(pairs.std, np.mean(std, axis=0), rtol=1e-5)


def test_native_flanks_are_those_of_the_genome(tmp_path, model, genome):
    pairs = found(model, vcf(tmp_path / "a.vcf", LINES), genome, Wishes(native_flanks=True, both_strands=True))
    first, second = windows(24)
    np.testing.assert_allclose(
        pairs.reference, np.mean([heads_of(model, first), heads_of(model, list(map(turned, first)))], axis=0), rtol=1e-5
    )
    np.testing.assert_allclose(
        pairs.alternative,
        np.mean([heads_of(model, second), heads_of(model, list(map(turned, second)))], axis=0),
        rtol=1e-5,
    )


@pytest.mark.parametrize(("shifts", "by", "native"), [(1, 10, False), (2, 5, False), (1000, 1, True), (1, 12, True)])
def test_shifts_beyond_the_window_are_refused(model, shifts, by, native):
    wishes = Wishes(shifts=shifts, shift_by=by, native_flanks=native)
    with pytest.raises(DeguError, match=rf"--shifts: {shifts} shifts by {by} take a variant {shifts * by:,} bases"):
        wishes.check(model)
    Wishes(shifts=3, shift_by=3).check(model)
    Wishes(shifts=11, shift_by=1, native_flanks=True).check(model)


def test_a_record_that_has_one_of_the_fields_is_refused(tmp_path, genome):
    source = vcf(tmp_path / "a.vcf", LINES)
    lines = source.path.read_text().splitlines()
    last = "\t".join([*lines[-1].split("\t")[:7], "DEGU_Q_Hk=1"])
    source.path.write_text("\n".join([*lines[:-1], last]) + "\n")
    annotation = Annotation("DEGU", ["Dev", "Hk"], ["", ""], ["effect", "quantile"])
    with pytest.raises(DeguError, match=rf"a\.vcf: line {len(lines)} has the INFO field DEGU_Q_Hk already"):
        survey(source, genome, 20, "skip", annotation)


def test_everything_in_a_file_is_counted(tmp_path, genome, caplog):
    # The first base of the chromosome stands in its lower case, and beyond its end there is nothing.
    wrong = [(60, OTHER[BASES[60]], [BASES[60]]), (5, OTHER[BASES[5]], ["GGGG", "<INS>"]), (299, "AC", ["A"])]
    source = vcf(tmp_path / "a.vcf", [*LINES, *wrong])
    own = survey(source, genome, 20, "skip")
    assert (own.alleles, own.others, own.predicted, own.long) == (15, 3, 9, 1)
    assert caplog.messages == [
        "left out are 1 of 12 alleles: the genome has other bases than the reference allele (line 12)",
        "left out are 1 of 12 alleles: the genome has the alternative allele instead of the reference allele (line 11)",
        "left out are 1 of 12 alleles: they lie beyond the ends of their chromosome (line 13)",
        "left out are 3 of 15 alleles: they are no bases, such as <DEL>, * or a breakend",
        "alleles that are longer than a window of 20 bases, which shows a part of them: 1",
    ]


def test_wrong_references_are_refused_all_together(tmp_path, genome):
    wrong = [(60, OTHER[BASES[60]], [BASES[60]]), (5, OTHER[BASES[5]], ["GGGG"])]
    with pytest.raises(DeguError, match=r"1 of 11 alleles(?s:.*)line 12(?s:.*)1 of 11 alleles(?s:.*)line 11"):
        survey(vcf(tmp_path / "a.vcf", [*LINES, *wrong]), genome, 20, "refuse")


@pytest.mark.parametrize(
    ("lines", "chromosome", "mismatches", "told"),
    [
        ([], "chrI", "refuse", "the file has no variants"),
        (
            [(5, BASES[5], ["<DEL>", "*"])],
            "chrI",
            "refuse",
            "no allele can be predicted: 2 of 2 alleles: they are no bases",
        ),
        ([(5, BASES[5], ["."])], "chrI", "refuse", "the file has no variants"),
        ([(5, "A", ["C"])], "I", "refuse", "which calls it 'chrI'"),
        (
            [(5, "A", ["C"])],
            "I",
            "skip",
            "no allele can be predicted: 1 of 1 alleles: the genome has no such chromosome",
        ),
        ([(1, "A", ["C"])], "chrII", "skip", "no allele can be predicted: 1 of 1 alleles: the genome has other bases"),
        ([(1, "A", ["C"])], "chrII", "refuse", "1 of 1 alleles: the genome has other bases"),
        ([(900, "A", ["C"])], "chrI", "refuse", "line 3 lies at 901, and 'chrI' has 300 bases"),
        ([(-1, "A", ["C"])], "chrI", "refuse", "line 3 lies at 0"),
    ],
)
def test_what_cannot_be_predicted_is_refused(tmp_path, genome, lines, chromosome, mismatches, told):
    with pytest.raises(DeguError, match=r"a\.vcf") as error:
        survey(vcf(tmp_path / "a.vcf", lines, chromosome), genome, 20, mismatches)
    assert told in str(error.value)


@pytest.mark.parametrize("number", [1, 2, 4, 100])
def test_all_records_come_in_their_order(tmp_path, genome, number):
    source = vcf(tmp_path / "a.vcf", [(5, BASES[5], ["<DEL>"]), *LINES, (9, OTHER[BASES[9]], ["A"])])
    parts = list(batches(source, genome, number))
    assert [record for records, _ in parts for record in records] == list(source)
    assert [variant[3:] for _, own in parts for variant in own] == [
        (at, f"chrI:{at + 1}:{ref}>{alt}", ref.upper(), alt.upper())
        for at, ref, alts in LINES
        for alt in alts
        if alt.isalpha()
    ]
    # Each but the last is just full enough.
    for records, own in parts[:-1]:
        assert len(own) - len(records[-1].alternatives) < number <= len(own)


def test_long_records_wait_for_no_others(tmp_path, genome, monkeypatch):
    monkeypatch.setattr(variants, "_MOST_LETTERS", 40)
    source = vcf(tmp_path / "a.vcf", LINES)
    assert max(len(records) for records, _ in batches(source, genome, 100)) < len(LINES) / 2


def test_a_row_for_each_allele_and_target():
    columns = {"effect": np.array([[1.0, 2.0], [3.0, 4.0]])}
    alleles = [Variant(3, 0, "chrI", 4, "a", "A", "C"), Variant(3, 1, "chrI", 4, "a", "A", "GG")]
    table = pd.DataFrame(rows_of(alleles, TARGETS, columns, ["", "gc"]))
    assert table.to_numpy().tolist() == [
        ["a", "chrI", 5, "A", "C", "Dev", 1.0, ""],
        ["a", "chrI", 5, "A", "C", "Hk", 2.0, ""],
        ["a", "chrI", 5, "A", "GG", "Dev", 3.0, "gc"],
        ["a", "chrI", 5, "A", "GG", "Hk", 4.0, "gc"],
    ]


@pytest.mark.parametrize("name", ["a.bed", "a.txt", "a.bcf", "a.parquet.gz", "a"])
def test_outputs_of_other_formats_are_refused(tmp_path, model, name):
    source = vcf(tmp_path / "a.vcf", LINES)
    with pytest.raises(DeguError, match="tells no format"):
        annotation_for(model, source, tmp_path / name, "DEGU")


def test_a_student_without_the_head_annotates_no_std(tmp_path, model, plain):
    source = vcf(tmp_path / "a.vcf", LINES)
    keys = annotation_for(model, source, tmp_path / "b.vcf.gz", "X").keys
    assert {"X_DELTA_SD_Dev", "X_LO_Hk"} <= set(keys.values())
    without = annotation_for(plain, source, tmp_path / "b.vcf", "X").keys
    assert set(keys.values()) - set(without.values()) == {
        f"X_{column}_{target}" for column in ("DELTA_SD", "LO", "HI") for target in TARGETS
    }
    assert annotation_for(model, source, tmp_path / "b.tsv", "X") is None


def test_memory_does_not_grow_with_the_file(tmp_path, model, genome, monkeypatch):
    """No more alleles are held than are predicted together."""
    monkeypatch.setattr(variants, "BATCH", 8)
    source = vcf(tmp_path / "a.vcf", LINES * 20)
    sizes = []
    monkeypatch.setattr(variants, "effects", lambda model, own, *_: sizes.append(len(own)) or effects(model, own, *_))
    origin = {"degu": "0", "model": "0", "level": 0.9, "command": "degu"}
    predict_variants(model, source, genome, tmp_path / "b.tsv", Wishes(), origin, 180)
    assert sum(sizes) == 180
    assert max(sizes) <= 9
    assert len(pd.read_csv(tmp_path / "b.tsv", sep="\t", skiprows=1)) == 360


def test_profiles_of_alleles_are_compared_at_the_bases_that_both_have(tmp_path, profiles_path, genome):
    model = ModelFolder(profiles_path)
    wishes = Wishes(shifts=1, shift_by=7, both_strands=True)
    pairs = found(model, vcf(tmp_path / "a.vcf", LINES), genome, wishes)
    margin = (LENGTH - POSITIONS) // 2
    distances = []
    for shift in wishes.places:
        sides = [
            model.predict(encode(texts))["profile"]
            + np.flip(model.predict(encode(list(map(turned, texts))))["profile"], axis=(2, 3))
            for texts in windows(LENGTH, shift)
        ]
        edits = [((LENGTH - 1) // 2 + shift - margin, len(ref), len(alt)) for _, ref, alt in ALLELES]
        distances.append(profile_distance(*sides, np.array(edits)))
    np.testing.assert_allclose(pairs.profile_distance, np.mean(distances, axis=0), rtol=1e-4)


def test_a_student_of_profiles_writes_their_distance(tmp_path, profiles_path, genome):
    model, source = ModelFolder(profiles_path), vcf(tmp_path / "a.vcf", LINES)
    origin = {"degu": "0", "model": "0", "level": 0.9, "command": "degu"}
    for name in ("b.tsv", "b.vcf"):
        predict_variants(model, source, genome, tmp_path / name, Wishes(), origin, len(ALLELES))
    table = pd.read_csv(tmp_path / "b.tsv", sep="\t", skiprows=1)
    assert table.columns.tolist()[-2:] == ["profile_distance", "unusual"]
    assert table["profile_distance"].between(0, np.sqrt(np.log(2))).all()
    assert table["profile_distance"].max() > 0.01
    with pysam.VariantFile(str(tmp_path / "b.vcf")) as file:
        told = [value for record in file for value in record.info["DEGU_JSD_cuts"] if value is not None]
    np.testing.assert_allclose(told, table["profile_distance"][::2], rtol=1e-4)
