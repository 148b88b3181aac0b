"""Tables that compare the maps of members, students and their ensemble, for every target, method and head."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.attribution.similarity import compare_models, correct, groups_of, student_tests, summarize, variability
from degu.attribution.truth import planted_positions, position_scores, score_positions
from degu.data.sequences import one_hot
from degu.data.store import SequenceStore


class Comparison(NamedTuple):
    """Tables of one student and its teachers; each has the columns `target`, `method`, `head`.

    Attributes
    ----------
    models
        A row a model, reference, group of sequences and metric: `model`, `index`, `reference`, `group`, `metric`,
        `value`.
    sequences
        A row a sequence: `sequence`, `activity`, `quantile`, and the variability over each of `member` and `student`.
    tests
        Of whether students differ from members; see `degu.attribution.similarity.student_tests`.
    """

    models: pd.DataFrame
    sequences: pd.DataFrame
    tests: pd.DataFrame


def compare_attributions(
    paths: Mapping[str, Path], store: SequenceStore, chosen: Mapping[str, ExplainedSequences], *, corrected: bool
) -> Comparison:
    """Compare the maps of members and students with the mean maps of the reference ensemble and of the members.

    Parameters
    ----------
    paths
        Files of maps of `member`, `reference` and `student`.
    store, chosen
        What was explained.
    corrected
        Compare maps less their mean over the four bases.
    """
    tables = {name: [] for name in Comparison._fields}
    for key in _common_keys(paths):
        maps = {name: _read(path, key, corrected) for name, path in paths.items()}
        sequences = chosen[key.target]
        references = {
            "reference ensemble": maps.pop("reference").mean(axis=0),
            "own teachers": maps["member"].mean(axis=0),
        }
        spread = {name: variability(values) for name, values in maps.items() if len(values) > 1}
        ensemble = {"ensemble": references["own teachers"][None]}
        similarity = compare_models(maps | ensemble, references)
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
    paths: Mapping[str, Path], store: SequenceStore, chosen: Mapping[str, ExplainedSequences], *, corrected: bool
) -> pd.DataFrame:
    """Score maps of members, their ensemble and others against the positions of planted motifs.

    Parameters
    ----------
    paths
        Files of maps of `member` and others, such as `student` and `alone`.
    store
        Of an importer that plants motifs: its `truth["planted"]` says where, and its attribute `matters`, which motifs
        matter to which head. Where the attribute `activating` says that all of them raise it, what lowers it scores
        low, as published; else contributions of either sign score high.
    chosen, corrected
        As in `compare_attributions`.

    Returns
    -------
    A row a model and metric: `target`, `method`, `head`, `model`, `index`, `metric`, `value`, the mean over sequences
    """
    parts = []
    for key in _common_keys(paths):
        wanted = store.attributes["matters"].get(key.head)
        if not wanted:
            continue
        sequences = chosen[key.target]
        truth = planted_positions(store.truth["planted"][sequences.rows], store.attributes["motifs"], wanted)
        maps = {name: _read(path, key, corrected) for name, path in paths.items()}
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
    """Yield the maps that all files have: students have heads that members lack."""
    common = set.intersection(*(set(map_keys(path)) for path in paths.values()))
    return (key for key in map_keys(next(iter(paths.values()))) if key in common)


def _read(path: Path, key: MapKey, corrected: bool) -> np.ndarray:
    values = read_maps(path, key)[0].astype(np.float64)
    return correct(values) if corrected else values


def _labelled(table: pd.DataFrame, key: MapKey) -> pd.DataFrame:
    return table.assign(target=key.target, method=key.method, head=key.head)
