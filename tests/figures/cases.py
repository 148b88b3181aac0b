"""Every figure in several cases, from one panel to many: what it draws, and how many panels show something."""

import functools
from collections.abc import Iterable
from types import ModuleType
from typing import NamedTuple

import pandas as pd
import pytest
from matplotlib.figure import Figure

from degu.figures import (
    accuracy_and_coverage,
    active_learning,
    attribution_logos,
    attribution_quantiles,
    attribution_similarity,
    attribution_truth,
    attribution_variability,
    calibration_curves,
    conditional_coverage,
    conformal,
    designs,
    difference_uncertainty,
    ensemble_size,
    headlines,
    interval_coverage,
    measured_shifts,
    motifs,
    performance,
    pit,
    pool_sizes,
    predictions,
    profile_accuracy,
    profile_calibration,
    profile_examples,
    profile_uncertainty,
    published_shifts,
    saturation,
    shift_ladder,
    simulated_truth,
    simulated_uncertainty,
    sparsification,
    student_costs,
    training_curves,
    uncertainty_heads,
    variant_effects,
)
from tests.attribution.motifs.small_patterns import aligned
from tests.figures import (
    attribution_tables,
    design_tables,
    profile_tables,
    shift_tables,
    tables,
    uncertainty_tables,
    variant_tables,
)
from tests.figures.attribution_tables import HEADS, MANY, ONE
from tests.figures.uncertainty_tables import BOTH, METHODS, NOISELESS, PLAIN, ROWS, UNITS

# The title of the one data set of the tables of scores.
TITLES = {"toy": "Toy assay"}


class Case(NamedTuple):
    """A figure that is drawn in tests.

    Attributes
    ----------
    module
        The module of `degu.figures`.
    arguments
        What its `draw` takes.
    count
        The number of panels that show something.
    keys
        What each of these panels is for, where a test needs it.
    """

    module: ModuleType
    arguments: tuple
    count: int
    keys: list[tuple] | None = None


def _accuracy_cases() -> dict[str, Case]:
    """Return the figures of accuracy, of training and of the simulated truth."""
    scores, predicted, history = tables.scores, tables.predicted, tables.history
    epistemic, aleatoric = "epistemic/ensemble", "aleatoric/measured"
    one_kind = predicted(rows=3000)[["target", "seed", "measured", "ensemble_mean"]]
    several = history(("small", "degu of small"), (0.1, 0.5, 1.0))
    # By the name of the module and the case: the table, and the number of panels.
    cases = {
        performance: {
            "": (scores(), 1),
            "two targets": (scores(BOTH), 2),
            "one fraction": (scores(fractions=(1.0,)), 1),
            "two teachers": (scores(BOTH, teachers={"a": (), "b": ()}), 4),
        },
        uncertainty_heads: {
            "": (scores(), 3),
            "two targets": (scores(BOTH), 6),
            "one fraction": (scores(fractions=(0.5,)), 3),
            "no aleatoric head": (scores(teachers={"a": (epistemic,)}), 1),
            "no epistemic head": (scores(teachers={"a": (aleatoric,)}), 1),
            "two teachers": (scores(teachers={"a": (epistemic,), "b": (epistemic, aleatoric)}), 3),
            "two teachers, upper right": (scores(teachers={"b": (epistemic, "aleatoric/truth"), "a": (epistemic,)}), 3),
        },
        training_curves: {"": (history(), 1), "several": (several, 6)},
        student_costs: {
            "": (tables.student_costs(), 2),
            "two targets": (tables.student_costs(BOTH), 4),
        },
    }
    named = {
        _name(module, name): Case(module, (table, "Toy"), count)
        for module, own in cases.items()
        for name, (table, count) in own.items()
    }
    of_predictions = {
        _name(predictions, name): Case(predictions, (table, UNITS, "Toy"), count)
        for name, (table, count) in {
            "": (predicted(), 4),
            "all heads": (predicted(known=tables.ALEATORIC), 6),
            "two targets": (predicted(BOTH, known=tables.ALEATORIC), 12),
            "a head of replicates": (predicted(known=(*tables.ALEATORIC, "student_replicate_std")), 6),
            "many of one kind": (one_kind, 1),
            "many": (predicted(rows=3000), 4),
        }.items()
    }
    of_headlines = {
        _name(headlines, name): Case(headlines, (scores(**own), tables.coverage(**own), TITLES, "Toy"), 3)
        for name, own in {"": {}, "two targets": {"targets": BOTH}, "two teachers": {"teachers": tables.TWO}}.items()
    }
    of_pools = {
        _name(pool_sizes, name): Case(pool_sizes, (tables.pool_scores(targets), tables.POOLS, "Toy"), 2 * len(targets))
        for name, targets in {"": ("Dev",), "two targets": BOTH}.items()
    }
    of_differences = {
        _name(difference_uncertainty, name): Case(
            difference_uncertainty,
            (*tables.differences(targets), dict.fromkeys(targets, "log2"), "Toy"),
            3 * len(targets),
        )
        for name, targets in {"": ("Dev",), "two targets": BOTH}.items()
    }
    of_sizes = {
        _name(ensemble_size, name): Case(
            ensemble_size, (tables.ensemble_sizes(targets), UNITS, "Toy"), 4 * len(targets)
        )
        for name, targets in {"": ("activity",), "two targets": BOTH}.items()
    }
    of_strategies = {
        _name(active_learning, name): Case(active_learning, (*tables.active_learning(**own), "Toy"), count)
        for name, (own, count) in {
            "": ({}, 3),
            "two targets": ({"targets": BOTH}, 6),
            "measured alone": ({"references": ("measured",)}, 3),
        }.items()
    }
    of_truth = {"simulated truth": Case(simulated_truth, tables.truth(), 4)}
    return named | of_predictions | of_headlines | of_pools | of_differences | of_sizes | of_strategies | of_truth


