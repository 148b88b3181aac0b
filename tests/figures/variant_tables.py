"""Tables of an assessment of variants, from simulated effects."""

import functools

import numpy as np
import pandas as pd

from degu.variants.assessment import Judged, assess_variants
from degu.variants.effects import HEAD, MEMBERS, SUM, Effects
from tests.variants.sets import context_set, pair_set

PROTOCOLS = {
    "zero_shot": {"parts": [], "calibration": []},
    "challenge": {"parts": ["challenge"], "calibration": ["train"]},
}


def _models(measured: np.ndarray, seed: int) -> list[Effects]:
    rng = np.random.default_rng(seed)
    members = 0.3 * measured + 0.2 * rng.normal(size=(4, len(measured)))
    stds = {MEMBERS: members.std(axis=0), SUM: rng.uniform(0.1, 0.4, len(measured))}
    return [
        Effects("kmer_ridge", "", -1, 0.1 * rng.normal(size=len(measured))),
        *(Effects("member", "", number, effect) for number, effect in enumerate(members, 1)),
        Effects("ensemble", "", -1, members.mean(axis=0), stds),
        Effects("student", "degu", 1, members[:2].mean(axis=0), {HEAD: stds[MEMBERS] * 1.1, SUM: stds[SUM]}),
        Effects("student", "degu", 2, members[2:].mean(axis=0)),
    ]


@functools.cache
def of_loci() -> tuple[pd.DataFrame, ...]:
    """Return the tables of two loci, with two kinds of window and two protocols."""
    variants = context_set(240)
    judged = Judged(variants, variants.parts, PROTOCOLS, 0.5, 0.9, 1)
    found = {(kind, "Dev"): _models(variants.effect, seed) for seed, kind in enumerate(("native", "construct"))}
    return tuple(assess_variants(judged, found))


@functools.cache
def of_pairs() -> tuple[pd.DataFrame, ...]:
    """Return the tables of pairs without confidence, for two targets and one protocol."""
    variants = pair_set(80)
    judged = Judged(variants, variants.parts, {"all": {"parts": [], "calibration": []}}, 0.5, 0.9, 1)
    return tuple(assess_variants(judged, {("whole", name): _models(variants.effect, 3) for name in ("Dev", "Hk")}))
