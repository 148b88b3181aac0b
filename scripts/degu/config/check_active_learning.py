"""Checks of the settings `active_learning` that a schema cannot express."""

from degu.config.declarations import BASELINE_STRATEGY
from degu.config.plugins import check_methods, known_names
from degu.config.run_lists import named_in_run
from degu.errors import DeguError


def check_active_learning(settings: dict, where: str) -> dict:
    """Check how active learning is simulated, and return the settings with the strategies that are run.

    Parameters
    ----------
    settings
        The settings, complete with their defaults.
    where
        The key of these settings, for error messages.

    Returns
    -------
    The settings, in which `strategies` holds each strategy of `run`, in the order of `run`, with `method`, the name of
    its module, and its options. A name of `run` that is not among the configured strategies is a module of
    `degu.acquisition.strategies`.

    Raises
    ------
    DeguError
        If a strategy or an option does not exist, or strategies are run without random choice, which they are compared
        with, or with another method under its name.
    """
    plugins = {name: {"method": name} for name in known_names("acquisition strategy")}
    configured = settings["strategies"]
    check_methods("acquisition strategy", configured, where=f"{where}.strategies")
    named = named_in_run(settings["run"], configured, plugins, what="strategy", where=where, key="strategies")
    baseline = {**plugins, **configured}[BASELINE_STRATEGY]["method"]
    if baseline != BASELINE_STRATEGY:
        raise DeguError(
            f"'{baseline}'",
            where=f"{where}.strategies.{BASELINE_STRATEGY}.method",
            expected=f"'{BASELINE_STRATEGY}', because the others are compared with random choice under this name",
            remedy="give the strategy another name",
        )
    if settings["run"] and BASELINE_STRATEGY not in settings["run"]:
        raise DeguError(
            f"'{BASELINE_STRATEGY}' is not among the strategies",
            where=f"{where}.run",
            expected=f"'{BASELINE_STRATEGY}' and others that are compared with it",
            remedy=f"add '{BASELINE_STRATEGY}' to the list",
        )
    return {**settings, "strategies": named}
