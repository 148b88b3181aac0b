"""What computes the students of a folder, with a stand-in for the network."""

import numpy as np
import pytest

from degu.package.networks import BLOCK, load_students


@pytest.mark.parametrize("number", [0, 1, BLOCK, BLOCK + 1, 3 * BLOCK - 1])
def test_blocks_are_put_together_in_their_order(monkeypatch, tmp_path, number):
    def network(encoded):
        assert len(encoded) <= BLOCK
        return encoded.sum(axis=1), encoded[:, 0]

    monkeypatch.setattr("degu.package.networks.load_onnx", lambda path, threads: network)
    (student,) = load_students(tmp_path, [1], "onnx", 1)
    tokens = np.random.default_rng(1).integers(0, 5, size=(number, 6), dtype=np.uint8)
    heads, features = student(tokens)
    counts = np.stack([(tokens == base).sum(axis=1) for base in range(4)], axis=1)
    np.testing.assert_array_equal(heads, counts)
    assert features.shape == (number, 4)
