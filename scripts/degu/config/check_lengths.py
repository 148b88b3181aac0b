"""Checks of the lengths of windows, profiles and bins, as far as a configuration tells them before any training."""

from collections.abc import Mapping

from degu.config.plugins import complete_options, constant
from degu.config.receptive_fields import bases_beside
from degu.errors import DeguError

_LENGTHS = ("input_length", "output_length")


def check_centred(importer: str, options: Mapping, where: str) -> None:
    """Check that the positions with counts stand in the middle of windows, if an importer has options for both.

    Parameters
    ----------
    importer, options
        The name of the importer, and the options that a data set sets.
    where
        The key of the options, for error messages.

    Raises
    ------
    DeguError
        If there are more of them than bases, or if their lengths differ by an odd number.
    """
    complete = complete_options("importer", importer, options)
    bases, positions = (complete.get(name) for name in _LENGTHS)
    if bases is None or positions is None:
        return
    if positions > bases or (bases - positions) % 2:
        raise DeguError(
            f"windows have {bases} bases and {positions} positions with counts",
            where=f"{where}.output_length",
            expected="no more positions than bases, and as many bases left of them as right of them, a difference that "
            "is even",
            remedy="choose two even or two odd numbers",
        )


def check_lengths(settings: Mapping, name: str, recipe: Mapping, where: str) -> None:
    """Check that a network of profiles can be built for the windows of a data set.

    Parameters
    ----------
    settings
        The settings of the data set.
    name, recipe
        The name of the teacher, baseline or student, and its recipe.
    where
        The file of the data set, for error messages.

    Raises
    ------
    DeguError
        If its windows are too short for the convolutions of the model, if these have another centre, or if the bins do
        not divide the positions.
    """
    complete = complete_options("importer", settings["importer"], settings["options"])
    bases, positions = (complete.get(option) for option in _LENGTHS)
    if bases is None or positions is None or not any(head.startswith("profile") for head in recipe["heads"]):
        return
    if positions % recipe["profile_bins"]:
        raise DeguError(
            f"'{name}' has `profile_bins: {recipe['profile_bins']}`, which do not divide the {positions} positions of "
            "a profile",
            where=f"{where}: options.output_length",
            expected=f"a multiple of {recipe['profile_bins']}, or other bins in the recipe",
        )
    model = recipe["model"]["name"]
    if not constant("model", model, "UNPADDED", False):
        return
    options = complete_options("model", model, recipe["model"])
    beside = bases_beside(*(options[option] for option in ("kernel", "layers", "profile_kernel")))
    if bases - positions < beside or (bases - positions - beside) % 2:
        raise DeguError(
            f"the windows have {bases} bases, and the network '{model}' of '{name}', whose convolutions have no "
            f"padding, cannot predict {positions} positions from them",
            where=f"{where}: options.input_length",
            expected=f"{positions + beside} bases or more, which differ from that by an even number",
            remedy="change `input_length` or `output_length`, or `kernel`, `layers` or `profile_kernel` of the model",
        )
