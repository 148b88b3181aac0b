"""Cost of a prediction with its uncertainty: ten members against one student.

    python benchmarks/prediction.py [--sequences 5000] [--members 10] [--threads 2]

DeepSTARR, 249 bases. An ensemble's mean and spread need every member's prediction; a student says both at once.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import numpy as np

from degu.training.backend import prepare
from degu.models import deepstarr
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model

LENGTH = 249


def predictor(heads: tuple[str, ...], folder: Path) -> Predictor:
    """Return a fresh network, read from a file as a user does."""
    outputs = Outputs(Heads(heads, ("Dev", "Hk")))
    save_model(deepstarr.build(LENGTH, outputs), outputs, {}, folder / "model.keras", folder / "model.json")
    return Predictor(folder / "model.keras")


def main() -> None:
    """Time both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sequences", type=int, default=5000)
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    prepare(options.threads)
    tokens = np.random.default_rng(0).integers(0, 4, (options.sequences, LENGTH), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as name:
        members = [predictor(("mean",), Path(name)) for _ in range(options.members)]
        student = predictor(("mean", "epistemic"), Path(name))
    for model in (*members, student):
        model.predict_array(tokens[:300])
    start = time.perf_counter()
    values = np.stack([member.predict_array(tokens) for member in members])
    np.stack([values.mean(axis=0), values.std(axis=0)])
    ensemble = time.perf_counter() - start
    start = time.perf_counter()
    student.predict_array(tokens)
    alone = time.perf_counter() - start
    count = options.sequences
    print(f"{count:,} sequences, {options.threads} threads\n")
    print(f"{f'ensemble of {options.members}':20}{count / ensemble:10,.0f} sequences/s")
    print(f"{'student':20}{count / alone:10,.0f} sequences/s\n{'ratio':20}{ensemble / alone:10.1f}")


if __name__ == "__main__":
    main()
