"""The card of a student: what it is, what it takes, what it is worth, and what not to trust it for."""

from collections.abc import Mapping
from typing import Any

from degu.package.calibration import METHODS

FIGURE = "predictions.png"
HEADS = {
    "mean": "the predicted activity",
    "aleatoric": "the predicted standard deviation of a measurement about the prediction, or, with published teachers, "
    "over replicates",
    "replicate_std": "the predicted standard deviation over replicates",
    "epistemic": "the predicted standard deviation over the members of the ensemble that taught it",
    "profile": "the predicted share of the counts at each of {last:,} positions in the middle of the sequence"
    "{strands}; the shares of a target sum to 1",
    "profile_aleatoric": "the predicted standard deviation over replicates of the share of the counts in each of "
    "{last:,} bins of these positions{strands}",
    "profile_epistemic": "the predicted standard deviation over the members of the ensemble of the share of the counts "
    "in each of {last:,} bins of these positions{strands}",
}
PROFILES = (
    "\n\nThis student predicts profiles. The expected counts at a position are its share times exp(`mean`) - 1, "
    "which stands for all replicates together. How accurate the profiles are is told by the report of the run, and not "
    "here."
)

# What an ensemble had as the bias of the enzyme, by what became of it.
BIAS = {
    "keep": "\n\nThe members of its ensemble contain a network of the bias of the enzyme. Profiles and counts are "
    "predicted with this bias, as they are measured.",
    "remove": "\n\nProfiles and counts are predicted without the bias of the enzyme: the members of its ensemble were "
    "trained beside a network of this bias, which was taken out before they taught the student. It predicts what an "
    "enzyme that prefers no sequence would count. Measurements have the bias: the accuracy below compares "
    "predictions without it to them, and intervals are to hold measurements with it.",
}


def card(facts: Mapping[str, Any]) -> str:
    """Return the card of a student as Markdown, with the front matter that model hubs read.

    Parameters
    ----------
    facts
        The content of `package.json`.
    """
    parts = [_front_matter(facts), _introduction(facts), _input(facts), _output(facts), _worth(facts), _limits(facts)]
    return "\n\n".join([*parts, _origin(facts)]) + "\n"


def _front_matter(facts: Mapping[str, Any]) -> str:
    lines = ["---", "library_name: keras", "tags: [biology, genomics, regulatory-dna, uncertainty, degu]"]
    if facts.get("licence"):
        lines.append(f"license: {facts['licence']}")
    return "\n".join([*lines, "---"])


def _introduction(facts: Mapping[str, Any]) -> str:
    number = len(facts["students"])
    which = "One student" if number == 1 else f"The mean of {number} students"
    text = (
        f"# {facts['title']}: {facts['student']} of {facts['teacher']}\n\n"
        f"{which} of an ensemble of {facts['members']} models, distilled by DEGU. It predicts "
        f"{_and(facts['targets'])} from DNA, and how uncertain each prediction is."
    )
    return f"{text}\n\nData: {facts['citation']}" if facts.get("citation") else text


def _input(facts: Mapping[str, Any]) -> str:
    construct = facts["construct"]
    left, right = construct["left"], construct["right"]
    insert = construct["length"] - len(left) - len(right)
    text = f"## What it takes\n\nSequences of {insert} bases of A, C, G, T and N"
    if left or right:
        text += (
            f", which are put between the constant flanks of the assay: `{left or '(none)'}` before and "
            f"`{right or '(none)'}` after, {construct['length']} bases in all"
        )
    strands = " Each is predicted as it is and as its reverse complement, and the mean is taken."
    return f"{text}.{strands if construct['strands'] == 'both' else ''}"


def _output(facts: Mapping[str, Any]) -> str:
    units = [f"{target} in {unit}" for target, unit in zip(facts["targets"], facts["units"], strict=True) if unit]
    rows = "\n".join(f"| `{head}` | {_meaning(head, facts)} |" for head in facts["heads"] if head in HEADS)
    unit = f"\n\nUnits: {'; '.join(units)}." if units else ""
    profiles = PROFILES if "profile" in facts["heads"] else ""
    bias = BIAS.get(facts.get("bias") or "", "")
    return f"## What it predicts\n\n| head | meaning |\n|---|---|\n{rows}{unit}{profiles}{bias}"


def _meaning(head: str, facts: Mapping[str, Any]) -> str:
    """Return what a head is, with the numbers of strands and of positions or bins that it has."""
    strands, last = facts.get("shapes", {}).get(head, (1, 1))
    return HEADS[head].format(last=last, strands=f" on each of {strands} strands" if strands > 1 else "")


