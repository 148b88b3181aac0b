"""Explain the predictions of several models by several methods."""

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

# Of the range of what maps should sum to.
TOLERANCE = 1e-3
# How many sequences and backgrounds of each a model is checked on before the work.
_CHECKED = (2, 3)


def explain_models(
    models: Sequence[Path],
    sequences: Mapping[str, ExplainedSequences],
    methods: Mapping[str, Mapping],
    heads: Sequence[str],
    blocks: MapBlocks,
) -> dict[MapKey, int]:
    """Write maps of every model, target, method and head that are not there yet.

    Parameters
    ----------
    models
        Files of models of one recipe.
    sequences
        What is explained, by target.
    methods
        By name: `method`, the module of `degu.attribution`, and its options.
    heads
        Those wanted; what the models lack is left out.
    blocks
        Where finished blocks are kept.

    Returns
    -------
    Which maps there are then, and of how many sequences

    Raises
    ------
    DeguError
        If a method does not serve a model: before its work where that shows, else when its maps do not sum up.
    """
    keys = {}
    for index, path in enumerate(models):
        predictor = Predictor(path)
        for target, name in enumerate(predictor.heads.targets):
            for head in (head for head in heads if head in explainable_heads(predictor.outputs)):
                explained = Explained(predictor.model, predictor.outputs, head, target)
                for method, settings in methods.items():
                    key = MapKey(name, method, head)
                    keys[key] = len(sequences[name].rows)
                    _explain(explained, settings, sequences[name], blocks, key, index, path)
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
) -> None:
    """Write the blocks of one model, head and method that are not there yet."""
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
    method.check(sequences.tokens[:few], backgrounds[:few, :each], where=label)
    progress = Progress(label, sum(min(BLOCK, number - start) for start in pending))
    for start in pending:
        rows = slice(start, start + BLOCK)
        values, difference = method(sequences.tokens[rows], backgrounds[rows])
        error = sum_errors(values, difference, sequences.tokens[rows] if options.get("hypothetical") else None)
        if method.exact and not error.max() <= TOLERANCE:
            worst = start + int(error.argmax())
            method.check(sequences.tokens[worst : worst + 1], backgrounds[worst : worst + 1], where=label)
            raise DeguError(
                f"contributions miss what they should sum to by {error.max():.2g} of its range",
                where=label,
                expected=f"at most {TOLERANCE:g}",
                remedy="explain this model by integrated_gradients or expected_gradients",
            )
        blocks.write(key, index, start, values, difference, error)
        progress.add(len(values))


def sum_errors(values: np.ndarray, difference: np.ndarray, tokens: np.ndarray | None = None) -> np.ndarray:
    """Return how far maps are from what they should sum to, (N,), as a fraction of its range with 0.

    Parameters
    ----------
    values, difference
        Maps (N, L, 4), and what each should sum to, (N,).
    tokens
        Of hypothetical maps, the sequences (N, L): of these the own bases' part sums up. It leaves out what an N
        contributes, so that a sequence with one has no error.
    """
    if tokens is not None:
        values = values * one_hot(tokens)
    error = np.abs(values.sum(axis=(1, 2), dtype=np.float64) - difference)
    if tokens is not None:
        error[(tokens == N_TOKEN).any(axis=1)] = 0
    return error / max(np.ptp([*difference, 0.0]), 1e-12)
