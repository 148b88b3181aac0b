"""Checks of the settings of `config/pools/` that a schema cannot express."""

import math
from collections.abc import Mapping

from degu.config.check_augmentation import declaring
from degu.config.paths import expand_path
from degu.config.plugins import check_name, check_options, constant, without_name
from degu.errors import DeguError

_HELD_OUT = 0.1


def check_pool(settings: dict, where: str) -> dict:
    """Check the settings of a pool, and return them.

    Parameters
    ----------
    settings
        The settings, complete with their defaults: `source`, `augmentation` (a set, or None) and `variants`.
    where
        The file of the settings, for error messages.

    Raises
    ------
    DeguError
        If the source or one of its options does not exist, or if the pool would hold a sequence twice, hold nothing but
        training sequences, or lose what its augmentation does.
    """
    source, augmentation = settings["source"], settings["augmentation"]
    check_name("pool source", source["name"], where=f"{where}: source.name")
    source |= check_options("pool source", source["name"], without_name(source), where=f"{where}: source")
    if "path" in source:
        source["path"] = expand_path(source["path"], where=f"{where}: source.path")
    if augmentation is None:
        if constant("pool source", source["name"], "FROM_TRAINING", False):
            raise DeguError(
                f"the source '{source['name']}' without an augmentation yields what students are trained on anyhow",
                where=f"{where}: augmentation",
                expected="the name of a file in config/augmentations/",
            )
        if settings["variants"] > 1:
            raise DeguError(
                f"{settings['variants']} variants of each sequence, but no augmentation makes them",
                where=f"{where}: variants",
                remedy="name an augmentation, or take `variants` out",
            )
    elif unseen := declaring(augmentation, "ONE_HOT"):
        raise DeguError(
            f"the augmentation '{unseen[0]}' changes one-hot values, and a pool holds sequences",
            where=f"{where}: augmentation",
            expected="augmentations that change bases",
            remedy="name another set, or give the student this one with `labels: members` and no pool",
        )
    return settings


def held_out(number: int) -> int:
    """Return how many of a source's sequences are held out for validation, if none follow from the data set's own."""
    return math.ceil(_HELD_OUT * number)


def number_for_training(settings: Mapping) -> int | None:
    """Return how many sequences of a pool students can be trained on, or None if the data alone tell.

    They are known if the pool's source declares, by the constant `NUMBER`, which of its options is their number.
    """
    source = settings["source"]
    option: str | None = constant("pool source", source["name"], "NUMBER", None)
    if option is None:
        return None
    return (source[option] - held_out(source[option])) * settings["variants"]
