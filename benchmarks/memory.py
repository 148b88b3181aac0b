"""Peak memory of reading and training at DeepSTARR's full size: tokens against the published float64 one-hot arrays.

    python benchmarks/memory.py [--rows 402296] [--length 249] [--steps 30]

Each way runs in a process of its own, reads its file and takes the same training steps with the DeepSTARR network.
`tokens` is this project's way. `one_hot` re-creates the published way of working in our own words: the one-hot
array is stored as float64, read whole, and given to `fit`.
The table gives the peak resident memory of each process, what it needs beyond a process that only imports
TensorFlow and trains on one batch, and the ratios.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import h5py
import numpy as np

BATCH = 128


def write_files(folder: Path, rows: int, length: int) -> None:
    """Write the same random sequences as a sequence store and as a float64 one-hot array."""
    from degu.sequences import one_hot
    from degu.store import SequenceStore, write_store

    rng = np.random.default_rng(1)
    tokens = rng.integers(0, 4, size=(rows, length), dtype=np.uint8)
    targets = rng.standard_normal((rows, 2)).astype(np.float32)
    split = np.zeros(rows, dtype=np.uint8)
    store = SequenceStore(
        tokens=tokens,
        targets=targets,
        split=split,
        group=np.arange(rows),
        names=np.array([f"row{row}" for row in range(rows)]),
        target_names=["Dev", "Hk"],
        units=["log2 enrichment"] * 2,
    )
    write_store(store, folder / "tokens.h5")
    with h5py.File(folder / "one_hot.h5", "w") as file:
        x = file.create_dataset("x", shape=(rows, length, 4), dtype="f8")
        for start in range(0, rows, 20000):
            x[start : start + 20000] = one_hot(tokens[start : start + 20000])
        file.create_dataset("y", data=targets.astype("f8"))


def train(way: str, folder: Path, length: int, steps: int) -> None:
    """Read the data in one of the ways, train for some steps, and print the peak memory in MiB."""
    from degu.batches import Batches
    from degu.heads import Heads
    from degu.models import deepstarr
    from degu.outputs import Outputs
    from degu.provenance import peak_memory_mib
    from degu.store import read_store

    model = deepstarr.build(length, Outputs(Heads(("mean",), ("Dev", "Hk"))))
    model.compile("adam", "mse", jit_compile=False)
    if way == "baseline":
        tokens = np.zeros((BATCH, length), dtype=np.uint8)
        model.fit(Batches(tokens, np.zeros((BATCH, 2), "f4"), batch_size=BATCH), verbose=0, shuffle=False)
    elif way == "tokens":
        store = read_store(folder / "tokens.h5", only=())
        batches = Batches(store.tokens, store.targets, batch_size=BATCH, seed=1)
        model.fit(batches, steps_per_epoch=steps, verbose=0, shuffle=False)
    else:
        with h5py.File(folder / "one_hot.h5") as file:
            x, y = file["x"][:], file["y"][:]
        model.fit(x, y, batch_size=BATCH, steps_per_epoch=steps, verbose=0)
    print(peak_memory_mib())


def main() -> None:
    """Run each way in a process of its own and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=402_296)
    parser.add_argument("--length", type=int, default=249)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--way", choices=["baseline", "tokens", "one_hot"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        train(options.way, options.folder, options.length, options.steps)
        return
    peak = {}
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), options.rows, options.length)
        for way in ("baseline", "tokens", "one_hot"):
            command = [sys.executable, __file__, "--way", way, "--folder", folder]
            command += ["--length", str(options.length), "--steps", str(options.steps)]
            peak[way] = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
    arrays = options.rows * options.length * 4 * 8 / 2**20
    print(f"{options.rows:,} sequences of {options.length} bases; float64 one-hot arrays alone: {arrays:,.0f} MiB")
    print(f"{'way':10} {'peak MiB':>10} {'beyond baseline':>16}")
    for way, value in peak.items():
        print(f"{way:10} {value:10,.0f} {value - peak['baseline']:16,.0f}")
    needed = {way: value - peak["baseline"] for way, value in peak.items()}
    print(f"tokens / one_hot, whole process:   {peak['tokens'] / peak['one_hot']:.3f}")
    print(f"tokens / one_hot, beyond baseline: {needed['tokens'] / needed['one_hot']:.3f}")
    print(f"tokens beyond baseline / arrays:   {needed['tokens'] / arrays:.3f}")


if __name__ == "__main__":
    main()
