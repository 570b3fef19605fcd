"""Calls of PyTorch modules outside of the network: a script runs it or wants a summary, a constructor asks a size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.core.size import Poly
from tui.formats.python.tensors import TensorValue
from tui.formats.python.torch_modules import is_module
from tui.formats.python.torch_trace import Tracing
from tui.formats.python.values import Unknown
from tui.formats.torch.tensors import Made, Stored

if TYPE_CHECKING:
    from tui.formats.python.run import Reading

_OF_ONE_READING: Final = frozenset((
    "tensors", "root", "place", "first", "matrices", "pads", "made_in", "notices", "line", "shapes",
))  # fmt: skip
"""What belongs to one reading of a network; a constructor that asks for a size reads a part of it before."""


class Outside(Tracing):
    """Reads such calls."""

    reading: Reading

    def outside(self, module: Any, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """A call outside of the network: a constructor asks for a size, or a script runs its network."""
        return self._probed(module, args, line) if self.reading.making else self._from_script(module, args, named, line)

    def _probed(self, module: Any, args: list[Any], line: int) -> Any:
        """What a part of the network gives for tensors of a known shape: a tensor of which only the shape counts."""
        given = [one.operand for one in args if isinstance(one, TensorValue)]
        if not given or not all(isinstance(one, Stored) and _are_sizes(one.shape) for one in given):
            return Unknown("what a part of the network gives", line)
        kept = {name: value for name, value in self.__dict__.items() if name in _OF_ONE_READING}
        try:
            self.notices = []
            tensors = self.begin(given[0].shape[0] if given[0].shape else 1)
            self.root = module
            inputs = [tensors.draft.layer("x", "input", {"shape": list(one.shape), "whole": True}) for one in given]
            made = self.call_module(module, [TensorValue(self, Made(one)) for one in inputs], line)
            return self._shaped_like(made, line)
        finally:
            self.__dict__.update(kept)

    def _shaped_like(self, made: Any, line: int) -> Any:
        if isinstance(made, list | tuple):
            return tuple(self._shaped_like(one, line) for one in made)
        shape = made.shape() if isinstance(made, TensorValue) else None
        if not isinstance(shape, tuple):
            return Unknown("what a part of the network gives", line)
        return TensorValue(self, Stored("probe", shape))

    def _from_script(self, module: Any, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """A script calls its network: the tensors that it gives say the shapes of the inputs."""
        operands = [one.operand if isinstance(one, TensorValue) else one for one in (*args, *named.values())]
        if not operands or not all(isinstance(one, Stored) for one in operands if one is not None):
            return Unknown("what a network gives", line)
        shapes = [(list(one.shape), one.dtype) for one in operands if isinstance(one, Stored)]
        if all(_are_sizes(shape) for shape, _ in shapes):
            self.asked.append((module, shapes))
        return Unknown("what a network gives", line)

    @property
    def asked(self) -> list[tuple[Any, list[Any]]]:
        """The networks that the script calls, with the shapes of what it gives them."""
        found: list[tuple[Any, list[Any]]] = self.__dict__.setdefault("_asked", [])
        return found

    def summary(self, path: str, args: list[Any], named: dict[str, Any]) -> Any:
        module = args[0] if args else named.get("model")
        size = args[1] if len(args) > 1 else named.get("input_size")
        if is_module(module) and isinstance(size, list | tuple) and size:
            shapes = [list(one) for one in size] if all(isinstance(one, list | tuple) for one in size) else [list(size)]
            if not all(map(_are_sizes, shapes)):
                return Unknown("a summary")
            if path == "torchsummary.summary":  # it adds the batch itself
                shapes = [[1, *shape] for shape in shapes]
            self.asked.append((module, [(shape, "") for shape in shapes]))
        return Unknown("a summary")


def _are_sizes(shape: Any) -> bool:
    """Whether all of a shape are sizes; a source may call anything a shape."""
    return all(isinstance(size, int | Poly) and not isinstance(size, bool) for size in shape)
