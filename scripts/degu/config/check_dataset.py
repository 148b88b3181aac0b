"""Checks of a data set's settings that a schema cannot express."""

from collections.abc import Mapping, Sequence

from degu.config.bases import check_bases
from degu.config.check_lengths import check_centred, check_lengths
from degu.config.check_row_labels import check_row_labels
from degu.config.check_split import check_split
from degu.config.check_windows import check_counts
from degu.config.column_rows import check_rows
from degu.config.column_targets import all_have_std, check_columns, check_targets
from degu.config.declarations import targets_of
from degu.config.plugins import check_name, check_options, complete_options, constant, module_name
from degu.config.recipes import is_student
from degu.config.tracks import check_tracks, files_of, has_replicates
from degu.errors import DeguError, did_you_mean

# The pipeline itself passes these arguments to an importer.
_GIVEN = frozenset({"drop_bad_rows"})


def check_dataset(settings: dict, given: Mapping, where: str) -> dict:
    """Check the importer, source files and split of a data set, and return the settings.

    Parameters
    ----------
    settings
        The settings of the data set, complete with their defaults. Text among the options is replaced by what it has
        to be, see `degu.config.plugins.check_options`.
    given
        Those of the settings that a person has written, without defaults, and that have to have an effect.
    where
        The file of the data set, for error messages.

    Raises
    ------
    DeguError
        If there is no such importer, one of its options does not exist or has the wrong type, a source file is not
        one that the importer reads or has no address, or settings contradict each other or have no effect.
    """
    importer = settings["importer"]
    check_name("importer", importer, where=f"{where}: importer")
    settings["options"] |= check_options(
        "importer", importer, settings["options"], given=_GIVEN, where=f"{where}: options"
    )
    _check_columns(settings, f"{where}: options")
    check_centred(importer, settings["options"], f"{where}: options")
    bases: tuple[str, ...] = constant("importer", importer, "BASES", ())
    for option in bases:
        check_bases(settings["options"].get(option, ""), where=f"{where}: options.{option}")
    others: list[str] = []
    if _names_tracks(settings):
        check_tracks(settings["options"]["tracks"], f"{where}: options.tracks")
        others = files_of(settings["options"]["tracks"])
    check_sources("importer", importer, settings["files"], f"{where}: files", others)
    _check_labels(settings, where)
    check_row_labels(settings, given, where)
    check_split(settings["split"], given.get("split", {}), f"{where}: split")
    return settings


def _check_columns(settings: Mapping, where: str) -> None:
    """Check the options of an importer that name columns, as it declares them."""
    importer, options = settings["importer"], settings["options"]
    if names_columns(settings):
        columns: tuple[str, ...] = constant("importer", importer, "COLUMNS", ())
        complete = complete_options("importer", importer, options)
        check_targets(options["targets"], f"{where}.targets")
        check_columns(options["targets"], {name: complete[name] for name in columns if complete[name]}, where)
    if constant("importer", importer, "ROWS_NAME_COLUMNS", False):
        check_rows(options.get("rows"), f"{where}.rows")


def _check_labels(settings: Mapping, where: str) -> None:
    """Check that a data set's targets are labels if, and only if, its importer declares them to be, where it does."""
    importer, labels = settings["importer"], settings["labels"]
    declared: bool | None = constant("importer", importer, "LABELS", None)
    if declared is not None and labels != declared:
        raise DeguError(
            f"the importer '{importer}' reads {'labels of 0 and 1' if declared else 'activities'}",
            where=f"{where}: labels",
            expected=str(declared).lower(),
            remedy=f"set `labels: {str(declared).lower()}`",
        )
    if labels and settings["standardize_batches"]:
        raise DeguError(
            "labels of 0 and 1 would be labels no more",
            where=f"{where}: standardize_batches",
            expected="false, with `labels: true`",
            remedy="take one of the two out",
        )


def names_columns(settings: Mapping) -> bool:
    """Return whether a data set's importer declares that its option `targets` names the columns of each target."""
    return constant("importer", settings["importer"], "TARGETS_NAME_COLUMNS", False)


