"""What names of columns say, on names as tables of assays have them."""

import pytest

from degu.data.column_names import (
    BATCH,
    GROUPS,
    MEASURED,
    NAME,
    OTHER,
    SPLIT,
    SPREAD,
    is_count,
    numbered_among,
    replicates_among,
    split_labels,
)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *[
            (name, True)
            for name in (
                "RNA_rep1",
                "dna_count",
                "n_barcodes",
                "nbc_rep1",
                "plasmid",
                "UMIs",
                "reads.total",
                "rna",
                "CPM",
            )
        ],
        *[
            (name, False)
            for name in ("log2(RNA/DNA)", "rna_dna_ratio", "activity", "log2FoldChange", "external", "countess")
        ],
    ],
)
def test_counts_are_told_from_ratios_of_counts(name, count):
    assert is_count(name) == count


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        (
            MEASURED,
            ["activity", "Dev_log2_enrichment", "expression", "mean", "y", "log2FoldChange"],
            ["gc", "padj", "sky"],
        ),
        (SPREAD, ["activity_std", "sd", "SE", "stderr_1", "ci_upper"], ["standard", "activity", "seed"]),
        (OTHER, ["padj", "p", "start", "GC", "n", "neg_log_p", "end.bp"], ["activity", "spring", "nucleosome"]),
        (NAME, ["name", "oligo_id", "ID", "seq.name", "id_in_library"], ["gene", "identity", "valid"]),
        (BATCH, ["batch", "Library", "plate_2", "run"], ["prune", "libraries_of"]),
        (SPLIT, ["split", "set", "fold", "data_split", "Partition"], ["offset", "log2_fold", "settings"]),
        (GROUPS[4], ["chr", "chromosome", "chrom_hg38"], ["chromatin", "achr"]),
        (GROUPS[2], ["element", "peak_id", "enhancer"], ["elements_of", "speak"]),
    ],
)
def test_words_are_found_between_what_is_no_letter(pattern, fitting, others):
    assert [name for name in fitting if not pattern.search(name)] == []
    assert [name for name in others if pattern.search(name)] == []


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["activity_rep1", "activity_rep2", "gc"], {"activity": ["activity_rep1", "activity_rep2"]}),
        (["rep1", "rep2", "rep3"], {"activity": ["rep1", "rep2", "rep3"]}),
        (["r1", "r2"], {"activity": ["r1", "r2"]}),
        (
            ["K562.r1", "K562.r2", "HepG2.r1", "HepG2.r2"],
            {"K562": ["K562.r1", "K562.r2"], "HepG2": ["HepG2.r1", "HepG2.r2"]},
        ),
        (["log2_Rep_1_dev", "log2_Rep_2_dev"], {"log2_dev": ["log2_Rep_1_dev", "log2_Rep_2_dev"]}),
        (["activityReplicate1", "activityReplicate2"], {"activity": ["activityReplicate1", "activityReplicate2"]}),
        (["biorep1", "biorep2"], {"activity": ["biorep1", "biorep2"]}),
        # One replicate is none, and a chromosome or a number of barcodes is no replicate.
        (["activity_rep1"], {}),
        (["chr1", "chr2"], {}),
        (["dev1", "dev2"], {}),
    ],
)
def test_replicates_share_all_but_their_number(names, found):
    assert replicates_among(names) == found


def test_columns_that_differ_by_a_number_alone():
    assert numbered_among(["activity_1", "activity_2", "other_1"]) == {"activity": ["activity_1", "activity_2"]}


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["Train", "val", "TEST"], {"train": ["Train"], "validation": ["val"], "test": ["TEST"]}),
        (
            ["training", "dev", "cal", "test", "held_out"],
            {"train": ["training"], "validation": ["dev"], "calibration": ["cal"], "test": ["test", "held_out"]},
        ),
        (["train", "test"], None),
        (["train", "val", "test", "other"], None),
        ([], None),
    ],
)
def test_a_split_names_training_validation_and_test(values, labels):
    assert split_labels(values) == labels
