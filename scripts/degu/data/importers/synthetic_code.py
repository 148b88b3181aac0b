"""The synthetic regulatory code of Koo and Ploenzke (Nature Machine Intelligence 3, 258-266, 2021; their task 3).

Half of the sequences hold sites of a few core motifs alone, the other half sites of core and other motifs. A model
learns to tell them apart, and its attribution maps can be compared with where the core motifs stand.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from degu.config.values import check_within
from degu.data.motifs import Motif, information, pick, read_jaspar
from degu.data.records import Records
from degu.data.sequences import reverse_complement
from degu.errors import DeguError

# The source files, by the names that a data set's file gives them.
SOURCES = ("motifs",)
# The truth of its records says where motifs were planted.
PLANTED = True
# Its targets are labels of 0 and 1.
LABELS = True
ROW_LABELS: dict[str, str | None] = {}
RANGES = {
    "seed": {"at_least": 0},
    "number": {"at_least": 2},
    "length": {"at_least": 1},
    "minimum_information": {"at_least": 0},
}
NOT_EMPTY = ("core",)
# Numbers of sites in a sequence and their probabilities, as the published generator draws them.
SITES = (3, 4, 5, 6, 7)
PROBABILITY = (0.5, 0.25, 0.17, 0.05, 0.03)


def load(
    files: Mapping[str, Path],
    *,
    drop_bad_rows: bool,
    seed: int,
    number: int,
    length: int = 200,
    core: list[str],
    minimum_information: float = 0.01,
) -> Records:
    """Simulate sequences of two classes.

    Parameters
    ----------
    files
        `motifs`: position frequency matrices in JASPAR format, the core motifs among them.
    drop_bad_rows
        Without effect, because a simulated row is never bad.
    seed, number, length
        Seed of the draw, number N of sequences (half of them in each class), and their length L.
    core
        Names of the core motifs.
    minimum_information
        Information in bits below which a position of a site does not count as planted, because it hardly differs from
        the background.

    Returns
    -------
    Records of one target, `label`, 1 for core motifs alone and else 0; `truth["planted"]`, (N, L), is 0, or 1 + the
    index of the motif in `attributes["motifs"]`; `attributes["matters"]` names those that make the class, and
    `attributes["activating"]` says that all of them raise the prediction

    Raises
    ------
    DeguError
        If a number is out of range or a motif is unknown.
    """
    del drop_bad_rows
    check_within(number, RANGES["number"], where="options.number")
    known = read_jaspar(files["motifs"])
    core_motifs = [pick(known, name, where=files["motifs"]) for name in core]
    names = [motif.name for motif in core_motifs]
    motifs = [*core_motifs, *(motif for name, motif in known.items() if name not in names)]
    longest = max(motif.width for motif in motifs)
    if length < SITES[0] * longest:
        raise DeguError(
            f"{length} bases", where="options.length", expected=f"{SITES[0] * longest} or more, for {SITES[0]} sites"
        )
    informative = [information(motif.probability) > minimum_information for motif in motifs]
    rng = np.random.default_rng(seed)
    label = (np.arange(number) < number - number // 2).astype(np.float64)
    tokens = rng.integers(0, 4, (number, length), dtype=np.uint8)
    planted = np.zeros((number, length), dtype=np.uint8)
    for row in range(number):
        pool = len(core_motifs) if label[row] else len(motifs)
        for start, index in arrange(motifs[:pool], length, rng):
            site, counts = motifs[index].sample(1, rng)[0], informative[index]
            if rng.random() < 0.5:
                site, counts = reverse_complement(site), counts[::-1]
            window = slice(start, start + len(site))
            tokens[row, window] = site
            planted[row, window] = np.where(counts, 1 + index, 0)
    order = rng.permutation(number)
    return Records(
        tokens=tokens[order],
        names=np.array([f"synthetic{index}" for index in range(number)]),
        targets=label[order, None],
        target_names=["label"],
        units=["log odds"],
        truth={"planted": planted[order]},
        attributes={
            "motifs": [motif.name for motif in motifs],
            "matters": {"mean": names},
            "activating": True,
        },
    )


def arrange(motifs: Sequence[Motif], length: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Draw the sites of one sequence: the first base of each, from left to right, and the index of its motif.

    The space that they leave is divided among the gaps before, between and after them in parts drawn uniformly.
    """
    while True:
        chosen = rng.integers(len(motifs), size=rng.choice(SITES, p=PROBABILITY))
        widths = np.array([motifs[index].width for index in chosen])
        room = length - widths.sum()
        if room > 0:
            break
    while True:
        parts = rng.random(len(chosen) + 1)
        gaps = np.round(parts / parts.sum() * room).astype(int)
        # Rounding may add or lose a base.
        if gaps.sum() == room:
            break
    starts = np.cumsum(gaps[:-1]) + np.cumsum(widths) - widths
    return list(zip(starts.tolist(), chosen.tolist(), strict=True))
