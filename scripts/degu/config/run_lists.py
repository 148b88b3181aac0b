"""Lists such as those named `run`: they name configured entries, or plugins by their own names."""

from collections.abc import Iterable, Mapping

from degu.config.schemas import check_spelling
from degu.errors import DeguError, did_you_mean


def named_in_run(
    run: Iterable[str],
    configured: Mapping[str, dict],
    plugins: Mapping[str, dict],
    *,
    what: str,
    where: str,
    key: str,
    listed: str = "run",
) -> dict[str, dict]:
    """Return the settings of each entry that a list names, in the order of the list.

    Parameters
    ----------
    run
        The list.
    configured
        The settings of the configured entries, by names that the configuration gives them.
    plugins
        The settings that a plugin has if it is named alone, by its name. A configured entry of this name takes its
        place.
    what
        What an entry is called, such as `shift`.
    where, key
        The key of the section, and that of the configured entries within it, for error messages.
    listed
        The key of the list within the section.

    Raises
    ------
    DeguError
        If there is no such entry, or the name of a configured one cannot be part of a path. The message names the
        entry with the most similar name.
    """
    for name in configured:
        check_spelling(name, where=f"{where}.{key}")
    known = {**plugins, **configured}
    for name in run:
        if name not in known:
            raise DeguError(
                f"there is no {what} '{name}'", where=f"{where}.{listed}", expected=did_you_mean(name, known)
            )
    return {name: known[name] for name in run}
