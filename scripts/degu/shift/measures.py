"""What is measured of one model on one population of sequences, as rows of tidy tables."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from degu.config.plugins import load
from degu.data.sequences import gc_content
from degu.outputs.heads import standard_deviations
from degu.shift.features import features_of
from degu.shift.scores import ERRORS, detection, finds_errors
from degu.uncertainty.assessment import all_intervals
from degu.uncertainty.coverage import coverage, mean_width, median_width
from degu.uncertainty.density_ratio import estimate_density_ratio
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.predictive import Predictive
from degu.uncertainty.recalibration import scale_std, scaled
from degu.uncertainty.rows import Rows

MEASURED = "measured"


def rows_of_part(
    predictive: Predictive, part: str, target: int, tokens: np.ndarray, measured: np.ndarray | None
) -> Rows:
    """Return what a model predicts for a part, with what was measured, (n,), or NaN in its place.

    Parameters
    ----------
    predictive, part, target
        The predictions of the model, the name of a part of them, and the index of a target.
    tokens, measured
        The sequences of the part, uint8 (n, L), and their measurements, if there are any.
    """
    heads = {name: values[:, target] for name, values in predictive.heads[part].items()}
    return Rows(
        measured=np.full(len(tokens), np.nan) if measured is None else measured,
        mean=heads["mean"].astype(np.float64),
        std=standard_deviations(heads),
        quantiles={name: heads[name].astype(np.float64) for name in ("lower", "upper") if name in heads},
        covariates={"gc": gc_content(tokens)},
        members=None if predictive.members is None else predictive.members[part][..., target],
    )


def score(metric: str, value: float, *, uncertainty: str = "", recalibration: str = "", reference: str = "") -> dict:
    """Return one row of a table of scores."""
    known = {"reference": reference, "uncertainty": uncertainty, "recalibration": recalibration}
    return {**known, "metric": metric, "value": value}


def error_scores(rows: Rows, references: Mapping[str, np.ndarray]) -> Iterator[dict]:
    """Yield the errors of the predictions by each reference, (n,) each."""
    for reference, values in references.items():
        for metric, function in ERRORS.items():
            yield score(metric, function(rows.mean, values), reference=reference)


def uncertainty_scores(rows: Rows, plain: Rows, reference: str, values: np.ndarray) -> Iterator[dict]:
    """Yield what each std says of the shift and of the errors.

    Parameters
    ----------
    rows, plain
        What a model predicts for shifted sequences, and for some of its own data set.
    reference, values
        The name of the reference of the errors, and its values, (n,).
    """
    error = np.abs(rows.mean - values)
    for kind, std in rows.std.items():
        yield score("mean_std", float(std.mean()), uncertainty=kind)
        yield score("auroc_of_shift", detection(std, plain.std[kind]), uncertainty=kind)
        yield score("auroc_of_large_errors", finds_errors(std, error), uncertainty=kind, reference=reference)
        risk = load("metric", "risk_coverage_area").metric(values, Distribution(rows.mean, std, "normal"))
        yield score("risk_coverage_area", risk, uncertainty=kind, reference=reference)


def calibration_scores(calibration: Rows, rows: Rows, metrics: list[str], family: str) -> Iterator[dict]:
    """Yield calibration metrics against measurements, before and after the std is scaled on calibration rows."""
    for kind, std in rows.std.items():
        own = "normal" if kind == "epistemic" else family
        factor = scale_std(calibration.measured, Distribution(calibration.mean, calibration.std[kind], own))
        predicted = Distribution(rows.mean, std, own)
        for name, distribution in {"none": predicted, "std_scaling": scaled(predicted, factor)}.items():
            for metric in metrics:
                value = load("metric", metric).metric(rows.measured, distribution)
                yield score(metric, value, uncertainty=kind, recalibration=name, reference=MEASURED)


def interval_rows(
    calibration: tuple[Rows, np.ndarray], population: tuple[Rows, np.ndarray], settings: Mapping, family: str
) -> Iterator[dict]:
    """Yield coverage and width of the intervals of each conformal method.

    Parameters
    ----------
    calibration, population
        Rows with their sequences, uint8 (n, L): those that intervals are fitted on, and those that they are made for.
        The weighted methods weigh the first by the ratio of the densities of features of both.
    settings
        `features`, the `conformal` methods, and the nominal `level`.
    family
        Family of the predictive distributions.
    """
    known, wanted = (features_of(settings["features"], *both) for both in (calibration, population))
    ratio = estimate_density_ratio(known, wanted)
    rows = {
        "calibration": replace(calibration[0], weights=ratio(known)),
        "test": replace(population[0], weights=ratio(wanted)),
    }
    level = settings["level"]
    for name, intervals in all_intervals(rows, settings["conformal"], level, family):
        yield {
            "conformal": name,
            "nominal": level,
            "coverage": coverage(population[0].measured, intervals),
            "width": mean_width(intervals),
            "median_width": median_width(intervals),
            "infinite": float(np.isinf(intervals).any(axis=1).mean()),
            "sequences": len(intervals),
        }
