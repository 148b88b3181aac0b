"""ONNX files in one order and with names of their own, so that equal networks are equal files.

What writes ONNX names and orders the operations by counters and sets of its process.
"""

from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, TensorProto


def put_in_order(path: Path) -> None:
    """Order the operations of a file as its outputs need them, and name all that is between inputs and outputs anew."""
    model = onnx.load(str(path))
    graph = model.graph
    kept = {value.name for value in (*graph.input, *graph.output)}
    nodes, weights = _needed(graph)
    names = {name: name for name in kept} | {name: f"weights_{number}" for number, name in enumerate(weights)}
    for number, node in enumerate(nodes):
        for place, output in enumerate(node.output):
            names.setdefault(output, f"value_{number}_{place}")
    for number, node in enumerate(nodes):
        node.name = f"{node.op_type}_{number}"
        node.doc_string = ""
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names[name] for name in node.output]
    for name, weight in weights.items():
        weight.name = names[name]
    for field, values in (("node", nodes), ("initializer", list(weights.values())), ("value_info", [])):
        copies = [type(value).FromString(value.SerializeToString()) for value in values]
        graph.ClearField(field)
        getattr(graph, field).extend(copies)
    sizes: dict[str, str] = {}
    for value in (*graph.input, *graph.output):
        for size in value.type.tensor_type.shape.dim:
            if size.dim_param:
                size.dim_param = sizes.setdefault(size.dim_param, f"size_{len(sizes)}")
    model.doc_string = graph.doc_string = ""
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _needed(graph: GraphProto) -> tuple[list[NodeProto], dict[str, TensorProto]]:
    """Return the operations, each behind those that it needs, and the weights by name, in the order of their use."""
    maker = {name: node for node in graph.node for name in node.output}
    known = {weight.name: weight for weight in graph.initializer}
    nodes: list[NodeProto] = []
    weights: dict[str, TensorProto] = {}
    done: set[str] = set()
    # A stack in place of recursion, since networks may be deep.
    stack = [(value.name, False) for value in reversed(graph.output)]
    while stack:
        name, is_ready = stack.pop()
        if name in known:
            weights.setdefault(name, known[name])
        elif name in maker and is_ready:
            if name not in done:
                nodes.append(maker[name])
                done.update(maker[name].output)
        elif name in maker and name not in done:
            stack.append((name, True))
            stack += [(needed, False) for needed in reversed(maker[name].input)]
    return nodes, weights
