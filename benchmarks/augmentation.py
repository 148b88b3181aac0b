"""Time of augmentation as a share of a training step's.

    python benchmarks/augmentation.py [--threads 2] [--batches 30]

The step is that of the DeepSTARR network on a batch of the published size. In turns, one batch is trained on and one is
augmented by each published set and by each augmentation alone, so that both share what else the machine does. The share
is the median of the augmentation's time over the median of the step's; it should be at most a tenth.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
_REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(_REPOSITORY / "scripts"))

LENGTH = 249
TARGETS = 2
HIGHEST_SHARE = 0.1
# Options of augmentations that need some.
OPTIONS = {"motif_planting": {"names": ["HNF4A", "GATA1"], "file": str(_REPOSITORY / "resources/jaspar_motifs.txt")}}


def training_step(batch_size: int) -> Callable[[], None]:
    """Return a function that trains the network on one batch."""
    import keras
    import numpy as np

    from degu.config.plugins import load
    from degu.data.batches import Batches
    from degu.outputs.heads import Heads
    from degu.outputs.outputs import Outputs
    from degu.training.loop import training_loop

    outputs = Outputs(Heads(("mean",), tuple(f"target{index}" for index in range(TARGETS))))
    keras.utils.set_random_seed(0)
    model = load("model", "deepstarr").build(LENGTH, outputs)
    model.compile("adam", "mse")
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 4, (batch_size, LENGTH), dtype=np.uint8)
    data = Batches(tokens, rng.standard_normal((batch_size, TARGETS)).astype("f4"), batch_size=batch_size, seed=0)
    data.on_epoch_begin()
    loop = training_loop([model], data)
    return lambda: loop.run([data], training=True)


def augmentations(batch_size: int) -> dict[str, Callable[[], None]]:
    """Return functions that augment one batch, by each published set and by each augmentation alone."""
    import numpy as np

    from degu.config.configuration import Configuration
    from degu.config.plugins import known_names
    from degu.data.augmenting import Augmenter

    folder = _REPOSITORY / "config"
    configuration = Configuration({"datasets": ["simulated_mpra"]}, [folder])
    sets = {path.stem: configuration.augmentation(path.stem) for path in sorted(folder.glob("augmentations/*.yaml"))}
    single = {
        name: {"augmentations": [{"name": name, **OPTIONS.get(name, {})}]} for name in known_names("augmentation")
    }
    tokens = np.random.default_rng(0).integers(0, 4, (batch_size, LENGTH), dtype=np.uint8)

    def function(settings: dict) -> Callable[[], None]:
        augmenter, rng = Augmenter(**settings, length=LENGTH), np.random.default_rng(0)
        return lambda: augmenter(tokens, rng) and None

    return {name: function(settings) for name, settings in {**sets, **single}.items()}


def medians(functions: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each function, all of them called in turns; the first two rounds do not count."""
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds + 2):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times[2:]) for name, times in seconds.items()}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batches", type=int, default=30)
    options = parser.parse_args()
    import published
    from degu.training.backend import prepare

    prepare(options.threads, deterministic=True)
    functions = {"training step": training_step(published.BATCH), **augmentations(published.BATCH)}
    found = medians(functions, options.batches)
    step = found.pop("training step")
    print(f"{published.BATCH} sequences of {LENGTH} bases; a training step of DeepSTARR takes {1e3 * step:.1f} ms\n")
    print(f"{'':28}{'ms a batch':>11}{'of a step':>11}")
    for name, seconds in found.items():
        print(f"{name:28}{1e3 * seconds:11.2f}{seconds / step:11.1%}")
    highest = max(found, key=lambda name: found[name])
    verdict = "within" if found[highest] <= HIGHEST_SHARE * step else "above"
    print(f"\nThe highest share is {found[highest] / step:.1%} ({highest}), {verdict} a tenth.")


if __name__ == "__main__":
    main()
