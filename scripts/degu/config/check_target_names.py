"""Checks that targets which settings name are among those of a data set, where its options tell them."""

from collections.abc import Mapping

from degu.errors import DeguError, did_you_mean


def check_target_name(settings: Mapping, dataset: str, target: str, *, where: str, remedy: str | None = None) -> None:
    """Check that a data set has a target. Importers that take their targets from a file tell them only in the job.

    Parameters
    ----------
    settings
        The settings of the data set, with its `options`.
    dataset, target
        The names of both.
    where
        The key that names the target, for error messages.
    remedy
        What can be done, for the error message.

    Raises
    ------
    DeguError
        If the options name the targets, and this is none of them.
    """
    known = settings["options"].get("targets")
    if isinstance(known, Mapping) and target not in known:
        raise DeguError(
            f"the data set '{dataset}' has no target '{target}'",
            where=where,
            expected=did_you_mean(target, list(known)),
            remedy=remedy,
        )
