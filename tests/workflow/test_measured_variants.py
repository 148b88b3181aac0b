"""Sets of measured variants in a run: planned, run to the figure with small networks, and refused if wrong."""

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.conftest import skip_without
from tests.variants.sets import genome_of, published_table
from tests.workflow.command import job_counts, snakemake, succeed
from tests.workflow.test_dry_run import data_of

LENGTH, CONTEXT = 60, 80
ENSEMBLE = "results/mine/small_noise/fraction-1"
FIGURE = "figures/mine/small_noise/locus/variant_effects.png"
SETTINGS = ("--configfile", "mine.yaml")


@pytest.fixture
def assay(case):
    """Write a small assay with flanks, and a locus of saturation mutagenesis, into a copy; return the copy's folder."""
    folder, rng = case.folder, np.random.default_rng(3)
    sequences = ["".join(rng.choice(list("ACGT"), LENGTH)) for _ in range(240)]
    activity = np.array([sequence.count("G") / 10 for sequence in sequences])
    replicates = {f"rep{number}": activity + 0.1 * rng.standard_normal(240) for number in (1, 2)}
    pd.DataFrame({"sequence": sequences, **replicates}).to_csv(folder / "mine.tsv", sep="\t", index=False)
    path, chromosomes = genome_of(folder, {"chr1": 400}, seed=4)
    bases = chromosomes["chr1"]
    rows = [
        ("1", at + 1, bases[at], base, ((base == "G") - (bases[at] == "G")) / 10 + 0.02 * rng.standard_normal(), 0.2)
        for at in range(180, 220)
        for base in "ACGT"
        if base != bases[at]
    ]
    published_table(folder / "release.tsv", rows[:60])
    published_table(folder / "challenge.tsv", rows[60:])
    files = {
        "config/datasets/mine.yaml": {
            "importer": "table",
            "files": {"table": {"path": "mine.tsv"}},
            "options": {
                "left_flank": "ACGTA",
                "right_flank": "TT",
                "targets": {"activity": {"replicates": ["rep1", "rep2"], "unit": "log2"}},
            },
        },
        "config/variants/locus.yaml": {
            "source": "saturation_mutagenesis",
            "files": {name: {"path": f"{name}.tsv"} for name in ("release", "challenge")}
            | {"sequences": {"path": path.name}},
            "options": {
                "prefix": "chr",
                "context": CONTEXT,
                "tables": {name: {"locus": "L1", "part": name} for name in ("release", "challenge")},
            },
            "protocols": {"zero_shot": {}, "challenge": {"parts": ["challenge"], "calibration": ["release"]}},
        },
        "mine.yaml": {
            "datasets": ["mine"],
            "study": {"teachers": ["small_noise"], "members": 2, "student_seeds": 1, "variants": ["locus"]},
            "attribution": {"run": []},
            "shift": {"run": []},
            "variants": {"shifts": 1, "shift_by": 4, "both_strands": True},
            "overrides": {"teachers": {"small_noise": {"epochs": 2}}, "students": {"degu": {"epochs": 2}}},
        },
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content))
    return folder


def test_the_run_of_measured_variants(copy):
    skip_without("cagi5/variants.tsv.gz")
    counts = job_counts(succeed(copy, *data_of("config/variant_effects.yaml")))
    assert {name: number for name, number in counts.items() if "variant" in name} == {
        # Two files of CAGI5, and one of the pairs.
        "fetch_variant_source": 3,
        **dict.fromkeys(["import_variants", "predict_variants", "predict_variants_by_students", "assess_variants"], 2),
        **dict.fromkeys(["predict_variants_by_kmer_ridge", "plot_variant_effects"], 2),
    }


def test_a_set_is_in_the_plan_of_the_data_set_that_names_it(assay):
    counts = job_counts(succeed(assay, *SETTINGS, "-n"))
    assert counts["fetch_variant_source"] == 3
    assert counts["plot_variant_effects"] == counts["import_variants"] == 1
    without = job_counts(succeed(assay, *SETTINGS, "--config", "study.variants=[]", "-n"))
    assert not [name for name in without if "variant" in name]


def test_a_path_that_is_not_there_stops_the_plan(assay):
    (assay / "release.tsv").unlink()
    done = snakemake(assay, *SETTINGS, "-n")
    assert done.returncode != 0
    assert "there is no file release.tsv" in done.stdout
    assert "set of variants 'locus': files.release.path" in done.stdout


@pytest.mark.slow
def test_a_set_is_run_to_its_figure(assay):
    succeed(assay, *SETTINGS, "--cores", "2", "--", FIGURE)
    assert (assay / FIGURE).stat().st_size > 10_000
    folder = assay / ENSEMBLE / "variants" / "locus"
    scores = pd.read_csv(folder / "scores.tsv", sep="\t")
    assert set(scores["windows"]) == {"native", "construct"}
    assert set(scores["model"]) == {"kmer_ridge", "member", "ensemble", "student"}
    assert set(scores["protocol"]) == {"zero_shot", "challenge"}
    effects = pd.read_parquet(folder / "effects.parquet")
    assert len(effects) == 2 * 3 * 120
    uncertainty = pd.read_csv(folder / "uncertainty.tsv", sep="\t")
    assert {"difference_head", "members", "sum_of_variances"} <= set(uncertainty["uncertainty"])
    assert set(uncertainty.loc[uncertainty["recalibration"] == "std_scaling", "protocol"]) == {"challenge"}


@pytest.mark.system
def test_a_wrong_reference_base_stops_the_import(assay):
    table = assay / "release.tsv"
    lines = table.read_text().splitlines()
    cells = lines[5].split("\t")
    lines[5] = "\t".join([*cells[:2], cells[3], cells[2], *cells[4:]])
    table.write_text("\n".join(lines) + "\n")
    done = snakemake(assay, *SETTINGS, "--cores", "1", "--", "results/variants/locus.h5")
    assert done.returncode != 0
    assert "1 of 60 reference alleles are not those of the sequences: row 6" in done.stdout
    assert "is release.tsv" in done.stdout
