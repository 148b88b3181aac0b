"""Checks of the settings `attribution` that a schema cannot express."""

from collections.abc import Mapping, Sequence

from degu.config.plugins import check_methods, check_name, constant, known_names
from degu.config.recurrent_methods import recurrent_methods
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
    The settings, in which `methods` holds each method of `run`, in the order of `run`, and each entry of `teachers`
    those that it names. A name that is not among the configured methods is a module of `degu.attribution.methods` with
    its default options.

    Raises
    ------
    DeguError
        If a method, a background or an option does not exist, or if motifs are searched in maps that are not made.
    """
    check_methods("attribution method", settings["methods"], where=f"{where}.methods")
    check_name("background", settings["background"]["method"], where=f"{where}.background.method")
    plugins = {name: {"method": name} for name in known_names("attribution method")}
    words = {"what": "attribution method", "where": where, "key": "methods"}
    methods = named_in_run(settings["run"], settings["methods"], plugins, **words)
    teachers = {
        teacher: named_in_run(names, settings["methods"], plugins, **words, listed=f"teachers.{teacher}")
        for teacher, names in settings["teachers"].items()
    }
    if "mean" not in settings["heads"]:
        raise DeguError(f"heads {settings['heads']}", where=f"{where}.heads", expected="'mean' among them")
    # Motifs are found in maps: if no maps are made, no motifs are searched.
    every = {name: method for own in (methods, *teachers.values()) for name, method in own.items()}
    motifs = settings["motifs"] if every else {**settings["motifs"], "method": None}
    _check_motifs(motifs, every, settings["heads"], where=f"{where}.motifs")
    return {**settings, "methods": methods, "teachers": teachers, "motifs": motifs}


def attribution_of(settings: Mapping, teacher: str) -> dict:
    """Return how the members and students of one teacher are explained.

    The settings are those that `check_attribution` returned. `methods` holds the methods of this teacher. If
    the one that motifs are searched by is not among them, the first that is hypothetical takes its place; no motifs are
    searched where there is none.
    """
    methods, motifs = settings["teachers"].get(teacher, settings["methods"]), settings["motifs"]
    if motifs["method"] not in (None, *methods):
        hypothetical = [name for name, method in methods.items() if method.get("hypothetical")]
        motifs = {**motifs, "method": next(iter(hypothetical), None)}
    return {**settings, "methods": methods, "motifs": motifs}


def check_explained(settings: Mapping, teacher: str, name: str, model: str, where: str) -> None:
    """Check that the members or students of a teacher can be explained by the methods of this teacher.

    Parameters
    ----------
    settings
        What `check_attribution` returned.
    teacher
        The teacher.
    name, model
        The teacher itself or its student, and the architecture of its network.
    where
        The key of the settings, for error messages.

    Raises
    ------
    DeguError
        If the network is recurrent, and a method does not explain such networks.
    """
    if not constant("model", model, "RECURRENT", False):
        return
    known = recurrent_methods()
    for method, own in attribution_of(settings, teacher)["methods"].items():
        if own["method"] not in known:
            raise DeguError(
                f"'{method}' does not explain '{name}', because the network {model} is recurrent",
                where=f"{where}.teachers.{teacher}" if teacher in settings["teachers"] else f"{where}.run",
                expected=f"methods by {', '.join(known)}",
                remedy="name such methods for it, as in `attribution: {teachers: {"
                f"{teacher}: [integrated_gradients]}}}}`, or set `study: {{explain: false}}` for the data set",
            )


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