def _worth(facts: Mapping[str, Any]) -> str:
    text = "## What it is worth\n\nOn the test split, which neither it nor its ensemble was trained on:\n"
    text += "\n| target | sequences | Pearson r | Spearman r | root mean square error |\n|---|---|---|---|---|"
    for target, own in zip(facts["targets"], facts["measured"], strict=True):
        text += f"\n| {target} | {own['rows']:,} | {own['pearson']:.3f} | {own['spearman']:.3f} | {own['rmse']:.3g} |"
    text += f"\n\n![Predicted against measured activity]({FIGURE})" if FIGURE in facts["files"] else ""
    return f"{text}\n\n{_intervals(facts)}{_profiles(facts)}{_difference(facts)}"


def _intervals(facts: Mapping[str, Any]) -> str:
    """Return a table of how many measurements intervals hold, by target, method and level."""
    levels = sorted({one["level"] for own in facts["measured"] for one in own["intervals"]})
    if not levels:
        return "Its intervals were calibrated on other sequences later, and none of them was measured here."
    text = "The share of those measurements that lie within its intervals, and in brackets the median width:\n\n"
    text += f"| target | method | {' | '.join(f'{level:g}' for level in levels)} |\n|---|---|{'---|' * len(levels)}"
    for target, own in zip(facts["targets"], facts["measured"], strict=True):
        for method in METHODS:
            found = {one["level"]: one for one in own["intervals"] if one["method"] == method}
            text += f"\n| {target} | {method} | {_cells(found, levels)} |" if found else ""
    return text


def _profiles(facts: Mapping[str, Any]) -> str:
    """Return what the intervals of profiles hold, and by what their standard deviations are multiplied, if known."""
    known = facts.get("profiles")
    if not known:
        return ""
    factors = [
        f"{target} {own['factors']['share']:.3g} and {own['factors']['counts']:.3g}"
        for target, own in zip(facts["targets"], known["targets"], strict=True)
    ]
    number = known["replicates"]
    whose = "the replicate has" if number == 1 else f"all {number} replicates together have"
    text = (
        f"\n\nIntervals of profiles are about what {whose} in a bin: the share of the counts of its window, or the "
        "counts. Those by bin hold each bin with the probability of their level, on average over the bins of a window. "
        "Simultaneous ones hold all bins of a window at once. They come from "
        f"{known['calibration_windows']:,} calibration windows. The share of the bins, or of the windows, of the test "
        "split that lie within them, and in brackets the median width:\n\n"
    )
    told = [
        (target, one)
        for target, own in zip(facts["targets"], known["targets"], strict=True)
        for one in own["intervals"]
    ]
    levels = sorted({one["level"] for _, one in told})
    text += f"| target | of | form | {' | '.join(f'{level:g}' for level in levels)} |\n|{'---|' * (3 + len(levels))}"
    for key in dict.fromkeys((target, one["quantity"], one["form"]) for target, one in told):
        found = {one["level"]: one for target, one in told if (target, one["quantity"], one["form"]) == key}
        text += f"\n| {' | '.join(key)} | {_cells(found, levels)} |"
    return (
        f"{text}\n\nThe predicted standard deviations are multiplied by factors that make them as large as the errors "
        f"on the calibration split, for shares and for counts: {'; '.join(factors)}."
    )


def _cells(found: Mapping[float, Mapping[str, Any]], levels: list[float]) -> str:
    """Return the coverage and the width of intervals at each level as cells of a table."""
    cells = (
        f"{found[level]['coverage']:.3f} ({found[level]['width']:.3g})" if level in found else "" for level in levels
    )
    return " | ".join(cells)


def _difference(facts: Mapping[str, Any]) -> str:
    """Return what the head for the uncertainty of a difference is worth, if there is one."""
    found = (facts.get("difference") or {}).get("test")
    if not found:
        return ""
    pairs = [
        f"{target} {head['pearson']:.2f} ({both['pearson']:.2f})"
        for target, head, both in zip(facts["targets"], found["head"], found["sum_of_variances"], strict=True)
    ]
    return (
        "\n\nThe uncertainty of a difference between a test sequence and a mutant of it: its correlation with the "
        "standard deviation over the members of the ensemble, and in brackets that of the root of the sum of both "
        f"variances: {', '.join(pairs)}."
    )


def _limits(facts: Mapping[str, Any]) -> str:
    return (
        "## What not to trust it for\n\n"
        f"Intervals come from {facts['calibration_rows']:,} calibration sequences of the same assay, and hold for "
        "sequences like those. They say nothing of sequences of another kind: another organism or cell type, another "
        "design, or sequences that were optimised with the model itself. `degu predict` marks sequences whose "
        "composition or epistemic standard deviation is unusual. A sequence without a mark can still be of another "
        "kind."
    )


def _origin(facts: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return (
        f"## Where it comes from\n\nDEGU {facts['degu']} (commit {facts['commit'] or 'unknown'}), data set "
        f"`{facts['dataset']}`, training fraction {facts['fraction']:g}, digest of the data "
        f"`{facts['data_digest'][:16]}`. Versions: {versions}. Method: [Zhou et al. 2026](https://doi.org/10.1038/s44387-025-00053-3)."
    )


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
