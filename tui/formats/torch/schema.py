"""How ``torch.export`` writes values into JSON: tensors by name, sizes with symbols, the modules around a node.

Source: ``torch/_export/serde/schema.py`` (PyTorch 2.13).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tui.core.size import Size
from tui.formats.torch.expressions import size_in

DTYPES: Final = {1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
                 12: "bool", 13: "bfloat16"}  # fmt: skip
_CALL: Final = re.compile(r"@\d+$")
_CONTAINERS: Final = frozenset(("Sequential", "ModuleList", "ModuleDict"))


def size_of(given: Mapping[str, Any]) -> Size | None:
    """A size: a number, or an expression of symbols; None where it is not read."""
    if isinstance(given.get("as_int"), int):
        return int(given["as_int"])
    expression = given.get("as_expr")
    if isinstance(expression, Mapping):
        return size_in(str(expression.get("expr_str", "")))
    return None
    return None


def argument(given: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """The value of an argument; ``values`` are those of the names that came before."""
    ((form, said),) = given.items()
    match form:
        case "as_tensor":
            return values[said["name"]]
        case "as_tensors":
            return [values[one["name"]] for one in said]
        case "as_optional_tensors" | "as_nested_tensors":
            return [argument(one, values) if isinstance(one, Mapping) else one for one in said]
        case "as_optional_tensor":
            return argument(said, values)
        case "as_sym_int" | "as_sym_float" | "as_sym_bool":
            return _named(said, values)
        case "as_sym_ints" | "as_sym_floats" | "as_sym_bools":
            return [_named(one, values) for one in said]
        case "as_scalar_type":
            return DTYPES.get(said)
        case "as_int" | "as_ints" | "as_float" | "as_floats" | "as_bool" | "as_bools" | "as_string" | "as_strings":
            return said
    return None


def _named(said: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    name = said.get("as_name")
    return values[name] if name is not None else next(iter(said.values()))


def graphs_in(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The graphs among the arguments of a node."""
    found = [given["arg"].get("as_graph") for given in node["inputs"]]
    return [one["graph"] for one in found if isinstance(one, Mapping)]


def every_node(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The nodes of a graph, and of the graphs inside them."""
    for node in nodes:
        yield node
        for graph in graphs_in(node):
            yield from every_node(graph["nodes"])


def tensor_names(given: Any) -> Iterator[str]:
    """The names of the tensors in an argument."""
    if isinstance(given, Mapping):
        if isinstance(given.get("name"), str):
            yield given["name"]
            return
        for form, said in given.items():
            if form in ("as_tensor", "as_tensors", "as_optional_tensor", "as_optional_tensors", "as_nested_tensors"):
                yield from tensor_names(said)
    elif isinstance(given, list):
        for one in given:
            yield from tensor_names(one)


class Around(NamedTuple):
    """The module that a node is in: its path, the same with the number of the call, and the class where it is one
    of PyTorch's own layers."""

    path: str = ""
    call: str = ""
    layer: str = ""


def module_of(node: Mapping[str, Any]) -> Around:
    """The module that a node is in."""
    stack = node.get("metadata", {}).get("nn_module_stack", "")
    last = stack.rpartition(";")[2] if isinstance(stack, str) else ""
    parts = last.split(",")
    if len(parts) < 3:
        return Around()
    call = ",".join(parts[1:-1])
    path = ".".join(_CALL.sub("", part) for part in call.split("."))
    class_name = parts[-1].rpartition(".")[2]
    own = parts[-1].startswith("torch.nn.modules.") and class_name not in _CONTAINERS
    return Around(path, f"{parts[0]} {call}", class_name if own else "")
