"""A frozen network of an enzyme's bias within another network, as ChromBPNet has it (Pampari et al., 2024).

The enzyme of an accessibility assay cuts some sequences more often than others, however accessible they are. A small
network learns this where nothing else is to be seen, in regions without peaks. It then stays as it is within a larger
network, which learns what the bias does not explain. The logits of their profiles are added, and so are their counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
from keras import KerasTensor, layers

from degu.errors import DeguError
from degu.models.layers.blocks import joined, parameter_tensors
from degu.outputs.outputs import Outputs

# The parameters that a bias contributes to: logits of a profile, and the logarithm of a number of counts.
LOGITS, LOG_COUNTS = "profile_logits", "mean"
# The layers of a bias network have this before their names where they are within another network.
PREFIX = "bias_"


@dataclass(frozen=True)
class BiasNetwork:
    """A trained network of the bias, and what is needed to put it into another one.

    Attributes
    ----------
    model, outputs
        The network, and the parameters that it puts out.
    shift
        What is added to each of the T logarithms of counts that it predicts, as `add_bias` takes it.
    digest
        The sha256 of its file.
    """

    model: keras.Model
    outputs: Outputs
    shift: tuple[float, ...]
    digest: str


def add_bias(
    model: keras.Model, outputs: Outputs, bias: keras.Model, bias_outputs: Outputs, shift: Sequence[float]
) -> keras.Model:
    """Return a model whose profile and counts are those of a network and of a bias network together.

    Training the model changes the network alone. All that the bias network does not predict of profile and counts stays
    as the network predicts it. The bias network sees the centre of a sequence if it was trained on shorter ones.

    Parameters
    ----------
    model
        The network, which ends as `degu.models.layers.blocks.output_layers` ends it.
    outputs
        The parameters that the network puts out.
    bias
        The trained bias network, which ends likewise. It is copied, and neither it nor the copy is trained.
    bias_outputs
        The parameters that the bias network puts out.
    shift
        What is added to each of the T logarithms of counts that the bias network predicts. ChromBPNet takes the mean
        of log(1 + counts) less its prediction, over the regions without peaks that the network is trained on: the bias
        network may have been trained on another depth of sequencing.

    Raises
    ------
    DeguError
        If either of the two puts out no profile or no counts, if their profiles have different shapes, or if the bias
        network takes longer sequences or has another centre.
    """
    _check(outputs, bias_outputs)
    parts = parameter_tensors(model, outputs)
    added = _frozen(bias, bias_outputs, _centre(model.input, bias.input_shape[1]))
    parts[LOGITS] = layers.Add(name=f"{LOGITS}_with_bias", dtype="float32")([parts[LOGITS], added[LOGITS]])
    change = _log_ratio(parts[LOG_COUNTS], outputs, added[LOG_COUNTS], bias_outputs, shift)
    parts[LOG_COUNTS] = layers.Add(name=f"{LOG_COUNTS}_with_bias", dtype="float32")([parts[LOG_COUNTS], change])
    return keras.Model(model.input, joined(list(parts.values()), "outputs_with_bias"), name=model.name)


def without_bias(model: keras.Model, outputs: Outputs) -> keras.Model:
    """Return the network alone, with the weights that it has, of a model that `add_bias` made.

    Parameters
    ----------
    model
        The model.
    outputs
        The parameters that it puts out.
    """
    parts = parameter_tensors(model, outputs)
    for name in (LOGITS, LOG_COUNTS):
        parts[name] = model.get_layer(f"{name}_with_bias").input[0]
    return keras.Model(model.input, joined(list(parts.values())), name=model.name)


def _check(outputs: Outputs, bias_outputs: Outputs) -> None:
    """Check that a bias network predicts the profile and the counts that a network predicts."""
    for name in (LOGITS, LOG_COUNTS):
        for what, own in (("network", outputs), ("bias network", bias_outputs)):
            if name not in own.parameters:
                raise DeguError(
                    f"the {what} does not put out '{name}'",
                    where="bias",
                    expected=f"networks that put out '{LOGITS}' and '{LOG_COUNTS}'",
                )
        if outputs.shape(name) != bias_outputs.shape(name):
            raise DeguError(
                f"the bias network puts out '{name}' of the shape {bias_outputs.shape(name)}",
                where="bias",
                expected=f"{outputs.shape(name)}, as the network has it",
            )


def _frozen(bias: keras.Model, outputs: Outputs, sequences: KerasTensor) -> dict[str, KerasTensor]:
    """Return each parameter of a copy of a bias network for some sequences; training leaves the copy alone.

    Its layers become layers of the graph of the sequences. All that goes through the layers of a model, such as the
    rescale rule, then meets them as it meets others.
    """
    tensors = {id(bias.input): sequences}
    # The last layer puts the parameters side by side.
    for layer in bias.layers[:-1]:
        if isinstance(layer, layers.InputLayer):
            continue
        given = layer.input if isinstance(layer.input, list) else [layer.input]
        if any(id(tensor) not in tensors for tensor in given):
            raise DeguError(
                f"the layer '{layer.name}' of the bias network follows on one that is used twice",
                where="bias",
                expected="a network that uses each of its layers once, as those of this project do",
            )
        own = [tensors[id(tensor)] for tensor in given]
        copy = type(layer).from_config(_frozen_config(layer))
        tensors[id(layer.output)] = copy(own if isinstance(layer.input, list) else own[0])
        copy.set_weights(layer.get_weights())
    return {name: tensors[id(tensor)] for name, tensor in parameter_tensors(bias, outputs).items()}


def _frozen_config(layer: layers.Layer) -> dict:
    """Return the settings of a layer's copy, which is not trained and drops nothing."""
    config = {**layer.get_config(), "name": f"{PREFIX}{layer.name}", "trainable": False}
    return {**config, "rate": 0} if isinstance(layer, layers.Dropout) else config


def _centre(sequences: KerasTensor, length: int) -> KerasTensor:
    """Return the central bases of sequences."""
    excess = sequences.shape[1] - length
    if excess < 0 or excess % 2:
        raise DeguError(
            f"the bias network takes sequences of {length} bases, and the network those of {sequences.shape[1]}",
            where="bias",
            expected="a bias network of sequences that are as long, or shorter by an even number",
        )
    return layers.Cropping1D(excess // 2, name="bias_sequence")(sequences) if excess else sequences


def _log_ratio(
    network: KerasTensor, outputs: Outputs, bias: KerasTensor, bias_outputs: Outputs, shift: Sequence[float]
) -> KerasTensor:
    """Return by how much the logarithm of counts grows, in scaled units, if those of a bias are added to a network's.

    log(exp(a) + exp(b)) is a + softplus(b - a), which no number is too large or too small for.
    """
    offset = [center + added for center, added in zip(bias_outputs.center, shift, strict=True)]
    own = layers.Rescaling(list(outputs.spread), list(outputs.center), name="log_counts", dtype="float32")(network)
    other = layers.Rescaling(list(bias_outputs.spread), offset, name="bias_log_counts", dtype="float32")(bias)
    difference = layers.Subtract(name="bias_log_ratio", dtype="float32")([other, own])
    growth = layers.Activation("softplus", name="bias_log_growth", dtype="float32")(difference)
    return layers.Rescaling([1 / spread for spread in outputs.spread], name="bias_growth", dtype="float32")(growth)
