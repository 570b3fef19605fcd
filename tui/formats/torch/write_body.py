"""The class around ``forward``: its constructor with the modules at their paths, or all of it as modules in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.formats.exported import Graph, Wire
from tui.formats.torch.write_names import Path
from tui.formats.torch.write_source import Part, Source
from tui.formats.torch.write_text import statement, tupled

if TYPE_CHECKING:  # it writes blocks with what stands here
    from tui.formats.torch.write_forward import Forward, Step

Row = Callable[[str], list[str]]
Tree = dict[str, "Tree | list[tuple[str, str]]"]


def signature(source: Source) -> str:
    """The constructor's head, with a parameter for each symbol."""
    taken = [source.parameters[name] for name in source.free if name in source.parameters]
    return f"def __init__({', '.join(['self', *(f'{name}: int' for name in taken)])}) -> None:"


def constructor(called: str, source: Source, forward: Forward) -> list[str]:
    """The class with its constructor and ``forward``."""
    lines = [f"class {called}(nn.Module):", f"    {signature(source)}", "        super().__init__()"]
    for name in source.free:
        if name in source.kept:
            lines.append(f"        self.{source.parameters[name]} = {source.parameters[name]}")
    made: set[Path] = set()
    for path, part in source.parts.items():
        lines += _part(source, path, part, made)
    if forward.half is not None:
        lines.append(f"        self.to({forward.half})")
    arguments = ", ".join(["self", *(f"{value.code}: torch.Tensor" for _, value in forward.inputs)])
    codes = [value.code for value in forward.returned]
    gives = "torch.Tensor" if len(codes) == 1 else "tuple[torch.Tensor, ...]"
    head = statement(f"def forward({arguments}) -> {gives}:", 4)
    result = codes[0] if len(codes) == 1 else tupled(codes)
    return [*lines, "", *head, *forward.lines, *statement(f"return {result}", 8)]


def _part(source: Source, path: Path, part: Part, made: set[Path]) -> list[str]:
    """The lines that put one module at its path, its containers before it."""
    lines: list[str] = []
    for i in range(1, len(path) + 1):
        group = path[:i]
        if group in made:
            continue
        made.add(group)
        copies = source.paths.copies(group[:-1])
        if copies is not None:
            continue  # the list holds it already
        own = source.parts.get(group)
        if own is not None and own.constructor is not None:
            code = own.constructor
        elif (count := source.paths.copies(group)) is not None:
            code = f"nn.ModuleList(nn.Module() for _ in range({count}))"
        else:
            code = "nn.ModuleDict()" if source.paths.keyed(group) else "nn.Module()"
        lines += statement(f"{source.paths.text(group)} = {code}", 8)
    base = source.paths.text(path)
    for name, code in part.tensors.items():
        lines += statement(f"{base}.{name} = {code}", 8)
    for name, code in part.buffers.items():
        lines += statement(f'{base}.register_buffer("{name}", {code})', 8)
    for name, code in part.shared.items():
        lines += statement(f"{base}.{name} = {code}", 8)
    lines += [f"        {base}.{name}.requires_grad_(False)" for name in part.frozen]
    return lines


def in_a_row(graph: Graph, forward: Forward, source: Source) -> Row | None:
    """The class as an nn.Sequential; None where the network is no plain chain of modules."""
    steps = forward.steps
    chained = len(forward.inputs) == 1 and graph.nodes[0].kind.name == "input" and forward.half is None
    for place, node in enumerate(graph.nodes[1:], 1):
        chained = chained and node.inputs == (Wire(place - 1),) and node.shares is None and not node.ties
    if not chained or any(not step.modules or len(step.node.result.outputs) != 1 for step in steps):
        return None
    if not any(step.node.line.name for step in steps):
        flat = [(code, step.note if last else "") for step in steps for code, last in _with_last(step.modules or ())]
        body = [line for code, note in flat for line in statement(f"{code},", 12, note)]
        return lambda called: _class(called, source, ["        super().__init__(", *body, "        )"])
    tree = _tree(steps, source)
    if tree is None:
        return None
    inner = _ordered(tree, 16)
    body = ["        super().__init__(", "            OrderedDict(", *inner, "            )", "        )"]
    return lambda called: _class(called, source, body)


def _class(called: str, source: Source, body: Sequence[str]) -> list[str]:
    return [f"class {called}(nn.Sequential):", f"    {signature(source)}", *body]


def _with_last(modules: Sequence[str]) -> list[tuple[str, bool]]:
    return [(code, i == len(modules) - 1) for i, code in enumerate(modules)]


def _tree(steps: Sequence[Step], source: Source) -> Tree | None:
    """The modules by the parts of their names; None where a group is left and entered again, or has a number."""
    tree: Tree = {}
    left: set[Path] = set()
    before: Path = ()
    for step in steps:
        path = source.paths.of(step.node.name)
        groups = {path[:i] for i in range(1, len(path))}
        left |= {before[:i] for i in range(1, len(before))} - groups
        if groups & left or any(part.isdecimal() for part in path):
            return None
        before = path
        place = tree
        for part in path[:-1]:
            inner = place.setdefault(part, {})
            assert isinstance(inner, dict)
            place = inner
        for name, code in _named(path[-1], step.modules or ()):
            place[name] = [(code, step.note)]
    return tree


def _named(name: str, modules: Sequence[str]) -> list[tuple[str, str]]:
    """A name for each module of a layer: its own for the one that is not padding or an activation."""
    main = next((i for i, code in enumerate(modules) if "Pad" not in code.partition("(")[0]), 0)
    found: list[tuple[str, str]] = []
    for i, code in enumerate(modules):
        word = code.partition("(")[0].rpartition(".")[2].lower()
        found.append((name if i == main else f"{name}_{word}", code))
    return found


def _ordered(tree: Tree, indent: int) -> list[str]:
    lines: list[str] = []
    for name, inner in tree.items():
        if isinstance(inner, dict):
            pad = " " * indent
            lines += [f"{pad}{name}=nn.Sequential(", f"{pad}    OrderedDict(", *_ordered(inner, indent + 8),
                      f"{pad}    )", f"{pad}),"]  # fmt: skip
        else:
            lines += [line for code, note in inner for line in statement(f"{name}={code},", indent, note)]
    return lines
