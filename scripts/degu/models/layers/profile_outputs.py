"""Output layers of networks at base resolution: values of a sequence, of its positions, or of bins of positions."""

from keras import KerasTensor, layers

from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import dense_output, joined
from degu.outputs.heads import STANDARD_DEVIATIONS
from degu.outputs.outputs import Outputs


def profile_output_layers(
    features: KerasTensor, outputs: Outputs, *, kernel: int, normalize: bool = False
) -> KerasTensor:
    """Return the outputs, (B, width), of features (B, L', C) with one position a base.

    A parameter of shape (T, S, P), with S strands and P positions, comes from an unpadded convolution that stands at
    the centre of the features. A parameter of shape (T, S, B), with B bins, comes from one that sees a single position,
    and is averaged over the positions of each bin before the activation. All other parameters come from a dense layer
    on the mean of the features over all of their positions. Standard deviations begin at their bias for all sequences.
    With random weights, or with a convolution of many positions, whose weights all change at once, the first steps are
    so large that many end where a softplus has no gradient. The layer that has a parameter's weights is named for it,
    and the outputs are in single precision even where the network is trained in mixed precision.

    Parameters
    ----------
    features
        What the network knows of each position.
    outputs
        The parameters that the model puts out. P is the largest last axis of those that have strands.
    kernel
        Number of positions that the convolution of a profile sees.
    normalize
        Whether the mean of the features is normalised by the batch before the dense layers.

    Raises
    ------
    ValueError
        If there are fewer features than a profile takes, if its centre is not theirs, or if bins do not divide it.
    """
    profiles = [name for name in outputs.parameters if _has_positions(outputs, name)]
    mean = layers.GlobalAveragePooling1D(dtype="float32")(features)
    if normalize:
        # The features change fast at first, and slower statistics would lag behind them.
        mean = BatchNormalization(momentum=0.9, dtype="float32")(mean)
    parts = [
        _profile(features, outputs, name, kernel)
        if name in profiles
        else dense_output(mean, outputs, name, initializer=_initializer(name))
        for name in outputs.parameters
    ]
    return joined(parts)


def _initializer(name: str) -> str:
    """Return which weights a parameter has before training."""
    return "zeros" if name in STANDARD_DEVIATIONS else "glorot_uniform"


def profile_length(outputs: Outputs) -> int:
    """Return the number P of positions of profiles: the largest last axis of the parameters that have strands.

    Raises
    ------
    ValueError
        If no parameter has strands and positions.
    """
    lengths = [outputs.shape(name)[-1] for name in outputs.parameters if _has_positions(outputs, name)]
    if not lengths:
        raise ValueError(f"it predicts profiles, and the parameters {', '.join(outputs.parameters)} have no positions")
    return max(lengths)


def _has_positions(outputs: Outputs, name: str) -> bool:
    return len(outputs.shape(name)) == 3


def _centre(features: KerasTensor, positions: int, kernel: int, name: str) -> KerasTensor:
    """Return the features that a parameter with positions or bins depends on.

    What a convolution is not asked for is cropped before it, where this spares its work.
    """
    needed = positions + kernel - 1
    excess = features.shape[1] - needed
    if excess < 0:
        raise ValueError(
            f"its features have {features.shape[1]} positions, and a profile of {positions} positions takes {needed}, "
            f"since its convolution of {kernel} has no padding. Expected: longer sequences, or a shorter profile"
        )
    if excess % 2:
        raise ValueError(
            f"its features have {features.shape[1]} positions, and the {needed} that a profile of {positions} "
            f"positions takes have another centre. Expected: convolutions of odd sizes, and a profile whose length "
            f"differs from that of the sequences by an even number"
        )
    return layers.Cropping1D(excess // 2, name=f"{name}_features")(features) if excess else features


def _profile(features: KerasTensor, outputs: Outputs, name: str, kernel: int) -> KerasTensor:
    """Return a parameter with positions or bins, flat, of the features of all positions."""
    targets, strands, bins = outputs.shape(name)
    positions = profile_length(outputs)
    if positions % bins:
        raise ValueError(f"the {bins} bins of '{name}' do not divide the {positions} positions of a profile")
    size = kernel if bins == positions else 1
    initializer = _initializer(name)
    convolution = layers.Conv1D(targets * strands, size, kernel_initializer=initializer, name=name, dtype="float32")
    x = convolution(_centre(features, positions, size, name))
    if bins < positions:
        x = layers.AveragePooling1D(positions // bins, name=f"{name}_bins", dtype="float32")(x)
    activation = outputs.parameters[name]
    if activation != "linear":
        x = layers.Activation(activation, name=f"{name}_activation", dtype="float32")(x)
    # Positions come last in the outputs.
    x = layers.Permute((2, 1), name=f"{name}_by_strand", dtype="float32")(x)
    return layers.Flatten(name=f"{name}_flat", dtype="float32")(x)
