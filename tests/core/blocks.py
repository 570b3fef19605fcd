"""Networks with blocks as trees, their text, and the same written out by hand, for the tests of repeated blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

INPUT = "input 12x12x4"
CODES = ("conv 4 3 padding=same", "conv 4 1 bias=false", "relu", "conv 6 3", "maxpool 2", "batchnorm", "conv 4 20",
         "nonsense 3")  # fmt: skip
STEADY_CODES = ("conv 4 3 padding=same", "conv 4 1 bias=false", "relu", "batchnorm", "depthwise 3 padding=same")
NAMES = ("", "", "a", "b", "c")


@dataclass
class Layer:
    code: str
    name: str = ""
    sources: tuple[str, ...] = ()
    called: str = ""
    off: bool = False
    tied: str = ""

    def text(self, name: str, sources: list[str], called: str, tied: str) -> str:
        parts = ["off"] if self.off else []
        parts += [f"{name}:"] if name else []
        parts += [f"call {called}"] if called else [self.code]
        parts += [f"tied=@{tied}"] if tied else []
        return " ".join([*parts, *(f"@{source}" for source in sources)])


@dataclass
class Block:
    count: int
    body: list[Layer | Block]
    name: str = ""
    symbol: str = ""
    number: int = field(default=0)


Tree = list[Layer | Block]


def document(tree: Tree, depth: int = 0) -> str:
    """The text with ``repeat`` lines."""
    lines = []
    for node in tree:
        if isinstance(node, Layer):
            lines.append("    " * depth + node.text(node.name, list(node.sources), node.called, node.tied))
        else:
            lines.append("    " * depth + f"repeat {node.symbol or node.count} {node.name}".rstrip())
            lines.append(document(node.body, depth + 1))
    return "\n".join(lines)


def by_hand(tree: Tree, prefix: str = "", known: dict[str, str] | None = None) -> list[str]:
    """The lines of the same network without a block: copy 1 of block b calls its layer a ``b.1.a``."""
    known = {} if known is None else known
    lines, unnamed = [], 0
    for node in tree:
        if isinstance(node, Layer):
            sources = [known.get(source, source) for source in node.sources]
            full = f"{prefix}{node.name}" if node.name else ""
            called, tied = (known.get(name, name) for name in (node.called, node.tied))
            lines.append(node.text(full, sources, called, tied))
            if node.name:
                known[node.name] = full
        else:
            unnamed += not node.name
            for copy in range(node.count):
                name = node.name or f"repeat{unnamed}"
                lines += by_hand(node.body, f"{prefix}{name}.{copy}.", known)
    return lines


def opened(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


@st.composite
def layers(draw: st.DrawFn, codes: tuple[str, ...] = CODES) -> Layer:
    name = draw(st.sampled_from(NAMES))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return Layer("", name, called=draw(st.sampled_from("abc")))
    if kind <= 2:
        return Layer(draw(st.sampled_from(("add", "concat"))), name, (draw(st.sampled_from("abc")),))
    sources = (draw(st.sampled_from("abc")),) if kind == 3 else ()
    tied = draw(st.sampled_from("abc")) if kind == 5 else ""
    return Layer(draw(st.sampled_from(codes)), name, sources, off=kind == 4, tied=tied)


@st.composite
def trees(draw: st.DrawFn, depth: int = 2, codes: tuple[str, ...] = CODES) -> Tree:
    """Layers and blocks, with an input above and names that are read before and after they are given."""
    tree: Tree = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.integers(0, 2)) == 0:
            name = draw(st.sampled_from(("", f"x{depth}", f"y{depth}")))
            tree.append(Block(draw(st.integers(1, 3)), draw(trees(depth=depth - 1, codes=codes)), name))
        else:
            tree.append(draw(layers(codes)))
    return tree


def computed(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """What can be seen of every line that is computed, but for what names and numbers say."""
    inference = snapshot.inference
    guards = inference.wiring.guards
    return [
        (line.name, result and (result.status, result.outputs, result.counts), inference.field(place))
        for place, line in enumerate(inference.lines)
        if line.is_layer and place not in guards
        for result in [inference.result(place)]
    ]
