"""Checks of the settings of `config/augmentations/` that a schema cannot express."""

from collections.abc import Mapping
from typing import TypeVar

from degu.config.paths import expand_path
from degu.config.plugins import check_name, check_options, constant, without_name
from degu.errors import DeguError, did_you_mean

SELECTIONS = ("hard", "soft")
Settings = TypeVar("Settings", bound=Mapping)


def check_augmentation(settings: Settings, where: str, key: str = "number") -> Settings:
    """Check a list of augmentations and how many of them change a sequence, and return the settings.

    Parameters
    ----------
    settings
        The settings, complete with their defaults: `augmentations`, `number` and `selection`.
    where
        The file of the settings, for error messages.
    key
        What the number is called there.

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
        if "file" in entry:
            entry["file"] = expand_path(entry["file"], where=f"{place}.file")
        entry |= check_options("augmentation", entry["name"], without_name(entry), where=f"{place} ({entry['name']})")
    if not 1 <= number <= len(entries):
        raise DeguError(
            f"{number} augmentations a sequence, of a list of {len(entries)}",
            where=f"{where}: {key}",
            expected=f"from 1 to {len(entries)}, as each changes a sequence at most once",
            remedy=f"lower `{key}`, or list more augmentations",
        )
    if settings["selection"] not in SELECTIONS:
        raise DeguError(
            f"there is no selection '{settings['selection']}'",
            where=f"{where}: selection",
            expected=did_you_mean(settings["selection"], SELECTIONS),
        )
    return settings


def declaring(settings: Mapping, declaration: str) -> list[str]:
    """Return the names of the augmentations of a set that declare a constant, such as `NEW_LABELS`, to be true."""
    names = [entry["name"] for entry in settings["augmentations"]]
    return [name for name in names if constant("augmentation", name, declaration, False)]


def files_of(settings: Mapping | None) -> list[str]:
    """Return the files that the augmentations of a set read; None stands for no set."""
    return [entry["file"] for entry in (settings or {}).get("augmentations", ()) if "file" in entry]
