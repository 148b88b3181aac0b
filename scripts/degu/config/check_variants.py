"""Checks of the settings of `config/variants/` that a schema cannot express."""

from degu.config.check_dataset import check_sources
from degu.config.plugins import check_name, check_options
from degu.config.schemas import check_spelling
from degu.errors import DeguError


def check_variants(settings: dict, where: str) -> dict:
    """Check the source, files and protocols of a set of variants, and return the settings.

    Parameters
    ----------
    settings
        The settings, complete with their defaults. Text among the options is replaced by what it has to be.
    where
        The file of the set, for error messages.

    Raises
    ------
    DeguError
        If there is no such source, one of its options does not exist or has the wrong type, a file is not one that it
        reads, or a protocol judges variants that it calibrates on.
    """
    source = settings["source"]
    check_name("variant source", source, where=f"{where}: source")
    settings["options"] = check_options("variant source", source, settings["options"], where=f"{where}: options")
    check_sources("variant source", source, settings["files"], f"{where}: files")
    for name, protocol in settings["protocols"].items():
        check_spelling(name, where=f"{where}: protocols")
        parts, calibration = protocol["parts"], protocol["calibration"]
        shared = [part for part in calibration if part in parts or not parts]
        if shared:
            raise DeguError(
                f"the part '{shared[0]}' is judged, and decides the scale of its own standard deviations",
                where=f"{where}: protocols.{name}",
                expected="`parts` without those of `calibration`",
                remedy="name other parts, or leave `calibration` empty",
            )
    return settings
