"""Simulated open chromatin with cuts at each position, of known expectation, in random sequences or in a genome."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from degu.config.check_lengths import check_centred
from degu.config.plugins import complete_options
from degu.config.values import check_within
from degu.data.context import context, without_context
from degu.data.genome_windows import GenomeWindows
from degu.data.motifs import pick, read_jaspar
from degu.data.profile_simulation import Chromatin, draw_counts, draw_preference, replicate_noise
from degu.data.profiles import log_counts, replicate_log_counts
from degu.data.records import Records
from degu.data.simulation import draw_background, plant
from degu.errors import DeguError
from degu.formats.genome import Genome

SOURCES = ("motifs",)
OPTIONAL_SOURCES = ("genome",)
# Its truth holds the mean and the noise of every window; the function `truth` tells those of other sequences.
TRUTH = True
# Its truth says where the sites lie that the counts depend on.
PLANTED = True
# Its records have counts at each base.
COUNTS = True
LABELS = False
ROW_LABELS: dict[str, str | None] = {}
RANGES: dict[str, dict[str, float | str]] = {
    "seed": {"at_least": 0},
    "number": {"at_least": 1},
    "output_length": {"at_least": 1},
    "input_length": {"at_least": "output_length"},
    "jitter": {"at_least": 0},
    "negatives": {"at_least": 0},
    "strands": {"at_least": 1, "at_most": 2},
    "replicates": {"at_least": 2},
    "overdispersion": {"at_least": 0},
    "effects": {"at_least": 0},
    "mean_sites": {"at_least": 0},
    "background": {"above": 0},
    "reach": {"above": 0},
    "footprint": {"at_least": 0, "at_most": 1},
    "bias": {"at_least": 0},
    "bias_width": {"at_least": 1},
    "stringency": {},
    "temperature": {"above": 0},
}
# From a genome, this many places are looked at for each window that is kept.
_PLACES = 10
_GC = (0.35, 0.65)
# Options that are numbers of the formula of expected cuts.
_NUMBERS = ("background", "reach", "footprint", "stringency", "temperature", "strands")


def load(
    files: Mapping[str, Path],
    *,
    drop_bad_rows: bool,
    seed: int,
    number: int,
    effects: dict[str, float],
    input_length: int = 512,
    output_length: int = 256,
    jitter: int = 0,
    negatives: int = 0,
    strands: int = 1,
    replicates: int = 3,
    overdispersion: float = 0.02,
    mean_sites: float = 3.0,
    background: float = 0.05,
    reach: float = 20.0,
    footprint: float = 0.7,
    bias: float = 0.4,
    bias_width: int = 7,
    stringency: float = 0.7,
    temperature: float = 1.0,
) -> Records:
    """Simulate windows of open and of closed chromatin, and the cuts of replicates.

    Parameters
    ----------
    files
        `motifs`: position frequency matrices in JASPAR format. `genome`, if there is one, is FASTA: windows are then
        places of it, half of them those where most cuts are expected among ten times as many, and half any places.
        Without a genome, sites are planted into random sequences.
    drop_bad_rows
        Without effect, because a simulated row is never bad.
    seed, number
        Seed of the draw, and number N of windows.
    effects
        Cuts at a position that full occupancy of a motif beside it adds, by the motif's name.
    input_length, output_length, jitter
        Numbers of bases of a window, of positions with counts in its middle, and of bases kept on either side.
    negatives
        Number of further windows for each of these, into which no site is planted, and which are marked as negatives. A
        genome has its sites already, so that they are for random sequences alone.
    strands
        1, or 2 if each strand has cuts of its own.
    replicates, overdispersion
        Number R of replicates, and squared coefficient of variation of their totals; see
        `degu.data.profile_simulation.draw_counts`.
    mean_sites
        Mean number of sites that are planted in a random sequence.
    background, reach, footprint, stringency, temperature
        Numbers of the formula of expected cuts; see `degu.data.profile_simulation.Chromatin`.
    bias, bias_width
        Standard deviation of the enzyme's preferences (natural logarithm), and the width of its word.

    Returns
    -------
    Records whose `truth` holds `mean` (N, 1), the logarithm of the expected counts of all replicates; `noise_std`
    (N, 1), of one replicate; `profile` (N, 1, S, P), the expected part of the counts at each position; and `planted`
    (N, L), the motif of the occupied site at each base, see `degu.data.profile_simulation.Chromatin.sites`. Sites count
    whose middle is at most `reach` bases away from the positions with counts; `attributes["matters"]` names the motifs
    that act on each head

    Raises
    ------
    DeguError
        If a number is out of range, a motif is unknown, or the genome has no place for a window, or negatives are to be
        taken from it.
    """
    del drop_bad_rows
    values = {key: value for key, value in locals().items() if key in RANGES}
    for name, value in values.items():
        check_within(value, RANGES[name], options=values, where=f"options.{name}")
    check_centred("simulated_profiles", values, "options")
    if negatives and "genome" in files:
        raise DeguError(
            "no place of a genome is known to be without a site",
            where="options.negatives",
            expected="0, with a genome",
            remedy="take `genome` or `negatives` out",
        )
    model = _chromatin(files, values)
    rng = np.random.default_rng(seed)
    # Positions at the ends depend on bases beyond the window, so that wider stretches are simulated.
    beside = max(model.margin - (input_length - output_length) // 2, 0)
    length = input_length + 2 * (jitter + beside)
    if "genome" in files:
        wide, names, chromosomes = _from_genome(files["genome"], model, number, length, rng)
    else:
        wide = draw_background((1 + negatives) * number, length, _GC, rng)
        plant(wide[:number], list(model.motifs.values()), mean_sites, (), 0.0, rng)
        names, chromosomes = np.array([f"simulated{index}" for index in range(len(wide))]), None
    rates = model.rates(wide)
    counts = draw_counts(rates, replicates, overdispersion, rng)
    tokens, around = without_context(wide, beside), (length - output_length) // 2
    expected = without_context(rates, around)
    totals = expected.sum(axis=(1, 2))
    if counts.max() > np.iinfo(np.uint16).max:
        raise DeguError(
            f"{counts.max():,} cuts at one position",
            where="options",
            expected=f"at most {np.iinfo(np.uint16).max:,}, as a store holds",
            remedy="lower the effects or the background",
        )
    beyond = max(around - round(reach), 0)
    planted = model.sites(wide, slice(beyond, length - beyond))
    acting = sorted(name for name, effect in model.effects.items() if effect > 0 or footprint > 0)
    stored = without_context(counts[:, None].astype(np.uint16), around - jitter)
    measured = without_context(stored, jitter)
    depths = measured[:number].sum(axis=(0, 3, 4), dtype=np.float64)
    logs = replicate_log_counts(measured, depths)
    return Records(
        tokens=without_context(tokens, jitter),
        names=names,
        targets=log_counts(measured),
        target_names=["cuts"],
        units=["log(1 + counts)"],
        replicates=logs,
        replicate_std=logs.std(axis=-1, ddof=1),
        counts=measured,
        context_tokens=context(tokens, jitter),
        context_counts=context(stored, jitter),
        negative=np.arange(len(wide)) >= number if negatives else None,
        chromosome=chromosomes,
        truth={
            "mean": np.log1p(totals)[:, None],
            "noise_std": replicate_noise(totals, replicates, overdispersion)[:, None],
            "profile": (expected / totals[:, None, None])[:, None].astype(np.float32),
            "planted": without_context(planted, beside + jitter),
        },
        attributes={
            "depths": {"cuts": depths[0].tolist()},
            "motifs": sorted(model.motifs),
            "matters": dict.fromkeys(("mean", "aleatoric", "profile"), acting),
        },
    )


def truth(
    files: Mapping[str, Path], options: Mapping[str, Any]
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the function of tokens (N, L) that gives the true mean and the noise std of one replicate, (N,) each.

    Bases beyond the sequences count as none.

    Parameters
    ----------
    files, options
        The source files, and the options of the data set; what they leave out has its default.

    Raises
    ------
    DeguError
        If a motif is unknown.
    """
    values = complete_options("importer", "simulated_profiles", options)
    model, positions = _chromatin(files, values), values["output_length"]

    def of_tokens(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        start = (tokens.shape[1] - positions) // 2
        totals = model.rates(tokens)[..., start : start + positions].sum(axis=(1, 2))
        return np.log1p(totals), replicate_noise(totals, values["replicates"], values["overdispersion"])

    return of_tokens


def _chromatin(files: Mapping[str, Path], options: Mapping[str, Any]) -> Chromatin:
    """Return the model that options describe; the preferences of the enzyme follow from their seed."""
    if not options["effects"]:
        raise DeguError("no motif is named", where="options.effects", expected="one motif or more, as in {REB1: 2.0}")
    if options["bias_width"] % 2 == 0:
        raise DeguError(f"{options['bias_width']}", where="options.bias_width", expected="an odd number")
    known = read_jaspar(files["motifs"])
    effects = {name.upper(): value for name, value in options["effects"].items()}
    # The seed of the preferences is apart from that of windows and counts.
    preference = draw_preference(options["bias_width"], options["bias"], np.random.default_rng([options["seed"], 1]))
    return Chromatin(
        motifs={name: pick(known, name, where=files["motifs"]) for name in sorted(effects)},
        effects=effects,
        preference=preference,
        **{name: options[name] for name in _NUMBERS},
    )


def _from_genome(
    path: Path, model: Chromatin, number: int, length: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the stretches, (N, length), of places of a genome, the names of the places and their chromosomes.

    Places lie apart by the length of a stretch or more. Half of them have the most expected cuts, half are any others.
    """
    with Genome(path) as genome:
        bins = [
            (name, start) for name, bases in genome.lengths.items() for start in range(0, bases - length + 1, length)
        ]
        if len(bins) < number:
            raise DeguError(
                f"{number:,} windows, and the genome has room for {len(bins):,} of {length:,} bases",
                where="options.number",
                remedy="lower the number of windows, or name a larger genome",
            )
        drawn = rng.permutation(len(bins))[: _PLACES * number]
        places = [bins[index] for index in drawn]
        windows = GenomeWindows(
            np.array([name for name, _ in places], dtype=object),
            np.array([start for _, start in places], dtype=np.int64),
            np.zeros(len(places), dtype=bool),
            length,
        )
        tokens = windows.tokens(genome)
    totals = model.rates(tokens).sum(axis=(1, 2))
    open_ones = np.argsort(-totals, kind="stable")[: number // 2]
    others = rng.choice(np.setdiff1d(np.arange(len(places)), open_ones), number - len(open_ones), replace=False)
    kept = np.sort(np.concatenate([open_ones, others]))
    return tokens[kept], windows.names[kept], windows.chromosomes[kept].astype(str)
