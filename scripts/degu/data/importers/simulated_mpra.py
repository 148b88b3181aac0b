"""A simulated MPRA of known truth: the default data set, made in seconds with no download."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from degu.config.plugins import complete_options
from degu.config.values import check_within
from degu.data.motifs import pick, read_jaspar
from degu.data.records import Records
from degu.data.replicates import replicate_mean_and_std
from degu.data.simulation import Family, Grammar, Interaction, draw_background, plant
from degu.errors import DeguError

T = TypeVar("T")

# The source files, by the names that a data set's file gives them.
SOURCES = ("motifs",)
# The truth of its records says where motifs were planted.
PLANTED = True
# Its truth holds the mean and the noise of every sequence; the function `truth` tells those of other sequences.
TRUTH = True
LABELS = False
ROW_LABELS: dict[str, str | None] = {}
RANGES: dict[str, dict[str, float | str]] = {
    "seed": {"at_least": 0},
    "number": {"at_least": 1},
    "length": {"at_least": 1},
    # With fewer there is no standard deviation over them.
    "replicates": {"at_least": 2},
    "effects": {},
    "noise_effects": {},
    "frequencies": {"above": 0},
    "mean_sites": {"at_least": 0},
    "pair_probability": {"at_least": 0, "at_most": 1},
    "gc_low": {"at_least": 0},
    "gc_high": {"at_least": "gc_low", "at_most": 1},
    "baseline": {},
    "ceiling": {"above": 0},
    "gc_effect": {},
    "noise_std": {"at_least": 0},
    "gc_noise": {},
    "stringency": {},
    "temperature": {"above": 0},
}


def load(
    files: Mapping[str, Path],
    *,
    drop_bad_rows: bool,
    seed: int,
    number: int,
    length: int = 200,
    replicates: int = 3,
    effects: dict[str, float],
    noise_effects: dict[str, float],
    interactions: list[dict],
    frequencies: dict[str, float] | None = None,
    families: list[dict] | None = None,
    mean_sites: float = 4.0,
    pair_probability: float = 0.2,
    gc_low: float = 0.35,
    gc_high: float = 0.65,
    baseline: float = 0.0,
    ceiling: float = 3.0,
    gc_effect: float = 1.0,
    noise_std: float = 0.3,
    gc_noise: float = 2.0,
    stringency: float = 0.7,
    temperature: float = 1.0,
) -> Records:
    """Simulate an assay: sequences with planted motifs, their true mean and noise, and measured replicates.

    Parameters
    ----------
    files
        `motifs`: position frequency matrices in JASPAR format.
    drop_bad_rows
        Without effect, because a simulated row is never bad.
    seed, number, length, replicates
        Seed of the draw, number N of sequences, their length L, and number R of replicates (two or more).
    effects, noise_effects
        Activity, and logarithm of the noise, that full occupancy of a motif adds, by the motif's name.
    interactions
        Mappings of `first`, `second`, `distance`, `width` and `effect`; see `degu.data.simulation.Interaction`.
    frequencies
        How often single sites of a motif are planted, relative to 1 for those that are not named, above 0.
    families
        Mappings of `share`, `gc_low`, `gc_high` and `mean_sites`, whose shares add up to 1; see
        `degu.data.simulation.Family`. Each sequence belongs to one of them. Without families, all sequences have the
        numbers that follow.
    mean_sites, pair_probability, gc_low, gc_high
        Numbers of planted sites and GC content of the background; see `degu.data.simulation.plant`.
    baseline, ceiling, gc_effect, noise_std, gc_noise, stringency, temperature
        Numbers of the formulas of mean and noise; see `degu.data.simulation.Grammar`.

    Returns
    -------
    Records whose `truth` holds `mean` (N, 1); `noise_std` (N, 1), of one replicate; and `planted` (N, L), which
    at each base is 0, or 1 + the index of the planted motif in `attributes["motifs"]`; `attributes["matters"]` names
    those that act on the head `mean` and on `aleatoric`

    Raises
    ------
    DeguError
        If a number is out of range or a motif is unknown.
    """
    del drop_bad_rows
    numbers = {"number": number, "length": length, "replicates": replicates, "gc_low": gc_low, "gc_high": gc_high}
    for name, value in numbers.items():
        check_within(value, RANGES[name], options=numbers, where=f"options.{name}")
    formula = {
        "effects": effects,
        "noise_effects": noise_effects,
        "interactions": interactions,
        "baseline": baseline,
        "ceiling": ceiling,
        "gc_effect": gc_effect,
        "noise_std": noise_std,
        "gc_noise": gc_noise,
        "stringency": stringency,
        "temperature": temperature,
    }
    grammar = _grammar(files, formula)
    names, pairs = list(grammar.motifs), grammar.interactions
    acting = {*grammar.effects, *(name for pair in pairs for name in (pair.first, pair.second))}
    rng = np.random.default_rng(seed)
    low, high, sites = _families(families, Family(1.0, gc_low, gc_high, mean_sites), number, rng)
    tokens = draw_background(number, length, (low[:, None], high[:, None]), rng)
    weights = _weights(frequencies, names)
    planting = plant(tokens, list(grammar.motifs.values()), sites, pairs, pair_probability, rng, weights)
    mean, noise = grammar.mean_and_noise(tokens)
    measured = mean[:, None, None] + noise[:, None, None] * rng.standard_normal((number, 1, replicates))
    activity, std = replicate_mean_and_std(measured)
    planted = np.zeros(tokens.shape, dtype=np.uint8)
    widths = np.array([motif.width for motif in grammar.motifs.values()])
    for row, start, index in zip(planting.row, planting.start, planting.motif, strict=True):
        planted[row, start : start + widths[index]] = 1 + index
    return Records(
        tokens=tokens,
        names=np.array([f"simulated{index}" for index in range(number)]),
        targets=activity,
        target_names=["activity"],
        units=["simulated log2(RNA/DNA)"],
        replicates=measured,
        replicate_std=std,
        truth={"mean": mean[:, None], "noise_std": noise[:, None], "planted": planted},
        attributes={"motifs": names, "matters": {"mean": sorted(acting), "aleatoric": sorted(grammar.noise_effects)}},
    )


def truth(
    files: Mapping[str, Path], options: Mapping[str, Any]
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the function of tokens (N, L) that gives the true mean and the noise std of one replicate, (N,) each.

    Parameters
    ----------
    files, options
        The source files, and the options of the data set; what they leave out has its default.

    Raises
    ------
    DeguError
        If a motif is unknown.
    """
    return _grammar(files, complete_options("importer", "simulated_mpra", options)).mean_and_noise


