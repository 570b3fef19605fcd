"""ONNX files as plain data: operators, initializers, inputs and the shapes that the file states.

Functions that the model brings along are written out. No file but the given one is opened: weights that
lie elsewhere are known by their shape alone. Needs the package ``onnx``, which is loaded with the first model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from math import prod
from typing import Any, Final, NamedTuple

from tui.core.errors import FileError
from tui.formats.onnx.node import DTYPES, Known

MOST_NODES: Final = 100_000
"""The most operators of a model, those of its functions included: no network of today has a tenth of them."""
MOST_ENTRIES: Final = 1024
"""The most entries of a tensor that are looked at: shapes are short."""
MOST_SAME: Final = 2**22
"""The most entries of a constant that are compared with each other."""
DEEPEST: Final = 32
"""Functions within functions."""
_OWN_DOMAINS: Final = ("", "ai.onnx")
_FIELDS: Final = {1: "f", 2: "i", 3: "s", 6: "floats", 7: "ints", 8: "strings"}
"""Where an attribute keeps its value, by its type (``onnx.AttributeProto.AttributeType``)."""
_GRAPH: Final = 5
_SCOPES: Final = "pkg.torch.onnx.name_scopes"


class Stated(NamedTuple):
    """What a file says of a tensor: sizes, texts (symbols) or None for each axis; None where there is no shape."""

    sizes: tuple[int | str | None, ...] | None
    dtype: int


class Stored(NamedTuple):
    """An initializer, or the tensor of a Constant. ``uniform`` is the number that all of its entries are, if known."""

    shape: tuple[int, ...]
    dtype: int
    known: Known | None = None
    is_constant: bool = False
    uniform: float | None = None

    @property
    def elements(self) -> int:
        return max(prod(self.shape), 0)


class Body(NamedTuple):
    """A graph inside an operator, with what it needs of around it: the opset, the names that its tensors have here,
    the attributes of the function that it stands in."""

    proto: Any
    opset: int
    names: Mapping[str, str]
    given: Mapping[str, Any]

    def reads(self) -> list[str]:
        """The tensors around it that it reads."""
        return [self.names.get(name, name) for name in _names_read(self.proto)]


@dataclass(slots=True)
class Operation:
    """One operator. ``scopes`` are the modules that it stands in, as the exporter names them; ``inside`` says that it
    stands in a function that the model brings along."""

    operator: str
    name: str
    opset: int
    attributes: dict[str, Any]
    inputs: list[str]
    outputs: list[str]
    scopes: str = ""
    inside: bool = False


@dataclass
class Graph:
    """A graph as plain data."""

    inputs: dict[str, Stated] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    stored: dict[str, Stored] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)


def load(data: bytes, name: str) -> tuple[Loader, Graph]:
    """The graph of a model, and what loads the graphs inside it.

    Raises FileError where it is none, or where the package ``onnx`` is not installed.
    """
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
    except (decode_error, ValueError) as error:
        raise FileError(f"{name} is no ONNX model ({error})") from None
    if not model.graph.node and not model.graph.input:
        raise FileError(f"{name} is no ONNX model, or an empty one")
    loader = Loader(model, onnx, name)
    return loader, loader.graph_of(Body(model.graph, _opset(model.opset_import), {}, {}), "")


def _opset(imports: Iterable[Any], default: int = 1) -> int:
    return next((one.version for one in imports if _text(one.domain) in _OWN_DOMAINS), default)


class Loader:
    """Protobuf messages into plain data, with the functions of one model."""

    def __init__(self, model: Any, onnx: Any, name: str) -> None:
        self.onnx = onnx
        self.name = name
        self.functions = {
            (_text(f.domain), _text(f.name), _text(getattr(f, "overload", ""))): f for f in model.functions
        }
        self.count = 0

    def graph_of(self, body: Body, prefix: str) -> Graph:
        """A graph; in one with a ``prefix`` the names of its own tensors begin with it."""
        proto, graph = body.proto, Graph()
        names = dict(body.names)
        if prefix:
            names |= {name: prefix + name for name in _names_made(proto)}

        def named(name: str | bytes) -> str:
            word = _text(name)
            return names.get(word, word)

        for tensor in proto.initializer:
            graph.stored[named(tensor.name)] = self.tensor(tensor)
        for sparse in proto.sparse_initializer:
            graph.stored[named(sparse.values.name)] = Stored(tuple(sparse.dims), sparse.values.data_type)
        for given in proto.input:
            if named(given.name) not in graph.stored:
                graph.inputs[named(given.name)] = _stated(given)
        for info in (*proto.value_info, *proto.output):
            graph.stated[named(info.name)] = _stated(info)
        graph.outputs = [named(output.name) for output in proto.output]
        for node in proto.node:
            self._add(graph, node, body.opset, names, prefix, body.given, 0)
        return graph

    def _add(
        self,
        graph: Graph,
        proto: Any,
        opset: int,
        names: Mapping[str, str],
        prefix: str,
        given: Mapping[str, Any],
        depth: int,
    ) -> None:
        """One node, or those of the function that it calls. ``given`` are the attributes of the call around it."""
        inputs = [names.get(name, name) for name in map(_text, proto.input)]
        outputs = [names.get(name, name) for name in map(_text, proto.output)]
        domain, operator = _text(proto.domain), _text(proto.op_type)
        own = prefix + (_text(proto.name) or next(filter(None, map(_text, proto.output)), operator))
        attributes = {_text(a.name): self._attribute(a, opset, given, names) for a in proto.attribute}
        function = self.functions.get((domain, operator, _text(getattr(proto, "overload", ""))))
        self.count += 1
        if self.count > MOST_NODES:
            raise FileError(f"{self.name} has more than {MOST_NODES:,} operators; the most that are read")
        if function is not None and depth < DEEPEST:
            inside = f"{own}/"
            formals = list(map(_text, function.input))
            actual = dict.fromkeys(formals, "") | dict(zip(formals, inputs, strict=False))
            actual |= dict(zip(map(_text, function.output), outputs, strict=False))
            made = {_text(name) for node in function.node for name in node.output}
            actual |= {name: inside + name for name in made if name and name not in actual}
            defaults = {_text(a.name): self._attribute(a, opset, {}, {}) for a in function.attribute_proto}
            for node in function.node:
                self._add(
                    graph, node, _opset(function.opset_import, opset), actual, inside, defaults | attributes, depth + 1
                )
            return
        # An operator of another domain may have the name of one of ONNX's own and mean something else.
        operator = operator if domain in _OWN_DOMAINS else f"{domain}.{operator}"
        present = {key: value for key, value in attributes.items() if value is not None}
        graph.operations.append(Operation(operator, own, opset, present, inputs, outputs, _scopes(proto), depth > 0))

    def _attribute(self, attribute: Any, opset: int, given: Mapping[str, Any], names: Mapping[str, str]) -> Any:
        """An attribute as plain data; None where it has no value."""
        if attribute.ref_attr_name:
            return given.get(_text(attribute.ref_attr_name))
        if attribute.type == 4:
            return self._number_of(attribute.t)
        if attribute.type == _GRAPH:
            return Body(attribute.g, opset, names, given)
        name = _FIELDS.get(attribute.type)
        value = None if name is None else getattr(attribute, name)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if isinstance(value, int | float | None):
            return value
        return [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in value]

    def _number_of(self, tensor: Any) -> Stored:
        """The tensor of an attribute; of one with many entries whether they are one number."""
        found = self.tensor(tensor)
        elsewhere = tensor.data_location or found.dtype not in DTYPES
        if found.known is not None or elsewhere or prod(found.shape) > MOST_SAME:
            return found
        try:
            entries = self.onnx.numpy_helper.to_array(tensor)
            same = entries.size > 0 and bool((entries == entries.flat[0]).all())
        except (ValueError, TypeError, OverflowError):
            return found
        return found._replace(uniform=float(entries.flat[0])) if same else found

    def tensor(self, tensor: Any) -> Stored:
        """A tensor by its shape and type, with its entries where the file itself holds them and they are few."""
        shape = tuple(tensor.dims)
        if tensor.data_location == 1 or prod(shape) > MOST_ENTRIES or tensor.data_type not in DTYPES:
            return Stored(shape, tensor.data_type)
        try:
            entries = self.onnx.numpy_helper.to_array(tensor).flatten().tolist()
        except (ValueError, TypeError, OverflowError):
            return Stored(shape, tensor.data_type)
        return Stored(shape, tensor.data_type, Known(tuple(entries), shape))


def _names_made(proto: Any) -> frozenset[str]:
    """The names of the tensors that a graph itself has."""
    made = [name for node in proto.node for name in node.output]
    made += [one.name for one in (*proto.initializer, *proto.input)]
    return frozenset(filter(None, map(_text, made)))


def _names_read(proto: Any) -> list[str]:
    """The tensors of the graph around it that a graph inside an operator reads, in order."""
    found: dict[str, None] = {}
    pending = [(proto, _names_made(proto))]
    while pending:
        graph, own = pending.pop()
        read = [output.name for output in graph.output]
        read += [name for node in graph.node for name in node.input]
        found |= dict.fromkeys(name for name in map(_text, read) if name and name not in own)
        for node in graph.node:
            inner = [a.g for a in node.attribute if a.type == _GRAPH]
            pending += [(g, own | _names_made(g)) for g in inner]
    return list(found)


def _scopes(proto: Any) -> str:
    """The module of an operator, as PyTorch's newer exporter keeps it: the last scope but that of the operator."""
    for entry in getattr(proto, "metadata_props", ()):
        if entry.key == _SCOPES:
            parts = [part.strip(" '\"") for part in _text(entry.value).strip("[]").split(",")]
            return parts[-2] if len(parts) > 1 else ""
    return ""


def _stated(info: Any) -> Stated:
    tensor = info.type.tensor_type
    if not info.type.HasField("tensor_type") or not tensor.HasField("shape"):
        return Stated(None, tensor.elem_type)
    return Stated(tuple(_dim(dim) for dim in tensor.shape.dim), tensor.elem_type)


def _dim(dim: Any) -> int | str | None:
    if dim.HasField("dim_value"):
        return int(dim.dim_value) if dim.dim_value >= 0 else None
    return _text(dim.dim_param) or None


def _text(word: str | bytes) -> str:
    """A text; one that is no UTF-8 comes as bytes."""
    return word if isinstance(word, str) else word.decode("utf-8", "replace")
