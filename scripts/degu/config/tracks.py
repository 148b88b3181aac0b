"""The option `tracks` of importers that read tracks of counts: which source files hold the replicates of each target.

Such an importer declares `TRACKS_NAME_FILES = True`, so that its tracks are checked when a run is planned. An example,
with two strands and two replicates: `{starts: {replicates: [[rep1_plus, rep1_minus], [rep2_plus, rep2_minus]]}}`.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from degu.errors import DeguError, did_you_mean

KEYS = ("replicates",)
_EXPECTED = "a list of replicates, each of which is one file, or a list of two: the forward and the reverse strand"


def check_tracks(tracks: Mapping, where: str) -> None:
    """Check the form of the tracks.

    Parameters
    ----------
    tracks
        The replicates of each target, by the target's name.
    where
        The file, if it is known, and the key of the tracks, for error messages.

    Raises
    ------
    DeguError
        If there are none, a name is no text, a key is unknown, a file is named twice, or targets differ in their number
        of strands or replicates, which one array of counts has to hold.
    """
    if not tracks:
        raise DeguError(
            "no target is named",
            where=where,
            expected="at least one target with its files",
            remedy="name one, as in `tracks: {accessibility: {replicates: [rep1, rep2]}}`",
        )
    for target, track in tracks.items():
        _check_target(target, track, where)
    twice = [name for name, count in Counter(files_of(tracks)).items() if count > 1]
    if twice:
        raise DeguError(
            f"the file '{twice[0]}' is named twice",
            where=where,
            expected="a file of its own for each replicate and strand",
        )
    strands = {len(_strands(replicate)) for track in tracks.values() for replicate in track["replicates"]}
    if len(strands) > 1:
        raise DeguError(
            "some replicates have one file, others two",
            where=where,
            expected="one file for each replicate, or two (forward, reverse) for each",
        )
    numbers = {target: len(track["replicates"]) for target, track in tracks.items()}
    if len(set(numbers.values())) > 1:
        raise DeguError(
            f"targets differ in the number of replicates: {', '.join(f'{key} {n}' for key, n in numbers.items())}",
            where=where,
            expected="the same number for each target",
            remedy="leave some out, or make a data set of each target",
        )


def strands_of(tracks: Mapping[str, Mapping]) -> list[list[list[str]]]:
    """Return the names of the files by target, replicate and strand: T lists of R lists of one or two names."""
    return [[_strands(replicate) for replicate in track["replicates"]] for track in tracks.values()]


def files_of(tracks: Mapping[str, Mapping]) -> list[str]:
    """Return the names of all files, in their order."""
    return [name for target in strands_of(tracks) for replicate in target for name in replicate]


def has_replicates(tracks: Mapping[str, Mapping]) -> bool:
    """Return whether each target has two replicates or more, of which there is a standard deviation."""
    return all(len(track["replicates"]) > 1 for track in tracks.values())


def _strands(replicate: str | list[str]) -> list[str]:
    return [replicate] if isinstance(replicate, str) else replicate


def _check_target(target: Any, track: Any, where: str) -> None:
    if not isinstance(target, str) or not target.strip():
        raise DeguError(f"the target {target!r} is no name", where=where, expected="names of targets, which are text")
    if not isinstance(track, Mapping):
        raise DeguError(f"{track!r} is no mapping", where=f"{where}.{target}", expected=f"`replicates: {_EXPECTED}`")
    for key in track:
        if key not in KEYS:
            raise DeguError(f"unknown key '{key}'", where=f"{where}.{target}", expected=did_you_mean(str(key), KEYS))
    replicates = track.get("replicates")
    if not isinstance(replicates, list) or not replicates:
        raise DeguError(f"replicates are {replicates!r}", where=f"{where}.{target}", expected=_EXPECTED)
    for index, replicate in enumerate(replicates):
        names: Any = _strands(replicate)
        is_list = isinstance(names, list) and len(names) in (1, 2)
        if not is_list or not all(isinstance(name, str) and name.strip() for name in names):
            raise DeguError(f"{replicate!r}", where=f"{where}.{target}.replicates.{index}", expected=_EXPECTED)
