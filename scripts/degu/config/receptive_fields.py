"""How many bases the convolutions of a network without padding see, which its sequences have to be longer by.

A model of `degu.models` that declares `UNPADDED = True` has the options `kernel`, `layers` and `profile_kernel` of
these functions. They are here because they are needed where nothing loads Keras.
"""

# The dilated convolutions of BPNet see this number of positions each.
DILATED_KERNEL = 3


def dilations(layers: int) -> list[int]:
    """Return the dilations of the convolutions of BPNet: 2, 4, 8 and so on."""
    return [2**number for number in range(1, layers + 1)]


def seen_bases(kernel: int, layers: int) -> int:
    """Return the number of bases that a position of the last dilated convolution sees.

    Parameters
    ----------
    kernel
        Number of bases that the first convolution sees.
    layers
        Number of dilated convolutions.
    """
    return kernel + (DILATED_KERNEL - 1) * sum(dilations(layers))


def bases_beside(kernel: int, layers: int, profile_kernel: int) -> int:
    """Return by how many bases a sequence has to be longer than its profile at least, on both sides together.

    Parameters
    ----------
    kernel, layers
        As `seen_bases` takes them.
    profile_kernel
        Number of positions that the convolution of a profile sees.
    """
    return seen_bases(kernel, layers) + profile_kernel - 2
