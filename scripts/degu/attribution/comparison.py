"""Tables that compare the maps of members, students and their ensemble, for every target, method and head."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.attribution.similarity import (
    ceiling,
    compare_models,
    correct_gradients,
    groups_of,
    student_tests,
    summarize,
    variability,
)
from degu.attribution.truth import planted_positions, position_scores, score_positions
from degu.data.sequences import one_hot
from degu.data.store import SequenceStore


class Comparison(NamedTuple):
    """Tables of one student and its teachers, each with the columns `target`, `method` and `head` beside its own.

    Attributes
    ----------
    models
        One row for each model, reference, group of sequences and metric, with the columns `model`, `index`,
        `reference`, `metric`, `value` and `group`. The model `ceiling` is the expected map of a member, as
        `degu.attribution.similarity.ceiling` compares it with the reference ensemble.
    sequences
        One row for each sequence, with the columns `sequence`, `activity` and `quantile`, and the variability of maps
        over the models of each kind in `member` and `student`.
    tests
        Tests of whether students differ from members; see `degu.attribution.similarity.student_tests`.
    """

    models: pd.DataFrame
    sequences: pd.DataFrame
    tests: pd.DataFrame


def compare_attributions(
    paths: Mapping[str, Path],
    store: SequenceStore,
    chosen: Mapping[str, ExplainedSequences],
    *,
    gradient_correction: bool,
) -> Comparison:
    """Compare the maps of members and students with the mean maps of the reference ensemble and of the members.

    Parameters
    ----------
    paths
        Files of maps of `member`, `reference` and `student`.
    store, chosen
        Data set, and its explained sequences.
    gradient_correction
        Whether the mean over the four bases is subtracted from maps before they are compared.
    """
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in Comparison._fields}
    for key in _common_keys(paths):
        maps = {name: _read(path, key, gradient_correction) for name, path in paths.items()}
        sequences = chosen[key.target]
        reference = maps.pop("reference")
        references = {"reference ensemble": reference.mean(axis=0), "own teachers": maps["member"].mean(axis=0)}
        spread = {name: variability(values) for name, values in maps.items() if len(values) > 1}
        ensemble = {"ensemble": references["own teachers"][None]}
        similarity = compare_models(maps | ensemble, references)
        if len(maps["member"]) > 1:
            highest = pd.DataFrame(ceiling(maps["member"], len(reference)))
            highest = highest.assign(model="ceiling", index=0, sequence=highest.index, reference="reference ensemble")
            similarity = pd.concat([similarity, highest], ignore_index=True)
        groups = groups_of(sequences)
        target = store.target_names.index(key.target)
        activity = {
            "sequence": sequences.rows,
            "activity": store.targets[sequences.rows, target],
            "quantile": sequences.quantile,
        }
        own = {
            "models": summarize(similarity, groups),
            "sequences": pd.DataFrame(activity | spread),
            "tests": pd.DataFrame(student_tests(similarity, spread, groups)),
        }
        for name, table in own.items():
            tables[name].append(_labelled(table, key))
    return Comparison(**{name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()})


def score_attributions(
    paths: Mapping[str, Path],
    store: SequenceStore,
    chosen: Mapping[str, ExplainedSequences],
    *,
    gradient_correction: bool,
) -> pd.DataFrame:
    """Score maps of members, their ensemble and others against the positions of planted motifs.

    Parameters
    ----------
    paths
        Files of maps of `member` and others, such as `student` and `alone`.
    store
        Data set with planted motifs. Its `truth["planted"]` holds their positions, and its attribute `matters` the
        names of the motifs that matter to each head. If the attribute `activating` says that all of them raise the
        head, then contributions that lower it score low, as published; else contributions of either sign score high.
    chosen, gradient_correction
        As in `compare_attributions`.

    Returns
    -------
    Table with one row for each model and metric, and the columns `metric`, `value` (the mean over sequences), `model`,
    `index`, `target`, `method` and `head`
    """
    parts = []
    for key in _common_keys(paths):
        wanted = store.attributes["matters"].get(key.head)
        if not wanted:
            continue
        sequences = chosen[key.target]
        truth = planted_positions(store.truth["planted"][sequences.rows], store.attributes["motifs"], wanted)
        maps = {name: _read(path, key, gradient_correction) for name, path in paths.items()}
        maps["ensemble"] = maps["member"].mean(axis=0, keepdims=True)
        for model, values in maps.items():
            scores = position_scores(values, one_hot(sequences.tokens))
            if not store.attributes.get("activating"):
                scores = np.abs(scores)
            for index, score in enumerate(scores):
                means = score_positions(score, truth).drop(columns="sequence").mean()
                table = means.rename_axis("metric").reset_index(name="value")
                parts.append(_labelled(table.assign(model=model, index=index), key))
    return pd.concat(parts, ignore_index=True)


def _common_keys(paths: Mapping[str, Path]) -> Iterator[MapKey]:
    """Yield the keys of the maps that all files have, since students have heads that members lack."""
    common = set.intersection(*(set(map_keys(path)) for path in paths.values()))
    return (key for key in map_keys(next(iter(paths.values()))) if key in common)


def _read(path: Path, key: MapKey, gradient_correction: bool) -> np.ndarray:
    values = read_maps(path, key)[0].astype(np.float64)
    return correct_gradients(values) if gradient_correction else values


def _labelled(table: pd.DataFrame, key: MapKey) -> pd.DataFrame:
    return table.assign(target=key.target, method=key.method, head=key.head)
