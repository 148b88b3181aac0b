"""What the tests of attribution share: small networks, and what they predict in NumPy and double precision."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Callable
from types import ModuleType

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.lib.stride_tricks import sliding_window_view

from degu.attribution.explained import Explained
from degu.models.layers.blocks import output_layers, sequence_input
from degu.outputs.heads import UNCERTAINTIES, Heads
from degu.outputs.outputs import Outputs

# Added to the evidence, shape and rate of an evidential model.
EVIDENTIAL_FLOOR = 1e-6
# Heads, and the options of the outputs that have them.
HEADS = [("mean", {"link": "identity"})]
HEADS += [("aleatoric", {"link": link}) for link in ("identity", "softplus", "log_variance")]
HEADS += [("total", {"link": link}) for link in ("identity", "softplus", "log_variance")]
HEADS += [(head, {"loss": "evidential"}) for head in ("mean", "aleatoric", "epistemic", "total")]


def outputs_of(*names: str, targets: tuple[str, ...] = ("activity",), **options) -> Outputs:
    return Outputs(Heads(names, targets), **options)


def scaled_outputs(**options) -> Outputs:
    """Return outputs with every kind of head, two targets and a scaling."""
    scaling = {"center": (10.0, -1.0), "spread": (2.0, 0.5)}
    return outputs_of("mean", "aleatoric", "epistemic", targets=("Dev", "Hk"), **scaling, **options)


def random_tokens(*shape: int, seed: int = 0, letters: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, letters, size=shape, dtype=np.uint8)


def one_hot(tokens: np.ndarray) -> np.ndarray:
    """Return one-hot sequences in double precision, N all zero."""
    return np.eye(5, 4)[tokens]


def filled(model: keras.Model, seed: int = 1, scale: float = 0.5) -> keras.Model:
    """Draw every weight of a model, biases among them."""
    rng = np.random.default_rng(seed)
    model.set_weights([scale * rng.standard_normal(weights.shape) for weights in model.get_weights()])
    return model


def set_batch_statistics(model: keras.Model) -> None:
    """Let batch normalisation see 64 random sequences, and scale and move what it has normalised."""
    rng = np.random.default_rng(4)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.0
            layer.gamma.assign(rng.uniform(0.5, 1.5, layer.gamma.shape))
            layer.beta.assign(0.3 * rng.standard_normal(layer.beta.shape))
    model(one_hot(random_tokens(64, model.input_shape[1], seed=5)).astype(np.float32), training=True)


def example_sequences(length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return two sequences, one with N and one with a run of A, and four backgrounds of each, one with N."""
    tokens, backgrounds = random_tokens(2, length), random_tokens(2, 4, length, seed=1)
    tokens[0, 5:9], tokens[1, 20:50] = 4, 0
    backgrounds[0, 1, 7:15] = 4
    return tokens, backgrounds


def linear(length: int, outputs: Outputs) -> keras.Model:
    inputs = sequence_input(length)
    return filled(keras.Model(inputs, output_layers(layers.Flatten()(inputs), outputs)))


def profile_outputs(**options) -> Outputs:
    """Return outputs with a mean, an aleatoric std and a profile of two strands and four positions, of two targets."""
    heads = Heads(("mean", "aleatoric", "profile"), ("a", "b"), {"profile": (2, 4)})
    return Outputs(heads, loss="profile_divergence", link="softplus", center=(1.0, 2.0), spread=(3.0, 4.0), **options)


def profile_weights(logits: np.ndarray) -> np.ndarray:
    """Return the weight of each logit, (N, S, P), in the explained value of a profile, as ChromBPNet has it."""
    powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
    probabilities = powers / powers.sum(axis=(1, 2), keepdims=True)
    # The mean of the logits is subtracted from each, and the probabilities sum to 1.
    return probabilities - 1 / logits[0].size


def smooth(length: int, outputs: Outputs, seed: int = 1) -> keras.Model:
    """Return a small network without kinks."""
    inputs = sequence_input(length)
    x = layers.Conv1D(3, 3, activation="tanh", name="convolution")(inputs)
    x = layers.Dense(4, activation="tanh", name="hidden")(layers.Flatten()(x))
    return filled(keras.Model(inputs, output_layers(x, outputs)), seed)


