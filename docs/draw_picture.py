"""Draw the picture of README.md from the finished default run: `python docs/draw_picture.py [FILE]`, after `make demo`.

Left: how accurate one student is. Right: which bases its activity and its noise rest on, beside the planted sites.
"""

import sys
from itertools import groupby
from pathlib import Path

import logomaker
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.maps import MapKey, read_maps
from degu.attribution.similarity import correct_gradients
from degu.data.sequences import one_hot
from degu.data.store import read_store
from degu.figures import style
from degu.figures.attribution_logos import BASES

REPOSITORY = Path(__file__).parents[1]
RESULTS = Path("results/simulated_mpra")
STUDENT = RESULTS / "small/fraction-1/students/degu"
PICTURE = REPOSITORY / "resources/gallery/student.png"
HEADS = {"mean": "activity", "aleatoric": "noise"}


def draw_accuracy(panel: Axes) -> None:
    """Draw the accuracy of every kind of model against the fraction of the training data."""
    scores = pd.read_csv(RESULTS / "performance.tsv", sep="\t")
    chosen = scores[
        scores[["split", "head", "reference", "metric"]].eq(["test", "mean", "measured", "pearson"]).all(axis=1)
    ]
    style.plot_against_fraction(panel, chosen[chosen["teacher"].isin(["small"]) | (chosen["model"] == "kmer_ridge")])
    panel.set_title("One student comes near its ensemble", loc="left", weight="bold")
    panel.set_ylabel("Pearson correlation\nwith measured activity")
    panel.legend(fontsize=8)


def draw_maps(panels: dict[str, Axes]) -> None:
    """Draw the student's maps of the most active sequence, with the planted sites that act on each head."""
    store = read_store(RESULTS / "store.h5")
    sequences = read_explained_sequences(RESULTS / "explained.h5", store)["activity"]
    row = int(np.argmax(store.targets[sequences.rows, 0]))
    planted = store.truth["planted"][sequences.rows[row]]
    for head, panel in panels.items():
        maps, _ = read_maps(STUDENT / "attributions.h5", MapKey("activity", "deep_shap", head))
        values = correct_gradients(maps[0, row])
        logo = pd.DataFrame(values * one_hot(sequences.tokens[row]), columns=list(BASES))
        logomaker.Logo(logo, ax=panel, color_scheme=BASES, show_spines=False)
        panel.spines["left"].set_visible(True)
        panel.axhline(0, color="black", linewidth=0.5)
        low, high = panel.get_ylim()
        step = 0.14 * (high - low)
        panel.set_ylim(low, high + 2 * step)
        acting = store.attributes["matters"][head]
        marked = [site for site in sites(planted, store.attributes["motifs"]) if site[2] in acting]
        for index, (start, stop, motif) in enumerate(marked):
            panel.axvspan(start - 0.4, stop - 0.6, color="0.93", zorder=-1)
            # Neighbouring names stand at two heights, so that they do not touch.
            panel.text((start + stop - 1) / 2, high + index % 2 * step, motif, ha="center", va="bottom", fontsize=7)
        label = style.with_unit(f"contribution\nto the {HEADS[head]}", store.units[0])
        style.set_vertical_label(panel, label, room=1.6)
    panels["mean"].set_title("The bases that its predicted activity rests on ...", loc="left", weight="bold")
    panels["aleatoric"].set_title("... and those that its predicted noise rests on", loc="left", weight="bold")
    panels["aleatoric"].set_xlabel("position in the sequence; grey: planted sites that truly act on it")


def sites(planted: np.ndarray, motifs: list[str]) -> list[tuple[int, int, str]]:
    """Return the first base, the base after the last, and the motif of each planted site."""
    found, position = [], 0
    for code, bases in groupby(planted.tolist()):
        length = len(list(bases))
        if code:
            found.append((position, position + length, motifs[code - 1]))
        position += length
    return found


if __name__ == "__main__":
    figure, axes = plt.subplot_mosaic(
        [["accuracy", "mean"], ["accuracy", "aleatoric"]], figsize=(11, 3.6), width_ratios=[1, 2.1]
    )
    draw_accuracy(axes.pop("accuracy"))
    draw_maps(axes)
    picture = sys.argv[1] if len(sys.argv) > 1 else PICTURE
    figure.savefig(picture, dpi=130, metadata={"Software": None})
    print(picture)
