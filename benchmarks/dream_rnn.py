"""DREAM-RNN as an ensemble and as a student: what they are worth on an assay, and how long their training takes.

    python benchmarks/dream_rnn.py lentimpra_HepG2.tsv.gz --width 0.1 --epochs 5 --members 2 -o small.json
    KERAS_BACKEND=jax python benchmarks/dream_rnn.py lentimpra_HepG2.tsv.gz -o whole.json

The table is that of the lentiMPRA subset, or another one with the columns that the options name. The members are
trained side by side by the recipe of DEGU for this network (`config/teachers/dream_rnn_aleatoric.yaml`, without the
head for replicates, which the table does not have), or by that of the network's authors with `--recipe dream_rnn`. The
student is trained by the recommended recipe, on what they predict for the sequences and for variants of them. All goes
through the library, which works on TensorFlow and on JAX, so that a training on a GPU can be timed where only JAX is at
hand. The result holds the wall times, and accuracy on the test split.
"""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import keras
import numpy as np
import pandas as pd
import yaml
from scipy import stats

from degu import Assay, Ensemble, Settings

TEACHERS = Path(__file__).parent.parent / "config" / "teachers"
# What the library recommends for members beside, and these recipes do not ask for.
PLAIN = {
    "heads": ["mean"],
    "uncertainty": {"link": "identity"},
    "loss": {"name": "mean_squared_error"},
    "target_scaling": "none",
    "output_bias": "zero",
    "kmer_ridge_weight": 0,
}


def recipe_of(arguments: argparse.Namespace) -> tuple[dict, dict]:
    """Return the network and the other keys of a file of `config/teachers/`."""
    recipe = yaml.safe_load((TEACHERS / f"{arguments.recipe}.yaml").read_text(encoding="utf-8"))
    model = {**recipe.pop("model"), "width": arguments.width}
    changes = {**PLAIN, **recipe, "heads": ["mean"]}
    if arguments.epochs:
        changes |= {"epochs": arguments.epochs, "early_stopping": {"patience": arguments.epochs}}
    return model, changes


def correlations(predicted: np.ndarray, measured: np.ndarray) -> dict[str, float]:
    """Return Pearson's and Spearman's correlation of two arrays, (n,)."""
    return {
        "pearson": float(stats.pearsonr(predicted, measured)[0]),
        "spearman": float(stats.spearmanr(predicted, measured)[0]),
    }


def main() -> None:
    """Train, predict and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--sequence", default="insert_seq")
    parser.add_argument("--activity", default="mean_value")
    parser.add_argument("--group", default="rc_group")
    parser.add_argument("--flanks", nargs=2, default=("AGGACCGGATCAACT", "CATTGCGTGAACCGA"))
    parser.add_argument("--rows", type=int, default=None, help="only the first rows of the table")
    parser.add_argument("--recipe", default="dream_rnn_aleatoric")
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--together", type=int, default=5, help="models that are trained side by side")
    parser.add_argument("--student-epochs", type=int, default=None, help="0 leaves the student out")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()

    table = pd.read_csv(arguments.table, sep="\t", nrows=arguments.rows)
    assay = Assay(
        list(table[arguments.sequence]),
        table[arguments.activity].to_numpy(),
        groups=table[arguments.group].to_numpy(),
        flanks=tuple(arguments.flanks),
    )
    test = assay.store(1).rows("test")
    measured = assay.activity[test, 0]
    model, changes = recipe_of(arguments)
    settings = Settings(teacher=changes, together=arguments.together, deterministic=False)
    start = time.perf_counter()
    ensemble = Ensemble.train(model, assay, members=arguments.members, settings=settings)
    seconds = time.perf_counter() - start
    predicted = ensemble.predict(assay.tokens[test])
    result = {
        "backend": keras.backend.backend(),
        "recipe": {"model": model, **changes},
        "sequences": len(assay),
        "members": arguments.members,
        "seconds_of_members": seconds,
        "ensemble": correlations(predicted["mean"][:, 0], measured),
    }
    arguments.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if arguments.student_epochs != 0:
        own = {} if arguments.student_epochs is None else {"epochs": arguments.student_epochs}
        start = time.perf_counter()
        student = ensemble.distil(assay, settings=Settings(student=own, deterministic=False))
        result["seconds_of_student"] = time.perf_counter() - start
        heads = student.predict(assay.tokens[test])
        result["student"] = correlations(heads["mean"][:, 0], measured)
        result["epistemic_head"] = correlations(heads["epistemic"][:, 0], predicted["epistemic"][:, 0])
        arguments.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
