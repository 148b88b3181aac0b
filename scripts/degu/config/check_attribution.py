"""Checks of the settings `attribution` that a schema cannot express."""

from collections.abc import Mapping, Sequence

from degu.config.plugins import check_methods, check_name, known_names
from degu.config.run_lists import named_in_run
from degu.errors import DeguError, did_you_mean


def check_attribution(settings: dict, where: str) -> dict:
    """Check how predictions are explained, and return the settings with the methods that are run.

    Parameters
    ----------
    settings
        The settings, complete with their defaults.
    where
        The key of these settings, for error messages.

    Returns
    -------
    The settings, in which `methods` holds each method of `run`, in the order of `run`. A name of `run` that is not
    among the configured methods is a module of `degu.attribution.methods` with its default options.

    Raises
    ------
    DeguError
        If a method, a background or an option does not exist, or if motifs are searched in maps that are not made.
    """
    check_methods("attribution method", settings["methods"], where=f"{where}.methods")
    check_name("background", settings["background"]["method"], where=f"{where}.background.method")
    plugins = {name: {"method": name} for name in known_names("attribution method")}
    methods = named_in_run(
        settings["run"], settings["methods"], plugins, what="attribution method", where=where, key="methods"
    )
    if "mean" not in settings["heads"]:
        raise DeguError(f"heads {settings['heads']}", where=f"{where}.heads", expected="'mean' among them")
    # Motifs are found in maps: if no maps are made, no motifs are searched.
    motifs = settings["motifs"] if methods else {**settings["motifs"], "method": None}
    _check_motifs(motifs, methods, settings["heads"], where=f"{where}.motifs")
    return {**settings, "methods": methods, "motifs": motifs}


def _check_motifs(motifs: Mapping, methods: Mapping[str, Mapping], heads: Sequence[str], *, where: str) -> None:
    """Check that the maps in which motifs are searched are made, and are hypothetical."""
    name = motifs["method"]
    if name is None:
        return
    if name not in methods:
        raise DeguError(
            f"'{name}' is not run",
            where=f"{where}.method",
            expected=did_you_mean(name, methods),
            remedy="add it to attribution.run, or set attribution.motifs.method to null",
        )
    if not methods[name].get("hypothetical"):
        raise DeguError(
            f"the maps of '{name}' are not hypothetical, which TF-MoDISco needs",
            where=f"{where}.method",
            remedy="name one with `hypothetical: true`, such as {method: deep_shap, hypothetical: true}",
        )
    if motifs["head"] not in heads:
        raise DeguError(
            f"'{motifs['head']}' is not explained", where=f"{where}.head", expected=did_you_mean(motifs["head"], heads)
        )
