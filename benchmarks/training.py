"""Training throughput: the published way, one job, jobs side by side, models packed into one job, 16-bit arithmetic.

    python benchmarks/training.py [--networks deepstarr residualbind mprann] [--packs 1 2 5 10] [--threads 2]

Every way trains the same network on the same number of random sequences, in processes of its own; the first epoch,
which compiles, is not timed but given as start-up. The published way is `fit` on float64 arrays with all threads.
Side by side are as many processes as threads, each with one thread. The last column is the share of the peak that a
matrix multiplication reaches on the same threads, three times the forward pass being counted for training.
Works on a GPU too (and with KERAS_BACKEND=jax): there, leave out side by side with `--threads 1`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

LENGTHS = {"deepstarr": 249, "residualbind": 230, "mprann": 230}
TARGETS = 2


def measure(options: argparse.Namespace) -> None:
    """Train in one way and print the seconds of start-up and of an epoch, and the work of a forward pass, as JSON."""
    start = time.perf_counter()
    import keras
    import numpy as np

    import published
    from degu.training.backend import prepare
    from degu.data.batches import Batches
    from degu.training.flops import forward_flops
    from degu.training.loop import training_loop

    # The published way does not ask for equal results.
    prepare(options.threads, deterministic=options.measure != "published")
    imported = time.perf_counter()
    length = LENGTHS[options.network]
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 4, (options.rows, length), dtype=np.uint8)
    targets = rng.standard_normal((options.rows, TARGETS)).astype("f4")
    if options.measure == "published":
        model = published.build(options.network, length, TARGETS)
        x, y = np.eye(4)[tokens], targets.astype("f8")

        def epoch() -> None:
            model.fit(x, y, batch_size=published.BATCH, verbose=0)
    else:
        from degu.config.plugins import load
        from degu.outputs.heads import Heads
        from degu.outputs.outputs import Outputs

        keras.mixed_precision.set_dtype_policy(options.precision)
        outputs = Outputs(Heads(("mean",), tuple(f"target{index}" for index in range(TARGETS))))
        module = load("model", options.network)
        models, batches = [], []
        for seed in range(options.pack):
            keras.utils.set_random_seed(seed)
            model = module.build(length, outputs)
            model.compile("adam", "mse")
            models.append(model)
            batches.append(Batches(tokens, targets, batch_size=published.BATCH, seed=seed))
        loop = training_loop(models, batches[0])

        def epoch() -> None:
            for own in batches:
                own.on_epoch_begin()
            loop.run(batches, training=True)

    epoch()
    compiled = time.perf_counter()
    epoch()
    end = time.perf_counter()
    # The first epoch beyond what an epoch takes is compiling.
    seconds = {"import": imported - start, "compile": 2 * compiled - imported - end, "epoch": end - compiled}
    print(json.dumps({**seconds, "flops": forward_flops(model)}))


def run(
    network: str, rows: int, way: str, *, jobs: int = 1, threads: int, pack: int = 1, precision: str = "float32"
) -> dict:
    """Train in one way, in some processes side by side; return the seconds of the slowest."""
    command = [sys.executable, __file__, "--measure", way, "--network", network, "--rows", str(rows)]
    command += ["--threads", str(threads), "--pack", str(pack), "--precision", precision]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(jobs)]
    found = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    return {key: max(seconds[key] for seconds in found) for key in found[0]}


def peak(threads: int) -> float:
    """Return the floating-point operations a second of a large matrix multiplication."""
    code = f"""
import time
import tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads({threads})
a = tf.ones((2048, 2048))
multiply = tf.function(lambda a: a @ a)
multiply(a).numpy()
start = time.perf_counter()
for _ in range(10):
    multiply(a).numpy()
print(10 * 2 * 2048**3 / (time.perf_counter() - start))
"""
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return float(output.split()[-1])


def main() -> None:
    """Run every way and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", choices=LENGTHS, default=list(LENGTHS))
    parser.add_argument("--packs", nargs="+", type=int, default=[1, 2, 5, 10])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", type=int, help="sequences an epoch; by default fewer for the slower networks")
    parser.add_argument("--measure", choices=["published", "ours"], help=argparse.SUPPRESS)
    parser.add_argument("--network", help=argparse.SUPPRESS)
    parser.add_argument("--pack", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--precision", default="float32", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options)
        return
    threads = options.threads
    best = peak(threads)
    print(f"{threads} threads; a matrix multiplication reaches {best / 1e9:.0f} GFLOP/s")
    for network in options.networks:
        rows = options.rows or {"deepstarr": 6400, "residualbind": 512, "mprann": 768}[network]
        ways = {"published: fit": {"way": "published", "threads": threads}}
        ways |= {f"{count} in one job": {"way": "ours", "pack": count, "threads": threads} for count in options.packs}
        if threads > 1:
            side = {"way": "ours", "jobs": threads, "threads": 1}
            ways |= {f"{threads} jobs side by side": side}
            ways |= {f"{threads} jobs side by side, bfloat16": {**side, "precision": "mixed_bfloat16"}}
        print(f"\n{network}, {rows:,} sequences an epoch\n")
        print(f"{'':34}{'models x sequences/s':>21}{'ratio':>8}{'start-up, s':>13}{'of peak':>9}")
        baseline = None
        for name, way in ways.items():
            seconds = run(network, rows, **way)
            rate = rows * way.get("pack", 1) * way.get("jobs", 1) / seconds["epoch"]
            baseline = baseline or rate
            startup = seconds["import"] + seconds["compile"]
            share = 3 * rate * seconds["flops"] / best
            print(f"{name:34}{rate:21,.0f}{rate / baseline:8.2f}{startup:13.1f}{share:9.0%}", flush=True)


if __name__ == "__main__":
    main()
