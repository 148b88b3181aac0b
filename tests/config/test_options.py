"""The options of every plugin of the project: each number has a range, and values that cannot be are refused."""

import pytest

from degu.config.annotations import holds_numbers
from degu.config.plugins import KINDS, check_options, constant, known_names, options_of
from degu.config.values import BOUNDS
from degu.errors import DeguError

PLUGINS = [(kind, name) for kind in KINDS for name in known_names(kind)]
# Small values of the options that some plugins require.
SMALL = {
    "cell_type": "K562",
    "seed": 0,
    "number": 2,
    "level": 1,
    "effects": {"HNF4A": 1.0},
    "noise_effects": {},
    "interactions": [],
    "core": ["SP1"],
    "targets": {"activity": {"mean": "y"}},
    "names": ["SP1"],
    "file": "motifs.txt",
    "path": "windows.fa",
    "replicates": ["delta"],
    "steps": [1, 5],
    "tracks": {"cuts": {"replicates": ["rep1"]}},
}


def check(kind, name, **options):
    """Check options, beside small values of those that the plugin requires."""
    known = options_of(kind, name)
    required = {key: value for key, value in SMALL.items() if key in known and known[key].default is None}
    check_options(kind, name, required | options, given={"drop_bad_rows"}, where="x")


@pytest.mark.parametrize(("kind", "name"), PLUGINS)
def test_every_option_that_is_a_number_has_a_range_in_which_its_default_lies(kind, name):
    """An option that may be any number has an empty range."""
    options = options_of(kind, name)
    ranges = constant(kind, name, "RANGES", {})
    assert set(ranges) == {key for key, option in options.items() if holds_numbers(option.annotation)}
    for bounds in ranges.values():
        assert set(bounds) <= set(BOUNDS)
        assert {bound for bound in bounds.values() if isinstance(bound, str)} <= set(ranges)
    check(kind, name)
    assert set(constant(kind, name, "NOT_EMPTY", ())) <= set(options)


@pytest.mark.parametrize(
    ("kind", "name", "options", "place"),
    [
        ("model", "motif_cnn", {"filters": 0}, "filters"),
        ("model", "motif_cnn", {"kernel": -3}, "kernel"),
        ("model", "motif_cnn", {"pool": 0}, "pool"),
        ("model", "motif_cnn", {"units": 0}, "units"),
        ("model", "motif_cnn", {"dropout": 0.5}, "dropout"),
        ("model", "deepstarr", {"dropout": 2}, "dropout"),
        ("model", "deepstarr", {"dropout": 1}, "dropout"),
        ("model", "deepstarr", {"width": 0}, "width"),
        ("model", "mprann", {"width": -1}, "width"),
        ("model", "residualbind", {"width": 0.0}, "width"),
        ("model", "cnn_dist", {"penalty": -1e-6}, "penalty"),
        ("model", "cnn_local", {"penalty": -1}, "penalty"),
        ("loss", "pinball", {"level": 1}, "level"),
        ("loss", "pinball", {"level": 90}, "level"),
        ("loss", "beta_gaussian", {"beta": -0.5}, "beta"),
        ("loss", "evidential", {"regularization": -1}, "regularization"),
        ("metric", "coverage", {"level": 0}, "level"),
        ("conformal method", "mondrian", {"bins": 0}, "bins"),
        ("attribution method", "integrated_gradients", {"steps": 0}, "steps"),
        ("attribution method", "smoothgrad", {"samples": 0}, "samples"),
        ("attribution method", "smoothgrad", {"std": -0.1}, "std"),
        ("attribution method", "smoothgrad", {"seed": -1}, "seed"),
        ("augmentation", "deletion", {"minimum": -1}, "minimum"),
        ("augmentation", "insertion", {"minimum": 30}, "maximum"),
        ("augmentation", "inversion", {"minimum": 5, "maximum": 4}, "maximum"),
        ("pool source", "random", {"number": 1}, "number"),
        ("importer", "simulated_mpra", {"ceiling": 0}, "ceiling"),
        ("importer", "simulated_mpra", {"gc_low": 0.9}, "gc_high"),
        ("importer", "simulated_mpra", {"seed": -1}, "seed"),
        ("importer", "synthetic_code", {"number": 1}, "number"),
    ],
)
def test_numbers_that_no_plugin_can_work_with_are_refused(kind, name, options, place):
    with pytest.raises(DeguError, match=rf"^x\.{place}: .* is out of range\n"):
        check(kind, name, **options)


@pytest.mark.parametrize(
    ("kind", "name", "options", "message"),
    [
        ("model", "motif_cnn", {"activation": "reluu"}, "there is no activation 'reluu'\n.*mean 'relu'"),
        ("model", "cnn_dist", {"first_activation": "exp"}, "there is no first_activation 'exp'"),
        ("conformal method", "weighted", {"std": "epistemc"}, "there is no std 'epistemc'\n.*mean 'epistemic'"),
        ("conformal method", "weighted", {"std": 3}, "there is no std '3'"),
        ("importer", "simulated_mpra", {"effects": {"HNF4A": "much"}}, "'much' is not of type float"),
        ("importer", "simulated_mpra", {"families": 3}, "3 is not of type list"),
        ("importer", "simulated_mpra", {"interactions": ["HNF4A"]}, "'HNF4A' is not of type dict"),
        ("importer", "synthetic_code", {"core": []}, "option 'core' is empty"),
        ("importer", "synthetic_code", {"core": [1]}, "1 is not of type str"),
        ("importer", "table", {"sequence": ""}, "option 'sequence' is empty"),
        ("importer", "lentimpra", {"cell_type": ""}, "option 'cell_type' is empty"),
        ("augmentation", "motif_planting", {"names": []}, "option 'names' is empty"),
        ("pool source", "file", {"path": ""}, "option 'path' is empty"),
        ("pool source", "file", {"column": ""}, "option 'column' is empty"),
    ],
)
def test_values_that_no_plugin_can_work_with_are_refused(kind, name, options, message):
    with pytest.raises(DeguError, match=rf"^x\.\w+(\.\w+)?: {message}"):
        check(kind, name, **options)
