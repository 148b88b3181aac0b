import dataclasses

import numpy as np
import pytest

import workload
from degu.attribution.explained_sequences import choose_sequences, write_explained_sequences
from degu.attribution.maps import MapBlocks, MapKey
from degu.data.batches import EVALUATION_BATCH
from degu.data.splits import SPLITS
from degu.data.store import write_store
from degu.distillation.targets import write_targets
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import Predictions, write_predictions
from degu.training.building import build_model
from degu.training.flops import forward_flops
from tests.conftest import small_store
from workload import DatasetSize, Network, Work

SIZE = DatasetSize({"train": 1000, "validation": 100, "calibration": 100, "test": 200}, length=50, targets=2)
NETWORK = Network(flops=10, parameters=7, heads=2, explainable=("mean", "aleatoric", "total"), file_bytes=99)
RECIPE = {"batch_size": 100, "epochs": 40, "resampling": "none"}
ATTRIBUTION = {
    "methods": {
        "maps": {"method": "deep_shap", "hypothetical": True},
        "saliency": {"method": "saliency"},
        "mutations": {"method": "in_silico_mutagenesis"},
    },
    "heads": ["mean", "total", "epistemic"],
    "sequences": {"top": 30, "quantiles": 4, "per_quantile": 5},
    "background": {"method": "dinucleotide_shuffle", "number": 9},
}


def settings(**changes):
    return {"published_size": None, "options": {}, "split": {}, **changes}


def test_size_of_a_store(tmp_path):
    store = dataclasses.replace(small_store(rows=90, targets=3), replicates=np.zeros((90, 3, 4), dtype=np.float32))
    write_store(store, tmp_path / "store.h5")
    size = workload.dataset_size(settings(), tmp_path / "store.h5")
    assert size == DatasetSize({split: len(store.rows(split)) for split in SPLITS}, length=24, targets=3, replicates=4)
    assert size.total == 90


