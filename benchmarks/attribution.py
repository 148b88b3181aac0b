"""Speed of attribution: DeepSHAP, dinucleotide shuffles and in-silico mutagenesis against other ways of working.

    python benchmarks/attribution.py [--sequences 10] [--backgrounds 100] [--threads 2]

On the DeepSTARR network with four outputs (mean and epistemic of two targets) and sequences of 249 bases. The
published way, re-created in our own words, goes sequence by sequence: shuffles in Python, a new
`shap.DeepExplainer`, all four outputs of which one is kept, and an emptied session. Both ways get the same
backgrounds once more to see that their maps agree. The methods `shap_deep` and `shap_gradient`, which are the package
without the new explainer for each sequence, are compared with the compiled methods of the same kind; `shap_gradient`
takes as many samples as there are backgrounds. In-silico mutagenesis is compared with the plain forward passes that it
needs. Each comparison is a ratio of one run on one machine. What a method takes once a model and head, to be compiled
or traced, is given and not counted; the published way takes it for each sequence. Last, the peak memory of processes
that explain ever more sequences (`--memory`).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import keras
import numpy as np
import shap
import tensorflow as tf

from degu.attribution.backgrounds import dinucleotide_shuffle
from degu.attribution.compiled import Method
from degu.attribution.explained import Explained
from degu.attribution.maps import BLOCK, MapBlocks, MapKey
from degu.data.sequences import one_hot
from degu.models import deepstarr
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.provenance.environment import peak_memory_mib

LENGTH = 249


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def network(rng: np.random.Generator) -> keras.Model:
    """Return a DeepSTARR network whose batch-norm statistics are those of random sequences."""
    model = deepstarr.build(LENGTH, Outputs(Heads(("mean", "epistemic"), ("Dev", "Hk"))))
    normalised = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in normalised:
        layer.momentum = 0.0
    for _ in normalised:
        model(one_hot(rng.integers(0, 4, (256, LENGTH))), training=True)
    return model


def shuffle_in_python(tokens: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Shuffle one sequence several times, base by base."""
    followers = [np.flatnonzero(tokens[:-1] == letter) + 1 for letter in range(4)]
    result = np.empty((number, len(tokens)), dtype=np.uint8)
    for row in result:
        orders = []
        for positions in followers:
            order = np.arange(len(positions))
            # The last step from each letter stays, so that the walk does not get stuck.
            order[:-1] = rng.permutation(max(len(order) - 1, 0))
            orders.append(positions[order])
        used, at = [0] * 4, 0
        row[0] = tokens[0]
        for index in range(1, len(tokens)):
            letter = tokens[at]
            at = orders[letter][used[letter]]
            used[letter] += 1
            row[index] = tokens[at]
    return result


def explain_published(
    model: keras.Model, tokens: np.ndarray, number: int, backgrounds: np.ndarray | None = None
) -> np.ndarray:
    """Return DeepSHAP maps of the first output, (N, L, 4), sequence by sequence."""
    rng, maps = np.random.default_rng(1), []
    for index, sequence in enumerate(tokens):
        own = shuffle_in_python(sequence, number, rng) if backgrounds is None else backgrounds[index]
        explainer = shap.DeepExplainer(model, one_hot(own))
        maps.append(explainer.shap_values(one_hot(sequence)[None], check_additivity=False)[0, ..., 0])
        keras.backend.clear_session()
    return np.stack(maps)


def compiled_seconds(
    explained: Explained, name: str, options: dict, tokens: np.ndarray, backgrounds: np.ndarray
) -> tuple[float, float]:
    """Return how long a method takes for all sequences, the best of three, and how much longer it takes at first."""
    method = Method(explained, name, options, backgrounds.shape[1])
    first = seconds(lambda: method(tokens, backgrounds))
    again = min(seconds(lambda: method(tokens, backgrounds)) for _ in range(3))
    return again, first - again


def explain_many(number: int, backgrounds: int) -> None:
    """Write DeepSHAP maps of some sequences as the workflow does, and print the peak memory in MiB."""
    rng = np.random.default_rng(0)
    model = network(rng)
    explained = Explained(model, Outputs(Heads(("mean", "epistemic"), ("Dev", "Hk"))), "mean", 0)
    tokens = rng.integers(0, 4, (number, LENGTH), dtype=np.uint8)
    drawn = dinucleotide_shuffle.draw(tokens, backgrounds, tokens, rng)
    method = Method(explained, "deep_shap", {}, backgrounds)
    key = MapKey("Dev", "deep_shap", "mean")
    with tempfile.TemporaryDirectory() as folder:
        blocks = MapBlocks(Path(folder) / "blocks", "benchmark")
        for start in range(0, number, BLOCK):
            rows = slice(start, start + BLOCK)
            blocks.write(key, 0, start, *method(tokens[rows], drawn[rows]))
        blocks.assemble({key: number}, [1], Path(folder) / "maps.h5", "digest")
    print(peak_memory_mib())


