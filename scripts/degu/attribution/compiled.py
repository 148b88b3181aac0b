"""Attribution methods that explain any number of sequences, compiled for batches of one size where possible."""

from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from degu.attribution.contributions import rows_at_a_time
from degu.attribution.explained import Explained
from degu.config.plugins import load
from degu.config.recurrent_methods import recurrent_methods
from degu.errors import DeguError


class Method:
    """Attribution method for one head of one model, compiled if it can be.

    Parameters
    ----------
    explained
        Explained head and model.
    name, options
        Module of `degu.attribution.methods`, and the options of its `explainer`.
    backgrounds
        Number of backgrounds of each sequence, B; 0 if the method uses none.

    Raises
    ------
    DeguError
        If the method needs backgrounds and gets none, or uses none and gets some.
    """

    def __init__(self, explained: Explained, name: str, options: Mapping, backgrounds: int) -> None:
        self._module = load("attribution method", name)
        if needs_backgrounds(name) != (backgrounds > 0):
            raise DeguError(f"{backgrounds} backgrounds for {name}", expected="some" if backgrounds == 0 else "none")
        self._explained, self._name = explained, name
        function = self._module.explainer(explained, backgrounds, **options)
        self._compiled = getattr(self._module, "COMPILED", True)
        self._function = tf.function(function, autograph=False) if self._compiled else function
        length = explained.model.input_shape[1]
        rows = self._module.rows(length, backgrounds, **options)
        self._size = max(1, rows_at_a_time(length) // rows)

    def check(self, tokens: np.ndarray, backgrounds: np.ndarray, *, where: object = None) -> None:
        """Check on some sequences that the method can explain the model; `where` is a place for the message.

        Raises
        ------
        DeguError
            If the method cannot explain a layer of the model; the message names the layer.
        """
        refuse_recurrent(self._explained.model, self._name, where=where)
        check = getattr(self._module, "check", None)
        if check is not None:
            check(self._explained, tf.constant(tokens), tf.constant(backgrounds), where=where)

    @property
    def exact(self) -> bool:
        """Whether maps must sum to the difference of the predictions except for rounding."""
        return getattr(self._module, "EXACT", False)

    def __call__(self, tokens: np.ndarray, backgrounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return maps, float32 (N, L, 4), and the sum that each should have, (N,); NaN if the method defines none.

        Parameters
        ----------
        tokens, backgrounds
            Sequences, (N, L), and their backgrounds, (N, B, L).
        """
        values = np.empty((*tokens.shape, 4), dtype=np.float32)
        difference = np.full(len(tokens), np.nan, dtype=np.float32)
        for start in range(0, len(tokens), self._size):
            rows = np.arange(start, min(start + self._size, len(tokens)))
            if self._compiled:
                # The last batch is filled up with its first sequences, so that one size is compiled.
                rows = np.resize(rows, self._size)
            maps = self._function(tf.constant(tokens[rows]), tf.constant(backgrounds[rows]))
            values[rows] = maps.values.numpy()
            if maps.difference is not None:
                difference[rows] = maps.difference.numpy()
        return values, difference


def refuse_recurrent(
    model: keras.Model, name: str, *, where: object = None, remedy: str = "explain this model by one of these"
) -> None:
    """Check that a method explains recurrent networks if a model is one; `where` and `remedy` are for the message.

    Raises
    ------
    DeguError
        If it does not; the message names the layer, and the methods that do.
    """
    layer, known = _recurrent_layer(model), recurrent_methods()
    if layer is not None and name not in known:
        raise DeguError(
            f"{name} does not explain recurrent networks, such as one with the layer '{layer.name}' "
            f"({type(layer).__name__})",
            where=where,
            expected=f"one of {', '.join(known)}",
            remedy=remedy,
        )


def _recurrent_layer(model: keras.Model) -> layers.Layer | None:
    """Return the first recurrent layer of a model, which may be in a model within it."""
    for layer in model.layers:
        inner = _recurrent_layer(layer) if isinstance(layer, keras.Model) else layer
        if isinstance(inner, (layers.RNN, layers.Bidirectional)):
            return inner
    return None


def needs_backgrounds(name: str) -> bool:
    """Return whether a method compares sequences with backgrounds."""
    return getattr(load("attribution method", name), "BACKGROUNDS", True)