def test_size_before_there_is_a_store(tmp_path):
    published = dataclasses.asdict(SIZE)
    assert workload.dataset_size(settings(published_size=published), tmp_path / "store.h5") == SIZE
    options = {"number": 6000, "length": 200, "replicates": 3}
    split = {"fractions": {"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1}}
    simulated = workload.dataset_size(settings(options=options, split=split), tmp_path / "store.h5")
    rows = {"train": 4200, "validation": 600, "calibration": 600, "test": 600}
    assert simulated == DatasetSize(rows, length=200, targets=1, replicates=3)
    with pytest.raises(DeguError, match="make it first"):
        workload.dataset_size(settings(), tmp_path / "store.h5")


def test_network_of_a_recipe(recipe):
    network = workload.network_of({**recipe, "heads": ["mean", "aleatoric"], "target_scaling": "standard"}, SIZE)
    model = build_model(recipe, 50, Outputs(Heads(("mean", "aleatoric"), ("Dev", "Hk"))), seed=1)
    assert (network.flops, network.parameters) == (forward_flops(model), model.count_params())
    assert network.heads == 2
    assert network.explainable == ("mean", "aleatoric", "total")
    assert network.file_bytes > 4 * network.parameters


def test_work_of_a_training():
    work = workload.training(NETWORK, RECIPE, SIZE, fraction=0.5, members=5)
    assert work == Work(flops=10 * (3 * 500 + 100), steps=500 / 100 + 100 / EVALUATION_BATCH, epochs=40)
    left_out = workload.training(NETWORK, {**RECIPE, "resampling": "folds"}, SIZE, fraction=0.5, members=5)
    assert left_out.flops == 10 * (3 * 400 + 100)


def test_seconds_of_work():
    work = Work(flops=600, steps=8, epochs=40)
    assert work.seconds(100.0, 0.5, epochs=30) == 30 * (6 + 4)
    assert work.seconds(100.0, 0.5) == 40 * (6 + 4)
    assert Work(flops=600).seconds(100.0, 0.5, epochs=30) == 6


def test_work_of_predictions():
    assert workload.prediction(NETWORK, SIZE, models=4).flops == 10 * 4 * 1400
    # With dropout, calibration and test splits alone.
    assert workload.prediction(NETWORK, SIZE, models=4, dropout_passes=20).flops == 10 * 4 * 20 * 300


def test_work_of_attributions():
    # Gradients for ten sequences and for one, and a forward pass for each substitution.
    passes = 2 * (1 + 9) + 2 * 1 + (1 + 3 * 50)
    work = workload.attribution(NETWORK, SIZE, ATTRIBUTION, models=4)
    assert work.flops == 10 * passes * (30 + 4 * 5) * 4 * 2 * 2
    few = {**ATTRIBUTION, "sequences": {"top": 190, "quantiles": 4, "per_quantile": 5}}
    assert workload.explained_rows(SIZE, few["sequences"]) == 200


@pytest.fixture(scope="module")
def random_store():
    """Of random numbers, which hardly compress."""
    rng, rows = np.random.default_rng(3), 10000
    return dataclasses.replace(
        small_store(rows=rows, length=50, targets=2),
        tokens=rng.integers(0, 4, (rows, 50), dtype=np.uint8),
        replicates=rng.standard_normal((rows, 2, 3)).astype(np.float32),
        names=np.array([rng.bytes(10).hex() for _ in range(rows)]),
    )


@pytest.fixture
def random_size(random_store):
    return DatasetSize({split: len(random_store.rows(split)) for split in SPLITS}, length=50, targets=2, replicates=3)


def is_about(path, expected):
    return path.stat().st_size == pytest.approx(expected, rel=0.15)


def test_bytes_of_a_store(random_store, random_size, tmp_path):
    write_store(random_store, tmp_path / "store.h5")
    assert is_about(tmp_path / "store.h5", workload.store_bytes(random_size))


@pytest.mark.parametrize("passes", [0, 20])
def test_bytes_of_predictions(random_size, tmp_path, passes):
    rng = np.random.default_rng(4)
    splits = ("calibration", "test") if passes else SPLITS
    heads = Heads(("mean", "aleatoric", "epistemic") if passes else ("mean", "aleatoric"), ("Dev", "Hk"))
    values = {split: rng.standard_normal((5, random_size.rows[split], heads.width), "f4") for split in splits}
    write_predictions(Predictions(values, heads, list(range(5))), tmp_path / "predictions.h5", "digest")
    assert is_about(tmp_path / "predictions.h5", workload.predictions_bytes(NETWORK, random_size, 5, passes))


@pytest.mark.parametrize(
    ("loss", "shapes"),
    [
        ("gaussian_of_members", {"mean": (2,), "aleatoric": (2,), "epistemic": (2,)}),
        ("evidential_of_members", {"member_mean": (5, 2), "member_aleatoric": (5, 2)}),
    ],
)
def test_bytes_of_targets(random_size, tmp_path, loss, shapes):
    rng = np.random.default_rng(4)
    recipe = {"loss": {"name": loss}, "heads": ["mean", "aleatoric", "epistemic"]}
    targets = {
        split: {name: rng.standard_normal((count, *shape), "f4") for name, shape in shapes.items()}
        for split, count in random_size.rows.items()
    }
    write_targets(targets, tmp_path / "targets.h5", "digest")
    assert is_about(tmp_path / "targets.h5", workload.targets_bytes(recipe, random_size, members=5))


def test_bytes_of_explained_sequences(random_store, random_size, tmp_path):
    settings = {**ATTRIBUTION, "background": {"method": "uniform", "number": 500}}
    rng = np.random.default_rng(4)
    chosen = choose_sequences(random_store, 0, settings["sequences"], settings["background"], rng)
    write_explained_sequences({"Dev": chosen, "Hk": chosen}, tmp_path / "explained.h5", "digest")
    assert is_about(tmp_path / "explained.h5", workload.explained_bytes(random_size, settings))


def test_bytes_of_attributions(tmp_path):
    rng, size = np.random.default_rng(4), dataclasses.replace(SIZE, length=250)
    blocks = MapBlocks(tmp_path / "blocks", "identity")
    keys = [MapKey(target, "maps", head) for target in ("Dev", "Hk") for head in ("mean", "total")]
    for key in keys:
        for model in range(2):
            blocks.write(key, model, 0, rng.standard_normal((50, 250, 4), "f4"), np.zeros(50, "f4"))
    blocks.assemble(dict.fromkeys(keys, 50), [1, 2], tmp_path / "maps.h5", "digest")
    settings = {**ATTRIBUTION, "methods": {"maps": ATTRIBUTION["methods"]["maps"]}}
    assert is_about(tmp_path / "maps.h5", workload.attributions_bytes(NETWORK, size, settings, models=2))


def test_bytes_of_checkpoints():
    assert workload.checkpoint_bytes(NETWORK) == 4 * 4 * 7
