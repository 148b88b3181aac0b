"""Cost of a step of dynamic distillation against the forward passes that it needs and the student's own step.

    python benchmarks/dynamic_distillation.py [--members 10] [--threads 2] [--batches 20]

Members and student are the DeepSTARR network, and batches have the published size. In turns, a batch is predicted by
each member alone (by its compiled `predict_on_batch`), a student is trained on a batch with ready labels, and a student
is trained on a batch that is augmented and labelled on the fly. The ratio is the median of the last over the sum of the
medians of the first two; it should be at most 1.3.
"""

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
_REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(_REPOSITORY / "scripts"))

HIGHEST_RATIO = 1.3


def build(folder: Path, members: int, batch_size: int) -> dict[str, Callable[[], None]]:
    """Return the functions that are timed."""
    import keras
    import numpy as np

    from augmentation import LENGTH
    from degu.config.configuration import Configuration
    from degu.config.plugins import load
    from degu.data.augmenting import Augmenter
    from degu.data.batches import Batches
    from degu.data.sequences import one_hot
    from degu.distillation.labelling import MemberLabels
    from degu.outputs.heads import Heads
    from degu.outputs.outputs import Outputs
    from degu.training.loop import training_loop
    from degu.training.saving import save_model

    outputs = Outputs(Heads(("mean",), ("Dev", "Hk")))
    paths = [folder / f"{number}.keras" for number in range(members)]
    for number, path in enumerate(paths):
        keras.utils.set_random_seed(number)
        save_model(load("model", "deepstarr").build(LENGTH, outputs), outputs, {}, path, path.with_suffix(".json"))
    models = [keras.saving.load_model(path, compile=False) for path in paths]
    label = MemberLabels(paths, ("mean", "epistemic"))

    own = dataclasses.replace(outputs, heads=Heads(("mean", "epistemic"), ("Dev", "Hk")))
    student = load("model", "deepstarr").build(LENGTH, own)
    student.compile("adam", "mse")
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 4, (batch_size, LENGTH), dtype=np.uint8)
    targets = rng.standard_normal((batch_size, own.width)).astype("f4")
    settings = Configuration({"datasets": ["simulated_mpra"]}, [_REPOSITORY / "config"]).augmentation("degu_dynamic")
    ready = Batches(tokens, targets, batch_size=batch_size, seed=0)
    fly = Batches(
        tokens,
        batch_size=batch_size,
        seed=0,
        augment=Augmenter(**settings, length=LENGTH),
        label=lambda changed: np.concatenate(list(label(changed).values()), axis=1),
    )
    for batches in (ready, fly):
        batches.on_epoch_begin()
    loop = training_loop([student], ready)
    values = one_hot(tokens)

    def passes() -> None:
        for model in models:
            model.predict_on_batch(values)

    return {
        "forward passes": passes,
        "student's step": lambda: loop.run([ready], training=True) and None,
        "dynamic step": lambda: loop.run([fly], training=True) and None,
    }


def main() -> None:
    """Measure and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batches", type=int, default=20)
    options = parser.parse_args()
    import published
    from degu.training.backend import prepare
    from augmentation import medians

    prepare(options.threads, deterministic=True)
    with tempfile.TemporaryDirectory() as folder:
        found = medians(build(Path(folder), options.members, published.BATCH), options.batches)
    for name, seconds in found.items():
        print(f"{name:20}{1e3 * seconds:9.1f} ms")
    ratio = found["dynamic step"] / (found["forward passes"] + found["student's step"])
    verdict = "within" if ratio <= HIGHEST_RATIO else "above"
    print(
        f"{options.members} members: the dynamic step costs {ratio:.2f} times the other two, {verdict} {HIGHEST_RATIO}."
    )


if __name__ == "__main__":
    main()
