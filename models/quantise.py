"""Static quantisation of a simplified U-2-Net: uint8 between layers, int8 weights by channel.

Weights use 7 bits, so that the sums of pairs that AVX2 makes in 16 bits cannot saturate: CPUs with
and without VNNI then add up the same.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorData, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

type Range = tuple[float, float]

# Not Add: with Concat beside it, onnxruntime's integer kernels are wrong.
_OPERATORS = ["Conv", "Relu", "MaxPool", "Concat", "Resize"]
# A few of their weights are so large that nothing is left of the others in 7 bits.
_UNEVEN = ("Conv_787", "Conv_920", "Conv_942")
_NOTICE = (
    "U-2-Net by Xuebin Qin and others (https://github.com/xuebinqin/U-2-Net), Apache-2.0. "
    "Modified: reduced to its first output and quantised to int8 for Lumiku."
)


def quantise(model: onnx.ModelProto, ranges: Mapping[str, Range]) -> onnx.ModelProto:
    """Give the model in int8; `ranges` has lowest and highest value of each of `activations`."""
    limits = {
        name: TensorData(lowest=np.float32(low), highest=np.float32(high))
        for name, (low, high) in ranges.items()
    }
    quantiser = QDQQuantizer(
        model,
        per_channel=True,
        reduce_range=True,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=TensorsData(CalibrationMethod.MinMax, limits),
        nodes_to_quantize=[node.name for node in _quantised(model.graph)],
        nodes_to_exclude=[],
        op_types_to_quantize=_OPERATORS,
        extra_options={},
    )
    quantiser.quantize_model()
    quantised: onnx.ModelProto = quantiser.model.model
    quantised.doc_string = _NOTICE
    return quantised


def activations(graph: onnx.GraphProto) -> list[str]:
    """Names of what the quantised nodes read and write, in the order in which it is made."""
    touched = {name for node in _quantised(graph) for name in (*node.input, *node.output)}
    return [name for node in graph.node for name in node.output if name in touched]


def _quantised(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    left_out = set(_left_out(graph))
    return (node for node in graph.node if node.op_type in _OPERATORS and node.name not in left_out)


def _left_out(graph: onnx.GraphProto) -> list[str]:
    """Names of nodes that stay in fp32: where the photo comes in, and where the mattes come out.

    Those are the side outputs, of one channel, their enlargements and what joins them.
    """
    channels = {tensor.name: tensor.dims[0] for tensor in graph.initializer if tensor.dims}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    sides = [node for node in convolutions if channels[node.input[1]] == 1]
    mattes = {name for node in sides for name in node.output}
    enlarged = [n for n in graph.node if n.op_type == "Resize" and n.input[0] in mattes]
    joined = next(node for node in reversed(graph.node) if node.op_type == "Concat")
    return [*(node.name for node in (convolutions[0], *sides, *enlarged, joined)), *_UNEVEN]
