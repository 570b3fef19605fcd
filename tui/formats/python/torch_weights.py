"""The parameters of PyTorch's layers in read source: what they are called, and which of them are not trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tui.formats.python.values import MISSING, Unknown

_NO_BIAS: Final = frozenset(("Embedding", "EmbeddingBag", "PReLU", "RMSNorm"))
_RECURRENT: Final = frozenset(("LSTM", "GRU", "RNN"))


def parameter_names(class_name: str, args: Mapping[str, Any]) -> list[str]:
    """The names of a layer's parameters as ``named_parameters`` gives them."""
    bias = args.get("bias", True) is not False and class_name not in _NO_BIAS
    kinds = ["weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if bias else ())]
    if class_name.removesuffix("Cell") in _RECURRENT:
        if class_name.endswith("Cell"):
            return kinds
        kinds += ["weight_hr"] if args.get("proj_size") else []
        layers = args.get("num_layers", 1)
        ends = [f"_l{i}{way}" for i in range(layers if isinstance(layers, int) and 0 < layers < 100 else 1)
                for way in ("", "_reverse")[: 2 if args.get("bidirectional") is True else 1]]  # fmt: skip
        return [f"{kind}{end}" for end in ends for kind in kinds]
    if class_name == "MultiheadAttention":
        return ["in_proj_weight", "in_proj_bias"] if bias else ["in_proj_weight"]
    return ["weight", "bias"] if bias else ["weight"]


class Weights:
    """One parameter of a layer."""

    def __init__(self, module: Any, name: str, turned: bool = False) -> None:
        self.module = module
        self.name = name
        self.turned = turned
        """Whether the axes of a matrix are exchanged."""

    def attribute(self, name: str) -> Any:
        if name in ("T", "mT"):
            return self._exchanged()
        return self if name == "data" else MISSING

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name == "__setattr__" and args[0] == "requires_grad":
            self.module.parameters.train(self.name, bool(args[1]))
            return None
        if name == "requires_grad_":
            self.module.parameters.train(self.name, not args or bool(args[0]))
            return self
        if name == "t" or (name == "transpose" and sorted(args) in ([0, 1], [-2, -1])):
            return self._exchanged()
        if name.endswith("_") and not name.startswith("_"):
            self.filled(0 if name == "zero_" else args[0] if name == "fill_" and args else None)
            return self
        return Unknown(f".{name}()", line)

    def _exchanged(self) -> Weights:
        return Weights(self.module, self.name, not self.turned)

    def filled(self, number: Any) -> None:
        """Hear that all its elements are set to one number; None where they are not."""
        known = isinstance(number, int | float)
        (self.module.parameters.zeros.add if known and number == 0 else self.module.parameters.zeros.discard)(self.name)


class Parameters:
    """What is known of the parameters of one layer: those that are not trained, and those that are zeros."""

    def __init__(self, names: Sequence[str], fixed: set[str] | None = None, zeros: set[str] | None = None) -> None:
        self.names = list(names)
        self.fixed = set(fixed or ())
        self.zeros = set(zeros or ())

    def train(self, name: str, trained: bool) -> None:
        """Say whether one of them is trained."""
        (self.fixed.discard if trained else self.fixed.add)(name)

    def copied(self) -> Parameters:
        """The same for a copy of the layer."""
        return Parameters(self.names, self.fixed, self.zeros)

    @property
    def one_bias(self) -> bool:
        """Whether the second bias vector of each gate is 0 and stays it: then the gate has but one, as in Keras."""
        second = {name for name in self.names if name.startswith("bias_hh")}
        return bool(second) and second <= self.fixed & self.zeros

    @property
    def frozen(self) -> bool:
        """Whether the layer is not trained: its matrices are not."""
        matrices = {name for name in self.names if "weight" in name}
        return matrices <= self.fixed

    def odd(self) -> Iterator[str]:
        """Those that are trained, or not, otherwise than the layer as a whole."""
        alike = self.frozen
        for name in self.names:
            explained = name.startswith("bias_hh") and self.one_bias
            if (name in self.fixed) != alike and not explained:
                yield name
