"""The document that a PyTorch network of read source becomes, and its input lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tui.core.size import Poly, same
from tui.core.size import text as size_text
from tui.core.tensor import BYTES
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.words import input_args
from tui.formats.imported import Notice
from tui.formats.python.inputs import input_of, sizes_word
from tui.formats.python.torch_modules import leaves
from tui.formats.python.torch_ties import Ties
from tui.formats.python.values import TroubleError
from tui.formats.torch.function import plain
from tui.formats.torch.tensors import Made, Stored, Tensors

MOST_LINES: Final = 20_000
_SEQUENCES: Final = frozenset((
    "LSTM", "GRU", "RNN", "MultiheadAttention", "Transformer", "TransformerEncoder", "TransformerDecoder",
    "TransformerEncoderLayer", "TransformerDecoderLayer",
))  # fmt: skip


class Inputs:
    """Where the lines go. ``note`` hears of a line of the source that is not read as it stands."""

    def __init__(self, note: Any) -> None:
        self.note = note
        self.tensors: Tensors | None = None
        self.place = ""
        self.line = 0
        self.root: Any = None
        self.values: Mapping[str, int] = {}
        """Values for the symbols of inputs that no line of the source says."""
        self.fitting = (0, 0)
        """The smallest and the largest that those could be."""
        self.first: dict[int, Any] = {}
        self.ties = Ties()
        self.matrices: dict[int, Stored] = {}
        """The matrices of layers that a function read before the layer was called."""
        self.notices: list[Notice] = []
        self.made_in: dict[str, tuple[int, str]] = {}
        """For the lines of functions the line of the source, and the module that it is read for."""
        self.pads: set[str] = set()
        """The lines that are calls of ``F.pad``."""
        self.turns_sequences = False
        """Whether the source exchanges batch and steps itself."""
        self.shapes: list[tuple[list[Any], str]] = []
        """Whole shapes of the inputs with their types, where the source says them."""
        self.input_names: list[str] = []
        """Their names, where the source says others than those of ``forward``."""

    def is_padding_of(self, pad: str, padded: str) -> bool:
        """Whether a line is padding by a function, or by the module that our writer puts in front of a layer."""
        return pad in self.pads or re.fullmatch(rf"{re.escape(padded)}_zeropad[123]d", pad) is not None

    def begin(self, batch: Any = 1) -> Tensors:
        """A new document."""
        self.tensors = Tensors(
            Draft("PyTorch", data_format="channels_first", counting="pytorch", batch=batch), self.notices.append
        )
        self.first, self.matrices, self.pads, self.made_in = {}, {}, set(), {}
        self.ties.begin()
        return self.tensors

    def writer(self) -> Tensors:
        """Where lines go; raises TroubleError where there is no network yet, or too much of one."""
        if self.tensors is None:
            raise TroubleError("a tensor outside of any network")
        if len(self.tensors.draft.lines) > MOST_LINES:
            raise TroubleError(f"more than {MOST_LINES:,} lines are not written")
        return self.tensors

    def input_for(self, name: str, layer: Any, sizes: Any) -> Any:
        """Write an input line that a layer reads; the first layer of the network where none is given."""
        w = self.writer()
        if self.shapes:
            return self.stated_input(name)
        guess = None if layer is None else input_of(layer.class_name, plain_args(layer.args))
        found = layer
        if guess is None:
            for found in leaves(self.root) if self.root is not None else ():
                if (guess := input_of(found.class_name, plain_args(found.args))) is not None:
                    break
        if sizes is not None:
            args: dict[str, Any] = {"shape": list(sizes)}
        elif guess is None:
            message = "the source does not say the shape of this input: put a line such as input 3x224x224 in its place"
            return Made(w.draft.refused(name, "input", {}, (), message))
        else:
            if guess.integers and self._steps_come_first():
                guess = guess._replace(sizes=[*guess.sizes, 1], whole=True)
            shape = [self.values.get(size_text(size), size) if isinstance(size, Poly) else size for size in guess.sizes]
            args = {"shape": shape, **({"whole": True} if guess.whole else {})}
            if guess.integers:
                args["dtype"] = "int64"
        reason = "a view below says so" if sizes is not None else f"{found.class_name} in line {found.line} reads that"
        if self.values and sizes is None:
            low, high = self.fitting
            more = f" (any from {low} to {high} would do)" if low < high else ""
            reason += f", and with these sizes the layers below fit{more}"
        made = Made(w.draft.layer(name, "input", args))
        self.notices.append(Notice("folded", made.source.name, f"the source does not say the shape of its input: "
                                   f"{sizes_word(args['shape'])} is taken, as {reason}"))  # fmt: skip
        return made

    def _steps_come_first(self) -> bool:
        """Whether the layers of sequences have the steps in front of the batch, as they do unless they are told."""
        if self.turns_sequences or self.root is None:
            return False
        return any(layer.class_name in _SEQUENCES and not _batch_first(layer.args) for layer in leaves(self.root))

    def stated_input(self, name: str) -> Any:
        """Write the next input whose shape the source says."""
        w = self.writer()
        shape, dtype = self.shapes.pop(0)
        batched = len(shape) > 1 and same(shape[0], w.draft.settings.batch) is True
        args = input_args(shape, batched)
        if dtype in BYTES and dtype != "float32":
            args["dtype"] = dtype
        return Made(w.draft.layer(name, "input", args))


def plain_args(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a constructor, tuples as lists."""
    return {name: plain(value) for name, value in args.items()}


def _batch_first(args: Mapping[str, Any]) -> bool:
    """Whether a layer, or the layer that it stacks, has the batch in front of the steps."""
    inner = args.get("encoder_layer", args.get("decoder_layer"))
    own = inner["args"] if isinstance(inner, dict) else args
    return bool(own.get("batch_first", False))
