"""What the standard deviations of predicted profiles are worth, and some regions with them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from degu.data.correlation import pearson
from degu.data.profile_bins import bin_profile, replicate_share_std, shares
from degu.data.store import SequenceStore
from degu.evaluation.bootstrap import GroupBootstrap
from degu.evaluation.ceilings import epistemic_ceiling, share_std_ceiling
from degu.evaluation.profiles import jensen_shannon_distance
from degu.evaluation.row_kinds import REGIONS, row_kinds
from degu.outputs.heads import PROFILE_UNCERTAINTIES
from degu.prediction.ensemble import Predictions

log = logging.getLogger(__name__)

COLUMNS = ["target", "model", "seed", "subset", "head", "metric", "reference", "value", "low", "high"]
LEVEL = 0.95
# Regions are shown that lie at these quantiles of all with many counts: of the distance of the student's profile from
# the counts, and of its epistemic std.
KINDS = {"well predicted": ("distance", 0.1), "badly predicted": ("distance", 0.9), "uncertain": ("epistemic", 0.95)}
_EACH = 2


@dataclass(frozen=True)
class _Known:
    """The bins of all regions that have a value of some quantity.

    Attributes
    ----------
    there
        Which bins they are, bool (n, S, B).
    values
        Their values, float64 (k,).
    bootstrap
        Resamples of them.
    """

    there: np.ndarray
    values: np.ndarray
    bootstrap: GroupBootstrap

    @classmethod
    def of(cls, values: np.ndarray, group: np.ndarray, seed: int) -> "_Known":
        """Return those of values, (n, S, B), NaN where there is none, from the group of each bin, (n S B,)."""
        there = np.isfinite(values)
        return cls(there, values[there].astype(np.float64), GroupBootstrap(group[there.ravel()], seed))


def judge_profile_uncertainty(
    store: SequenceStore, ensemble: Predictions, students: Predictions, seed: int
) -> pd.DataFrame:
    """Return how well the uncertainties of profiles follow what they predict, and how often their intervals cover.

    All of it is about the share of the counts in each bin of each strand, over the regions of the test split, and over
    its negatives where there are some. The head
    `profile_epistemic` is compared with the standard deviation over members, and `profile_aleatoric` with that over
    replicates. Intervals of the total uncertainty are to hold the share that was measured, in all R replicates
    together: its variance is the epistemic one and a part in R of the aleatoric one, the noise of one replicate.

    Parameters
    ----------
    store
        The data set, with its counts.
    ensemble, students
        What members and students predict, with the heads of profiles.
    seed
        Seed of the bootstrap.

    Returns
    -------
    Table with the columns in `COLUMNS`, and 95 % bootstrap intervals over groups. Rows of the model `ceiling` hold the
    highest correlation that a head can reach (`degu.evaluation.ceilings`); NaN where it cannot be told
    """
    _warn_of_constant_heads(students)
    kinds = row_kinds(store, "test")
    tables = [_judge(store, ensemble, students, chosen, seed).assign(subset=kind) for kind, chosen in kinds.items()]
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _judge(
    store: SequenceStore, ensemble: Predictions, students: Predictions, chosen: np.ndarray, seed: int
) -> pd.DataFrame:
    """Return what `judge_profile_uncertainty` does, of some rows of the test split, bool (n,)."""
    bins = _bins_of(students)
    predicted = [
        (model, number, {head: values[chosen] for head, values in heads.items()})
        for model, number, heads in predicted_profiles(ensemble, students, "test")
    ]
    rows = store.rows("test")[chosen]
    counts = store.counts
    assert counts is not None
    own = counts[rows]
    measured = shares(bin_profile(own.sum(axis=2, dtype=np.float64), bins))
    members = _binned_members(ensemble, bins, "test")[:, chosen]
    stds = {"profile_aleatoric": replicate_share_std(own, bins), "profile_epistemic": members.std(axis=0)}
    references = {"profile_aleatoric": "replicates", "profile_epistemic": "ensemble"}
    group = np.repeat(store.group[rows], measured[0, 0].size)
    table: list[dict] = []
    for index, target in enumerate(store.target_names):
        # All models share the resamples of the bins that have a reference.
        known = {head: _Known.of(values[:, index], group, seed) for head, values in stds.items()}
        shares_known = _Known.of(measured[:, index], group, seed)
        for model, number, heads in predicted:
            labels = {"target": target, "model": model, "seed": number}
            for head, reference in references.items():
                if head in heads and (model, reference) != ("ensemble", "ensemble"):
                    found = _correlation(heads[head][:, index], known[head])
                    table.append({**labels, "head": head, "metric": "pearson", "reference": reference, **found})
            table += [
                {**labels, "head": "total", "reference": "measured", **row}
                for row in _coverage(heads, shares_known, index, own.shape[2])
            ]
        ceilings = {
            "profile_aleatoric": share_std_ceiling(own[:, index], bins, seed),
            "profile_epistemic": epistemic_ceiling(members[:, :, index].reshape(len(members), -1), seed),
        }
        row = {"target": target, "model": "ceiling", "seed": -1, "metric": "pearson", "low": np.nan, "high": np.nan}
        for head, ceiling in ceilings.items():
            if any(head in heads for _, _, heads in predicted):
                table.append({**row, "head": head, "reference": references[head], "value": ceiling.highest})
    return pd.DataFrame(table)


def _warn_of_constant_heads(students: Predictions) -> None:
    """Warn of uncertainties that are the same in all bins of all test windows."""
    for head in (head for head in PROFILE_UNCERTAINTIES if head in students.heads.heads):
        values = students.heads.select(students.values["test"], head)
        constant = np.ptp(values, axis=(1, 3, 4)) == 0
        for model, target in np.argwhere(constant):
            log.warning(
                "student %d: %s of %s is the same in all bins of all windows, and has not learned",
                students.seeds[model],
                head,
                students.heads.targets[target],
            )


def choose_examples(store: SequenceStore, ensemble: Predictions, students: Predictions) -> pd.DataFrame:
    """Return profiles of some test regions with many counts, with what the ensemble and the first student predict.

    Negatives are not among them.

    Returns
    -------
    Table with the columns `region`, `kind`, `counts`, `target`, `strand`, `position` (of the left end of a bin, from
    the middle of the window), `measured`, `ensemble`, `student` (shares of the counts in the bin),
    `ensemble_epistemic`, `student_epistemic` and `student_aleatoric` (standard deviations of the share, the last one of
    a single replicate; NaN where there is none), and `replicates` (their number, which `measured` has together)
    """
    bins, rows = _bins_of(students), store.rows("test")
    total = store.total_counts
    assert store.counts is not None and total is not None
    counts = total[rows]
    number = counts.sum(axis=(1, 2, 3))
    (_, _, of_ensemble), (_, _, of_student) = list(predicted_profiles(ensemble, students, "test"))[:2]
    regions = row_kinds(store, "test")[REGIONS]
    distance = jensen_shannon_distance(of_student["profile"], counts).mean(axis=1)
    chosen = _chosen(number, regions, distance, of_student)
    measured = shares(bin_profile(counts, bins))
    positions = (np.arange(bins) * (counts.shape[-1] // bins)) - counts.shape[-1] // 2
    tables = []
    for row, kind in chosen:
        for index, target in enumerate(store.target_names):
            for strand in range(counts.shape[2]):
                place = (row, index, strand)
                tables.append(
                    pd.DataFrame(
                        {
                            "region": store.names[rows[row]],
                            "kind": kind,
                            "counts": int(number[row]),
                            "target": target,
                            "strand": "+-"[strand],
                            "position": positions,
                            "measured": measured[place],
                            "ensemble": bin_profile(of_ensemble["profile"], bins)[place],
                            "student": bin_profile(of_student["profile"], bins)[place],
                            "ensemble_epistemic": of_ensemble["profile_epistemic"][place],
                            "student_epistemic": _or_missing(of_student, "profile_epistemic", place, bins),
                            "student_aleatoric": _or_missing(of_student, "profile_aleatoric", place, bins),
                            "replicates": store.counts.shape[2],
                        }
                    )
                )
    return pd.concat(tables, ignore_index=True)


def _bins_of(students: Predictions) -> int:
    """Return the number of bins whose uncertainty students predict."""
    return students.heads.shape("profile_epistemic")[-1]


def _binned_members(ensemble: Predictions, bins: int, split: str) -> np.ndarray:
    """Return the share in each bin that each member predicts, (M, n, T, S, B)."""
    return bin_profile(ensemble.heads.select(ensemble.values[split], "profile").astype(np.float64), bins)


def predicted_profiles(
    ensemble: Predictions, students: Predictions, split: str
) -> Iterator[tuple[str, int, dict[str, np.ndarray]]]:
    """Yield the model, the seed and the heads of the ensemble, seed -1, and of each student, for the rows of a split.

    Those of the ensemble include `profile_epistemic`, the standard deviation over members in the bins of the students.
    """
    bins = _bins_of(students)
    heads = ensemble.heads_of_ensemble(split)
    yield "ensemble", -1, {**heads, "profile_epistemic": _binned_members(ensemble, bins, split).std(axis=0)}
    for number, values in zip(students.seeds, students.values[split], strict=True):
        yield "student", number, {head: students.heads.select(values, head) for head in students.heads.heads}


def _correlation(predicted: np.ndarray, known: _Known) -> dict[str, float]:
    """Return the correlation over the bins of all regions that have a reference, with its interval."""
    one = predicted[known.there].astype(np.float64)
    if len(one) < 2:
        return {"value": np.nan, "low": np.nan, "high": np.nan}
    low, high = known.bootstrap.interval("pearson", one, known.values)
    return {"value": float(pearson(one, known.values)), "low": low, "high": high}


def _coverage(heads: dict[str, np.ndarray], measured: _Known, index: int, replicates: int) -> Iterator[dict]:
    """Yield how often intervals hold the measured share of a target, and their mean width."""
    variance = np.square(heads["profile_epistemic"][:, index].astype(np.float64))
    if "profile_aleatoric" in heads:
        variance = variance + np.square(heads["profile_aleatoric"][:, index]) / replicates
    half = (stats.norm.isf((1 - LEVEL) / 2) * np.sqrt(variance))[measured.there]
    middle = bin_profile(heads["profile"][:, index].astype(np.float64), variance.shape[-1])[measured.there]
    inside = (np.abs(measured.values - middle) <= half).astype(np.float64)
    low, high = measured.bootstrap.interval_of_mean(inside)
    yield {"metric": "coverage", "value": float(inside.mean()), "low": low, "high": high}
    yield {"metric": "width", "value": float(2 * half.mean()), "low": np.nan, "high": np.nan}


def _chosen(
    number: np.ndarray, regions: np.ndarray, distance: np.ndarray, student: dict[str, np.ndarray]
) -> list[tuple[int, str]]:
    """Return the places of the regions that are shown, and their kinds, without any twice."""
    many = np.flatnonzero(regions & (number >= np.quantile(number[regions], 2 / 3)))
    scores = {"distance": distance, "epistemic": student["profile_epistemic"].mean(axis=(1, 2, 3))}
    chosen: dict[int, str] = {}
    for kind, (score, quantile) in KINDS.items():
        values = scores[score][many]
        near = many[np.argsort(np.abs(values - np.nanquantile(values, quantile)), kind="stable")]
        for row in [row for row in near if row not in chosen][:_EACH]:
            chosen[int(row)] = kind
    return list(chosen.items())


def _or_missing(heads: dict[str, np.ndarray], name: str, place: tuple[int, int, int], bins: int) -> np.ndarray:
    return heads[name][place] if name in heads else np.full(bins, np.nan)