def print_memory(backgrounds: int) -> None:
    """Print the peak memory of explaining ever more sequences, each in a process of its own."""
    print(f"{'sequences':>10}{'peak MiB':>10}")
    for number in (100, 400, 1600):
        command = [sys.executable, __file__, "--explain", str(number), "--backgrounds", str(backgrounds)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"{number:10,}{float(output.split()[-1]):10,.0f}")


def main() -> None:
    """Run the comparisons and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sequences", type=int, default=10)
    parser.add_argument("--backgrounds", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", action="store_true", help="print peak memory instead of speed")
    parser.add_argument("--explain", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.explain:
        explain_many(options.explain, options.backgrounds)
        return
    if options.memory:
        print_memory(options.backgrounds)
        return
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    rng = np.random.default_rng(0)
    model = network(rng)
    explained = Explained(model, Outputs(Heads(("mean", "epistemic"), ("Dev", "Hk"))), "mean", 0)
    tokens = rng.integers(0, 4, (options.sequences, LENGTH), dtype=np.uint8)
    number = options.backgrounds

    def draw() -> np.ndarray:
        return dinucleotide_shuffle.draw(tokens, number, tokens, np.random.default_rng(1))

    draw()
    many = rng.integers(0, 4, (200, LENGTH), dtype=np.uint8)
    in_python = seconds(lambda: [shuffle_in_python(row, number, rng) for row in many])
    compiled = seconds(lambda: dinucleotide_shuffle.draw(many, number, many, rng))

    backgrounds = draw()
    deep_shap = Method(explained, "deep_shap", {}, number)
    deep_shap(tokens, backgrounds)
    ours = seconds(lambda: deep_shap(tokens, draw()))
    published = seconds(lambda: explain_published(model, tokens, number))
    few = slice(0, 3)
    expected = explain_published(model, tokens[few], number, backgrounds[few])
    difference = np.abs(deep_shap(tokens[few], backgrounds[few])[0] - expected).max() / np.abs(expected).max()

    times = {
        name: compiled_seconds(explained, name, options, tokens, backgrounds)
        for name, options in (
            ("deep_shap", {}),
            ("shap_deep", {}),
            ("expected_gradients", {}),
            ("shap_gradient", {"samples": number}),
        )
    }

    mutagenesis = Method(explained, "in_silico_mutagenesis", {}, 0)
    none = backgrounds[:, :0]
    mutagenesis(tokens, none)
    mutating = seconds(lambda: mutagenesis(tokens, none))
    rows = one_hot(rng.integers(0, 4, (1 + 3 * LENGTH, LENGTH)))
    forward = tf.function(lambda batch: model(batch, training=False))
    forward(rows)
    passes = seconds(lambda: [forward(rows) for _ in tokens])

    count = options.sequences
    print(f"DeepSTARR, 4 outputs, {count} sequences, {number} backgrounds, {options.threads} threads\n")
    print(f"{'':44}{'other way':>12}{'ours':>10}{'ratio':>8}")
    for name, other, own in (
        ("DeepSHAP, published way, s a sequence", published / count, ours / count),
        ("DeepSHAP, method shap_deep, s a sequence", times["shap_deep"][0] / count, times["deep_shap"][0] / count),
        (
            "expected gradients, shap_gradient, s each",
            times["shap_gradient"][0] / count,
            times["expected_gradients"][0] / count,
        ),
        (
            "dinucleotide shuffles in Python, ms each",
            1e3 * in_python / len(many) / number,
            1e3 * compiled / len(many) / number,
        ),
        ("in-silico mutagenesis, forward passes, s each", passes / count, mutating / count),
    ):
        print(f"{name:44}{other:12.4g}{own:10.4g}{other / own:8.1f}")
    print(
        f"\nLargest difference of DeepSHAP maps on the same backgrounds: {difference:.1e} of the largest contribution"
    )
    once = ", ".join(f"{name} {longer:.1f} s" for name, (_, longer) in times.items())
    print(f"Compiling or tracing, once a model and head: {once}")


if __name__ == "__main__":
    main()
