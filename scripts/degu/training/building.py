"""Fresh models, and plain copies of trained ones."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import keras

from degu.config.plugins import load, without_name
from degu.data.kmer_ridge import KmerRidge
from degu.errors import DeguError
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.bias import BiasNetwork, add_bias
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking

# Keras prints parts of its messages in bold.
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m")
# A function of the length of the sequences and of the outputs that returns a fresh network, as those of `degu.models`.
Build = Callable[[int, Outputs], keras.Model]
_OUTPUTS_NEEDED = "begin the model with keras.Input((length, 4)), and end it with output_layers(x, outputs)"


@dataclass(frozen=True)
class Inheritance:
    """What a model has of other models when its training begins, such as a student of the members of its ensemble.

    Attributes
    ----------
    model
        Model whose weights the training begins from; None stands for random weights.
    ridge
        The ridge regression on k-mers that the members contain, and that the model is to contain too.
    build
        Function that builds the network; None stands for that of the architecture that the recipe names.
    bias
        The network of an enzyme's bias that the model is to contain, which training leaves as it is.
    """

    model: keras.Model | None = None
    ridge: KmerRidge | None = None
    build: Build | None = None
    bias: BiasNetwork | None = None


def build_model(
    recipe: Mapping,
    length: int,
    outputs: Outputs,
    seed: int,
    ridge: KmerRidge | None = None,
    build: Build | None = None,
    bias: BiasNetwork | None = None,
) -> keras.Model:
    """Return a fresh model; every weight of its network follows from the seed.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    length
        Number of bases of the sequences.
    outputs
        The parameters that the model puts out.
    seed
        Seed of the initial weights and of dropout.
    ridge
        Ridge regression on k-mers that the model is to contain beside its network, with the recipe's weight.
    build
        Function that builds the network; None stands for that of the architecture that the recipe names.
    bias
        Network of an enzyme's bias that the model is to contain beside its own.

    Raises
    ------
    DeguError
        If the architecture cannot be built for sequences of this length, takes or puts out arrays of other shapes, or
        has no layer for each parameter.
    """
    network = _fresh_network(recipe, length, outputs, seed, build)
    if bias is not None:
        network = add_bias(network, outputs, bias.model, bias.outputs, bias.shift)
    return network if ridge is None else add_kmer_ridge(network, outputs, ridge, recipe["kmer_ridge_weight"])


def _fresh_network(recipe: Mapping, length: int, outputs: Outputs, seed: int, build: Build | None) -> keras.Model:
    """Return the network of a recipe, with random weights."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    keras.mixed_precision.set_dtype_policy(recipe["precision"])
    name = recipe["model"]["name"]
    if build is None:
        build = partial(load("model", name).build, **without_name(recipe["model"]))
    try:
        model = build(length, outputs)
    except ValueError as error:
        raise DeguError(
            f"model '{name}' cannot be built for sequences of {length} bases: {_TERMINAL_CODES.sub('', str(error))}",
            where="recipe.model",
        ) from error
    model = functional(model, f"model '{name}'")
    _check_shapes(model, name, length, outputs)
    if recipe.get("dropout") == "none":
        for layer in model.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0
    return model


def functional(model: object, what: str) -> keras.Model:
    """Return a model as a functional one, which knows its input, its layers and its outputs.

    Parameters
    ----------
    model
        What was given as a model.
    what
        How error messages call it.

    Raises
    ------
    DeguError
        If it is no model of Keras, a sequential one without an input, or of a class of its own.
    """
    if not isinstance(model, keras.Model):
        raise DeguError(
            f"{what} is no model, but {type(model).__name__}",
            expected="a functional model of Keras",
            remedy="end the function with `return keras.Model(inputs, outputs)`",
        )
    if isinstance(model, keras.Sequential):
        if not model.built:
            raise DeguError(
                f"{what} is sequential, and does not know what it takes",
                expected="a model that begins with its input",
                remedy="make keras.Input((length, 4)) its first layer",
            )
        return keras.Model(model.inputs[0], model.outputs[0], name=model.name)
    if not hasattr(model, "operations"):
        raise DeguError(
            f"{what} is of the class {type(model).__name__}, whose layers are called by code of its own",
            expected="a functional model of Keras",
            remedy="call the layers on keras.Input((length, 4)), and return keras.Model(inputs, outputs)",
        )
    return model


