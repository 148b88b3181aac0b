"""Peak memory of training at DeepSTARR's full size: tokens against the published float64 one-hot arrays.

    python benchmarks/memory.py [--rows 402296 40570 41186] [--length 249] [--steps 30]

Each way runs in a process of its own, reads its file of training, validation and test sequences and takes the same
training and validation steps with the DeepSTARR network. `ours` is what a job of this project does. `published`
re-creates the published way in our own words (`published.py`): the one-hot arrays of all splits are stored as float64,
read whole, and given to `fit`. `baseline` only imports TensorFlow and trains on one batch: what any way needs. Of each
process the table gives the peak resident memory; its private part, without the pages of shared libraries (TensorFlow's
alone are some 400 MiB, held once on a machine however many jobs it runs); and what it needs beyond the baseline.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import numpy as np

import published
from degu.data.batches import EVALUATION_BATCH, Batches
from degu.data.splits import CODE
from degu.data.store import SequenceStore, read_store, write_store
from degu.models import deepstarr
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.loop import training_loop

WAYS = ("baseline", "ours", "published")


class FewBatches(Batches):
    """Batches of which an epoch has the first few alone."""

    steps = 30

    def __len__(self) -> int:
        return min(self.steps, super().__len__())


class PrivateMemory(threading.Thread):
    """Watches the private memory of this process.

    Attributes
    ----------
    peak
        In MiB.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        """Look a hundred times a second."""
        while not self._ended.wait(0.01):
            lines = Path("/proc/self/status").read_text().splitlines()
            size = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
            self.peak = max(self.peak, size / 1024)

    def stop(self) -> None:
        """End the watch."""
        self._ended.set()
        self.join()


def write_files(folder: Path, rows: list[int], length: int) -> None:
    """Write the same random sequences as a sequence store and as float64 one-hot arrays."""
    rng = np.random.default_rng(1)
    total = sum(rows)
    store = SequenceStore(
        tokens=rng.integers(0, 4, size=(total, length), dtype=np.uint8),
        targets=rng.standard_normal((total, 2)).astype(np.float32),
        split=np.repeat([CODE[split] for split in published.SPLITS], rows).astype(np.uint8),
        group=np.arange(total),
        names=np.array([f"row{row}" for row in range(total)]),
        target_names=["Dev", "Hk"],
        units=["log2 enrichment"] * 2,
    )
    write_store(store, folder / "store.h5")
    published.write_arrays(store, folder / "arrays.h5")


def read_ours(path: Path) -> tuple[Batches, Batches]:
    """Return the training and validation batches of a store, which is not kept."""
    store = read_store(path, only=())
    train, validation = (store.rows(split) for split in ("train", "validation"))
    return (
        FewBatches(store.tokens[train], store.targets[train], batch_size=published.BATCH, seed=1),
        FewBatches(store.tokens[validation], store.targets[validation], batch_size=EVALUATION_BATCH),
    )


def train(way: str, folder: Path, length: int) -> None:
    """Read the data in one of the ways and take the steps."""
    if way == "published":
        arrays = published.read_arrays(folder / "arrays.h5")
        model = published.build("deepstarr", length, 2)
        model.fit(
            *(arrays["x_train"], arrays["y_train"]),
            batch_size=published.BATCH,
            steps_per_epoch=FewBatches.steps,
            validation_data=(arrays["x_validation"], arrays["y_validation"]),
            validation_steps=FewBatches.steps,
            verbose=0,
        )
        return
    model = deepstarr.build(length, Outputs(Heads(("mean",), ("Dev", "Hk"))))
    model.compile("adam", "mse", jit_compile=False)
    if way == "ours":
        batches, validation = read_ours(folder / "store.h5")
    else:
        tokens, targets = np.zeros((published.BATCH, length), np.uint8), np.zeros((published.BATCH, 2), "f4")
        batches = validation = Batches(tokens, targets, batch_size=published.BATCH)
    loop = training_loop([model], batches)
    batches.on_epoch_begin()
    loop.run([batches], training=True)
    loop.run([validation], training=False)


def measure(way: str, folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Run one way in a process of its own and return its peaks in MiB."""
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    command += ["--length", str(options.length), "--steps", str(options.steps)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def main() -> None:
    """Run each way and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs=3, default=[402_296, 40_570, 41_186], help="of the three splits")
    parser.add_argument("--length", type=int, default=249)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        from degu.provenance.environment import peak_memory_mib

        FewBatches.steps = options.steps
        private = PrivateMemory()
        private.start()
        train(options.way, options.folder, options.length)
        private.stop()
        print(json.dumps({"resident": peak_memory_mib(), "private": private.peak}))
        return
    with tempfile.TemporaryDirectory() as name:
        write_files(Path(name), options.rows, options.length)
        peaks = {way: measure(way, Path(name), options) for way in WAYS}
    base, ours, other = (peaks[way] for way in WAYS)
    print(f"{sum(options.rows):,} sequences of {options.length} bases\n")
    print(f"{'MiB':34}{'resident':>10}{'private':>10}{'resident beyond baseline':>26}")
    for way, found in peaks.items():
        print(
            f"{way:34}{found['resident']:10,.0f}{found['private']:10,.0f}{found['resident'] - base['resident']:26,.0f}"
        )
    beyond = (ours["resident"] - base["resident"]) / (other["resident"] - base["resident"])
    ratios = [ours[kind] / other[kind] for kind in ("resident", "private")]
    print(f"{'ours / published':34}{ratios[0]:10.3f}{ratios[1]:10.3f}{beyond:26.3f}")
    print(f"{'baseline / published: the floor':34}" + "".join(f"{base[kind] / other[kind]:10.3f}" for kind in base))


if __name__ == "__main__":
    main()
