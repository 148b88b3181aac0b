"""What students inherit of their ensembles: accuracy, the epistemic head beside its ceiling, and coverage."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style

KEYS = ["dataset", "teacher", "student", "target"]
# Models of one row lie at these heights about its middle.
_HEIGHTS = {"kmer_ridge": 0.3, "member": 0.15, "ensemble": 0.0, "student": -0.15, "ceiling": -0.15}
NOMINAL = 0.95
# The height of what stands above and below the rows, in inches: the title, the words of the axes and the legend.
AROUND = 1.5
# Longer titles of data sets stand in two lines, in characters.
LONG = 20
# If a teacher has more students than this, the figure shows only the first.
MOST_STUDENTS = 3


def draw(scores: pd.DataFrame, coverage: pd.DataFrame, titles: Mapping[str, str], title: str) -> Figure:
    """Draw one row for each student and target at the highest training fraction of its data set, in three panels.

    Where a teacher has more than `MOST_STUDENTS`, the first one stands for all.

    Parameters
    ----------
    scores
        The tidy scores of all data sets (`degu.evaluation.accuracy`).
    coverage
        How often the 95 % intervals of the students cover, as `degu.uncertainty.columns.read_coverage` returns it.
    titles
        The titles of the data sets, by name.
    title
        The title of the figure.
    """
    highest = scores.groupby("dataset")["fraction"].transform("max")
    tests = scores[(scores["split"] == "test") & (scores["metric"] == "pearson") & (scores["fraction"] == highest)]
    accuracy = tests[(tests["head"] == "mean") & (tests["reference"] == "measured") & (tests["model"] != "ceiling")]
    epistemic = tests[(tests["head"] == "epistemic") & (tests["reference"] == "ensemble")]
    students = accuracy.loc[accuracy["model"] == "student", KEYS].drop_duplicates()
    of_teacher = students.groupby(["dataset", "teacher"])["student"]
    few = of_teacher.transform("nunique") <= MOST_STUDENTS
    rows = list(students[few | (students["student"] == of_teacher.transform("first"))].itertuples(index=False))
    names = [_words(row, rows, titles) for row in rows]
    figure, axes = style.panels(1, 3, sharey=True, panel=(style.PANEL[0], AROUND + _height(names)))
    panels = {
        "Pearson correlation\nwith measured activity": accuracy,
        "Pearson correlation of the\nepistemic head with the\nstd over members": epistemic,
        "coverage of\n95 % intervals": coverage,
    }
    for panel, (words, values) in zip(axes[0], panels.items(), strict=True):
        for height, row in enumerate(reversed(rows)):
            _draw_row(panel, _of_row(values, row), height)
        panel.set_xlabel(words)
        panel.margins(x=0.1)
        panel.locator_params(axis="x", nbins=5)
    axes[0, 2].axvline(NOMINAL, color="black", linestyle="--", linewidth=0.8, label="nominal level")
    axes[0, 0].set_yticks(range(len(rows)), reversed(names))
    axes[0, 0].set_ylim(-0.6, len(rows) - 0.4)
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _height(names: Sequence[str]) -> float:
    """Return the height of all rows, in inches, at which their names do not overlap."""
    return len(names) * max((0.2 + 0.16 * len(name.split("\n")) for name in names), default=0.5)


def _draw_row(panel: Axes, values: pd.DataFrame, height: float) -> None:
    """Draw the points of the models of one student and target; a ceiling is a vertical line."""
    for model in (model for model in looks.ORDER if model in set(values["model"])):
        own = values.loc[values["model"] == model, "value"]
        place, color, words = height + _HEIGHTS[model], looks.COLORS[model], looks.label(model)
        if model == "ceiling":
            panel.vlines(own, place - 0.2, place + 0.2, color=color, linestyle=":", label=words)
        else:
            panel.scatter(own, [place] * len(own), s=18, alpha=0.8, c=color, marker=looks.MARKERS[model], label=words)


def _of_row(values: pd.DataFrame, row: tuple) -> pd.DataFrame:
    """Return the values of a student and of all that it is compared with."""
    dataset, teacher, student, target = row
    same = (values["dataset"] == dataset) & (values["target"] == target)
    of_teacher = (values["teacher"] == teacher) | (values["model"] == "kmer_ridge")
    return values[same & of_teacher & ((values["model"] != "student") | (values["student"] == student))]


def _words(row: tuple, rows: Sequence[tuple], titles: Mapping[str, str]) -> str:
    """Return the words of a row: the data set and the target.

    A data set that shares its title with another is named, too, and so are the teacher and the student where a target
    has several.
    """
    dataset, teacher, student, target = row
    shown = titles[dataset]
    if list(titles.values()).count(shown) > 1:
        shown = f"{shown} ({dataset})"
    words = [style.in_two_lines(shown) if len(shown) > LONG else shown, target]
    if sum((other[0], other[3]) == (dataset, target) for other in rows) > 1:
        words.append(f"{looks.label(student)} of {looks.label(teacher)}")
    return "\n".join(words)
