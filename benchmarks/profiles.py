"""Training at base resolution: the share of its time that goes to drawing windows, and memory by number of windows.

    python benchmarks/profiles.py [--teacher bpnet_small] [--epochs 3] [--threads 2]

Windows of simulated chromatin are drawn anew for each batch, with their counts, as `windows` of the recipe says. The
time of a training is divided into making batches (drawing, what was measured there, packing, one-hot values) and all
else. Then processes of their own train one epoch on ever more windows, in data sets that hold as many, and tell their
peak memory beside the size of the arrays of the store.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

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


def simulated(number: int) -> SequenceStore:
    """Return a data set of simulated chromatin with some number of windows."""
    settings = read_yaml(REPOSITORY / "config" / "datasets" / "simulated_profiles.yaml")
    settings["options"]["number"] = number
    settings = {"bad_rows": "stop", "leaks": "stop", "labels": False, "standardize_batches": False, **settings}
    settings["split"]["method"] = "random"
    return build_store(settings, {"motifs": REPOSITORY / "resources" / "jaspar_motifs.txt"}, 1, where="simulated")


def recipe_of(teacher: str, epochs: int) -> dict:
    """Return a teacher's recipe with some number of epochs."""
    config = read_yaml(REPOSITORY / "config" / "config.yaml")
    config |= read_yaml(REPOSITORY / "config" / "profiles.yaml")
    config["study"]["teachers"] = [teacher]
    config["overrides"] = {"teachers": {teacher: {"epochs": epochs}}}
    return Configuration(config, [REPOSITORY / "config"]).training(teacher)


def training_of(store: SequenceStore, recipe: dict, folder: Path) -> Training:
    """Return a training of one member."""
    rows = training_rows(store, 1.0, 1)
    outputs = Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names, profile=store.profile_shape)
    data = member_data(store, rows, recipe, [1])[1]
    return Training(recipe, data, outputs, 1, checkpoint=folder / "checkpoint.npz", identity="", label="benchmark")


def share_of_batches(recipe: dict, folder: Path) -> tuple[float, float]:
    """Return the seconds that a training takes, and those of them in which batches are made."""
    spent = 0.0
    original = Batches.__getitem__

    def timed(self: Batches, index: int) -> object:
        nonlocal spent
        start = time.perf_counter()
        batch = original(self, index)
        spent += time.perf_counter() - start
        return batch

    training = training_of(simulated(2000), recipe, folder)
    Batches.__getitem__ = timed
    start = time.perf_counter()
    train([training])
    return time.perf_counter() - start, spent


def memory(number: int, teacher: str, threads: int) -> None:
    """Train one epoch in this process, and print the size of the store's arrays and the peak memory."""
    prepare(threads)
    store = simulated(number)
    arrays = (store.tokens, store.counts, store.context_tokens, store.context_counts)
    size = sum(values.nbytes for values in arrays if values is not None) / 2**20
    with tempfile.TemporaryDirectory() as folder:
        train([training_of(store, recipe_of(teacher, 1), Path(folder))])
    print(f"{number:,} windows: arrays {size:,.0f} MiB, peak {peak_memory_mib():,.0f} MiB")


def main() -> None:
    """Run the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", default="bpnet_small")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--windows", type=int, default=None, help="tell the memory of this number of windows alone")
    arguments = parser.parse_args()
    if arguments.windows:
        memory(arguments.windows, arguments.teacher, arguments.threads)
        return
    prepare(arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        whole, batches = share_of_batches(recipe_of(arguments.teacher, arguments.epochs), Path(folder))
    print(f"training: {whole:.1f} s, of which batches take {batches:.1f} s ({batches / whole:.1%})")
    for number in (500, 2000, 8000):
        options = ["--windows", number, "--teacher", arguments.teacher, "--threads", arguments.threads]
        subprocess.run([sys.executable, __file__, *map(str, options)], check=True)


if __name__ == "__main__":
    main()
