"""Text that is pasted into the list: our own lines, constructor lines, printed models, source, JSON.

Each becomes lines; what is not understood stays as it is, a marked line, so that nothing pasted is lost.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from tui.core.errors import FileError, ParseError
from tui.core.network import Line
from tui.core.settings import Settings
from tui.formats.document import parse_document
from tui.formats.frameworks.words import FrameworkError, spec_of, translated
from tui.formats.imported import Imported, Notice
from tui.formats.keras.signatures import SIGNATURES as KERAS
from tui.formats.line import MAX_LINE, parse_line, with_args
from tui.formats.python.constructors import arguments, callee, expression, named
from tui.formats.torch.signatures import SIGNATURES as TORCH
from tui.layers import kind_named

MAX_PASTE: Final = 2 * 2**20
"""The most characters that are looked at as anything but lines."""
_CALL: Final = re.compile(
    r"^\s*(?:[(\[]+\s*['\"][\w.-]+['\"]\s*,\s*|[\w.\[\]]*\s*(?:\+?=)\s*\[?\s*)?[A-Za-z_][\w.]*\(.*"
)
_PRINTED: Final = re.compile(r"^(\s*)\(([\w.-]+)\): ([A-Za-z_]\w*)\((.*)$")
_SOURCE: Final = re.compile(r"^\s*(import |from \w[\w.]* import |class \w+|def \w+\(|@)", re.MULTILINE)
_MODEL: Final = re.compile(r"(Sequential\(|\.add\(|Model\(|Input\()")
_NOISE: Final = re.compile(
    r"^[\s\])},(]*$|^(\w+\s*=\s*)?((keras\.|nn\.|tf\.keras\.|models\.)*Sequential|ModuleList)\(\[?\(?$"
)
_INPUT_SHAPE: Final = re.compile(r"(?:\bbatch_)?\binput_(?:shape|dim)\s*=\s*\(?([\w\s,]+?)\s*\)?[,)]")
_INPUT: Final = re.compile(
    r"^(?:keras\.|layers\.|tf\.keras\.)*(?:Input|InputLayer)\((?:shape\s*=\s*|input_shape\s*=\s*)?\(([\w\s,]+)\).*"
)
_OF_INPUTS: Final = frozenset(("input_shape", "batch_input_shape", "batch_shape", "input_dim", "input_length", "name"))
_NAME: Final = re.compile(r"[^\w./-]+")


def pasted(text: str) -> Imported:
    """The lines of a pasted text, with a report of what was not understood. Never raises."""
    return foreign(text) or Imported(parse_document(text.replace("\r\n", "\n").strip("\r\n")))


def foreign(text: str) -> Imported | None:
    """The lines of a pasted text of another program; None where it is our own text, or any other. Never raises."""
    if len(text) > MAX_PASTE:
        return None
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    for read in (_json, _printed, _source, _constructors):
        found = read(plain)
        if found is not None and found.lines:
            return found
    return None


def for_list(found: Imported, empty: bool, settings: Settings | None = None) -> Imported:
    """What goes into a list: the settings of another network stay out of one that has layers, with a notice.

    Where ``settings``, those of the list, make other numbers of the lines, the notice says that they differ.
    """
    if empty:
        return found
    kept = [line for line in found.lines if line.setting is None]
    gone = [line for line in found.lines if line.setting is not None]
    while kept and not kept[0].text:
        del kept[0]
    notices = [Notice("dropped", line.code, "the list has settings of its own") for line in gone]
    own = {name: value for line in gone for name, value in line.setting or ()}
    if settings is not None:
        if own.get("data_format", settings.data_format) != settings.data_format:
            text = f"the list is {settings.data_format}: turn the shapes round, or set data_format"
            notices.insert(0, Notice("differs", str(own["data_format"]), text))
        bias = bool(own.get("bias", True))
        if bias != settings.bias:
            kept = [_with_bias(line, bias) for line in kept]
    return Imported(kept, (*found.notices, *notices))


def _with_bias(line: Line, bias: bool) -> Line:
    """The line with its bias written out: the list it goes into has another default."""
    if line.spec is None:
        return line
    unsaid = [arg.name for arg in line.spec.kind.args if arg.setting == "bias" and arg.name not in line.spec.args]
    return parse_line(with_args(line, dict.fromkeys(unsaid, bias))) if unsaid else line


def summary(found: Imported) -> str:
    """What a paste came to, in one line."""
    layers = sum(line.spec is not None for line in found.lines)
    marked = [one for one in found.notices if one.grade in ("refused", "opaque", "differs")]
    said = f"pasted {layers} layer{'' if layers == 1 else 's'}"
    if not marked:
        return f"{said}   (u undoes)"
    if len(marked) == 1:
        return f"{said}; {marked[0].place}: {marked[0].text}"
    return f"{said}; {len(marked)} parts were not read as they stand"


def _json(text: str) -> Imported | None:
    """A Keras model as JSON."""
    if not text.lstrip().startswith(("{", '"{')):
        return None
    from tui.formats.keras.json import read_json

    try:
        json.loads(text)
        return read_json(text.encode(), "the pasted text")
    except (ValueError, RecursionError, FileError):
        return None


def _source(text: str) -> Imported | None:
    """Python source of a whole network."""
    if not (_SOURCE.search(text) or _MODEL.search(text)):
        return None
    from tui.formats.python.source import read_text

    for source in (text, _dedented(text)):
        try:
            return read_text(source, "the pasted text")
        except FileError:
            continue
    return None


def _dedented(text: str) -> str:
    from textwrap import dedent

    return dedent(text)


def _printed(text: str) -> Imported | None:
    """What PyTorch prints of a module: ``(0): Conv2d(3, 64, kernel_size=(3, 3))`` with its parts indented."""
    rows = text.split("\n")
    if not any(_PRINTED.match(row) for row in rows):
        return None
    lines: list[Line] = []
    notices: list[Notice] = []
    above: list[tuple[int, str]] = []
    for row in rows:
        found = _PRINTED.match(row)
        if found is None:
            if row.strip(" )") and not re.match(r"^[A-Za-z_]\w*\($", row.strip()):
                before = len(notices)
                alone = _constructor(row, "", notices, True)
                lines.append(_marked(row, notices, before) if alone is None else alone)
            continue
        indent, name, class_name, rest = len(found[1]), found[2], found[3], found[4]
        while above and above[-1][0] >= indent:
            above.pop()
        path = ".".join([*(part for _, part in above), name])
        if not rest.strip() or rest.strip().endswith("("):  # its parts follow
            above.append((indent, name))
            continue
        before = len(notices)
        made = _constructor(f"{class_name}({rest}", path, notices, True)
        lines.append(_marked(row, notices, before) if made is None else made)
    return Imported(lines, tuple(notices))


def _constructors(text: str) -> Imported | None:
    """Lines that make layers, one each, as they stand in a list or in ``__init__``."""
    rows = _joined(text.split("\n"))
    torch, known = "nn." in text, 0
    if not any(_is_constructor(row) for row in rows):
        return None
    lines: list[Line] = []
    notices: list[Notice] = []
    for row in rows:
        if _NOISE.match(row):
            continue
        if not _is_constructor(row):
            own = parse_line(row)
            lines.append(own if own.error is None else _marked(row, notices, len(notices)))
            continue
        before = len(notices)
        made = _constructor(row, "", notices, torch)
        if made is not None and (given := _INPUT_SHAPE.search(row)) is not None:
            lines.append(parse_line("input " + _sizes(given)))
        known += made is not None
        lines.append(_marked(row, notices, before) if made is None else made)
    return Imported(lines, tuple(notices)) if known else None


def _sizes(given: re.Match[str]) -> str:
    """The sizes of an ``input_shape`` as an input line has them; None is a symbol."""
    words = [word.strip() for word in given[1].split(",") if word.strip()]
    words = words[1:] if given[0].startswith("batch") else words
    return "x".join(f"n{i}" if word == "None" else word for i, word in enumerate(words))


def _joined(rows: Sequence[str]) -> list[str]:
    """Rows with those that go on below until their parentheses close."""
    made: list[str] = []
    depth = 0
    for row in rows:
        opens = row.count("(") - row.count(")")
        if depth > 0 and made and len(made[-1]) < MAX_LINE:
            made[-1] = f"{made[-1]} {row.strip()}"
        else:
            made.append(row)
            depth = 0
        depth = max(depth + opens, 0) if not _NOISE.match(made[-1]) else 0
    return made


def _is_constructor(row: str) -> bool:
    """Whether a row calls something by a name, as ``nn.ReLU(),`` or ``self.c = Conv2d(3, 8, 3)``."""
    return bool(_CALL.match(row)) and not row.lstrip().startswith(("#", "print("))


def _constructor(row: str, name: str, notices: list[Notice], torch: bool = False) -> Line | None:
    """The line of one constructor; None where it is none that is known.

    ``torch`` says whose it is where both frameworks have the class.
    """
    code = row.strip()
    if not name:
        name, code = named(code)
    if (given := _INPUT.match(code)) is not None:
        made = parse_line("input " + _sizes(given))
        return made if made.error is None else None
    tree = expression(code)
    if not isinstance(tree, ast.Call):
        return None
    outer = callee(tree)
    if outer == "add" and len(tree.args) == 1 and isinstance(tree.args[0], ast.Call):
        tree = tree.args[0]  # model.add(layer)
    if isinstance(tree.func, ast.Call):
        tree = tree.func  # layer(...)(x)
    class_name = callee(tree)
    is_torch = class_name in TORCH and (
        class_name not in KERAS or torch or "nn." in code or _is_torch(tree, class_name)
    )
    found = arguments(tree, (TORCH if is_torch else KERAS).get(class_name, ()))
    if found is None:
        return None
    try:
        return _written(class_name, found, name, is_torch, notices)
    except FrameworkError as error:
        notices.append(Notice("refused", row.strip()[:60], error.message))
        return None
    except ParseError:
        return None


def _is_torch(tree: ast.Call, class_name: str) -> bool:
    """Whether the arguments of a class that both frameworks have are PyTorch's."""
    words = {word.arg for word in tree.keywords}
    return bool(words - {*KERAS[class_name]}) and words <= {*TORCH[class_name]}


def _written(class_name: str, given: dict[str, Any], name: str, is_torch: bool, notices: list[Notice]) -> Line:
    if is_torch:
        from tui.formats.torch.code import layer_line

        code = layer_line(class_name, given)
    else:
        from tui.formats.keras.wrappers import unwrapped

        own = {key: value for key, value in given.items() if key not in _OF_INPUTS or class_name == "Embedding"}
        if class_name in KERAS:
            inner = translated(unwrapped, class_name, class_name, own)
            code = spec_of(inner.class_name, inner.args).code
        else:
            if kind_named(class_name) is None:
                raise FrameworkError(f"no layer is called {class_name}")
            code = spec_of(class_name, own).code
    bare = _NAME.sub("_", name).strip("_.")
    bare = f"layer{bare}" if bare.isdecimal() else bare
    return parse_line(f"{bare}: {code}" if bare else code)


def _marked(row: str, notices: list[Notice], before: int) -> Line:
    """A row that is not understood, as it is; what was said of it since there were ``before`` notices is the reason."""
    reason = notices[before].text if len(notices) > before else "not understood"
    notices[before:] = [Notice("refused", row.strip()[:60], f"{reason}; it stays as it was pasted")]
    return parse_line(row[:MAX_LINE])
