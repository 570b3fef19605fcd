"""The written class in the making: its modules by their paths, its symbols, and what a layer becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tui.core.size import Size, bind, symbol, symbols
from tui.core.tensor import Tensor
from tui.formats.imported import Notice
from tui.formats.torch.write_names import Path, Paths, identifier
from tui.formats.torch.write_text import python

FIRST: Final = "first"
OURS: Final = "ours"
EITHER: Final = "either"


class Value(NamedTuple):
    """A tensor of the written code: the expression, its tensor as the network has it, and where its channels stand."""

    code: str
    tensor: Tensor
    layout: str = OURS


class Said(NamedTuple):
    """What a layer becomes: an expression for each output, or one that gives all of them (``packed``).

    ``modules`` are the constructors that do the same one after another, None where no modules do.
    """

    outputs: tuple[str, ...]
    layout: str = OURS
    modules: tuple[str, ...] | None = None
    packed: bool = False


@dataclass
class Part:
    """A module or container of the written class: its constructor, and the tensors that are put on it."""

    constructor: str | None = None
    tensors: dict[str, str] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    """Those of its tensors that are another module's, with the expressions of those."""
    frozen: list[str] = field(default_factory=list)
    """Those of its tensors that are not trained."""


class Source:
    """The class in the making, shared by the sites of all layers."""

    def __init__(self, paths: Paths, free: Sequence[str], channels_last: bool, batch: Size, called: str = "") -> None:
        self.called = called
        self.paths = paths
        self.channels_last = channels_last
        self.batch = batch
        self.clear()
        self.renamed: dict[str, Size] = {}
        taken = {*paths.top()}
        for name in free:
            self.renamed[name] = symbol(python_name := identifier(name, taken))
            taken.add(python_name)
        self.free = list(free)

    def clear(self) -> None:
        """Begin anew."""
        self.parts: dict[Path, Part] = {}
        self.notices: dict[Notice, None] = {}
        self.classes: dict[str, list[str]] = {}
        """The classes of repeated blocks, by name."""
        self.parameters: dict[str, str] = {}
        """The symbols that the constructor takes, with their names there."""
        self.zeros: Size = 0
        """How many parameters PyTorch has besides those of the network, all of them 0 and not trained."""
        self.kept: set[str] = set()
        """Those of them that ``forward`` needs."""

    def size(self, size: Size, forward: bool) -> str:
        """A size in the constructor, or in ``forward``."""
        used = sorted(symbols(size) & self.renamed.keys())
        for name in used:
            self.parameters[name] = str(self.renamed[name])
            if forward:
                self.kept.add(name)
        named = {name: symbol(f"self.{self.renamed[name]}") if forward else self.renamed[name] for name in used}
        return python(bind(size, named))

    def inside(self, group: Path, names: Sequence[str]) -> Source:
        """The class of a block of this one."""
        return Source(self.paths.within(group, names), self.free, self.channels_last, self.batch)

    def adopt(self, classes: Mapping[str, list[str]]) -> str:
        """Take in the classes of a block, under other names where theirs are taken; gives the name of the last."""
        renamed: dict[str, str] = {}
        name = ""
        for wanted, lines in classes.items():
            for old, new in renamed.items():
                lines = _renamed(lines, old, new)
            name, number, written = wanted, 1, lines
            while name == self.called or self.classes.get(name, written) != written:
                number += 1
                name = f"{wanted}{number}"
                written = _renamed(lines, wanted, name)
            if name != wanted:
                renamed[wanted] = name
            self.classes[name] = written
        return name


def _renamed(lines: list[str], old: str, new: str) -> list[str]:
    return [re.sub(rf"(?<![\w.]){old}(?=\()", new, line) for line in lines]
