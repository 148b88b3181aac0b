"""Explain the predictions of several models by several methods."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from degu.attribution.compiled import Method, needs_backgrounds
from degu.attribution.explained import Explained, explainable_heads
from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import BLOCK, MapBlocks, MapKey, Progress
from degu.data.sequences import N_TOKEN, one_hot
from degu.errors import DeguError
from degu.prediction.predictor import Predictor

log = logging.getLogger(__name__)

# Largest convergence delta of an exact method.
TOLERANCE = 1e-3
# Number of sequences, and of backgrounds of each, that a model is checked on before the work.
_CHECKED = (2, 3)


def explain_models(
    models: Sequence[Path],
    sequences: Mapping[str, ExplainedSequences],
    methods: Mapping[str, Mapping],
    heads: Sequence[str],
    blocks: MapBlocks,
) -> dict[MapKey, int]:
    """Write the maps of every model, target, method and head that do not exist yet.

    Parameters
    ----------
    models
        Files of the models of one recipe.
    sequences
        Explained sequences, by target.
    methods
        Settings of each method, by name: `method` is a module of `degu.attribution.methods`, and the others are its
        options.
    heads
        Heads to explain; those that the models lack are left out.
    blocks
        Folder of finished blocks.

    Returns
    -------
    Number of sequences of each map that now exists

    Raises
    ------
    DeguError
        If a method cannot explain a model. This is found before the work where possible, and else when maps do not have
        the sum that they should have.
    """
    keys = {}
    for index, path in enumerate(models):
        predictor = Predictor(path)
        checked: set[str] = set()
        for target, name in enumerate(predictor.heads.targets):
            for head in (head for head in heads if head in explainable_heads(predictor.outputs)):
                explained = Explained(predictor.model, predictor.outputs, head, target)
                for method, settings in methods.items():
                    key = MapKey(name, method, head)
                    keys[key] = len(sequences[name].rows)
                    _explain(explained, settings, sequences[name], blocks, key, index, path, checked)
        keras.utils.clear_session()
    if not keys:
        raise DeguError(f"the models predict none of {', '.join(heads)}", where="attribution.heads")
    return keys


def _explain(
    explained: Explained,
    settings: Mapping,
    sequences: ExplainedSequences,
    blocks: MapBlocks,
    key: MapKey,
    index: int,
    path: Path,
    checked: set[str],
) -> None:
    """Write the blocks of one model, head and method that do not exist yet.

    Modules that have checked the model's layers are in `checked`: the layers are the same for every head and option.
    """
    number = len(sequences.rows)
    pending = [start for start in range(0, number, BLOCK) if not blocks.has(key, index, start)]
    if not pending:
        return
    options = {name: value for name, value in settings.items() if name != "method"}
    backgrounds = sequences.backgrounds
    if not needs_backgrounds(settings["method"]):
        backgrounds = backgrounds[:, :0]
    method = Method(explained, settings["method"], options, backgrounds.shape[1])
    label = f"{path.parent.name}, {key.method} of {key.head} of {key.target}"
    few, each = _CHECKED
    if settings["method"] not in checked:
        method.check(sequences.tokens[:few], backgrounds[:few, :each], where=label)
        checked.add(settings["method"])
    progress = Progress(label, sum(min(BLOCK, number - start) for start in pending))
    deltas = []
    for start in pending:
        rows = slice(start, start + BLOCK)
        values, difference = method(sequences.tokens[rows], backgrounds[rows])
        delta = convergence_deltas(values, difference, sequences.tokens[rows] if options.get("hypothetical") else None)
        if method.exact and not delta.max() <= TOLERANCE:
            worst = start + int(delta.argmax())
            method.check(sequences.tokens[worst : worst + 1], backgrounds[worst : worst + 1], where=label)
            raise DeguError(
                "the contributions of a map do not sum to the change of the prediction: "
                f"both differ by {delta.max():.2g} of the range of these changes",
                where=label,
                expected=f"a convergence delta of at most {TOLERANCE:g}",
                remedy="explain this model by integrated_gradients or expected_gradients",
            )
        blocks.write(key, index, start, values, difference, delta)
        progress.add(len(values))
        deltas.append(delta)
    if not method.exact:
        _log_deltas(label, np.concatenate(deltas))


def _log_deltas(label: str, delta: np.ndarray) -> None:
    """Say in the log how far maps are from the sums that they should have, if the method defines these."""
    if not np.isnan(delta).all():
        text = "%s: sums of contributions miss the change of the prediction by %.2g of its range at most, median %.2g"
        log.info(text, label, delta.max(), np.median(delta))


def convergence_deltas(values: np.ndarray, difference: np.ndarray, tokens: np.ndarray | None = None) -> np.ndarray:
    """Return the distance of each map's sum from the sum that it should have, (N,).

    The unit is the range of the sums that the maps should have, extended to 0.

    Parameters
    ----------
    values, difference
        Maps, (N, L, 4), and the sum that each should have, (N,).
    tokens
        Sequences, (N, L), if the maps are hypothetical: then only the contributions of the sequence's own bases count.
        The contribution of an N is unknown, so that a sequence with an N has a delta of 0.
    """
    if tokens is not None:
        values = values * one_hot(tokens)
    delta = np.abs(values.sum(axis=(1, 2), dtype=np.float64) - difference)
    if tokens is not None:
        delta[(tokens == N_TOKEN).any(axis=1)] = 0
    return delta / max(np.ptp([*difference, 0.0]), 1e-12)
