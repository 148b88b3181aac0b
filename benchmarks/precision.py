"""Accuracy of models trained in 16 bits, against the same models trained in 32.

    python benchmarks/precision.py [--datasets lentimpra_hepg2_subset inoue2017_hepg2 crx_mpra]
        [--data-directory ../shared/data] [--members 5] [--students 3] [--cores 2]

The data sets and recipes of `config/real_data.yaml`, by Snakemake twice, with `precision: float32` and with
`precision: mixed_bfloat16` for members and students. A seed gives equal initial weights, batches and dropout in both,
so that differences are taken seed by seed. Given is Pearson r on the test split, of activity with that measured and of
epistemic heads with the spread of the members: mean and standard deviation over seeds, and the mean difference with its
95 % interval (Student's t); of an ensemble there is one.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import pipeline

PRECISIONS = ("float32", "mixed_bfloat16")
CONFIDENCE = 0.95
# Teachers of the data sets; the second one is for data sets with replicates.
TEACHERS = ("motif_cnn", "motif_cnn_aleatoric")
MODELS = ("ensemble", "member", "student")
# The reference that each head is judged by.
REFERENCES = {"mean": "measured", "epistemic": "ensemble"}


def settings(options: argparse.Namespace, precision: str) -> dict:
    """Return what is laid over `config/real_data.yaml`."""
    recipe = {"precision": precision}
    return {
        "datasets": options.datasets,
        "data_directory": str(options.data_directory.resolve()),
        "study": {"members": options.members, "student_seeds": options.students},
        "overrides": {"teachers": dict.fromkeys(TEACHERS, recipe), "students": {"degu": recipe}},
    }


def scores(folder: Path, options: argparse.Namespace, precision: str) -> tuple[pd.Series, float]:
    """Run the pipeline; return Pearson r by data set, target, head, model and seed, and the seconds."""
    tables = [f"results/{name}/performance.tsv" for name in options.datasets]
    seconds = pipeline.run(folder, settings(options, precision), tables, "real_data", options.cores)
    found = pd.concat([pd.read_csv(folder / table, sep="\t") for table in tables])
    found = found[(found["split"] == "test") & (found["metric"] == "pearson") & found["model"].isin(MODELS)]
    judged = found["reference"] == found["head"].map(REFERENCES)
    index = ["dataset", "target", "head", "model", "seed"]
    return found[judged].set_index(index)["value"].sort_index(), seconds


def row(single: np.ndarray, half: np.ndarray) -> str:
    """Return the cells of models of some seeds, each in both precisions."""
    difference = half - single
    if len(difference) == 1:
        return f"{single[0]:9.3f}{'':8}{half[0]:9.3f}{'':8}{difference[0]:+10.3f}"
    cells = "".join(f"{values.mean():9.3f} ± {values.std(ddof=1):5.3f}" for values in (single, half))
    low, high = stats.t.interval(CONFIDENCE, len(difference) - 1, difference.mean(), stats.sem(difference))
    return f"{cells}{difference.mean():+10.3f} [{low:+.3f}, {high:+.3f}]"


def main() -> None:
    """Run both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="+", default=["lentimpra_hepg2_subset", "inoue2017_hepg2", "crx_mpra"])
    parser.add_argument("--data-directory", type=Path, default=pipeline.REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--students", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        (single, slow), (half, fast) = (scores(Path(name) / precision, options, precision) for precision in PRECISIONS)
    print(f"{'':56}{'float32':>17}{'mixed_bfloat16':>17}{'difference':>12}")
    for key, values in single.groupby(level=["dataset", "target", "head", "model"]):
        print(f"{' '.join(key):56}{row(values.to_numpy(), half.loc[key].to_numpy())}")
    print(f"\nTime of the whole run: {slow:.0f} s and {fast:.0f} s, {slow / fast:.2f} times as fast")


if __name__ == "__main__":
    main()
