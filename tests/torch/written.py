"""Runs the source that the PyTorch writer gives, in PyTorch, and compares it with the results that it was written from.

Every statement of ``forward`` that has a shape behind it is checked when it has run; modules in a row by hooks.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple

import torch
from torch import nn

from tui.core.snapshot import Snapshot
from tui.core.tensor import Role
from tui.formats.exported import Node, graph_of
from tui.formats.imported import unwatched
from tui.formats.torch.write import write_pytorch
from tui.formats.torch.write_wires import given_back

_SHAPES = re.compile(r"#\s*(?:[\w.]+: )?([^#]+)$")


class Ran(NamedTuple):
    """The module, what it gave, and how many shapes inside were compared."""

    net: nn.Module
    outputs: tuple[torch.Tensor, ...]
    compared: int


def source_of(snapshot: Snapshot) -> str:
    return write_pytorch(snapshot, "written", unwatched).data.decode()


def loaded(source: str, folder: Path) -> ModuleType:
    path = folder / "written.py"
    path.write_text(source)
    spec = spec_from_file_location("written", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checked(snapshot: Snapshot, folder: Path, symbols: Mapping[str, int] | None = None, weights: bool = True) -> Ran:
    """Write, build and run a network; assert that counts and shapes are those of the snapshot.

    ``weights`` says whether the buffers are compared too.
    """
    source = source_of(snapshot)
    module = loaded(source, folder)
    graph = graph_of(snapshot)
    torch.manual_seed(0)
    net = module.Written(**(symbols or {})).eval()
    trainable, frozen, buffers = _counts(graph.nodes)
    parameters = list(net.parameters())
    assert sum(p.numel() for p in parameters if p.requires_grad) == trainable, source
    said_zeros = re.search(r"([\d,]+) zeros beside them", source)
    zeros = [tensor for name, tensor in net.named_parameters() if "bias_hh" in name and not tensor.any()]
    besides = int(said_zeros[1].replace(",", "")) if said_zeros else 0
    assert sum(tensor.numel() for tensor in zeros if not tensor.requires_grad) >= besides, source
    assert sum(p.numel() for p in parameters if not p.requires_grad) == frozen + besides, source
    if weights:
        assert sum(b.numel() for b in net.buffers()) == buffers, source
    inputs = zeros_of(source)
    compared: list[str] = []
    with torch.no_grad():
        given = _traced(net, inputs, source, compared)
    outputs = given if isinstance(given, tuple) else (given,)
    said = re.findall(r"^Output: \((.*)\)$", source, re.MULTILINE)
    for wire, output, shape in zip(given_back(graph), outputs, said, strict=True):
        name, wanted = graph.nodes[wire.node].name, graph.nodes[wire.node].result.outputs[wire.output].shape
        assert sorted(output.shape) == sorted(wanted), f"{name}: {output.shape} is not {wanted}\n{source}"
        written = [size for size in shape.split(", ")[1:] if size]
        assert [*map(str, output.shape[1:])] == written, f"{name}: {output.shape} is not ({shape})\n{source}"
    return Ran(net, outputs, len(compared))


def _counts(nodes: tuple[Node, ...]) -> tuple[int, int, int]:
    counts = dict.fromkeys(Role, 0)
    for node in nodes:
        if node.shares is None:
            for weight in node.result.weights:
                counts[weight.role] += int(weight.elements)
    return counts[Role.TRAINABLE], counts[Role.FROZEN], counts[Role.STATISTIC] + counts[Role.COUNTER]


def zeros_of(source: str) -> list[torch.Tensor]:
    """The zeros that the source itself runs on."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == "zeros":
                    sizes = [ast.literal_eval(arg) for arg in inner.args]
                    kinds = [ast.unparse(word.value) for word in inner.keywords if word.arg == "dtype"]
                    dtype = getattr(torch, kinds[0].removeprefix("torch.")) if kinds else torch.float32
                    found.append((inner.col_offset, inner.lineno, torch.zeros(*sizes, dtype=dtype)))
    return [zeros for _, _, zeros in sorted(found, key=lambda f: (f[1], f[0]))]


class Note(NamedTuple):
    """A statement of a ``forward``: its first and last line, its targets, and the shapes behind it."""

    first: int
    last: int
    names: list[str]
    shapes: list[str]


def _notes(source: str) -> Iterator[Note]:
    lines = source.splitlines()
    methods = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef) and n.name == "forward"]
    for inner in (n for method in methods for n in ast.walk(method) if isinstance(n, ast.Assign)):
        last = inner.end_lineno or 1
        note = _SHAPES.search(lines[last - 1])
        if note is not None:
            (target,) = inner.targets
            names = [e.id for e in target.elts] if isinstance(target, ast.Tuple) else [target.id]
            yield Note(inner.lineno, last, names, note[1].strip().split(", "))


def _traced(net: nn.Module, inputs: list[torch.Tensor], source: str, compared: list[str]) -> Any:
    if isinstance(net, nn.Sequential):
        return _hooked(net, inputs, source, compared)
    notes = {note.first: note for note in _notes(source)}
    file = type(net).forward.__code__.co_filename
    running: dict[FrameType, Note] = {}

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != file or frame.f_code.co_name != "forward":
            return None
        note = running.get(frame)
        if note is not None and not (event == "line" and note.first <= frame.f_lineno <= note.last):
            del running[frame]
            shapes = note.shapes * (len(note.names) if len(note.shapes) == 1 else 1)
            for name, shape in zip(note.names, shapes, strict=False):
                if name != "_":
                    _compare(name, frame.f_locals[name], shape)
                    compared.append(name)
        if event == "line" and frame not in running and frame.f_lineno in notes:
            running[frame] = notes[frame.f_lineno]
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        return net(*inputs)
    finally:
        sys.settrace(before)


def _compare(name: str, tensor: torch.Tensor, shape: str) -> None:
    if shape == "scalar":
        assert tensor.dim() <= 1, f"{name}: {tuple(tensor.shape)} is no scalar"
        return
    assert "x".join(map(str, tensor.shape[1:])) == shape, f"{name}: {tuple(tensor.shape)} is not {shape}"


def _hooked(net: nn.Sequential, inputs: list[torch.Tensor], source: str, compared: list[str]) -> torch.Tensor:
    noted = [match[1] for line in source.splitlines() if (match := re.search(r"\),  # (\S+)$", line))]
    seen: list[torch.Tensor] = []
    leaves = [module for module in net.modules() if not isinstance(module, nn.Sequential)]
    own = [m for m in leaves if not any(m is inner for other in leaves if other is not m for inner in other.modules())]
    for module in own:
        module.register_forward_hook(lambda _, __, output: seen.append(output))
    output: torch.Tensor = net(*inputs)
    shapes = ["x".join(map(str, tensor.shape[1:])) for tensor in seen]
    for shape in noted:
        assert shape in shapes, f"{shape} is none of {shapes}\n{source}"
        compared.append(shape)
    return output
