"""Checks of the settings `shift` that a schema cannot express."""

from collections.abc import Mapping, Sequence

from degu.config.check_augmentation import check_augmentation
from degu.config.plugins import check_name, check_options, constant, known_names
from degu.config.run_lists import named_in_run
from degu.errors import DeguError


def check_shift(settings: dict, where: str) -> dict:
    """Check how sequences are shifted, and return the settings with the shifts that are run.

    Parameters
    ----------
    settings
        The settings, complete with their defaults.
    where
        The key of these settings, for error messages.

    Returns
    -------
    The settings, in which `ladders` holds each shift of `run`, in the order of `run`, with its `kind`, its `levels` and
    its options. A name of `run` that is not among the configured ladders is a module of `degu.shift.kinds`.

    Raises
    ------
    DeguError
        If a kind, an option or an augmentation does not exist, a level is out of range or stands twice, or a metric is
        unknown.
    """
    kinds = {name: {"kind": name} for name in known_names("shift")}
    named = named_in_run(settings["run"], settings["ladders"], kinds, what="shift", where=where, key="ladders")
    for metric in settings["metrics"]:
        check_name("metric", metric, where=f"{where}.metrics")
    ladders = {name: _ladder(own, f"{where}.ladders.{name}") for name, own in named.items()}
    return {**settings, "ladders": ladders}


def _ladder(settings: Mapping, where: str) -> dict:
    """Return the settings of a ladder with its levels and with the defaults of its options."""
    kind = settings["kind"]
    check_name("shift", kind, where=f"{where}.kind")
    # A kind that is named alone has levels of its own.
    levels: Sequence[float] = settings["levels"] if "levels" in settings else constant("shift", kind, "LEVELS", ())
    if len(set(levels)) < len(levels):
        raise DeguError(f"{list(levels)}", where=f"{where}.levels", expected="each level once")
    sizes = [abs(level) for level in levels]
    if sizes != sorted(sizes) or (min(levels, default=0) < 0 < max(levels, default=0)):
        raise DeguError(
            f"{list(levels)}", where=f"{where}.levels", expected="levels of one sign, from the smallest to the largest"
        )
    options = {key: value for key, value in settings.items() if key not in ("kind", "levels")}
    checked: dict = {}
    for level in levels:
        checked = check_options("shift", kind, {**options, "level": level}, where=where)
    del checked["level"]
    if augmentations := checked.get("augmentations") or constant("shift", kind, "AUGMENTATIONS", ()):
        most = {"augmentations": list(augmentations), "number": max(levels), "selection": "hard"}
        check_augmentation(most, where, key="levels")
    return {"kind": kind, "levels": list(levels), **checked}