def square(length: int) -> tuple[keras.Model, np.ndarray]:
    """Return a model of (w . x)^2, and w, (L, 4)."""
    inputs = sequence_input(length)
    x = layers.Dense(1, use_bias=False, name="projection")(layers.Flatten()(inputs))
    model = filled(keras.Model(inputs, layers.Dense(1, use_bias=False, name="mean")(layers.Multiply()([x, x]))))
    model.get_layer("mean").set_weights([np.ones((1, 1))])
    return model, weights_of(model, "projection")[0].reshape(length, 4)


def weights_of(model: keras.Model, layer: str) -> list[np.ndarray]:
    return [weights.astype(np.float64) for weights in model.get_layer(layer).get_weights()]


def parameters_by_hand(model: keras.Model, outputs: Outputs, inputs: np.ndarray) -> dict[str, np.ndarray]:
    """Return each parameter, (B, T) and its trailing axes, of a `linear` or `smooth` model for inputs (B, L, 4)."""
    x = inputs
    names = [layer.name for layer in model.layers]
    if "convolution" in names:
        kernel, bias = weights_of(model, "convolution")
        x = np.tanh(np.einsum("blck,kcf->blf", sliding_window_view(x, 3, axis=1), kernel) + bias)
    x = x.reshape(len(x), -1)
    if "hidden" in names:
        kernel, bias = weights_of(model, "hidden")
        x = np.tanh(x @ kernel + bias)
    parameters = {}
    for name, activation in outputs.parameters.items():
        kernel, bias = weights_of(model, name)
        values = x @ kernel + bias if activation == "linear" else np.logaddexp(0, x @ kernel + bias)
        parameters[name] = values.reshape(-1, *outputs.shape(name))
    return parameters


def head_by_hand(outputs: Outputs, parameters: dict[str, np.ndarray], head: str, target: int = 0) -> np.ndarray:
    """Return a head's values, (B,), of the parameters, (B, T) each."""
    values = {name: part[:, target] for name, part in parameters.items()}
    if outputs.loss == "evidential":
        nu, excess, beta = (values[name] + EVIDENTIAL_FLOOR for name in ("evidence", "shape", "rate"))
        stds = {"aleatoric": np.sqrt(beta / excess), "epistemic": np.sqrt(beta / excess / nu)}
    else:
        link = {
            "identity": lambda x: x,
            "softplus": lambda x: x + outputs.floor,
            "log_variance": lambda x: np.exp(x / 2),
        }
        stds = {kind: link[outputs.link](values[kind]) for kind in UNCERTAINTIES if kind in values}
    if head == "mean":
        return outputs.center[target] + outputs.spread[target] * values["mean"]
    if head == "total":
        return outputs.spread[target] * np.sqrt(sum(np.maximum(std, 0) ** 2 for std in stds.values()))
    return outputs.spread[target] * stds[head]


def function_of(explained: Explained) -> Callable[[np.ndarray], np.ndarray]:
    """Return what is explained as a function of inputs (B, L, 4), in double precision."""
    model, outputs = explained.model, explained.outputs
    return lambda x: head_by_hand(outputs, parameters_by_hand(model, outputs, x), explained.head, explained.target)


def slopes(function: Callable[[np.ndarray], np.ndarray], inputs: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Return central finite differences of a function, (B,), at its inputs, (B, L, 4)."""
    shifts = step * np.eye(inputs[0].size).reshape(-1, 1, *inputs.shape[1:])
    change = [function(inputs + shift) - function(inputs - shift) for shift in shifts]
    return np.stack(change, axis=1).reshape(inputs.shape) / (2 * step)


def maps_of(method: ModuleType, explained: Explained, tokens: np.ndarray, backgrounds=None, **options):
    """Return a method's maps, (n, L, 4), and what each should sum to, (n,), or None."""
    if backgrounds is None:
        backgrounds = np.empty((len(tokens), 0, tokens.shape[1]), dtype=np.uint8)
    explainer = method.explainer(explained, backgrounds.shape[1], **options)
    maps = explainer(tf.constant(tokens), tf.constant(backgrounds))
    return maps.values.numpy(), None if maps.difference is None else maps.difference.numpy()


def assert_near(found: np.ndarray, expected: np.ndarray, relative: float = 1e-5) -> None:
    """Compare by the largest of what is expected."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=relative * np.abs(expected).max())
