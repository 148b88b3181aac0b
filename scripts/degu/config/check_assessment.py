"""Checks of the settings `assessment` that a schema cannot express."""

from degu.config.plugins import check_methods, check_name
from degu.errors import DeguError


def check_assessment(settings: dict, where: str) -> dict:
    """Check how uncertainties are assessed, and return the settings.

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
    level = settings["conditional_level"]
    if level not in settings["levels"]:
        raise DeguError(f"{level}", where=f"{where}.conditional_level", expected="one of levels")
    for metric in settings["metrics"]:
        check_name("metric", metric, where=f"{where}.metrics")
    check_methods("conformal method", settings["conformal"], where=f"{where}.conformal")
    return settings
