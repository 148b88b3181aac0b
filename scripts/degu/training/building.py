"""Fresh models, and plain copies of trained ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import keras

from degu.config.plugins import load, without_name
from degu.data.kmer_ridge import KmerRidge
from degu.errors import DeguError
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking

# Keras prints parts of its messages in bold.
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Inheritance:
    """What a model has of other models when its training begins, such as a student of the members of its ensemble.

    Attributes
    ----------
    model
        Model whose weights the training begins from; None stands for random weights.
    ridge
        The ridge regression on k-mers that the members contain, and that the model is to contain too.
    """

    model: keras.Model | None = None
    ridge: KmerRidge | None = None


def build_model(
    recipe: Mapping, length: int, outputs: Outputs, seed: int, ridge: KmerRidge | None = None
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

    Raises
    ------
    DeguError
        If the architecture cannot be built for sequences of this length, or takes or puts out arrays of other shapes.
    """
    network = _fresh_network(recipe, length, outputs, seed)
    return network if ridge is None else add_kmer_ridge(network, outputs, ridge, recipe["kmer_ridge_weight"])


def _fresh_network(recipe: Mapping, length: int, outputs: Outputs, seed: int) -> keras.Model:
    """Return the network of a recipe, with random weights."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    keras.mixed_precision.set_dtype_policy(recipe["precision"])
    name = recipe["model"]["name"]
    try:
        model = load("model", name).build(length, outputs, **without_name(recipe["model"]))
    except ValueError as error:
        raise DeguError(
            f"model '{name}' cannot be built for sequences of {length} bases: {_TERMINAL_CODES.sub('', str(error))}",
            where="recipe.model",
        ) from error
    wanted = (None, length, 4), (None, outputs.width)
    if (model.input_shape, model.output_shape) != wanted:
        raise DeguError(
            f"model '{name}' takes arrays of shape {model.input_shape} and puts out {model.output_shape}",
            where="recipe.model",
            expected=f"{wanted[0]} and {wanted[1]}, for the parameters {', '.join(outputs.parameters)}",
            remedy="begin the model with sequence_input(length), and end it with output_layers(x, outputs)",
        )
    if recipe.get("dropout") == "none":
        for layer in model.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0
    return model


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
        # What training does not change, such as a ridge regression, was set when the model was built.
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
    """Let each output layer of a fresh model, named for its parameter, begin at the mean of its training targets."""
    for name, values in packing.biases.items():
        model.get_layer(name).bias.assign(values)


def plain_copy(model: keras.Model) -> keras.Model:
    """Return a model of Keras's own layers that computes in single precision, with a model's weights.

    Anyone can load it, and it holds neither loss nor optimiser.
    """
    # Keras clones the loss of a compiled model too.
    uncompiled = keras.Model(model.input, model.output, name=model.name)
    copy = keras.models.clone_model(uncompiled, clone_function=_plain_layer)
    copy.set_weights(model.get_weights())
    return copy


def _plain_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    kind = keras.layers.BatchNormalization if isinstance(layer, BatchNormalization) else type(layer)
    return kind.from_config({**layer.get_config(), "dtype": "float32"})
