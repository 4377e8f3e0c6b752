"""A U-2-Net as it was published, made ready to be quantised: the same sums in fewer nodes."""

from collections.abc import Iterable

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

# From opset 13 on weights can be quantised by channel. What is left of the graph means the same in
# this one as in the published file's.
_OPSET, _IR_VERSION = 17, 8


def simplify(model: onnx.ModelProto) -> None:
    """Leave the first output alone, sizes as constants, and a newer opset."""
    del model.graph.output[1:]
    _fix_sizes(model)
    _drop_unused(model.graph)
    model.opset_import[0].version, model.ir_version = _OPSET, _IR_VERSION


def observed(model: onnx.ModelProto, names: Iterable[str]) -> ort.InferenceSession:
    """A session of the model whose outputs are these tensors."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    return ort.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])


def _fix_sizes(model: onnx.ModelProto) -> None:
    """Put constants where sizes are worked out: the input's size never changes."""
    resizes = [node for node in model.graph.node if node.op_type == "Resize"]
    [photo] = model.graph.input
    shape = [dim.dim_value for dim in photo.type.tensor_type.shape.dim]
    session = observed(model, [node.input[3] for node in resizes])
    sizes = session.run(None, {photo.name: np.zeros(shape, np.float32)})
    for node, size in zip(resizes, sizes, strict=True):
        node.input[1:] = ["", "", f"{node.name}_size"]
        model.graph.initializer.append(numpy_helper.from_array(size, node.input[3]))


def _drop_unused(graph: onnx.GraphProto) -> None:
    """Drop what the outputs do not need."""
    needed = {output.name for output in graph.output}
    nodes = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    constants = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(reversed(nodes))
    graph.initializer.extend(constants)
