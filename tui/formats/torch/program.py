"""The graph of an exported program, node by node, as lines.

Nodes are ATen operators; what a node gives is computed by us, and the shape that the file states is a cross-check:
a difference is reported, and stands in only where an operator is not known.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui.core.errors import FileError, LayersheetError
from tui.core.size import SizeError, same, symbol
from tui.core.tensor import Shape
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.words import flat, input_args, sizes_shown
from tui.formats.imported import Imported, Notice, Progress
from tui.formats.python.fold import folded
from tui.formats.python.values import TroubleError
from tui.formats.torch.schema import DTYPES, argument, every_node, graphs_in, module_of, size_of, tensor_names
from tui.formats.torch.table import ATEN
from tui.formats.torch.tensors import Made, Stored, Tensors
from tui.formats.torch.weighted import WEIGHTED

MAX_NODES: Final = 200_000
MAX_LEVELS: Final = 20
"""Graphs inside each other."""
_ALIASES: Final = {"self": "input", "exponent": "other", "mat2": "other", "vec2": "other", "batch1": "mat1",
                   "batch2": "mat2", "vec": "other", "split_sizes": "split_size", "ord": "p"}  # fmt: skip
_IGNORED: Final = re.compile(r"_assert|sym_constrain|_guards|set_grad|assert_|_functional_assert")
_NUMBERS: Final[Mapping[str, type[ast.operator]]] = {
    "add": ast.Add, "sub": ast.Sub, "mul": ast.Mult, "floordiv": ast.FloorDiv, "mod": ast.Mod, "pow": ast.Pow,
    "truediv": ast.Div,
}  # fmt: skip
_SEVERAL: Final = frozenset(("MultiheadAttention", "Transformer"))
"""Layers of several products, none of which is the layer."""
_MAKERS: Final = frozenset(("zeros", "ones", "full", "empty", "arange", "scalar_tensor", "getitem", "sym_size"))


class Program:
    """One exported program on its way into lines; raises FileError where it is none."""

    def __init__(self, program: Any, progress: Progress) -> None:
        module = program.get("graph_module") if isinstance(program, Mapping) else None
        if not isinstance(module, Mapping) or not isinstance(module.get("graph"), Mapping):
            raise FileError("this JSON is no program of torch.export: it has no graph_module")
        self.graph: Mapping[str, Any] = module["graph"]
        self.specs: Sequence[Mapping[str, Any]] = module["signature"]["input_specs"]
        self.progress = progress
        self.values: dict[str, Any] = {}
        self.notices: list[Notice] = []
        self.level = 0
        nodes = self.graph["nodes"]
        if len(nodes) > MAX_NODES:
            raise FileError(f"a graph of {len(nodes):,} nodes; the most that is read is {MAX_NODES:,}")
        self.in_module = Counter(
            module_of(node).call
            for node in every_node(nodes)
            if _operator(node["target"])[1] not in _MAKERS
        )  # fmt: skip

    def imported(self) -> Imported:
        """The lines, and the report."""
        inputs = self._inputs()
        first = next((shape for _, shape, _ in inputs if len(shape) > 1), (1,))
        self.draft = Draft("PyTorch", data_format="channels_first", counting="pytorch", batch=first[0])
        self.tensors = Tensors(self.draft, self.notices.append)
        for name, shape, dtype in inputs:
            batched = len(shape) > 1 and same(shape[0], first[0]) is True
            args = input_args(shape, batched)
            if dtype and dtype != "float32":
                args["dtype"] = dtype
            self.values[name] = Made(self.draft.layer(name, "input", args))
        nodes = self.graph["nodes"]
        for number, node in enumerate(nodes):
            if number % 100 == 0:
                self.progress(number, len(nodes))
            self._node(node)
        if not any(line.spec is not None and line.spec.kind.name != "input" for line in self.draft.lines):
            raise FileError("this program has no operations")
        return Imported(self.draft.lines, tuple(self.notices))

    def _inputs(self) -> list[tuple[str, Shape, str]]:
        """The inputs that a user gives; what is stored is remembered."""
        given = []
        for spec in self.specs:
            ((form, said),) = spec.items()
            said_name = next((said[key] for key in ("parameter_name", "buffer_name", "tensor_constant_name")
                              if key in said), "")  # fmt: skip
            for name in tensor_names(said.get("arg")):
                shape, dtype, trainable = self._stated(name)
                if form == "user_input":
                    given.append((name, shape, dtype))
                else:
                    kind = {"parameter": "parameter", "buffer": "buffer"}.get(form, "constant")
                    self.values[name] = Stored(str(said_name or name), shape, kind, dtype, trainable)
        return given

    def _stated(self, name: str) -> tuple[Shape, str, bool]:
        """The shape that the file states of a tensor, its type, and whether it is trained."""
        meta = self.graph["tensor_values"][name]
        sizes = (size_of(one) for one in meta["sizes"])
        shape = tuple(symbol(f"{name}_{i}") if size is None else size for i, size in enumerate(sizes))
        return shape, DTYPES.get(meta.get("dtype"), "float32"), bool(meta.get("requires_grad", True))

    def _node(self, node: Mapping[str, Any]) -> None:
        space, operator = _operator(node["target"])
        if space == "higher_order" and len(inner := graphs_in(node)) == 1:
            self._inside(node, inner[0])
            return
        if _IGNORED.search(operator):
            return
        args = {given["name"]: argument(given["arg"], self.values) for given in node["inputs"]}
        names = [name for one in node["outputs"] for name in _outputs(one)]
        if space == "_operator" or operator.startswith("sym_"):
            self._number(operator, list(args.values()), names)
            return
        if operator.endswith("_") and all(isinstance(one, Stored) for one in args.values() if _is_tensor(one)):
            made: Any = args.get("self", args.get("input"))  # a counter of batches and the like
        else:
            made = self._written(node, operator.rstrip("_") or operator, args, names)
        parts = [*flat(made)]
        for name, part in zip(names, parts, strict=False):
            if name is not None:
                self.values[name] = part
                self._check(name, part)
        for name in names[len(parts) :]:
            if name is not None:
                self.values[name] = Stored(name, self._stated(name)[0])

    def _inside(self, node: Mapping[str, Any], graph: Mapping[str, Any]) -> None:
        """A graph inside a node, such as the body of ``with torch.no_grad()``: its nodes are read in place."""
        forms = [given["arg"] for given in node["inputs"]]
        first = next(i for i, form in enumerate(forms) if "as_graph" in form) + 1
        values = [argument(form, self.values) for form in forms[first:]]
        names = [name for one in graph["inputs"] for name in tensor_names(one)]
        around, outer = self.graph, self.values
        self.level += 1
        if self.level > MAX_LEVELS:
            raise FileError(f"graphs inside each other more than {MAX_LEVELS} deep")
        self.graph, self.values = graph, dict(zip(names, values, strict=False))
        try:
            for one in graph["nodes"]:
                self._node(one)
            made = [self.values[name] for one in graph["outputs"] for name in tensor_names(one)]
        finally:
            self.graph, self.values, self.level = around, outer, self.level - 1
        given = [name for one in node["outputs"] for name in _outputs(one)]
        self.values.update((name, value) for name, value in zip(given, made, strict=False) if name is not None)

    def _number(self, operator: str, args: list[Any], names: list[str | None]) -> None:
        """A size, or the arithmetic of sizes."""
        value: Any = None
        if operator == "sym_size" and len(args) == 2:
            shape = self.tensors.shape(args[0])
            value = None if shape is None else shape[args[1]]
        elif operator in _NUMBERS and len(args) == 2 and None not in args:
            try:
                value = folded(_NUMBERS[operator](), *args)
            except TroubleError:
                value = None
        for name in names:
            if name is not None:
                stated = self.graph.get("sym_int_values", {}).get(name)
                self.values[name] = value if value is not None else size_of(stated or {})

    def _written(self, node: Mapping[str, Any], operator: str, args: dict[str, Any], names: list[str | None]) -> Any:
        name = self._name(node, operator)
        function = ATEN.get(operator)
        tensors = [one for value in args.values() for one in flat(value) if _is_tensor(one)]
        before = len(self.draft.lines)
        turned = self._turned(operator, args)
        if turned is not None:
            return turned
        if function is not None:
            known = {
                key if key in function.names else _ALIASES.get(key, key): value
                for key, value in args.items()
                if value is not None
            }
            if "size" in known and "shape" in function.names:
                known["shape"] = known.pop("size")
            notices = len(self.notices)
            try:
                made = function.write(self.tensors, name, known)
                if self._fits(made) or self.tensors.draft.tensors([o.source for o in tensors if _is_made(o)]) is None:
                    return made
            except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, LayersheetError, SizeError):
                pass
            del self.notices[notices:]
            self._withdraw(before)
        if not tensors and len(names) == 1 and names[0] is not None:
            return Stored(name, self._stated(names[0])[0])
        shapes = [self._stated(one)[0] for one in names if one is not None]
        return tuple(self.tensors.opaque(name, operator, tensors, shapes))

    def _turned(self, operator: str, args: Mapping[str, Any]) -> Stored | None:
        """A stored matrix with its axes exchanged, as decomposed linear layers read it; None for all else."""
        matrix = args.get("self", args.get("input"))
        if operator not in ("t", "permute", "transpose", "numpy_T") or not isinstance(matrix, Stored):
            return None
        if matrix.kind != "parameter" or matrix.source is not None or len(matrix.shape) != 2:
            return None
        if operator == "permute" and [axis % 2 for axis in args["dims"]] != [1, 0]:
            return None
        return Stored(matrix.name, matrix.shape[::-1], "parameter", matrix.dtype, matrix.trainable, turned=True)

    def _fits(self, made: Any) -> bool:
        return all(self.draft.result(one.source) is not None for one in flat(made) if isinstance(one, Made))

    def _withdraw(self, count: int) -> None:
        """Take lines back: an operator whose line does not come out is opaque."""
        gone = {line.name for line in self.draft.lines[count:]}
        del self.draft.lines[count:]
        self.tensors.layers = {k: s for k, s in self.tensors.layers.items() if s.name not in gone}
        for value in self.values.values():
            if isinstance(value, Stored) and value.source is not None and value.source.name in gone:
                value.source = None

    def _check(self, name: str, made: Any) -> None:
        shape = self.tensors.shape(made) if _is_tensor(made) else None
        if shape is None or name not in self.graph["tensor_values"]:
            return
        stated = self._stated(name)[0]
        if len(stated) != len(shape) or any(same(a, b) is False for a, b in zip(stated, shape, strict=True)):
            place = made.source.name if isinstance(made, Made) else made.name
            self.notices.append(Notice("differs", place, f"the file states {sizes_shown(stated)}, "
                                                         f"computed is {sizes_shown(shape)}"))  # fmt: skip

    def _name(self, node: Mapping[str, Any], operator: str) -> str:
        path, call, layer = module_of(node)
        if layer and (self.in_module[call] == 1 or (operator in WEIGHTED and layer not in _SEVERAL)):
            return path
        return f"{path}.{operator.strip('_')}" if path else operator.strip("_")


def _operator(target: Any) -> tuple[str, str]:
    """The name space and the name of an operator, without its overload: ``torch.ops.aten.conv2d.default``."""
    parts = str(target).split(".")
    if parts[:2] == ["torch", "ops"] and len(parts) > 3:
        return parts[2], parts[3]
    return parts[0], parts[-1]


def _outputs(given: Mapping[str, Any]) -> list[str | None]:
    """The names of what one output of a node holds; None where it is not used."""
    ((form, said),) = given.items()
    match form:
        case "as_tensor" | "as_tensors" | "as_optional_tensors" | "as_optional_tensor":
            return list(tensor_names(given)) or [None]
        case "as_sym_int" | "as_sym_bool" | "as_sym_float":
            return [said.get("as_name")]
    return [None]


def _is_made(value: Any) -> bool:
    return isinstance(value, Made)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Made | Stored)
