"""Time of the whole job: members, targets, students and their scores, against the published way of working.

    python benchmarks/whole_job.py [--rows 12000] [--epochs 10] [--members 4] [--students 2]

The same simulated sequences of 249 bases, DeepSTARR, the same numbers of models and epochs, on two cores. The
published way, re-created in our own words (`published.py`), is a process for each model, one after another on all
threads, then one for the ensemble's mean and one for its standard deviation. Ours is this project's Snakemake, run as a
user runs it, which besides imports and splits the data and scores every model on every split. The ratio is of wall time
in one run of this command.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import h5py
import keras
import numpy as np

import pipeline
import published
from degu.data.store import read_store

ENSEMBLE = "results/simulated_mpra/deepstarr/fraction-1"
TARGETS = (f"{ENSEMBLE}/performance.tsv", f"{ENSEMBLE}/students/degu/performance.tsv")


def settings(options: argparse.Namespace) -> dict:
    """Return the configuration of our run."""
    recipe = {"epochs": options.epochs, "early_stopping": {"patience": options.epochs}}
    number = {"options": {"number": options.rows, "length": 249}}
    return {
        "datasets": ["simulated_mpra"],
        "study": {
            "teachers": ["deepstarr"],
            "students": ["degu"],
            "baselines": [],
            "fractions": [1.0],
            "members": options.members,
            "student_seeds": options.students,
        },
        "attribution": {"run": [], "motifs": {"method": None}},
        "overrides": {"datasets": {"simulated_mpra": number}, "teachers": {"deepstarr": recipe}},
    }


def train_published(folder: Path, kind: str, seed: int, epochs: int) -> None:
    """Train one member or student, and score it on the test split."""
    keras.utils.set_random_seed(seed)
    arrays = published.read_arrays(folder / f"{kind}.h5")
    model = published.build("deepstarr", arrays["x_train"].shape[1], arrays["y_train"].shape[1])
    published.fit(model, arrays, epochs)
    predicted = model.predict(arrays["x_test"], verbose=0)
    print(f"{kind} {seed}: mean squared error {np.mean((predicted - arrays['y_test']) ** 2):.4f}")
    model.save(folder / f"{kind}-{seed}.keras")


def predict_published(folder: Path, statistic: str, members: int) -> None:
    """Let every member predict the splits that a statistic of the ensemble is made of; write the student's arrays."""
    import h5py

    arrays = published.read_arrays(folder / "member.h5")
    predictions = {split: [] for split in published.PREDICTED[statistic]}
    for seed in range(members):
        model = keras.saving.load_model(folder / f"member-{seed}.keras", compile=False)
        for split in predictions:
            predictions[split].append(model.predict(arrays[f"x_{split}"], verbose=0))
    made = {split: getattr(np, statistic)(values, axis=0) for split, values in predictions.items()}
    with h5py.File(folder / f"{statistic}.h5", "w") as file:
        for split, values in made.items():
            file[split] = values
    if statistic == "std":
        with h5py.File(folder / "mean.h5") as mean, h5py.File(folder / "student.h5", "w") as file:
            for split in published.SPLITS:
                file[f"x_{split}"] = arrays[f"x_{split}"]
                first = mean[split][:] if split == "train" else arrays[f"y_{split}"]
                file[f"y_{split}"] = np.concatenate([first, made[split]], axis=1)


def run_published(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Run the published way, a process a script; return the seconds of each stage."""
    stages = {"members": [["--train", "member", "--seed", str(seed)] for seed in range(options.members)]}
    stages["targets"] = [["--predict", "mean"], ["--predict", "std"]]
    stages["students"] = [["--train", "student", "--seed", str(seed)] for seed in range(options.students)]
    seconds = {}
    for stage, calls in stages.items():
        start = time.perf_counter()
        for call in calls:
            command = [sys.executable, __file__, *call, "--folder", str(folder)]
            command += ["--epochs", str(options.epochs), "--members", str(options.members)]
            subprocess.run(command, check=True)
        seconds[stage] = time.perf_counter() - start
    return seconds


def main() -> None:
    """Run both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=12_000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--members", type=int, default=4)
    parser.add_argument("--students", type=int, default=2)
    parser.add_argument("--train", choices=["member", "student"], help=argparse.SUPPRESS)
    parser.add_argument("--predict", choices=["mean", "std"], help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.train:
        train_published(options.folder, options.train, options.seed, options.epochs)
        return
    if options.predict:
        predict_published(options.folder, options.predict, options.members)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = pipeline.run(folder, settings(options), TARGETS)
        with h5py.File(folder / ENSEMBLE / "predictions.h5") as file:
            once = dict.fromkeys(file, 1)
        published.write_arrays(read_store(folder / "results/simulated_mpra/store.h5", only=()), folder / "member.h5")
        stages = run_published(folder, options)
    total = sum(stages.values())
    print(
        f"{options.rows:,} sequences, {options.epochs} epochs, {options.members} members, {options.students} students\n"
    )
    for stage, seconds in stages.items():
        print(f"published: {stage:12}{seconds:8.0f} s")
    passes = Counter(split for splits in published.PREDICTED.values() for split in splits)
    print(f"{'published: all':23}{total:8.0f} s\n{'ours: all':23}{ours:8.0f} s\n{'ratio':23}{total / ours:8.2f}\n")
    print("Times that each member predicts a split: published", dict(passes), "ours", once)


if __name__ == "__main__":
    main()