def _uncertainty_cases() -> dict[str, Case]:
    cases = {}
    for name, methods, targets in (
        ("one target", METHODS, ("Dev",)),
        ("two targets", METHODS, BOTH),
        ("no noise", NOISELESS, ("Dev",)),
        ("a student of a mean alone", PLAIN, ("Dev",)),
        ("twenty methods", uncertainty_tables.MANY, ("Dev",)),
    ):
        known = [(target, method) for method, own in methods.items() for target in targets if any(own.values())]
        every = [(target, method) for method in methods for target in targets]
        featured = [
            (*pair, feature)
            for pair in every
            for feature in ("mean", "gc", "total")
            if (pair[1] == next(iter(methods)) or "student" in methods[pair[1]])
            and (feature != "total" or pair in known)
        ]
        simulated = [
            (method, kind)
            for method, by_model in methods.items()
            for kind in ("aleatoric", "epistemic")
            if any(kind in kinds for model, kinds in by_model.items() if model != "member")
        ]
        lines = uncertainty_tables.curves(methods, targets)
        numbers = uncertainty_tables.scores(methods, targets)
        intervals = uncertainty_tables.conformal_table(methods, targets)
        bins = uncertainty_tables.conditional_table(methods, targets)
        # By module: its tables and further arguments, and the keys of its panels.
        own = {
            interval_coverage: ((lines, UNITS), known),
            calibration_curves: ((lines, numbers), known),
            pit: ((lines,), known),
            conformal: ((intervals, 0.9, ROWS, UNITS), 2 * list(targets)),
            conditional_coverage: ((bins,), featured),
            accuracy_and_coverage: ((numbers,), 2 * list(targets)),
            sparsification: ((lines,), 2 * list(targets)),
        }
        if targets == ("Dev",):
            own[simulated_uncertainty] = ((uncertainty_tables.predictions_table(methods), "log2"), simulated)
        cases |= {
            _name(module, name): Case(module, (*arguments, "Toy"), len(keys), list(keys))
            for module, (arguments, keys) in own.items()
        }
    return cases


def _attribution_cases() -> dict[str, Case]:
    similarity, truth = attribution_tables.similarity, attribution_tables.truth
    varying, by_quantile = attribution_tables.varying, attribution_tables.by_quantile
    cases = {}
    for name, keys, methods in (
        ("one head", ONE, attribution_tables.METHODS),
        ("three heads", HEADS, attribution_tables.METHODS),
        ("every method", ONE, MANY),
        ("four methods", ONE, ("deep_shap", "expected_gradients", "saliency", "smoothgrad")),
        ("one method", ONE, attribution_tables.METHODS[:1]),
        ("one method of a long name", ONE, ("hypothetical_deep_shap",)),
    ):
        both, pairs = (by_quantile(keys, methods), varying(keys, methods)), len(keys) * len(methods)
        cases |= {
            _name(attribution_similarity, name): Case(
                attribution_similarity, (similarity(keys, methods), {"Dev": "log2"}, "Toy"), 4 * len(keys)
            ),
            _name(attribution_truth, name): Case(attribution_truth, (truth(keys, methods), "Toy"), 3 * len(keys)),
            _name(attribution_quantiles, name): Case(attribution_quantiles, (*both, "Toy"), 2 * pairs),
            _name(attribution_variability, name): Case(
                attribution_variability, (varying(keys, methods), {"Dev": "log2"}, "Toy"), pairs
            ),
        }
    cases["attribution logos"] = Case(
        attribution_logos, (attribution_tables.logos(), attribution_tables.units(), "Toy"), 4
    )
    cases |= {
        _name(saturation, name): Case(saturation, (attribution_tables.saturated(**own), {"Dev": "log2"}, "Toy"), count)
        for name, own, count in (
            ("", {}, 3),
            ("two targets", {"targets": ("Dev", "Hk")}, 6),
            ("two lines", {"length": 130}, 6),
            ("no std", {"std": False}, 2),
        )
    }
    cases["motifs"] = Case(motifs, (aligned(ensemble=3, student=2), {}, "Toy"), 10)
    return cases


