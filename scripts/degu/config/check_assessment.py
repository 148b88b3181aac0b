"""Checks of the settings `assessment` that a schema cannot express."""

from degu.config.plugins import check_methods, check_name
from degu.errors import DeguError


def check_assessment(settings: dict, where: str) -> dict:
    """Check how uncertainties are assessed, and return the settings, of which `conditional_level` is a level.

    Parameters
    ----------
    settings
        The settings, complete with their defaults.
    where
        The key of these settings, for error messages.

    Raises
    ------
    DeguError
        If a metric, a conformal method or an option does not exist, or if `conditional_level` is none of `levels`.
    """
    level, levels = settings["conditional_level"], settings["levels"]
    if level is None:
        settings["conditional_level"] = min(levels, key=lambda known: abs(known - 0.9))
    elif level not in levels:
        raise DeguError(
            f"{level} is none of `levels`",
            where=f"{where}.conditional_level",
            expected=f"one of: {', '.join(map(str, levels))}",
        )
    for metric in settings["metrics"]:
        check_name("metric", metric, where=f"{where}.metrics")
    check_methods("conformal method", settings["conformal"], where=f"{where}.conformal")
    return settings
