"""Which of the networks in read Python source is the one: the one that is run, named, made last, or can be made."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from tui.core.errors import FileError
from tui.core.network import Line
from tui.core.size import symbol
from tui.formats.frameworks.excited import PYTORCH, joined_excitation
from tui.formats.frameworks.padding import ZEROS, joined_padding
from tui.formats.frameworks.renaming import renamed
from tui.formats.frameworks.states import without_unread_states
from tui.formats.imported import Imported, Notice
from tui.formats.python.inputs import fitting, others_fitting
from tui.formats.python.keras_classes import is_called, is_keras_class
from tui.formats.python.keras_models import KerasModel
from tui.formats.python.keras_world import KerasWorld
from tui.formats.python.run import Reading
from tui.formats.python.torch_modules import MODULE_BASES, is_module, parts_of
from tui.formats.python.torch_world import TorchWorld
from tui.formats.python.values import Class, Function, Instance, Scope, TooMuchError, TroubleError, Unknown, is_known
from tui.formats.python.written import is_written, named_in_notes, stated

_SHAPES: Final = ("INPUT_SHAPES", "INPUT_SHAPE", "INPUT_SIZE", "input_shape", "input_size")
_TURNS: Final = re.compile(r"permute\(1, *0\b|transpose\((0, *1|1, *0)\)|swapaxes\((0, *1|1, *0)\)|\.t\(\)")
"""Source that exchanges batch and steps."""
_ELSEWHERE: Final = re.compile(r"(torchvision\.models|timm|transformers|torch\.hub|segmentation_models\w*|"
                               r"efficientnet_pytorch|(tensorflow\.|tf\.)?keras\.applications)\b")  # fmt: skip
"""Libraries whose functions make whole networks."""
_NAMES: Final = ("model", "net", "network", "classifier", "autoencoder", "generator")
_MAKERS: Final = ("build", "create", "make", "get", "model", "net")


class Source:
    """One source on its way into lines."""

    def __init__(self, tree: ast.Module, guess: Callable[[str], Any], text: str = "") -> None:
        self.tree = tree
        self.text = text
        self.torch = TorchWorld(self._note)
        self.torch.turns_sequences = _TURNS.search(text) is not None
        self.keras = KerasWorld()
        self.reading = Reading((self.torch, self.keras), guess)
        self.torch.reading = self.keras.reading = self.reading
        self.scope = Scope({})
        self.made_up: list[Notice] = []

    def _note(self, line: int, text: str, grade: str = "refused") -> None:
        self.reading.note(line, text, grade)

    def imported(self) -> Imported | None:
        """The network; None where there is none."""
        try:
            self.reading.run_all(self.tree.body, self.scope)
        except TooMuchError as error:
            self.made_up.append(Notice("refused", f"line {error.line}", error.message))
        self.reading.steps = 0
        names = self.scope.names
        if self.torch.asked:
            return self._run(*self._most(self.torch.asked))
        for found in self._networks():
            return self._read(found)
        functions = [value for value in names.values() if isinstance(value, Function)]
        classes = self._classes([value for value in names.values() if isinstance(value, Class)])
        ready = [one for one in classes if not self._needs(one) and not self._is_used(one.name)]
        return (
            self._from_classes(ready)
            or self._from_functions([one for one in functions if not self.reading.missing(one)])
            or self._from_classes([one for one in classes if not self._needs(one)])
            or self._from_functions([one for one in functions if self.reading.missing(one)])
            or self._from_classes(classes)
        )

    def made_elsewhere(self) -> str:
        """The function of a library that makes the network; empty where none does."""
        texts = [value.text for value in self.scope.names.values() if isinstance(value, Unknown)]
        return next((text.removesuffix("(...)") for text in texts if _ELSEWHERE.match(text)), "")

    def _read(self, found: Any) -> Imported:
        return self._traced(found, []) if is_module(found) else self._keras(found)

    def _run(self, root: Any, shapes: list[tuple[list[Any], str]]) -> Imported:
        """The network that the source calls at its end; of a file of our own with the names and symbols of its head."""
        said = stated(self.tree, root.of.name, shapes) if isinstance(root, Instance) else None
        if said is None:
            return self._traced(root, shapes)
        if said.symbols:
            args = {name: symbol(name) for name in sorted(said.symbols)}
            made = self._attempt(lambda: self.reading.made(root.of, [], args, root.of.line))
            root = made if isinstance(made, Instance) else root
        self.torch.input_names = said.names
        return self._traced(root, said.shapes)

    def _most(self, asked: Sequence[tuple[Any, list[Any]]]) -> tuple[Any, list[Any]]:
        """Of several networks that a script calls, the one with the most parts; of equals the last."""
        found: tuple[Any, list[Any]] = max(reversed(asked), key=lambda pair: _parts(pair[0]))
        return found

    def _networks(self) -> list[Any]:
        """The networks that names of the source hold, the likeliest first."""
        held = {name: value for name, value in self.scope.names.items() if _is_network(value)}
        for name in _NAMES:
            if name in held:
                return [held[name]]
        whole = [value for value in held.values() if not isinstance(value, KerasModel) or value.is_outermost(held)]
        if not whole and _is_network(self.reading.last):
            return [self.reading.last]
        return [max(reversed(whole), key=_parts)] if whole else []

    def _classes(self, classes: Sequence[Class]) -> list[Class]:
        """The classes that may be the network, the likeliest first: those that no other class uses, of these the
        last, and one that is called ``Net`` before it."""
        modules = [one for one in classes if _is_network_class(one)]
        used = {name for one in modules for name in self._mentions(one.name) if name != one.name}
        best = [one for one in modules if one.name not in used] or modules
        return sorted(best, key=lambda one: (one.name.lower() in ("net", "model"), one.line), reverse=True)

    def _mentions(self, name: str) -> set[str]:
        """The names in the body of a class or a function of the source."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
                return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return set()

    def _is_used(self, name: str) -> bool:
        """Whether a function of the source makes objects of a class."""
        return any(name in self._mentions(node.name) for node in self.tree.body if isinstance(node, ast.FunctionDef))

    def _needs(self, one: Class) -> bool:
        """Whether an object of a class needs arguments that no line gives."""
        init = one.find("__init__")
        return isinstance(init, Function) and bool(self.reading.missing(init))

    def _from_classes(self, classes: Sequence[Class]) -> Imported | None:
        for one in classes:
            before = len(self.made_up)
            init = one.find("__init__")
            args = self._invented(init) if isinstance(init, Function) else {}
            made = self._attempt(lambda one=one, args=args: self.reading.made(one, [], args, one.line))
            if isinstance(made, Instance):
                return self._read(made)
            del self.made_up[before:]
        return None

    def _from_functions(self, functions: Sequence[Function]) -> Imported | None:
        ordered = sorted(functions, key=lambda f: not any(word in f.name.lower() for word in _MAKERS))
        for one in ordered:
            before = len(self.made_up)
            args = self._invented(one)
            self.torch.asked.clear()
            found = self._attempt(lambda one=one, args=args: self.reading.run(one, [], args, 0))
            if self.torch.asked:
                return self._traced(*self._most(self.torch.asked))
            if _is_network(found):
                return self._read(found)
            del self.made_up[before:]
        return None

    def _attempt(self, make: Any) -> Any:
        try:
            return make()
        except (TroubleError, TooMuchError) as error:
            self.made_up.append(Notice("refused", f"line {error.line}", error.message))
            return None

    def _invented(self, function: Function) -> dict[str, Any]:
        """Arguments that no line gives: symbols of their names, and for the shape of an input H x W x 3."""
        made: dict[str, Any] = {}
        for name in self.reading.missing(function):
            config = self._configuration(name)
            if config is not None:
                made[name] = config
                continue
            if "shape" in name or name in ("input_size", "image_size"):
                made[name] = (None, None, 3)
                said = "(None, None, 3) is taken"
            else:
                made[name] = symbol(name)
                said = "it stays a symbol"
            self.made_up.append(Notice("folded", f"{function.name}()", f"no line gives {name}: {said}"))
        return made

    def _configuration(self, name: str) -> Instance | None:
        """The defaults of the dataclass that holds a network's settings, for an argument that is called so."""
        if name not in ("config", "cfg", "args", "conf", "hparams", "params"):
            return None
        classes = [value for value in self.scope.names.values() if isinstance(value, Class) and value.fields]
        for one in classes:
            made = self._attempt(lambda one=one: self.reading.made(one, [], {}, one.line))
            if isinstance(made, Instance):
                self.made_up.append(Notice("folded", name, f"no line gives it: the defaults of {one.name} are taken"))
                return made
        return None

    def _traced(self, root: Any, shapes: list[tuple[list[Any], str]]) -> Imported:
        shapes = shapes or self._stated()
        before = dict(self.reading.notices)
        self._trace(root, shapes, {})
        tensors = self.torch.tensors
        assert tensors is not None
        if not shapes and tensors.unknown_sizes and (values := fitting(tensors.unknown_sizes)):
            self.torch.fitting = others_fitting(tensors.unknown_sizes, values)
            self.reading.notices, self.reading.steps = before, 0
            self._trace(root, shapes, values)
        tensors = self.torch.tensors
        assert tensors is not None
        report = [*self.made_up, *self.torch.notices, *self.reading.notices.values()]
        lines = joined_padding(tensors.draft, self.torch.is_padding_of, ZEROS)
        if self.torch.given_back is not None:
            lines = without_unread_states(lines, self.torch.given_back)
        if is_written(self.tree):
            lines = self._by_notes(joined_excitation(tensors.draft, lines, PYTORCH))
        return Imported(lines, tuple(dict.fromkeys(report)))

    def _by_notes(self, lines: list[Line]) -> list[Line]:
        """The lines with the names that stand in the notes of a file of our own."""
        held = {line.name for line in lines}
        names = named_in_notes(self.tree, self.text, self.torch.made_in)
        free = {old: new for old, new in names.items() if old in held and new not in held}
        return [renamed(line, free) for line in lines]

    def _trace(self, root: Any, shapes: list[tuple[list[Any], str]], values: dict[str, int]) -> None:
        try:
            self.torch.trace(root, shapes, values)
        except (TroubleError, TooMuchError) as error:
            self.torch.notices.append(Notice("refused", f"line {error.line or self.torch.line}", error.message))

    def _stated(self) -> list[tuple[list[Any], str]]:
        """The whole shapes of inputs that the source writes down under a usual name."""
        types = self.scope.names.get("INPUT_DTYPES")
        for name in _SHAPES:
            value = self.scope.names.get(name)
            if not isinstance(value, list | tuple) or not value or not is_known(value):
                continue
            shapes = [list(one) for one in value] if isinstance(value[0], list | tuple) else [list(value)]
            if not all(isinstance(size, int) and 0 < size < 2**31 for shape in shapes for size in shape):
                continue
            if name != "INPUT_SHAPES" and all(len(shape) == 3 for shape in shapes):
                shapes = [[1, *shape] for shape in shapes]
            words = list(types) if isinstance(types, list | tuple) else []
            words += [""] * (len(shapes) - len(words))
            return list(zip(shapes, map(str, words), strict=False))
        return []

    def _keras(self, found: Any) -> Imported:
        try:
            made = self.keras.imported(found)
        except (TroubleError, TooMuchError) as error:
            raise FileError(f"line {error.line}: {error.message}; with that the network cannot be read") from None
        return made._replace(notices=(*self.made_up, *made.notices, *self.reading.notices.values()))


def _is_network(value: Any) -> bool:
    return is_module(value) or isinstance(value, KerasModel) or (isinstance(value, Instance) and is_called(value))


def _is_network_class(one: Class) -> bool:
    return is_keras_class(one) or any(path.rpartition(".")[2] in MODULE_BASES for path in one.libraries())


def _parts(module: Any) -> int:
    if isinstance(module, KerasModel):
        return len(module.inside())
    if not is_module(module):
        return 1
    return 1 + sum(_parts(part) for _, part in parts_of(module))