def _name(module: ModuleType, case: str) -> str:
    words = module.__name__.rpartition(".")[2].replace("_", " ")
    return f"{words}, {case}" if case else words


def _shift_cases() -> dict[str, Case]:
    cases = {}
    for name, targets, options, rows in (
        ("", ("Dev",), {}, 4),
        ("two targets", BOTH, {}, 4),
        ("no simulator", ("Dev",), {"measured": False}, 3),
        ("no epistemic std", ("Dev",), {"epistemic": False}, 2),
    ):
        ladder, published = shift_tables.scores(targets, **options), shift_tables.published(targets, **options)
        cases |= {
            _name(shift_ladder, name): Case(
                shift_ladder, (ladder, shift_tables.WORDS, UNITS, "Toy"), 2 * rows * len(targets)
            ),
            _name(published_shifts, name): Case(published_shifts, (*published, UNITS, "Toy"), 3 * len(targets)),
        }
    many = ("greedy_student", "beam_student", "penalty_1", "penalty_3", "penalty_10", "greedy_ensemble", "cautious")
    for name, options, rows in (
        ("", {}, 1),
        ("two targets", {"targets": BOTH}, 2),
        ("measured", {"judges": ("reference_ensemble", "own_ensemble")}, 1),
        ("many", {"names": many}, 1),
    ):
        cases[_name(designs, name)] = Case(designs, (design_tables.designs(**options), UNITS, "Toy"), 3 * rows)
    for name, targets, options, columns in (
        ("", ("Dev",), {}, 4),
        ("two targets", BOTH, {}, 4),
        ("no epistemic std", ("Dev",), {"epistemic": False}, 3),
    ):
        tables = shift_tables.transfers(targets, **options)
        cases[_name(measured_shifts, name)] = Case(
            measured_shifts, (*tables, shift_tables.TRANSFERS, UNITS, "Toy"), 2 * columns * len(targets)
        )
    return cases


def _variant_cases() -> dict[str, Case]:
    return {
        "variant effects": Case(variant_effects, (*variant_tables.of_loci(), "log2", "Toy"), 6),
        "variant effects, pairs": Case(variant_effects, (*variant_tables.of_pairs(), "log2", "Toy"), 6),
    }


def _profile_cases() -> dict[str, Case]:
    two = ("degu_profile", "degu_short")
    # By the name of the module and the case: the table, and the number of panels.
    cases = {
        profile_accuracy: {
            "": (profile_tables.scores(), 2),
            "two targets and students": (profile_tables.scores(BOTH, two, members=10), 4),
        },
        profile_uncertainty: {
            "": (profile_tables.uncertainty(), 3),
            "two targets and students": (profile_tables.uncertainty(BOTH, two), 6),
            "no aleatoric head": (profile_tables.uncertainty(aleatoric=False), 3),
        },
        profile_examples: {
            "": (profile_tables.examples(), 6),
            "two targets": (profile_tables.examples(BOTH, 5), 10),
            "one strand": (profile_tables.examples(regions=2, strands=1, bins=64, aleatoric=False), 2),
        },
    }
    of_calibration = {
        _name(profile_calibration, name): Case(profile_calibration, (*tables, 0.9, "Toy"), count)
        for name, tables, count in (
            ("", profile_tables.calibration(), 8),
            ("two targets and students", profile_tables.calibration(BOTH, two), 16),
        )
    }
    return of_calibration | {
        _name(module, name): Case(module, (table, "Toy"), count)
        for module, own in cases.items()
        for name, (table, count) in own.items()
    }


CASES = (
    _accuracy_cases()
    | _uncertainty_cases()
    | _attribution_cases()
    | _shift_cases()
    | _variant_cases()
    | _profile_cases()
)
# To lay out their texts takes seconds, so that they are drawn in the tests of the system.
_MANY_PANELS = ("twenty methods", "every method", "three heads", "two teachers, upper right")


def by_name(names: Iterable[str]) -> pytest.MarkDecorator:
    """Return the mark of a test that is run on the cases with these names."""
    system = pytest.mark.system
    return pytest.mark.parametrize(
        "name", [pytest.param(name, marks=system) if name.endswith(_MANY_PANELS) else name for name in names]
    )


every_figure = by_name(CASES)


def names_of(*modules: ModuleType) -> list[str]:
    """Return the names of all cases of some figures."""
    return [name for name, case in CASES.items() if case.module in modules]


@functools.cache
def drawn(name: str) -> Figure:
    """Return the figure of a case, which tests leave as it is."""
    module, arguments, *_ = CASES[name]
    figure = module.draw(*arguments)
    figure.draw_without_rendering()
    return figure


def table_of(name: str) -> pd.DataFrame:
    """Return the first table of a case."""
    return CASES[name].arguments[0]