def _names_tracks(settings: Mapping) -> bool:
    """Return whether a data set's importer declares that its option `tracks` names the files of each target."""
    return constant("importer", settings["importer"], "TRACKS_NAME_FILES", False)


def _may_have_std(settings: Mapping) -> bool:
    """Return whether each target may have a standard deviation over replicates, as far as is known before the import.

    An importer whose files hold no replicates declares `HAS_REPLICATES = False`.
    """
    if names_columns(settings):
        return all_have_std(settings["options"]["targets"])
    if _names_tracks(settings):
        return has_replicates(settings["options"]["tracks"])
    return constant("importer", settings["importer"], "HAS_REPLICATES", True)


def check_is_measured(settings: Mapping, name: str, recipe: Mapping, where: str) -> None:
    """Check that a data set has the counts at each base, and the standard deviations over replicates, that are needed.

    A teacher or baseline with the head aleatoric may be trained on the latter, and a student may be validated on them.

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
        If the recipe compares with them, and a target of the data set is known to have none before it is imported, or
        if its network cannot be built for the windows of the data set.
    """
    check_counts(settings, name, recipe, where)
    check_lengths(settings, name, recipe, where)
    if is_student(recipe) and recipe["validation_targets"] != "measured":
        return
    if _may_have_std(settings):
        return
    of_replicates = [head for head in ("aleatoric", "replicate_std") if head in targets_of(recipe)]
    if not of_replicates:
        return
    head = of_replicates[0]
    if is_student(recipe):
        use = "validated"
        remedy = (
            "set `validation_targets: ensemble` in the student's file, or distil from a teacher without the head "
            f"{head}"
        )
    else:
        use = "trained"
        other = (
            "bpnet or bpnet_yeast_single"
            if _names_tracks(settings)
            else "motif_cnn_noise, which learns the noise about its own predictions"
        )
        remedy = f"name a teacher that needs no replicates in the study, such as {other}"
    place, expected = "importer", None
    if names_columns(settings):
        place, expected = "options.targets", "`replicates`, or `mean` and `std`, for each target"
    elif _names_tracks(settings):
        place, expected = "options.tracks", "two replicates or more for each target"
    raise DeguError(
        f"'{name}' is {use} on the standard deviation over replicates, which not every target has",
        where=f"{where}: {place}",
        expected=expected,
        remedy=remedy,
    )


def check_sources(kind: str, plugin: str, files: Mapping[str, Mapping], where: str, others: Sequence[str] = ()) -> None:
    """Check that the source files are those that an importer or variant source reads, and that each can be found.

    Parameters
    ----------
    kind, plugin
        The kind and the name of the plugin, which declares the names of its files as `SOURCES`, or takes any, and those
        that may be absent as `OPTIONAL_SOURCES`.
    files
        The settings of each file, by its name.
    where
        The key of the files, for error messages.
    others
        Names of further files, which options of the plugin name.

    Raises
    ------
    DeguError
        If a file is not one that the plugin reads, one is missing, or nothing says where one is.
    """
    needed = (*constant(kind, plugin, "SOURCES", tuple(files)), *others)
    known = (*needed, *constant(kind, plugin, "OPTIONAL_SOURCES", ()))
    for name in files:
        if name not in known:
            raise DeguError(
                f"the {kind} '{plugin}' reads no file '{name}'", where=where, expected=did_you_mean(name, known)
            )
    missing = [name for name in needed if name not in files]
    if missing:
        source = "/".join(module_name(kind, plugin).split(".")[1:])
        raise DeguError(
            f"the file '{missing[0]}' is missing",
            where=where,
            expected=f"the files that the {kind} '{plugin}' reads: {', '.join(known)}",
            remedy=f"add it, as in `{missing[0]}: {{path: FILE}}`; see {source}.py",
        )
    for name, file in files.items():
        if not any(file[key] for key in ("path", "name", "url")):
            raise DeguError(
                "neither `path`, `name` nor `url` says where the file is",
                where=f"{where}.{name}",
                expected="the path of a file, or its name in `data_directory`, or its address",
                remedy="write `path: FILE`",
            )
