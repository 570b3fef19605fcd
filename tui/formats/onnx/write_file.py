"""The bytes of an ONNX model whose weights are as many as they are: written once, never copied.

The package onnx serializes the model without its weights. What it would make of them is put together here, for it
holds them three times over and a network of half a gigabyte then takes two. Source: Protocol Buffers' encoding
(a field is its number and type, its length, its bytes) and the numbers of the fields in ``onnx.proto``.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from tui.formats.onnx.write_graph import NUMBERS, Stored

_GRAPH: Final = b"\x3a"
"""Field 7 of a ModelProto."""
_INITIALIZER: Final = b"\x2a"
"""Field 5 of a GraphProto."""
_RAW_DATA: Final = b"\x4a"
"""Field 9 of a TensorProto."""


def varint(number: int) -> bytes:
    """A whole number in groups of seven bits, the lowest first; the highest bit of a byte says that more follow.

    >>> varint(300).hex()
    'ac02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


def model_bytes(onnx: Any, model: Any, stored: Mapping[str, Stored], elsewhere: str | None) -> bytes:
    """A model with its float initializers, in itself or, named, in the file ``elsewhere``."""
    heads, offset = list[tuple[bytes, Stored | None]](), 0
    for name, one in stored.items():
        tensor = onnx.TensorProto(name=name, dims=one.shape, data_type=NUMBERS[one.dtype])
        if elsewhere is None:
            head = tensor.SerializeToString() + _RAW_DATA + varint(one.size)
            heads.append((_INITIALIZER + varint(len(head) + one.size) + head, one))
            continue
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", elsewhere), ("offset", offset), ("length", one.size)):
            tensor.external_data.add(key=key, value=str(value))
        offset += one.size
        head = tensor.SerializeToString()
        heads.append((_INITIALIZER + varint(len(head)) + head, None))
    graph = model.graph.SerializeToString()
    stored_bytes = sum(len(head) + (0 if one is None else one.size) for head, one in heads)
    model.ClearField("graph")
    start = model.SerializeToString() + _GRAPH + varint(len(graph) + stored_bytes) + graph
    return _joined(start, heads, len(start) + stored_bytes)


def _joined(start: bytes, heads: list[tuple[bytes, Stored | None]], size: int) -> bytes:
    """All parts; zeros are not written but passed over, in room that is zero from the beginning."""
    file = BytesIO()
    file.seek(size - 1)
    file.write(b"\0")
    file.seek(0)
    file.write(start)
    for head, one in heads:
        file.write(head)
        if one is None:
            continue
        if one.ones:
            file.write(one.data())
        else:
            file.seek(one.size, 1)
    return file.getvalue()
