"""What convolutions without padding see, against networks that are built."""

import pytest

from degu.config.receptive_fields import bases_beside, dilations, seen_bases
from degu.models import bpnet
from tests.models.profiles import profile_outputs


def test_those_of_chrombpnet():
    assert dilations(8) == [2, 4, 8, 16, 32, 64, 128, 256]
    assert bases_beside(21, 8, 75) == 2114 - 1000


@pytest.mark.parametrize(("kernel", "layers", "profile_kernel"), [(21, 2, 75), (5, 0, 1), (4, 1, 8), (3, 3, 5)])
def test_a_network_is_built_for_sequences_that_are_longer_than_its_profile_by_so_many_bases(
    kernel, layers, profile_kernel
):
    options = {"filters": 1, "kernel": kernel, "layers": layers, "profile_kernel": profile_kernel}
    least = 7 + bases_beside(kernel, layers, profile_kernel)
    for length in (least, least + 2):
        assert bpnet.build(length, profile_outputs(7), **options).input_shape == (None, length, 4)
    for length in (least - 2, least - 1, least + 1):
        with pytest.raises(ValueError, match="Expected: "):
            bpnet.build(length, profile_outputs(7), **options)
    # Without a profile, one position is enough.
    with pytest.raises(ValueError, match=f"see {seen_bases(kernel, layers)} bases"):
        bpnet.build(seen_bases(kernel, layers) - 1, profile_outputs(7), **options)
