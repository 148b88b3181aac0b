import dataclasses

import numpy as np
import pytest

import workload
from dataset_sizes import DatasetSize
from degu.attribution.explained_sequences import choose_sequences, write_explained_sequences
from degu.attribution.maps import MapBlocks, MapKey
from degu.data.batches import EVALUATION_BATCH
from degu.data.splits import SPLITS
from degu.data.store import write_store
from degu.distillation.targets import write_targets
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import Predictions, write_predictions
from degu.training.building import build_model
from degu.training.flops import forward_flops
from tests.conftest import small_store
from workload import Network, Work

SIZE = DatasetSize({"train": 1000, "validation": 100, "calibration": 100, "test": 200}, length=50, targets=2)
NETWORK = Network(flops=10, parameters=7, values=2, explainable=("mean", "aleatoric", "total"), file_bytes=99)
RECIPE = {"batch_size": 100, "epochs": 40, "resampling": "none", "early_stopping": {"patience": 10}}
RECIPE["windows"] = {"negatives": None, "rows": "all"}
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


def test_network_of_profiles(recipe):
    """Each target has a number and sixty positions, and the centre of the sequences is what a profile sees."""
    own = {**recipe, "model": {"name": "bpnet", "filters": 2, "layers": 1, "kernel": 5, "profile_kernel": 3}}
    own |= {"heads": ["mean", "profile"], "loss": {"name": "multinomial"}, "profile_bins": 12}
    size = dataclasses.replace(SIZE, length=80, profile=(1, 60))
    network = workload.network_of(own, size)
    assert network.values == 1 + 60
    # Unpadded convolutions leave 76 and 72 positions; two targets have a profile each, and a number.
    assert network.flops == 2 * (76 * 5 * 4 * 2 + 72 * 3 * 2 * 2 + 60 * 3 * 2 * 2 + 2 * 2)
    assert workload.predictions_bytes(network, size, models=3) == 3 * 1400 * 61 * 2 * 4


def test_network_of_a_recipe(recipe):
    network = workload.network_of({**recipe, "heads": ["mean", "aleatoric"], "target_scaling": "standard"}, SIZE)
    model = build_model(recipe, 50, Outputs(Heads(("mean", "aleatoric"), ("Dev", "Hk"))), seed=1)
    assert (network.flops, network.parameters) == (forward_flops(model), model.count_params())
    assert network.values == 2
    assert network.explainable == ("mean", "aleatoric", "total")
    assert network.file_bytes > 4 * network.parameters


def test_work_of_a_training():
    work = workload.training(NETWORK, RECIPE, SIZE, fraction=0.5, members=5)
    assert work == Work(flops=10 * (3 * 500 + 100), steps=500 / 100 + 100 / EVALUATION_BATCH, epochs=40)
    left_out = workload.training(NETWORK, {**RECIPE, "resampling": "folds"}, SIZE, fraction=0.5, members=5)
    assert left_out.flops == 10 * (3 * 400 + 100)


@pytest.mark.parametrize(("originals", "passes"), [(False, 3), (True, 6)])
def test_labels_of_each_batch_are_work_of_a_training(originals, passes):
    recipe = {**RECIPE, "originals": originals}
    work = workload.training(NETWORK, recipe, SIZE, fraction=0.5, members=5, labels=70)
    assert work.flops == 500 * (passes * 10 + 70) + 100 * 10


def test_a_training_that_is_not_stopped_lasts_all_of_its_epochs():
    patient = workload.training(NETWORK, {**RECIPE, "early_stopping": {"patience": 40}}, SIZE, fraction=0.5, members=5)
    assert (patient.lasting(30), patient.lasting(50)) == (40, 40)
    assert [Work(flops=1, epochs=40).lasting(epochs) for epochs in (30, 50)] == [30, 40]
    assert patient.seconds(100.0, 0.0, epochs=30) == 40 * patient.flops / 100


@pytest.mark.parametrize(
    ("windows", "train", "validation"),
    [
        ({"negatives": None, "rows": "all"}, 1000, 100),
        ({"negatives": 0.1, "rows": "all"}, 220, 22),
        ({"negatives": 9, "rows": "all"}, 1000, 100),
        ({"negatives": None, "rows": "negatives"}, 800, 80),
    ],
)
def test_an_epoch_has_some_of_the_negatives(windows, train, validation):
    """There are four negatives for each region."""
    size, recipe = dataclasses.replace(SIZE, negatives=4), {**RECIPE, "windows": windows}
    found = [workload.rows_of_epoch(recipe, size, split) for split in ("train", "validation")]
    assert found == pytest.approx([train, validation])
    work = workload.training(NETWORK, recipe, size, fraction=1.0, members=5)
    assert work.flops == pytest.approx(10 * (3 * train + validation))


def test_rows_of_a_pool():
    variants = {"source": {"name": "training"}, "variants": 16}
    assert workload.pool_rows(variants, SIZE, 0.5) == 8000
    # A tenth is held out.
    drawn = {"source": {"name": "random", "number": 2000}, "variants": 2}
    assert workload.pool_rows(drawn, SIZE, 0.5) == 2 * 1800


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


def test_bytes_of_counts(random_store, random_size, tmp_path):
    """They are compressed; these have a mean of one."""
    counts = np.random.default_rng(5).poisson(1, (10000, 2, 3, 1, 60)).astype(np.uint16)
    store = dataclasses.replace(random_store, counts=counts)
    store.attributes["depths"] = {name: [1.0] * 3 for name in store.target_names}
    write_store(store, tmp_path / "store.h5")
    assert is_about(tmp_path / "store.h5", workload.store_bytes(dataclasses.replace(random_size, profile=(1, 60))))


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
        ("profile_divergence", {"mean": (2,), "profile": (2, 1, 60), "profile_epistemic": (2, 1, 12)}),
    ],
)
def test_bytes_of_targets(random_size, tmp_path, loss, shapes):
    rng = np.random.default_rng(4)
    heads = [name for name in shapes if not name.startswith("member")] or ["mean", "aleatoric", "epistemic"]
    recipe = {"loss": {"name": loss}, "heads": heads, "profile_bins": 12}
    random_size = dataclasses.replace(random_size, profile=(1, 60))
    targets = {
        split: {name: rng.standard_normal((count, *shape), "f4") for name, shape in shapes.items()}
        for split, count in random_size.rows.items()
    }
    write_targets(targets, tmp_path / "targets.h5", "digest")
    assert is_about(tmp_path / "targets.h5", workload.targets_bytes(recipe, random_size, members=5))


def test_bytes_of_a_labelled_pool(random_size):
    assert workload.pool_bytes(NETWORK, random_size, 100, models=5) == pytest.approx(
        100 * (50 * workload.token_bytes(level=4) + 5 * 2 * 2 * 4)
    )


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
