"""ONNX models: the operators of the graph as layers, float initializers as weights.

Shapes are computed from the inputs; the shapes that the file stores of what is between are not looked at.
Numbers are only read where they are few and decide shapes, so weights may be missing. Needs the package
``onnx``, which is loaded with the first model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from math import prod
from typing import Any, Final, NamedTuple

from tui.core.errors import FileError
from tui.core.network import Line, Source
from tui.core.result import Result
from tui.core.size import Size, symbol
from tui.formats.framework_draft import Draft
from tui.formats.framework_words import FrameworkError, translated
from tui.formats.imported import Imported, Progress, unwatched
from tui.formats.onnx_layers import expected_weights
from tui.formats.onnx_node import DTYPES, FLOATS, Input, Known, Node, Written
from tui.formats.onnx_rules import RULES, every_input
from tui.formats.onnx_values import MOST, folded

_NOT_IN_SYMBOLS: Final = re.compile(r"\W+")
_ATTRIBUTES: Final = {1: "f", 2: "i", 3: "s", 6: "floats", 7: "ints", 8: "strings"}
"""Where an attribute keeps its value, by its type (``onnx.AttributeProto.AttributeType``)."""


class Model(NamedTuple):
    """The lines of a model, and which of them give its outputs, in the order of the graph."""

    lines: list[Line]
    outputs: list[Source]


def read_onnx(data: bytes, name: str, _progress: Progress = unwatched) -> Imported:
    """An ONNX model; raises FileError as :func:`read_model` does."""
    return Imported(read_model(data, name).lines)


def read_model(data: bytes, name: str) -> Model:
    """An ONNX model; raises FileError where it is none, or where the package ``onnx`` is not installed."""
    try:
        import onnx

        # By its name: the package has no types of its own.
        decode_error: Any = import_module("google.protobuf.message").DecodeError
    except ImportError:
        raise FileError(
            f"{name} is an ONNX model, which needs the package onnx; install it with: pip install 'layersheet[onnx]'"
        ) from None
    try:
        model = onnx.load_model_from_string(data)
    except decode_error as error:
        raise FileError(f"{name} is no ONNX model ({error})") from None
    if not model.graph.node and not model.graph.input:
        raise FileError(f"{name} is no ONNX model, or an empty one")
    reading = _Reading(model, onnx)
    return Model(reading.draft.lines, reading.outputs)


class _Reading:
    """One model on its way into lines."""

    def __init__(self, model: Any, onnx: Any) -> None:
        graph = model.graph
        self.onnx = onnx
        self.opset = next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), 1)
        self.stored = {tensor.name: tensor for tensor in graph.initializer}
        self.known: dict[str, Known] = {}
        self.waiting: dict[str, Node] = {}
        """Nodes that compute sizes: written only where their output is read as a tensor."""
        self.made: dict[str, Source] = {}
        inputs = [given for given in graph.input if given.name not in self.stored]
        self.draft = Draft("ONNX", data_format="channels_first", counting="onnx", batch=_batch(inputs))
        for given in inputs:
            self._input(given)
        for node in graph.node:
            self._node(node)
        given = [self._source(output.name) for output in graph.output]
        self.outputs = [source for source in given if source is not None]

    def _input(self, given: Any) -> None:
        tensor = given.type.tensor_type
        if not given.type.HasField("tensor_type") or not tensor.HasField("shape"):
            message = "this input has no shape in the file"
            self.made[given.name] = self.draft.refused(given.name, "input", {}, (), message)
            return
        sizes = _sizes(tensor.shape.dim)
        if any(size == 0 for size in sizes):
            self.made[given.name] = self.draft.layer(given.name, "constant", {"shape": sizes})
            return
        batched = len(sizes) > 1 and (sizes[0] == self.draft.settings.batch or not isinstance(sizes[0], int))
        args: dict[str, Any] = {"shape": sizes[1:]} if batched else {"shape": sizes, "whole": True}
        self.made[given.name] = self.draft.layer(given.name, "input", args | _typed(tensor.elem_type))

    def _node(self, proto: Any) -> None:
        # An operator of another domain may have the name of one of ONNX's own and mean something else.
        named = proto.op_type if proto.domain in ("", "ai.onnx") else f"{proto.domain}.{proto.op_type}"
        node = Node(
            named,
            proto.name or next((name for name in proto.output if name), proto.op_type),
            self.opset,
            {attribute.name: self._attribute(attribute) for attribute in proto.attribute},
            [self._given(name) if name else None for name in proto.input],
            list(proto.output),
        )
        if node.operator == "Constant":
            known = next(map(_as_known, node.attributes.values()), None)
            node = Node(node.operator, node.name, node.opset, {"known": known}, (), node.outputs)
            value = known if known is not None and len(known.entries) == prod(known.shape) else None
        else:
            value = folded(node)
        if value is None:
            self._write(node)
            return
        self.known[node.outputs[0]] = value
        self.waiting[node.outputs[0]] = node

    def _attribute(self, attribute: Any) -> Any:
        """An attribute as plain data; a tensor as what is known of it."""
        if attribute.type == 4:
            return self._numbers(attribute.t) or Known((), tuple(attribute.t.dims))
        field = _ATTRIBUTES.get(attribute.type)
        value = None if field is None else getattr(attribute, field)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return value if isinstance(value, int | float | None) else list(value)

    def _numbers(self, tensor: Any) -> Known | None:
        """The entries of a small tensor that the file holds; None for others."""
        if tensor.data_location == 1 or prod(tensor.dims) > MOST or tensor.data_type not in DTYPES:
            return None
        try:
            entries = self.onnx.numpy_helper.to_array(tensor).flatten().tolist()
        except (ValueError, TypeError):
            return None
        return Known(tuple(entries), tuple(tensor.dims))

    def _given(self, name: str) -> Input:
        tensor = self.stored.get(name)
        if tensor is not None:
            if name not in self.known and (value := self._numbers(tensor)) is not None:
                self.known[name] = value
            return Input(name, tuple(tensor.dims), tensor.data_type, self.known.get(name), True)
        value = self.known.get(name)
        if value is not None:
            return Input(name, value.shape, 7, value, False)
        source = self.made.get(name)
        tensors = None if source is None else self.draft.tensors([source])
        shape, dtype = (None, 1) if tensors is None else (tensors[0].shape, _number_of(tensors[0].dtype))
        return Input(name, shape, dtype, None, False)

    def _source(self, name: str) -> Source | None:
        """The line that makes a tensor; initializers and computed sizes get theirs when they are first read."""
        if name not in self.made:
            if name in self.waiting:
                self._write(self.waiting.pop(name))
            elif (tensor := self.stored.get(name)) is not None:
                kind = "parameter" if tensor.data_type in FLOATS and 0 not in tensor.dims else "constant"
                shape = {"shape": list(tensor.dims)} if tensor.dims else {}
                self.made[name] = self.draft.layer(name, kind, shape | _typed(tensor.data_type))
        return self.made.get(name)

    def _write(self, node: Node) -> None:
        try:
            rule = RULES.get(node.operator)
            written = translated(every_input if rule is None else rule, node.operator, node)
        except FrameworkError as objection:
            self._refuse(node, objection.message)
            return
        sources: list[Source] = []
        for index in written.reads:
            given = node.input(index)
            source = None if given is None else self._source(given.name)
            if source is None:
                missing = "left out" if given is None else f"{given.name}, which nothing in the graph makes"
                self._refuse(node, f"{node.operator}: its input {index} is {missing}")
                return
            sources.append(source)
        made = self.draft.layer(node.name, written.class_name, written.args, sources, _weights_check(node, written))
        extras = {extra.output: extra for extra in written.extras}
        for number, output in enumerate(node.outputs):
            if not output:
                continue
            extra = extras.get(number)
            if extra is not None:
                self.made[output] = self.draft.layer(output, extra.class_name, extra.args, sources[:1])
            else:
                place = written.outputs[number] if number < len(written.outputs) else number
                self.made[output] = made._replace(output=place)

    def _refuse(self, node: Node, message: str) -> None:
        sources = [self.made[one.name] for one in node.inputs if one is not None and one.name in self.made]
        made = self.draft.refused(node.name, node.operator, {}, sources, message)
        self.made.update((output, made) for output in node.outputs if output)


def _weights_check(node: Node, written: Written) -> Any:
    """A check that a layer has as many weights as the file holds for it."""
    expected = expected_weights(node, written) if written.weights else None

    def check(result: Result) -> None:
        if expected is not None and result.counts.params != expected:
            raise FrameworkError(
                f"{node.operator}: its weights in the file have {expected:,} elements, "
                f"those of the layer {result.counts.params}"
            )

    return check


def _sizes(dims: Sequence[Any]) -> list[Size]:
    """The sizes of an input: numbers, the file's own symbols, or one for each axis without a name."""
    found: list[Size] = []
    for axis, dim in enumerate(dims):
        if dim.HasField("dim_value"):
            found.append(dim.dim_value)
        else:
            word = _NOT_IN_SYMBOLS.sub("_", dim.dim_param).strip("_")
            found.append(symbol(word if word and not word[0].isdecimal() else f"n{axis}"))
    return found


def _batch(inputs: Sequence[Any]) -> int:
    """The first size of the first input that has more than one axis; 1 where it is open."""
    for given in inputs:
        sizes = _sizes(given.type.tensor_type.shape.dim)
        if len(sizes) > 1 and 0 not in sizes:
            return sizes[0] if isinstance(sizes[0], int) else 1
    return 1


def _typed(number: int) -> dict[str, str]:
    """The type of a tensor, where it is not the usual one."""
    return {} if number == 1 or number not in DTYPES else {"dtype": DTYPES[number]}


def _number_of(dtype: str) -> int:
    return next(number for number, name in DTYPES.items() if name == dtype)


def _as_known(value: Any) -> Known | None:
    """What the attribute of a Constant holds: a tensor, a number, or a list."""
    if isinstance(value, Known) or value is None:
        return value
    return Known(tuple(value), (len(value),)) if isinstance(value, list) else Known((value,), ())
