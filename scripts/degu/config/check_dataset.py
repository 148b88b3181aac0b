"""Checks of a data set's settings that a schema cannot express."""

from degu.config.plugins import check_name, check_options

# The pipeline itself passes these arguments to an importer.
_GIVEN = frozenset({"drop_bad_rows"})


def check_dataset(settings: dict, where: str) -> dict:
    """Check the importer of a data set and its options, and return the settings.

    Parameters
    ----------
    settings
        The settings of the data set, complete with their defaults.
    where
        The file of the data set, for error messages.

    Raises
    ------
    DeguError
        If there is no such importer, or if one of its options does not exist or has the wrong type.
    """
    check_name("importer", settings["importer"], where=f"{where}: importer")
    check_options("importer", settings["importer"], settings["options"], given=_GIVEN, where=f"{where}: options")
    return settings
