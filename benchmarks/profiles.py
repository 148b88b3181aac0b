"""Training at base resolution: the share of its time that goes to drawing windows, and memory by number of windows.

    python benchmarks/profiles.py [--teacher bpnet_small] [--epochs 3] [--threads 2]
    KERAS_BACKEND=jax python benchmarks/profiles.py --teacher bpnet --lengths 2114 1000 500

Windows of simulated chromatin are drawn anew for each batch, with their counts, as `windows` of the recipe says. The
time of a training is divided into making batches (drawing, what was measured there, packing, one-hot values) and all
else. Then processes of their own train one epoch on ever more windows, in data sets that hold as many, and tell their
peak memory beside the size of the arrays of the store.

The second command has the network and the windows of ChromBPNet, for a GPU. There the processor makes a batch while the
GPU works on the one before, so that training waits for batches only if they take nearly all of its time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import numpy as np

from degu.training.backend import prepare
from degu.config.configuration import Configuration
from degu.config.schemas import read_yaml
from degu.data.batches import Batches
from degu.data.build import build_store
from degu.data.store import SequenceStore
from degu.data.training_rows import training_rows
from degu.distillation.training_data import member_data
from degu.outputs.outputs import Outputs
from degu.provenance.environment import peak_memory_mib
from degu.training.training import Training, train

REPOSITORY = Path(__file__).parent.parent


def options_of(lengths: Sequence[int] | None) -> dict[str, int]:
    """Return the options of a data set for these lengths."""
    return dict(zip(("input_length", "output_length", "jitter"), lengths, strict=True)) if lengths else {}


def simulated(number: int, lengths: Sequence[int] | None) -> SequenceStore:
    """Return simulated chromatin: so many windows, and perhaps their length, that of profiles and the jitter."""
    settings = read_yaml(REPOSITORY / "config" / "datasets" / "simulated_profiles.yaml")
    settings["options"]["number"] = number
    settings["options"] |= options_of(lengths)
    settings = {"bad_rows": "stop", "leaks": "stop", "labels": False, "standardize_batches": False, **settings}
    settings["split"]["method"] = "random"
    return build_store(settings, {"motifs": REPOSITORY / "resources" / "jaspar_motifs.txt"}, 1, where="simulated")


def recipe_of(teacher: str, epochs: int, lengths: Sequence[int] | None) -> dict:
    """Return a teacher's recipe with some number of epochs."""
    config = read_yaml(REPOSITORY / "config" / "config.yaml")
    config |= read_yaml(REPOSITORY / "config" / "profiles.yaml")
    config["overrides"] = {
        "datasets": {"simulated_profiles": {"options": options_of(lengths), "study": {"teachers": [teacher]}}},
        "teachers": {teacher: {"epochs": epochs}},
    }
    return Configuration(config, [REPOSITORY / "config"]).training(teacher)


def training_of(store: SequenceStore, recipe: dict, folder: Path) -> Training:
    """Return a training of one member."""
    rows = training_rows(store, 1.0, 1)
    outputs = Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names, profile=store.profile_shape)
    data = member_data(store, rows, recipe, [1])[1]
    return Training(recipe, data, outputs, 1, checkpoint=folder / "checkpoint.npz", identity="", label="benchmark")


def share_of_batches(store: SequenceStore, recipe: dict, folder: Path) -> tuple[float, float]:
    """Return the seconds of a mean epoch without the first, which compiles, and those in which its batches are made."""
    spent: list[float] = []
    original = Batches.__getitem__

    def timed(self: Batches, index: int) -> tuple[np.ndarray, ...]:
        start = time.perf_counter()
        batch = original(self, index)
        spent.append(time.perf_counter() - start)
        return batch

    training = training_of(store, recipe, folder)
    Batches.__getitem__ = timed
    train([training])
    seconds = [row["seconds"] for row in training.history[1:]]
    return sum(seconds) / len(seconds), sum(spent[len(spent) // recipe["epochs"] :]) / len(seconds)


def memory(number: int, arguments: argparse.Namespace) -> None:
    """Train one epoch in this process, and print the size of the store's arrays and the peak memory."""
    prepare(arguments.threads)
    store = simulated(number, arguments.lengths)
    arrays = (store.tokens, store.counts, store.context_tokens, store.context_counts)
    size = sum(values.nbytes for values in arrays if values is not None) / 2**20
    with tempfile.TemporaryDirectory() as folder:
        train([training_of(store, recipe_of(arguments.teacher, 1, arguments.lengths), Path(folder))])
    print(f"{number:,} windows: arrays {size:,.0f} MiB, peak {peak_memory_mib():,.0f} MiB")


def main() -> None:
    """Run the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", default="bpnet_small")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--windows", type=int, default=None, help="tell the memory of this number of windows alone")
    parser.add_argument("--lengths", type=int, nargs=3, default=None, help="of windows, of profiles, and of the jitter")
    arguments = parser.parse_args()
    if arguments.windows:
        memory(arguments.windows, arguments)
        return
    prepare(arguments.threads)
    store = simulated(2000, arguments.lengths)
    with tempfile.TemporaryDirectory() as folder:
        recipe = recipe_of(arguments.teacher, arguments.epochs, arguments.lengths)
        whole, batches = share_of_batches(store, recipe, Path(folder))
    print(f"epoch: {whole:.2f} s, of which batches take {batches:.2f} s ({batches / whole:.1%})")
    for number in (500, 2000, 8000):
        options = ["--windows", number, "--teacher", arguments.teacher, "--threads", arguments.threads]
        options += ["--lengths", *arguments.lengths] if arguments.lengths else []
        subprocess.run([sys.executable, __file__, *map(str, options)], check=True)


if __name__ == "__main__":
    main()
