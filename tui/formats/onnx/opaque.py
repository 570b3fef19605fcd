"""Operators that are not known here, and those that do not fit: lines that say so, with what the file states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.core.network import Source
from tui.core.tensor import Shape
from tui.formats.frameworks.draft import Draft
from tui.formats.imported import Notice
from tui.formats.onnx.load import Body, Graph, Operation, Stored
from tui.formats.onnx.names import Names
from tui.formats.onnx.node import DTYPES, FLOATS, Node
from tui.formats.onnx.sizes import Sizes


class Unknown:
    """The part of reading a model that writes what is not known, and what is refused."""

    draft: Draft
    graph: Graph
    sizes: Sizes
    names: Names
    notices: list[Notice]
    made: dict[str, Source]

    def _source(self, name: str) -> Source | None:
        raise NotImplementedError

    def _real(self, name: str) -> str:
        raise NotImplementedError

    def opaque(self, node: Node, operation: Operation | None, reason: str) -> None:
        """A line for what is not known here, with the shapes that the file states of its outputs."""
        name = node.name if operation is None else self.names.of(operation)
        reads = [one.name for one in node.inputs if one is not None and (one.known is None or one.stored)]
        bodies = [value for value in node.attributes.values() if isinstance(value, Body)]
        reads += [self._real(inner) for body in bodies for inner in body.reads()]
        sources = [source for one in dict.fromkeys(reads) if (source := self._source(one)) is not None]
        sources += [source for body in bodies for source in self._inside(name, body)]
        if not sources:
            self.refuse(node, f"{reason}, and it reads nothing that is known")
            return
        args = {"operator": _word(node.operator), **self._stated(node, sources)}
        made = self.draft.layer(name, "opaque", args, sources)
        for number, output in enumerate(node.outputs):
            if output:
                self.made[output] = made._replace(output=number)
        self.notices.append(Notice("opaque", made.name, reason))

    def _inside(self, name: str, body: Body) -> list[Source]:
        """Lines for the parameters of a graph inside an operator."""
        found = []
        for tensor in body.proto.initializer:
            stored = Stored(tuple(tensor.dims), tensor.data_type)
            if stored.dtype in FLOATS and stored.elements > 0:
                args = {"shape": list(stored.shape)} if stored.shape else {}
                found.append(self.draft.layer(f"{name}.{tensor.name}", "parameter", args))
        return found

    def _stated(self, node: Node, sources: list[Source]) -> Mapping[str, Any]:
        """The shapes of the outputs as the file states them, up to the first of which it states none."""
        shapes: list[Shape] = []
        dtype = 1
        if node.operator == "NonMaxSuppression":  # by its schema three indices for each box that is kept
            shapes, dtype = [self.sizes.of_output((None, 3))], 7
        for output in node.outputs if not shapes else ():
            stated = self.graph.stated.get(output) if output else None
            if stated is None or stated.sizes is None:
                break
            if not shapes:
                dtype = stated.dtype
            shapes.append(self.sizes.of_output(stated.sizes))
        if not shapes:
            return {}
        read = self.draft.tensors(sources[:1])
        args: dict[str, Any] = {"shape": shapes}
        whole = read is None or not read[0].shape or any(not s or s[0] != read[0].shape[0] for s in shapes)
        args = {"shape": shapes, "whole": True} if whole else {"shape": [shape[1:] for shape in shapes]}
        word = DTYPES.get(dtype, "float32")
        return args if read is not None and read[0].dtype == word else {**args, "dtype": word}

    def refuse(self, node: Node, message: str) -> None:
        sources = [self.made[one.name] for one in node.inputs if one is not None and one.name in self.made]
        made = self.draft.refused(node.name, node.operator, {}, sources, message)
        self.notices.append(Notice("refused", made.name, message))
        self.made.update((output, made) for output in node.outputs if output)


def _word(operator: str) -> str:
    return "".join(c if c.isalnum() or c in "_./:-" else "_" for c in operator)[:80] or "unnamed"
