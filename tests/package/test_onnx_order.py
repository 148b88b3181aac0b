"""ONNX files in one order: equal networks are equal files, and compute what they did."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

from degu.package.onnx_order import put_in_order  # noqa: E402


def network(prefix, order, weights):
    """Return y = relu(x w + b) + relu(x w + b) / 2 with operations in some order and names of some process."""
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    name = {key: f"{prefix}/{key}" for key in ("w", "b", "half", "product", "sum", "relu", "scaled")}
    nodes = [
        helper.make_node("MatMul", ["x", name["w"]], [name["product"]], f"{prefix}/a"),
        helper.make_node("Add", [name["product"], name["b"]], [name["sum"]], f"{prefix}/b"),
        helper.make_node("Relu", [name["sum"]], [name["relu"]], f"{prefix}/c"),
        helper.make_node("Mul", [name["relu"], name["half"]], [name["scaled"]], f"{prefix}/d"),
        helper.make_node("Add", [name["relu"], name["scaled"]], ["y"], f"{prefix}/e"),
    ]
    arrays = {"w": weights, "b": np.float32([1, -1]), "half": np.float32(0.5), "unused": np.float32([7])}
    known = [onnx.numpy_helper.from_array(arrays[key], name.get(key, key)) for key in order]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", kind, [f"{prefix}_size", 3])],
        [helper.make_tensor_value_info("y", kind, [f"{prefix}_size", 2])],
        known,
        doc_string=prefix,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def test_equal_networks_are_equal_files_that_compute_the_same(tmp_path):
    rng = np.random.default_rng(1)
    weights, x = rng.normal(size=(3, 2)).astype(np.float32), rng.normal(size=(5, 3)).astype(np.float32)
    files = {"one": ["w", "b", "half"], "other": ["half", "unused", "b", "w"]}
    for prefix, order in files.items():
        onnx.save(network(prefix, order, weights), tmp_path / prefix)
        put_in_order(tmp_path / prefix)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    session = runtime.InferenceSession(str(tmp_path / "one"))
    expected = 1.5 * np.maximum(x @ weights + [1, -1], 0)
    np.testing.assert_allclose(session.run(None, {"x": x})[0], expected, rtol=1e-5)
    onnx.save(network("one", files["one"], weights + 1), tmp_path / "third")
    put_in_order(tmp_path / "third")
    assert (tmp_path / "third").read_bytes() != (tmp_path / "one").read_bytes()
