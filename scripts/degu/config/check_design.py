"""Checks of the settings `design` that a schema cannot express."""

from collections.abc import Collection

from degu.config.declarations import DESIGN_SETTINGS
from degu.config.plugins import check_name, check_options, default_options, known_names
from degu.config.run_lists import named_in_run
from degu.errors import DeguError


def check_design(settings: dict, where: str, shifts: Collection[str] = ()) -> dict:
    """Check how sequences are designed, and return the settings with the designs that are made.

    Parameters
    ----------
    settings
        The settings, complete with their defaults.
    where
        The key of these settings, for error messages.
    shifts
        Names of the shifts that are run. They stand in the same tables, so that no design may have one of them.

    Returns
    -------
    The settings, in which `designs` holds each design of `run`, in the order of `run`, with `search`, `designer`,
    `penalty`, `target`, and the options of the search. A name of `run` that is not among the configured designs is a
    module of `degu.design.searches`, with the ensemble as the designer.

    Raises
    ------
    DeguError
        If a search or an option does not exist, a name is that of a shift, the steps do not ascend, or a single member
        has a penalty.
    """
    searches = {name: {"search": name, **DESIGN_SETTINGS} for name in known_names("search")}
    named = named_in_run(settings["run"], settings["designs"], searches, what="design", where=where, key="designs")
    for name in named:
        if name in shifts:
            raise DeguError(
                f"'{name}' is the name of a shift, too",
                where=f"{where}.run",
                expected="other names than those of `shift.run`, because both stand in the same tables",
                remedy="rename the design",
            )
    if settings["steps"] != sorted(settings["steps"]):
        raise DeguError(f"{settings['steps']}", where=f"{where}.steps", expected="numbers in ascending order")
    designs = {name: _design(own, f"{where}.designs.{name}") for name, own in named.items()}
    return {**settings, "designs": designs}


def _design(settings: dict, where: str) -> dict:
    """Return the settings of a design with the defaults of the options of its search."""
    search = settings["search"]
    check_name("search", search, where=f"{where}.search")
    if settings["designer"] == "member" and settings["penalty"]:
        raise DeguError(
            f"a penalty of {settings['penalty']:g} for the designer 'member'",
            where=f"{where}.penalty",
            expected="0, because a single member has no epistemic standard deviation",
            remedy="let the ensemble or a student design, or take the penalty out",
        )
    options = {key: value for key, value in settings.items() if key not in ("search", *DESIGN_SETTINGS)}
    given = ("steps",)
    checked = check_options("search", search, options, given=given, where=where)
    defaults = {key: value for key, value in default_options("search", search).items() if key not in given}
    return {"search": search, **{key: settings[key] for key in DESIGN_SETTINGS}, **defaults, **checked}
