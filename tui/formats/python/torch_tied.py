"""Functions of read PyTorch source that read the weights of a layer, and layers whose weights a function had first."""

from __future__ import annotations

from typing import Any

from tui.formats.imported import Notice
from tui.formats.python.tensors import TensorValue
from tui.formats.python.torch_inputs import Inputs
from tui.formats.python.torch_modules import Layer
from tui.formats.python.torch_ties import matrix
from tui.formats.python.torch_weights import Weights
from tui.formats.python.values import Unknown
from tui.formats.torch.table import SOURCE
from tui.formats.torch.tensors import Made, Stored
from tui.formats.torch.weighted import layer as with_weights


class Tied(Inputs):
    """Writes the lines of what shares weights."""

    def operand(self, value: Any) -> Any:
        """What a value is for the writers of lines."""
        raise NotImplementedError

    def named(self, name: str) -> str:
        """The name of a line at this place."""
        raise NotImplementedError

    def differs(self, layer: Layer, text: str) -> None:
        """Report what its line does not say as the layer has it."""
        self.notices.append(Notice("differs", f"{layer.path or layer.class_name} (line {layer.line})", text))

    def tied(self, layer: Layer, name: str, other: Weights) -> None:
        """Hear that a parameter of a layer is that of another one."""
        if isinstance(other.module, Layer):
            self.ties.tie(layer, name, other.module, other.name)

    def said_of_ties(self, layer: Layer) -> dict[str, Any]:
        """The argument that says which weights of a layer are another's."""
        try:
            word = self.ties.argument(layer)
        except LookupError:
            self.differs(layer, "it shares weights that have no name of their own here: they count at each layer")
            return {}
        return {"tied": word} if word else {}

    def stored_weight(self, weights: Weights) -> Any:
        """The weights of a layer as a tensor of their own: a function reads them before the layer is called."""
        module = weights.module
        if weights.name == "bias":
            size = module.args.get("out_features", module.args.get("out_channels"))
            known = size is not None
            return Stored(f"{module.path}.bias", (size,), "parameter") if known else Unknown("the bias of a module")
        found = matrix(module)
        if weights.name != "weight" or found is None:
            return Unknown("the weights of a module")
        found = self.matrices.setdefault(id(module), found)
        if not weights.turned:
            return found
        rows, columns = found.shape
        return Stored(found.name, (columns, rows), "parameter", source=found.source, turned=True)

    def dense_of(self, name: str, args: list[Any], named: dict[str, Any]) -> Any:
        """``F.linear(x, layer.weight)`` and ``x @ layer.weight.t()`` as dense layers with tied weights.

        None where the function is another one, or no line has the weights yet.
        """
        given = dict(zip(("input", "weight", "bias"), args, strict=False)) | named
        x, weight, bias = given.get("input"), given.get("weight", given.get("other")), given.get("bias")
        if name not in ("linear", "matmul", "mm") or not isinstance(x, TensorValue) or not isinstance(weight, Weights):
            return None
        line = self.ties.line_of(weight.module, weight.name)
        turned = weight.turned if name == "linear" else not weight.turned
        shape = None if weight.name != "weight" else matrix(weight.module, turned)
        if line is None or shape is None:
            return None
        units, width = shape.shape
        ties = [f"kernel@{line}"]
        if isinstance(bias, Weights):
            other = self.ties.line_of(bias.module, bias.name)
            if other is None:
                return None
            ties.append(f"bias@{other}")
        own = [bias.operand] if isinstance(bias, TensorValue) else []
        path, _, last = own[0].name.rpartition(".") if own and isinstance(own[0], Stored) else ("", "", "")
        name = path if path and last == "bias" else self.named(name)  # the layer that has the bias is this one
        args_of_line = {"units": units, "in_features": width, "bias": bias is not None, "tied": ",".join(ties)}
        return with_weights(self.writer(), name, "dense", args_of_line, [x.operand], own)

    def product(self, layer: Layer, name: str, operand: Any) -> list[Made]:
        """A layer whose matrix a function has read before it: the product that it is."""
        stored = self.matrices[id(layer)]
        if layer.class_name == "Embedding":
            return [self.writer().emit(name, "gather", {"axis": 0}, [stored, operand])]
        bias = None
        if layer.args.get("bias", True) is not False:
            trained = not layer.parameters.frozen
            bias = Stored(f"{name}.bias", (layer.args["out_features"],), "parameter", trainable=trained)
        return [SOURCE["linear"].write(self.writer(), name, {"input": operand, "weight": stored, "bias": bias})]
