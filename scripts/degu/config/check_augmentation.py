"""Checks of the settings of `config/augmentations/` that a schema cannot express."""

from collections.abc import Mapping
from typing import TypeVar

from degu.config.plugins import check_name, check_options
from degu.errors import DeguError, did_you_mean

SELECTIONS = ("hard", "soft")
Settings = TypeVar("Settings", bound=Mapping)


def check_augmentation(settings: Settings, where: str) -> Settings:
    """Check a list of augmentations and how many of them change a sequence, and return the settings.

    Parameters
    ----------
    settings
        The settings, complete with their defaults: `augmentations`, `number` and `selection`.
    where
        The file of the settings, for error messages.

    Raises
    ------
    DeguError
        If an augmentation or one of its options does not exist, if an option has the wrong type, or if a sequence is to
        get more augmentations than there are.
    """
    entries, number = settings["augmentations"], settings["number"]
    for index, entry in enumerate(entries):
        place = f"{where}: augmentations.{index}"
        check_name("augmentation", entry.get("name"), where=f"{place}.name")
        options = {key: value for key, value in entry.items() if key != "name"}
        check_options("augmentation", entry["name"], options, where=f"{place} ({entry['name']})")
    if not 1 <= number <= len(entries):
        raise DeguError(
            f"{number} augmentations a sequence, of a list of {len(entries)}",
            where=f"{where}: number",
            expected=f"from 1 to {len(entries)}, as each changes a sequence at most once",
            remedy="lower `number`, or list more augmentations",
        )
    if settings["selection"] not in SELECTIONS:
        raise DeguError(
            f"there is no selection '{settings['selection']}'",
            where=f"{where}: selection",
            expected=did_you_mean(settings["selection"], SELECTIONS),
        )
    return settings
