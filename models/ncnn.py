"""From a network as ncnn stores it to ONNX: the few kinds of layers of an upscaler.

Format: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure
"""

from collections.abc import Callable, Iterator

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_HALF = 0x01306B47
_OPSET, _IR_VERSION = 17, 8


class UnknownLayer(ValueError):
    """The network has a layer, or bytes, that this converter does not know."""


class _Layer:
    """One line of a .param file."""

    def __init__(self, line: str) -> None:
        self.kind, self.name, inputs, outputs, *rest = line.split()
        ends = int(inputs), int(inputs) + int(outputs)
        self.inputs, self.outputs = rest[: ends[0]], rest[ends[0] : ends[1]]
        self.told = dict(part.split("=") for part in rest[ends[1] :])

    def whole(self, key: int, default: int = 0) -> int:
        return int(float(self.told.get(str(key), default)))


class _Weights:
    """The bytes of a .bin file, read from the front."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def kernel(self, count: int) -> NDArray[np.float32]:
        """Weights behind a word that says how wide they are."""
        (flag,) = self._take(np.dtype("<u4"), 1)
        if flag == _HALF:
            values = self._take(np.dtype("<f2"), count)
            self._at += -2 * count % 4
        elif flag == 0:
            values = self._take(np.dtype("<f4"), count)
        else:
            raise UnknownLayer(f"weights of the kind {flag:#x}")
        return values.astype(np.float32)

    def plain(self, count: int) -> NDArray[np.float32]:
        return self._take(np.dtype("<f4"), count).astype(np.float32)

    def _take(self, kind: np.dtype, count: int) -> np.ndarray:
        found = np.frombuffer(self._data, kind, count, self._at)
        self._at += kind.itemsize * count
        return found

    @property
    def is_used_up(self) -> bool:
        return self._at == len(self._data)


type Nodes = Iterator[onnx.NodeProto | onnx.TensorProto]


def convert(param: str, weights: bytes) -> bytes:
    """Make the ONNX file of a network with one input and one output of 3 channels.

    Raises `UnknownLayer` for what it does not know, and where not every byte was used.
    """
    lines = param.splitlines()[2:]
    layers = [_Layer(line) for line in lines if line.strip()]
    reader = _Weights(weights)
    made = [node for layer in layers for node in _made(layer, reader)]
    if not reader.is_used_up:
        raise UnknownLayer("bytes that no layer asked for")
    first, last = layers[0].outputs[0], layers[-1].outputs[0]
    graph = helper.make_graph(
        [node for node in made if isinstance(node, onnx.NodeProto)],
        "network",
        [helper.make_tensor_value_info(first, TensorProto.FLOAT, [1, 3, "height", "width"])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, 3, "down", "across"])],
        [tensor for tensor in made if isinstance(tensor, onnx.TensorProto)],
    )
    opset = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=_IR_VERSION, producer_name="")
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _made(layer: _Layer, reader: _Weights) -> Nodes:
    if layer.kind not in _KINDS:
        raise UnknownLayer(layer.kind)
    return _KINDS[layer.kind](layer, reader)


def _nothing(_layer: _Layer, _reader: _Weights) -> Nodes:
    yield from ()


def _split(layer: _Layer, _: _Weights) -> Nodes:
    for output in layer.outputs:
        yield helper.make_node("Identity", layer.inputs, [output])


def _convolution(layer: _Layer, reader: _Weights) -> Nodes:
    filters, side, pad = layer.whole(0), layer.whole(1), layer.whole(4)
    kernel = reader.kernel(layer.whole(6)).reshape(filters, -1, side, side)
    bias = reader.plain(filters)
    names = [f"{layer.name}.kernel", f"{layer.name}.bias"]
    yield from map(numpy_helper.from_array, (kernel, bias), names)
    yield helper.make_node(
        "Conv", [*layer.inputs, *names], layer.outputs, kernel_shape=[side] * 2, pads=[pad] * 4
    )


def _prelu(layer: _Layer, reader: _Weights) -> Nodes:
    name = f"{layer.name}.slope"
    yield numpy_helper.from_array(reader.plain(layer.whole(0)).reshape(-1, 1, 1), name)
    yield helper.make_node("PRelu", [*layer.inputs, name], layer.outputs)


def _shuffle(layer: _Layer, _: _Weights) -> Nodes:
    yield helper.make_node(
        "DepthToSpace", layer.inputs, layer.outputs, blocksize=layer.whole(0), mode="CRD"
    )


def _nearest(layer: _Layer, _: _Weights) -> Nodes:
    if layer.whole(0) != 1:
        raise UnknownLayer("a resize that is not to the nearest")
    name = f"{layer.name}.scales"
    scales = np.array((1, 1, layer.whole(1), layer.whole(2)), np.float32)
    yield numpy_helper.from_array(scales, name)
    yield helper.make_node(
        "Resize",
        [layer.inputs[0], "", name],
        layer.outputs,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _sum(layer: _Layer, _: _Weights) -> Nodes:
    if layer.whole(0) != 0:
        raise UnknownLayer("an operation of two that is not a sum")
    yield helper.make_node("Add", layer.inputs, layer.outputs)


_KINDS: dict[str, Callable[[_Layer, _Weights], Nodes]] = {
    "Input": _nothing,
    "Split": _split,
    "Convolution": _convolution,
    "PReLU": _prelu,
    "PixelShuffle": _shuffle,
    "Interp": _nearest,
    "BinaryOp": _sum,
}