def _grammar(files: Mapping[str, Path], options: Mapping[str, Any]) -> Grammar:
    """Return the grammar that options describe."""
    known = read_jaspar(files["motifs"])
    effects, noise_effects = (
        {name.upper(): value for name, value in options[part].items()} for part in ("effects", "noise_effects")
    )
    pairs = _interactions(options["interactions"])
    acting = {*effects, *(name for pair in pairs for name in (pair.first, pair.second))}
    names = sorted(acting | set(noise_effects))
    if not names:
        raise DeguError("no motif is named", where="options.effects", expected="one motif or more, as in {HNF4A: 1.0}")
    motifs = {name: pick(known, name, where=files["motifs"]) for name in names}
    numbers = {field.name: options[field.name] for field in fields(Grammar) if field.type is float}
    return Grammar(motifs, effects, noise_effects, pairs, **numbers)


def _interactions(entries: list[dict]) -> tuple[Interaction, ...]:
    """Return the pairs of motifs that mappings describe, named in capital letters."""
    pairs = _described(Interaction, entries, "options.interactions")
    for index, pair in enumerate(pairs):
        check_within(pair.width, {"above": 0}, where=f"options.interactions.{index}.width")
    return tuple(replace(pair, first=pair.first.upper(), second=pair.second.upper()) for pair in pairs)


def _described(kind: type[T], entries: list[dict], where: str) -> list[T]:
    """Return what mappings describe, each of which has all fields of its kind and no others.

    Raises
    ------
    DeguError
        If a mapping has other keys, or text in place of a number or a number in place of text.
    """
    known = {field.name: str if field.type is str else (int, float) for field in fields(kind)}  # type: ignore[arg-type]
    for index, entry in enumerate(entries):
        if set(entry) != set(known):
            raise DeguError(
                f"the keys are {', '.join(map(str, entry)) or 'none'}",
                where=f"{where}.{index}",
                expected=", ".join(known),
            )
        for name, value in entry.items():
            if not isinstance(value, known[name]):
                expected = "the name of a motif" if known[name] is str else "a number"
                raise DeguError(f"{value!r} is not {expected}", where=f"{where}.{index}.{name}", expected=expected)
    return [kind(**entry) for entry in entries]


def _families(
    families: list | None, only: Family, number: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the lowest and the highest GC content and the mean number of sites of each sequence, (number,) each."""
    known = _described(Family, families, "options.families") if families else [only]
    shares = np.array([family.share for family in known], dtype=np.float64)
    if shares.min() <= 0 or abs(shares.sum() - 1) > 1e-6:
        raise DeguError(
            f"shares {shares.tolist()}", where="options.families", expected="numbers above 0 that add up to 1"
        )
    for family in known:
        if not 0 <= family.gc_low <= family.gc_high <= 1 or family.mean_sites < 0:
            raise DeguError(
                f"{family}", where="options.families", expected="0 <= gc_low <= gc_high <= 1, and 0 sites or more"
            )
    # Without families nothing is drawn here, so that such assays stay as they were.
    chosen = rng.choice(len(known), size=number, p=shares) if len(known) > 1 else np.zeros(number, dtype=int)
    table = np.array([(family.gc_low, family.gc_high, family.mean_sites) for family in known])[chosen]
    return table[:, 0], table[:, 1], table[:, 2]


def _weights(frequencies: Mapping[str, float] | None, names: list[str]) -> np.ndarray | None:
    """Return the probabilities with which motifs are planted; None if all are equal."""
    if not frequencies:
        return None
    relative = {name.upper(): value for name, value in frequencies.items()}
    unknown = sorted(set(relative) - set(names))
    if unknown or min(relative.values()) <= 0:
        raise DeguError(
            f"there is no motif '{unknown[0]}' that is planted" if unknown else "a frequency is not above 0",
            where="options.frequencies",
            expected=", ".join(names),
        )
    values = np.array([relative.get(name, 1.0) for name in names])
    return values / values.sum()
