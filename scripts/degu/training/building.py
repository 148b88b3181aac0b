"""Fresh models, and plain copies of trained ones."""

from collections.abc import Mapping

import keras

from degu.config.plugins import load
from degu.errors import DeguError
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking


def build_model(recipe: Mapping, length: int, outputs: Outputs, seed: int) -> keras.Model:
    """Return a fresh model; every weight follows from the seed.

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

    Raises
    ------
    DeguError
        If the architecture cannot be built for sequences of this length, or takes or puts out arrays of other shapes.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    keras.mixed_precision.set_dtype_policy(recipe["precision"])
    name = recipe["model"]["name"]
    try:
        model = load("model", name).build(length, outputs, **without_name(recipe["model"]))
    except ValueError as error:
        raise DeguError(
            f"model '{name}' cannot be built for sequences of {length} bases: {error}", where="recipe.model"
        ) from error
    wanted = (None, length, 4), (None, outputs.width)
    if (model.input_shape, model.output_shape) != wanted:
        raise DeguError(
            f"model '{name}' takes arrays of shape {model.input_shape} and puts out {model.output_shape}",
            where="recipe.model",
            expected=f"{wanted[0]} and {wanted[1]}, for the parameters {', '.join(outputs.parameters)}",
            remedy="begin the model with sequence_input(length), and end it with output_layers(x, outputs)",
        )
    return model


def build_optimizer(recipe: Mapping) -> keras.Optimizer:
    """Return the optimiser that a recipe asks for."""
    settings = recipe["optimizer"]
    return keras.optimizers.get({"class_name": settings["name"], "config": without_name(settings)})


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


def without_name(settings: Mapping) -> dict:
    """Return settings without their key `name`: the options of a plugin."""
    return {key: value for key, value in settings.items() if key != "name"}


def _plain_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    kind = keras.layers.BatchNormalization if isinstance(layer, BatchNormalization) else type(layer)
    return kind.from_config({**layer.get_config(), "dtype": "float32"})
