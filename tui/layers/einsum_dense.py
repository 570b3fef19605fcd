"""Linear layers that are written as an Einstein sum of the input and a kernel."""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.argument import Arg, Dims, ValueType
from tui.core.einsum import EquationText, Sizes, letter_sizes, parse_equation
from tui.core.errors import ParseError, ShapeError
from tui.core.functions import ACTIVATION, activation_work
from tui.core.kind import POINTWISE, Kind, Reach, Work
from tui.core.lora import LORA, factored, lora_macs
from tui.core.size import Size, same, text
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.working import plain


@dataclass(eq=False, repr=False)
class Letters(ValueType):
    """Letters of an equation."""

    expected: str = "letters of the output, such as de"

    def parse(self, word: str) -> str:
        if not word.isalpha():
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return word


class EinsumDense(Kind):
    name = "einsumdense"
    summary = "Fully connected along the axes that an equation names."
    example = "einsumdense abc,cde->abde 4x8x8 bias_axes=de"
    args = (
        Arg("equation", EquationText(), help="input,kernel->output", slot=0),
        Arg(
            "output_shape",
            Dims(-1),
            help="the output without its batch and the axes of an ellipsis; -1 where the input gives the size",
            slot=1,
        ),
        Arg("bias_axes", Letters(), None, "the letters of the output that the bias has"),
        ACTIVATION,
        LORA,
    )
    equation: str
    output_shape: Shape
    bias_axes: str | None
    activation: str
    lora_rank: Size | None

    def _terms(self) -> tuple[str, str, str]:
        equation = parse_equation(self.equation)
        if len(equation.operands) != 2:
            raise ShapeError(f"einsumdense needs the equation of an input and a kernel, not {self.equation}")
        return (*equation.operands, equation.output)

    def _sizes(self, inputs: Tensors) -> Sizes:
        """The sizes of all letters: from the input, and from ``output_shape`` for those that only the kernel has."""
        read, kernel, out = self._terms()
        sizes = letter_sizes(self.name, (read,), (inputs[0].shape,))
        letters = dict(sizes.letters)
        named = out[1:].replace(".", "")  # what stands first, a letter or the ellipsis, holds the batch
        if len(self.output_shape) != len(named):
            raise ShapeError(
                f"output_shape must give the sizes of {', '.join(named)}; it gives {len(self.output_shape)}"
            )
        for letter, size in zip(named, self.output_shape, strict=True):
            if same(size, -1):
                continue
            known = letters.setdefault(letter, size)
            if same(known, size) is False:
                raise ShapeError(
                    f"output_shape gives {letter!r} the size {text(plain(size))}, the input {text(plain(known))}"
                )
        for letter in kernel:
            if letter not in letters:
                raise ShapeError(f"the size of {letter!r} in the kernel is neither in the input nor in output_shape")
        return Sizes(letters, sizes.ellipsis)

    def output(self, inputs: Tensors) -> Tensors:
        """The output as the equation orders its letters (keras.layers.EinsumDense)."""
        (x,) = inputs
        out = self._terms()[2]
        for letter in self.bias_axes or "":
            if letter not in out:
                raise ShapeError(f"bias_axes names {letter!r}, the output has {out.replace('.', '...')}")
        return (Tensor(self._sizes(inputs).of(out), x.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """The kernel, and a bias of 1 on the axes between those that ``bias_axes`` names."""
        _, kernel, out = self._terms()
        sizes = self._sizes(inputs)
        weights = factored(Weight("kernel", sizes.of(kernel)), self.lora_rank)
        if not self.bias_axes:
            return weights
        first = min(out.find(letter) for letter in self.bias_axes)
        shape: list[Size] = []
        for letter in out[first:]:
            shape.extend((1,) * len(sizes.ellipsis) if letter == "." else sizes.of(letter * (letter in self.bias_axes)))
            if letter not in self.bias_axes and letter != ".":
                shape.append(1)
        return (*weights, Weight("bias", tuple(shape)))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """The product of the sizes of all letters: every weight meets every input that it is summed with.

        Element-wise: for each output element one addition of the bias and one operation of the activation.
        """
        macs = self._sizes(inputs).everything() + lora_macs(self.weights(inputs))
        added = outputs[0].elements if self.bias_axes else 0
        return Work(macs, added + activation_work(self.activation, outputs[0]))

    def reach(self, inputs: Tensors) -> Reach:
        """The unit's own position where only the last axis of the input is summed over, else the whole input."""
        read, _, out = self._terms()
        summed = [i for i, letter in enumerate(read) if letter not in out]
        mixes_channels = self.channels_last and len(inputs[0].shape) > 2 and summed in ([], [len(read) - 1])
        return POINTWISE if mixes_channels else None