def _check_shapes(model: keras.Model, name: str, length: int, outputs: Outputs) -> None:
    """Check what a network takes and puts out, and that it has a layer for each parameter."""
    wanted = (None, length, 4), (None, outputs.width)
    if (model.input_shape, model.output_shape) != wanted:
        raise DeguError(
            f"model '{name}' takes arrays of shape {model.input_shape} and puts out {model.output_shape}",
            where="recipe.model",
            expected=f"{wanted[0]} and {wanted[1]}, for the parameters {', '.join(outputs.parameters)}",
            remedy=_OUTPUTS_NEEDED,
        )
    layers = {layer.name for layer in model.layers}
    missing = [parameter for parameter in outputs.parameters if parameter not in layers]
    if missing:
        raise DeguError(
            f"model '{name}' has no layer named '{missing[0]}'",
            where="recipe.model",
            expected=f"a layer for each of the parameters {', '.join(outputs.parameters)}",
            remedy=_OUTPUTS_NEEDED,
        )


def take_weights(model: keras.Model, source: keras.Model, outputs: Outputs) -> None:
    """Give a fresh model the weights of another one's layers of the same names, such as of a member of its ensemble.

    Parameters
    ----------
    model
        The fresh model.
    source
        The model whose weights are taken.
    outputs
        The parameters that the fresh model puts out; the layers of those that the other one does not have stay fresh.

    Raises
    ------
    DeguError
        If a layer that is no output has no counterpart of the same shapes.
    """
    known = {layer.name: layer for layer in source.layers if layer.weights}
    for layer in model.layers:
        # What training does not change, such as a ridge regression or a bias network, was set when it was built.
        if not layer.weights or not layer.trainable:
            continue
        weights = known[layer.name].get_weights() if layer.name in known else []
        if [value.shape for value in weights] == [tuple(weight.shape) for weight in layer.weights]:
            layer.set_weights(weights)
        elif layer.name not in outputs.parameters:
            raise DeguError(
                f"the layer '{layer.name}' has other weights than the model that training is to begin from",
                where="recipe.initial_weights",
                expected="the architecture of the teacher, with the same options",
                remedy="set `initial_weights: random`, or take `model` out of the student's recipe",
            )


def set_output_bias(model: keras.Model, packing: TargetPacking) -> None:
    """Let each output layer of a fresh model, named for its parameter, begin at the mean of its training targets.

    A convolution, whose bias is the same at all positions, begins at the mean over them.
    """
    for name, values in packing.biases.items():
        bias = model.get_layer(name).bias
        bias.assign(values.reshape(bias.shape[0], -1).mean(axis=1))


def plain_copy(model: keras.Model) -> keras.Model:
    """Return a model of Keras's own layers that computes in single precision, with a model's weights.

    Anyone can load it, and it holds neither loss nor optimiser.
    """
    # Keras clones the loss of a compiled model too.
    uncompiled = keras.Model(model.input, model.output, name=model.name)
    copy = keras.models.clone_model(uncompiled, clone_function=_plain_layer, recursive=True)
    copy.set_weights(model.get_weights())
    return copy


def _plain_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    kind = keras.layers.BatchNormalization if isinstance(layer, BatchNormalization) else type(layer)
    return kind.from_config(_in_single_precision(layer.get_config()))


def _in_single_precision(settings: dict) -> dict:
    """Return the settings of a layer, and of layers that it contains, with single precision."""
    inner = {
        key: {**value, "config": _in_single_precision(value["config"])}
        for key, value in settings.items()
        if isinstance(value, dict) and "dtype" in value.get("config", {})
    }
    return {**settings, **inner, "dtype": "float32"}
