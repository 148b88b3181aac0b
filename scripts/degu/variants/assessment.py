"""Tables that say how well models predict the measured effects of variants, and whether their uncertainty knows it."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.evaluation.bootstrap import GroupBootstrap
from degu.variants.accuracy import EffectScorer, labelled
from degu.variants.effects import Effects
from degu.variants.subsets import ALL, CONFIDENT, Chosen, choices, rows_of_parts, subsets
from degu.variants.uncertainty import FEWEST, factor_of, judge_signs, judge_uncertainty, risk_coverage_curve
from degu.variants.variant_set import VariantSet

_KEYS = ["windows", "target", "protocol", "locus", "subset", "model", "student", "seed"]
_VALUES = ["metric", "value", "low", "high", "number"]


class VariantTables(NamedTuple):
    """Tidy tables.

    Attributes
    ----------
    scores
        Correlations with measured effects: `windows`, `target`, `protocol`, `locus`, `subset`, `model`, `student`,
        `seed`, `metric`, `value`, `low`, `high` (ends of the 95 % bootstrap interval) and `number` of variants.
    uncertainty
        The same with `uncertainty` (the way to have a standard deviation), `recalibration` and `reference`.
    curves
        Risk-coverage curves, with `kept`, `error` and `oracle`.
    effects
        Measured and predicted effects: one row for each variant, kind of window, target and model but the members,
        with the standard deviation in each way, the `protocols` that take the variant, and whether it is `confident`.
    """

    scores: pd.DataFrame
    uncertainty: pd.DataFrame
    curves: pd.DataFrame
    effects: pd.DataFrame


@dataclass(frozen=True)
class Judged:
    """Measured variants and how they are judged.

    Attributes
    ----------
    variants
        The measured variants.
    parts
        The part of each, (n,).
    protocols
        By name, which `parts` a protocol takes, and on which parts (`calibration`) it fits a factor; all and none by
        default.
    confident
        The least confidence of confident variants.
    level
        Nominal level of intervals.
    seed
        Seed of the bootstrap.
    """

    variants: VariantSet
    parts: np.ndarray
    protocols: Mapping[str, Mapping]
    confident: float
    level: float
    seed: int

    def choices(self) -> list[Chosen]:
        """Return the variants that are judged together."""
        return list(choices(self.variants, self.parts, self.protocols))


def assess_variants(judged: Judged, found: Mapping[tuple[str, str], Sequence[Effects]]) -> VariantTables:
    """Return the tables of one ensemble, its students and the baselines.

    Parameters
    ----------
    judged
        The measured variants.
    found
        Predicted effects, by the kind of window and the target. Members, if there are any, belong to the ensemble that
        the students are distilled from.
    """
    scorer = EffectScorer(judged.variants, judged.choices(), judged.confident, judged.seed)
    rows: dict[str, list] = {name: [] for name in VariantTables._fields}
    for (windows, target), models in found.items():
        labels = {"windows": windows, "target": target}
        members = [own.effect for own in models if own.model == "member"]
        for own in models:
            rows["scores"] += labelled(scorer.score(own), own, **labels)
            if own.std:
                for table, part in _uncertainty(judged, own, np.stack(members) if members else None):
                    rows[table] += labelled(part, own, **labels)
            if own.model != "member":
                rows["effects"].append(_effects(judged, own).assign(**labels))
        ceiling = Effects("ceiling", "", -1, np.empty(0))
        rows["scores"] += labelled(scorer.ceilings(), ceiling, **labels)
    extra = ["uncertainty", "recalibration", "reference"]
    return VariantTables(
        _table(rows["scores"], [*_KEYS, *_VALUES]),
        _table(rows["uncertainty"], [*_KEYS, *extra, *_VALUES]),
        _table(rows["curves"], [*_KEYS, "uncertainty", "kept", "error", "oracle"]),
        pd.concat(rows["effects"], ignore_index=True),
    )


def _table(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows).reindex(columns=columns)


def _uncertainty(judged: Judged, own: Effects, members: np.ndarray | None) -> Iterator[tuple[str, list[dict]]]:
    """Yield the name of a table and rows of it, for one model."""
    variants = judged.variants
    for chosen in judged.choices():
        confidence = None if variants.confidence is None else variants.confidence[chosen.rows]
        masks = subsets(variants.effect[chosen.rows], confidence, judged.confident)
        for subset in (name for name in (ALL, CONFIDENT) if name in masks):
            rows = chosen.rows[masks[subset]]
            if len(rows) < FEWEST:
                continue
            labels = {"protocol": chosen.protocol, "locus": chosen.locus, "subset": subset, "number": len(rows)}
            stream = zlib.crc32(f"{chosen.protocol}/{chosen.locus}/{subset}".encode())
            bootstrap = GroupBootstrap(variants.groups[rows], judged.seed + stream)
            pair = variants.effect[rows], own.effect[rows]
            for way, std in own.std.items():
                known = {**labels, "uncertainty": way}
                factor = _factor(judged, chosen, own.effect, std)
                among = None if members is None else members[:, rows]
                judgement = judge_uncertainty(
                    *pair, std[rows], bootstrap, level=judged.level, factor=factor, members=among
                )
                yield "uncertainty", _with(judgement, known)
                yield "curves", _with(risk_coverage_curve(*pair, std[rows]).to_dict("records"), known)
            stds = {way: std[rows] for way, std in own.std.items()}
            yield "uncertainty", _with(judge_signs(*pair, stds, bootstrap), labels)


def _factor(judged: Judged, chosen: Chosen, effect: np.ndarray, std: np.ndarray) -> float | None:
    """Return the factor on a standard deviation by the variants that a protocol calibrates on; None without any."""
    parts = judged.protocols[chosen.protocol]["calibration"]
    if not parts:
        return None
    rows = rows_of_parts(judged.parts, parts)
    return factor_of(judged.variants.effect[rows], effect[rows], std[rows])


def _with(rows: Iterable[Mapping], labels: Mapping) -> list[dict]:
    return [{**labels, **row} for row in rows]


def _effects(judged: Judged, own: Effects) -> pd.DataFrame:
    variants = judged.variants
    confidence = np.full(len(variants), np.nan) if variants.confidence is None else variants.confidence
    masks = {
        name: np.isin(np.arange(len(variants)), rows_of_parts(judged.parts, settings["parts"]))
        for name, settings in judged.protocols.items()
    }
    taken = [",".join(name for name, mask in masks.items() if mask[row]) for row in range(len(variants))]
    known = {
        "name": variants.names,
        "locus": variants.loci,
        "part": judged.parts,
        "protocols": taken,
        "group": variants.groups,
        "confident": confidence >= judged.confident,
    }
    values = {"measured": variants.effect, "confidence": confidence, "effect": own.effect}
    stds = {f"std_{way}": std for way, std in own.std.items()}
    return pd.DataFrame({**known, "model": own.model, "student": own.student, "seed": own.seed, **values, **stds})
