"""Names of layers as names of Python: attributes of modules, variables, parameters of a constructor.

A dotted name is a module inside a module, so that the keys of a ``state_dict`` are the names of the list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from keyword import iskeyword, issoftkeyword
from typing import Final
from unicodedata import normalize

from tui.formats.frameworks.names import free_name

_USED: Final = frozenset((
    "self", "torch", "nn", "F", "math", "x", "max", "min", "range", "float", "super", "print", "net", "OrderedDict",
))  # fmt: skip
"""What the source itself names."""
_MODULE: Final = frozenset((
    "T_destination", "add_module", "append", "apply", "bfloat16", "buffers", "call_super_init", "children", "clear",
    "compile", "copy", "cpu", "cuda", "double", "dump_patches", "eval", "extend", "extra_repr", "float", "forward",
    "fromkeys", "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half", "has_key", "insert", "ipu",
    "items", "keys", "load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules",
    "named_parameters", "parameters", "pop", "popitem", "register_backward_hook", "register_buffer",
    "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
    "register_module", "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "setdefault", "share_memory", "state_dict", "to", "to_empty",
    "train", "training", "type", "update", "values", "xpu", "zero_grad",
))  # fmt: skip
"""Attributes that ``nn.Module``, ``nn.ModuleDict`` and ``nn.ModuleList`` have (PyTorch 2)."""

Path = tuple[str, ...]


def identifier(word: str, taken: Container[str] = ()) -> str:
    """The word as a name of Python that is not taken; Python itself reads names in NFKC."""
    name = re.sub(r"\W", "_", normalize("NFKC", word))
    if not name.isidentifier() or name.startswith("_"):
        name = f"layer_{name.lstrip('_')}" if name.strip("_") else "layer"
    if not name.isidentifier():
        name = "layer"
    if iskeyword(name) or issoftkeyword(name) or name in _USED:
        name += "_"
    return free_name(name, taken)


def class_name(word: str) -> str:
    """A name of a file or network as the name of a class: ``lenet-5`` is ``Lenet5``."""
    parts = re.findall(r"[^\W_]+", normalize("NFKC", word.rpartition("/")[2].removesuffix(".layers")))
    joined = "".join(part[:1].upper() + part[1:] for part in parts)
    if not joined.isidentifier():
        joined = f"Net{joined}" if f"Net{joined}".isidentifier() else "Net"
    return f"{joined}Net" if iskeyword(joined) or joined in _USED else joined


class Paths:
    """Where the module of each layer stands, and how its containers are written."""

    def __init__(self, names: Sequence[str], own: Sequence[bool] = (), copies: Sequence[int] = ()) -> None:
        """``own`` says which names are the layers' own; others go into the group that stands around them.

        ``copies`` has a number for each copy of a repeated block, 0 outside: a group is that of the copy.
        """
        self._of: dict[str, Path] = {}
        self._children: dict[Path, dict[str, None]] = {(): {}}
        self._copies: dict[Path, int | None] = {}
        self._keyed: dict[Path, bool] = {}
        split = _grouped([*map(_split, names)], own or [True] * len(names), copies or [0] * len(names))
        taken: set[Path] = {path[:i] for path in split for i in range(1, len(path))}
        for name, path in zip(names, split, strict=True):
            while path in taken:
                path = (*path[:-1], f"{path[-1]}_")
            taken.add(path)
            self._of[name] = path
            for i, part in enumerate(path):
                self._children.setdefault(path[:i], {})[part] = None

    def within(self, group: Path, names: Sequence[str]) -> Paths:
        """The paths of some layers of a group, as they are inside it; what the group reads has no name."""
        inner = Paths(())
        inner._of[""] = ("inputs",)
        for name in names:
            path = inner._of[name] = self._of[name][len(group) :]
            for i, part in enumerate(path):
                inner._children.setdefault(path[:i], {})[part] = None
        return inner

    def of(self, name: str) -> Path:
        """The parts of the path of a layer."""
        return self._of[name]

    def top(self) -> set[str]:
        """The attributes of the network itself."""
        return set(self._children[()])

    def copies(self, path: Path) -> int | None:
        """How many modules a container holds whose parts are numbered from 0 on and are containers themselves."""
        if path not in self._copies:
            self._copies[path] = self._count(path)
        return self._copies[path]

    def _count(self, path: Path) -> int | None:
        parts = self._children.get(path, {})
        numbered = list(parts) == [str(i) for i in range(len(parts))]
        plain = all((*path, p) in self._children and not self.keyed((*path, p)) for p in parts)
        return len(parts) if path and parts and numbered and plain else None

    def keyed(self, path: Path) -> bool:
        """Whether a container's parts are no names of Python."""
        if path not in self._keyed:
            names = self._children.get(path, ())
            self._keyed[path] = bool(path) and any(not part.isidentifier() or iskeyword(part) for part in names)
        return self._keyed[path]

    def text(self, path: Path) -> str:
        """The path as an expression: ``self.stage1.block0.conv1``, ``self.block[0].norm``."""
        code = "self"
        for i, part in enumerate(path):
            if self.copies(path[:i]) is not None:
                code += f"[{part}]"
            elif self.keyed(path[:i]):
                code += f'["{part}"]'
            else:
                code += f".{part}"
        return code


def _grouped(paths: list[Path], own: Sequence[bool], copies: Sequence[int]) -> list[Path]:
    """The paths, with layers that have no name of their own in the group of those before and behind them."""
    before = _groups_before(paths, own)
    behind = _groups_before(paths[::-1], own[::-1])[::-1]
    of_copy: dict[int, Path] = {}
    for path, named, copy in zip(paths, own, copies, strict=True):
        if named and copy:  # the outermost group that a copy names is its own
            of_copy[copy] = min(path[:-1], of_copy.get(copy, path[:-1]), key=len)
    given = {path for path, named in zip(paths, own, strict=True) if named}
    found: list[Path] = []
    counts: Counter[Path] = Counter()
    for path, named, copy, last, following in zip(paths, own, copies, before, behind, strict=True):
        group = of_copy.get(copy, ()) if copy else last if last == following else ()
        if named or not group:
            found.append(path)
            continue
        kind = (*group, path[-1].rstrip("0123456789_"))
        counts[kind] += 1  # numbered within the group, so that equal blocks have equal names
        while (*group, f"{kind[-1]}{counts[kind]}") in given:
            counts[kind] += 1
        found.append((*group, f"{kind[-1]}{counts[kind]}"))
    return found


def _groups_before(paths: Sequence[Path], own: Sequence[bool]) -> list[Path]:
    """For each layer the group of the last one with a name of its own."""
    found: list[Path] = []
    group: Path = ()
    for path, named in zip(paths, own, strict=True):
        group = path[:-1] if named else group
        found.append(group)
    return found


def _split(name: str) -> Path:
    parts = [part for part in re.split(r"[./]", name) if part] or ["layer"]
    return tuple(_attribute(part, first=not i) for i, part in enumerate(parts))


def _attribute(part: str, first: bool) -> str:
    if part.isascii() and part.isdecimal() and not first:
        return part
    word = re.sub(r"\W", "_", normalize("NFKC", part))
    if not first and word in ("lambda", "in", "from", "is", "as", "not", "or", "and"):
        return f"{word}_"
    name = identifier(word) if word not in _USED or word in _MODULE else word
    return f"{name}_" if name in _MODULE or iskeyword(name) else name
