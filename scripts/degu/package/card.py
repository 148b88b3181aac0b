"""The card of a student: what it is, what it takes, what it is worth, and what not to trust it for."""

from collections.abc import Mapping
from typing import Any

from degu.package.calibration import METHODS

HEADS = {
    "mean": "the predicted activity",
    "aleatoric": "the predicted standard deviation of a measurement about the prediction, or, with published teachers, "
    "over replicates",
    "replicate_std": "the predicted standard deviation over replicates",
    "epistemic": "the predicted standard deviation over the members of the ensemble that taught it",
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
    rows = "\n".join(f"| `{head}` | {HEADS[head]} |" for head in facts["heads"] if head in HEADS)
    unit = f"\n\nUnits: {'; '.join(units)}." if units else ""
    return f"## What it predicts\n\n| head | meaning |\n|---|---|\n{rows}{unit}"


def _worth(facts: Mapping[str, Any]) -> str:
    text = "## What it is worth\n\nOn the test split, which neither it nor its ensemble was trained on:\n"
    text += "\n| target | sequences | Pearson r | Spearman r | root mean square error |\n|---|---|---|---|---|"
    for target, own in zip(facts["targets"], facts["measured"], strict=True):
        text += f"\n| {target} | {own['rows']:,} | {own['pearson']:.3f} | {own['spearman']:.3f} | {own['rmse']:.3g} |"
    text += "\n\nHow many of those measurements its intervals hold, by method, and how wide they are (median):\n"
    text += "\n| target | method | level | held | width |\n|---|---|---|---|---|"
    for target, own in zip(facts["targets"], facts["measured"], strict=True):
        for interval in sorted(own["intervals"], key=lambda one: (list(METHODS).index(one["method"]), one["level"])):
            text += (
                f"\n| {target} | {interval['method']} | {interval['level']:g} | {interval['coverage']:.3f} | "
                f"{interval['width']:.3g} |"
            )
    return text


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
