"""The settings of a data set that follow from a table of an assay, and what is said of them."""

from collections.abc import Mapping
from pathlib import Path

from degu.data.table_columns import Column
from degu.data.table_findings import Findings
from degu.data.table_roles import Roles
from degu.errors import name_rows

# With this number of rows or more, the recommended network needs no half of its activity from a ridge regression.
LARGE_ASSAY = 5000
TEACHERS = {True: "motif_cnn_noise", False: "motif_cnn_small_assay"}
# Mondrian intervals of 95 % need about 100 calibration rows; by default a twentieth of the rows is for calibration.
_FEW_FOR_CALIBRATION = 2000
_MORE_CALIBRATION = {"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1}


def dataset_settings(
    table: Path, name: str, columns: Mapping[str, Column], roles: Roles, findings: Findings
) -> tuple[dict, dict[str, str]]:
    """Return the settings of a data set, and the comments that stand above them in its file.

    Parameters
    ----------
    table, name
        The path of the table as it is to be written, and the name of the data set.
    columns, roles, findings
        What the columns hold, which is what, and what the rows are like.
    """
    options, comments = _options(columns, roles, findings)
    settings: dict = {
        "title": name,
        "importer": "table",
        "files": {"table": {"path": str(table)}},
        "options": options,
    }
    comments["title"] = "The title stands above the figures. A change of it, or of a unit, redraws figures alone."
    if findings.bad:
        settings["bad_rows"] = "drop"
        comments["bad_rows"] = (
            "Rows that cannot be used are left out and counted. Take this line out to be stopped by them:\n"
            + "\n".join(f"{reason}: {name_rows(rows)}" for reason, rows in findings.bad.items())
        )
    if roles.split:
        settings["split"] = {"method": "column", "labels": roles.split_labels}
        settings["leaks"] = "drop"
        comments["leaks"] = "Rows with a relative in a later split are left out and counted; none may be in two splits."
        comments["split"] = "The rows are divided as the table says."
        if "calibration" not in roles.split_labels:
            comments["split"] += " Half of the validation rows are for calibration."
    elif findings.usable < _FEW_FOR_CALIBRATION:
        settings["split"] = {"fractions": _MORE_CALIBRATION}
        comments["split"] = (
            f"With fewer than {_FEW_FOR_CALIBRATION:,} rows, the default leaves too few of them for calibration."
        )
    is_large = findings.usable >= LARGE_ASSAY
    settings["study"] = {"teachers": [TEACHERS[is_large]]}
    many = f"{LARGE_ASSAY:,} sequences or more" if is_large else f"fewer than {LARGE_ASSAY:,} sequences"
    comments["study.teachers"] = f"This network is recommended for {many}."
    return settings, comments


def _options(columns: Mapping[str, Column], roles: Roles, findings: Findings) -> tuple[dict, dict[str, str]]:
    """Return the options of the importer, with their comments."""
    options: dict = {"sequence": roles.sequence}
    comments = {"options.sequence": f"The column of the sequence: {length_in_words(findings)}."}
    if any(findings.flanks):
        comments["options.sequence"] += "\n" + flanks_in_words(findings)
    if findings.is_ragged:
        options["pad"] = "right"
        comments["options.pad"] = "Shorter sequences are filled up with N on this side, left or right."
    if roles.name:
        options["name"] = roles.name
        comments["options.name"] = "The column of names."
    if roles.group:
        options["group"] = roles.group
        comments["options.group"] = f"Rows of one value share a split: {groups_in_words(findings)}."
    if roles.split:
        options["split"] = roles.split
        comments["options.split"] = (
            f"The column of the split, with the values {', '.join(columns[roles.split].values)}."
        )
    options["targets"] = {target: {**own, "unit": ""} for target, own in roles.targets.items()}
    comments["options.targets"] = (
        "Each entry is one measured quantity. `replicates` give its mean and standard deviation, and so do `mean` and\n"
        "`std` (over replicates, with n - 1). A unit, such as log2(RNA/DNA), stands at the axes."
    )
    return options, comments


def length_in_words(findings: Findings) -> str:
    """Return the lengths of the sequences as text."""
    if len(findings.lengths) == 1:
        return f"all have {findings.length:,} bases"
    others = findings.rows - findings.lengths[findings.length]
    if findings.is_ragged:
        return f"they have {min(findings.lengths):,} to {max(findings.lengths):,} bases"
    return f"all but {others:,} have {findings.length:,} bases"


def flanks_in_words(findings: Findings) -> str:
    """Return a sentence on the bases that all sequences begin and end with."""
    left, right = findings.flanks
    ends = [f"begin with {left}" if left else "", f"end with {right}" if right else ""]
    return (
        f"All sequences {' and '.join(filter(None, ends))}. Take constant ends off the table and name them as "
        f"{' and '.join(name for name, flank in (('left_flank', left), ('right_flank', right)) if flank)}: "
        "then reverse complements are told by what is between."
    )


def groups_in_words(findings: Findings) -> str:
    """Return the number of groups and the size of the largest as text."""
    return f"{len(findings.groups):,} groups, the largest of {findings.groups.most_common(1)[0][1]:,} rows"
