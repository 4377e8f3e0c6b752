"""The same sums in nodes for which onnxruntime has fast kernels, around the quantiser's work.

What is measured of activations does not change, nor does a matte by more than rounding of floats.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import helper, numpy_helper

from models.quantise import Range

_ALIKE = "first_layer_alike"


def alike_first_layer(graph: onnx.GraphProto, ranges: Mapping[str, Range]) -> Mapping[str, Range]:
    """Let the first Add read the first layer through a convolution by one, and give its range too.

    The first layer stays in floats and its channels lie apart. So the sum would have its channels
    apart, and its MaxPool would run without a kernel of its own, many times as long. What comes
    from an integer convolution has its channels together, as the other summand has.
    """
    first = next(node for node in graph.node if node.op_type == "Conv")
    [layer] = next(node.output for node in graph.node if first.output[0] in node.input)
    place, add = next(
        (place, node)
        for place, node in enumerate(graph.node)
        if node.op_type == "Add" and layer in node.input
    )
    channels = next(t.dims[0] for t in graph.initializer if t.name == first.input[1])
    ones = np.eye(channels, dtype=np.float32)[..., None, None]
    graph.initializer.append(numpy_helper.from_array(ones, f"{_ALIKE}_ones"))
    alike = helper.make_node(
        "Conv", [layer, f"{_ALIKE}_ones"], [_ALIKE], name=_ALIKE, kernel_shape=[1, 1]
    )
    add.input[list(add.input).index(layer)] = _ALIKE
    graph.node.insert(place, alike)
    return {**ranges, _ALIKE: ranges[layer]}


def split_side_outputs(graph: onnx.GraphProto) -> None:
    """Make each convolution of 3 x 3 to one channel one by channel, then one by place.

    A convolution to one channel costs as much as one to a block of eight or sixteen. The nine
    weights of a channel are nine outputs of a convolution of 1 x 1; those are then added up, each
    from its own place.
    """
    weights = {tensor.name: tensor for tensor in graph.initializer}
    places = "side_output_places"
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        taps = weights.get(node.input[1]) if node.op_type == "Conv" else None
        if taps is None or (taps.dims[0], *taps.dims[2:]) != (1, 3, 3):
            nodes.append(node)
            continue
        by_tap = numpy_helper.to_array(taps)[0].reshape(-1, 9).T[..., None, None]
        taps.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(by_tap), taps.name))
        tapped = f"{node.name}_tapped"
        nodes.append(
            helper.make_node("Conv", node.input[:2], [tapped], name=tapped, kernel_shape=[1, 1])
        )
        node.input[:2] = [tapped, places]
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    one_each = np.eye(9, dtype=np.float32).reshape(1, 9, 3, 3)
    graph.initializer.append(numpy_helper.from_array(one_each, places))
