"""The layers of Keras as lines: one line, or several where one does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.core.network import Source
from tui.core.size import Poly, Size, symbol
from tui.formats.frameworks.words import FrameworkError, is_whole, shown, translated
from tui.formats.keras.checks import check_axes, check_weights
from tui.formats.keras.config import data_format_of
from tui.formats.keras.draft import KerasDraft, word_of
from tui.formats.keras.narrowed import layer_scale
from tui.formats.keras.rewrites import spatial_axes
from tui.formats.keras.rules import dtype_args, needed_axes, rule_of
from tui.formats.keras.wrappers import CELLS, Inner, unwrapped

LARGEST: Final = 10**40
"""Sizes are read up to here; the products of larger ones are too long to write."""
_PER_LINE: Final = 50
"""So many values in a file are as much work as a line."""


class LayerLines:
    """Writes the calls of Keras's own layers; the first call of each has the weights."""

    def __init__(self, draft: KerasDraft) -> None:
        self.draft = draft
        self.owners: dict[int, Source] = {}
        """The line with the weights of each layer, by the layer's place in memory: names may be there twice."""
        self._inners: dict[int, Inner] = {}

    def call(
        self, layer: int, name: str, class_name: str, config: Mapping[str, Any], rest: Mapping[str, Any],
        sources: list[Source], frozen: bool,
    ) -> list[Source]:  # fmt: skip
        """Write one call of a layer; gives its outputs as far as they are asked for by number.

        ``rest`` are the arguments of the call that are no tensors.
        """
        owner = self.owners.get(layer)
        try:
            inner = self._inner(layer, class_name, config, rest, frozen)
            check_axes(inner, self.draft.shapes(sources[:1]))
        except FrameworkError as objection:
            return [self.draft.refused(self._name(name, owner), class_name, {}, sources, objection.message)]
        inner = self._scaling(inner, sources)
        for grade, text in inner.notes:
            if owner is None:
                self.draft.note(grade, name, text)
        order = rule_of(inner.class_name).order
        if order:
            sources = [sources[i] for i in order if i < len(sources)]
        own = self._name(name, owner)
        for line in inner.before:
            sources = [self.draft.layer(f"{own}.{line.ending}", line.kind, line.args, sources)]
        sources = self.draft.joined(own, inner.class_name, inner.args, sources)
        made = self._written(own, owner, inner, sources)
        if owner is None:
            self.owners[layer] = Source(own)
            for line in inner.beside:
                self.draft.layer(f"{own}.{line.ending}", line.kind, line.args)
        if inner.class_name in CELLS:  # the output is the first state too
            return [made, made, made._replace(output=1)]
        return [made]

    def backwards(self, layer: int, name: str, config: Mapping[str, Any], sources: list[Source]) -> list[Source]:
        """Write the call of a ReversibleEmbedding from rows to numbers of rows; none where it has not been called yet.

        It is a product with its table, or with a matrix of its own.
        """
        owner = self.owners.get(layer)
        rows = config.get("input_dim")
        if owner is None or not is_whole(rows) or len(sources) != 1:
            return []
        matrix = owner.name if config.get("tie_weights", True) else f"{owner.name}.reverse"
        args = {"units": rows, "bias": False, "tied": f"kernel@{matrix}"}
        return [self.draft.layer(self.draft.free_name(f"{name}.backwards"), "dense", args, sources)]

    def _inner(
        self, layer: int, class_name: str, config: Mapping[str, Any], rest: Mapping[str, Any], frozen: bool
    ) -> Inner:
        """The layer out of its wrappers. Of another call it is the same, unless arguments are given there."""
        if layer in self._inners and not rest:
            return self._inners[layer]
        self.draft.count(len(config) // _PER_LINE)
        inner = translated(unwrapped, class_name, class_name, {**config, **rest})
        if frozen or config.get("trainable") is False:
            inner = inner.frozen()
        if not rest:
            self._inners[layer] = inner
        return inner

    def _scaling(self, inner: Inner, sources: list[Source]) -> Inner:
        """A product with a factor for each channel by its own name."""
        shapes = self.draft.shapes(sources[:1]) if inner.class_name == "EinsumDense" and not inner.steps else None
        if not shapes:
            return inner
        channels = len(shapes[0]) - 1 if self.draft.settings.data_format == "channels_last" or len(shapes[0]) < 3 else 1
        args = layer_scale(inner.args, len(shapes[0]), channels)
        return inner if args is None else inner._replace(class_name="layerscale", args=args)

    def _name(self, name: str, owner: Source | None) -> str:
        return self.draft.claim(name) if owner is None else self.draft.free_name(owner.name)

    def _written(self, name: str, owner: Source | None, inner: Inner, sources: list[Source]) -> Source:
        if not self._is_turned(inner):
            return self._normalized(name, owner, inner, self._line(name, owner, inner, sources))
        rank = spatial_axes(inner.class_name) or 1
        ahead = (needed_axes(inner.class_name) or rank + 2) + inner.steps - rank - 1
        shapes = self.draft.shapes(sources[:1])
        if shapes and needed_axes(inner.class_name) is None:
            ahead = max(len(shapes[0]) - rank - 1, 0)
        moved = _to_network(ahead, rank, self.draft.settings.data_format)
        first = [self.draft.layer(f"{name}.in", "permute", {"axes": moved}, [source]) for source in sources[:1]]
        made = self._line(name, owner, inner, first + sources[1:])
        result = self.draft.result(made)
        made = self._normalized(name, owner, inner, made)
        if result is None or not result.outputs:
            return made
        # A layer may give the last step only; one that gives no positions has nothing to turn back.
        left = len(result.outputs[0].shape) - rank - 1
        if left < min(ahead, 1):
            return made
        back = _inverse(_to_network(left, rank, self.draft.settings.data_format))
        return self.draft.layer(f"{name}.out", "permute", {"axes": back}, [made])

    def _line(self, name: str, owner: Source | None, inner: Inner, sources: list[Source]) -> Source:
        if owner is None:
            return self.draft.layer(name, inner.class_name, inner.args, sources, lambda r: check_weights(inner, r))
        return self.draft.again(name, owner, sources)

    def _normalized(self, name: str, owner: Source | None, inner: Inner, made: Source) -> Source:
        """The line of spectral normalization below a layer, where it has it."""
        result = self.draft.result(made)
        if not inner.spectral or result is None:
            return made
        if owner is not None:
            return self.draft.again(f"{name}.norm", Source(f"{owner.name}.norm"), [made])
        first = next((w for w in result.weights if w.name in ("kernel", "embeddings")), None)
        if first is None:
            message = f"SpectralNormalization: {inner.class_name} has no kernel to normalize"
            return self.draft.refused(f"{name}.norm", "SpectralNormalization", {}, [made], message)
        # Keras stores the kernel of a transposed convolution with its input channels last.
        last = first.shape[0] if "Transpose" in inner.class_name else first.shape[-1]
        return self.draft.layer(f"{name}.norm", "spectralnorm", {"size": last}, [made])

    def _is_turned(self, inner: Inner) -> bool:
        """Whether a layer works in another data_format than the network."""
        found = data_format_of(inner.config) if spatial_axes(inner.class_name) else None
        return found not in (None, self.draft.settings.data_format)

    def opaque(self, name: str, class_name: str, shapes: list[list[Any]], whole: bool, sources: list[Source]) -> Source:
        """Write a layer that is not known. ``shapes`` are those of its outputs, where they can be known."""
        args: dict[str, Any] = {"operator": word_of(class_name)}
        found = [_sizes(shape) for shape in shapes]
        if shapes and None not in found:
            args["shape"] = found
            args.update({"whole": True} if whole else {})
        return self.draft.layer(name, "opaque", args, sources)


def _sizes(shape: list[Any]) -> list[Size] | None:
    """A shape with its unknown sizes as symbols; None where it is none."""
    if not all(size is None or (is_whole(size) and 0 <= size < LARGEST) for size in shape):
        return None
    return [symbol(f"m{axis}") if size is None else size for axis, size in enumerate(shape, 1)]


def input_args(shape: Any, dtype: Any, batch: Any) -> dict[str, Any]:
    """The arguments of an input line; raises FrameworkError where the shape is none."""
    if not isinstance(shape, list) or not shape:
        raise FrameworkError(
            "this model does not say the shape of its input: put a line such as input 224x224x3 in its place"
        )
    if not all(size is None or isinstance(size, Poly) or (is_whole(size) and 0 < size < LARGEST) for size in shape):
        raise FrameworkError(f"{shown(shape)} is no shape: its sizes must be whole numbers from 1, or None")
    sizes = [symbol(f"n{axis}") if size is None else size for axis, size in enumerate(shape)]
    args: dict[str, Any] = {"shape": sizes[1:]}
    if is_whole(shape[0]) and shape[0] != batch:
        args = {"shape": sizes, "whole": True}
    return args | dtype_args(dtype)


def _to_network(ahead: int, rank: int, data_format: str) -> list[int]:
    """The axes that bring the other format into the network's: channels to the end, or in front of the space.

    ``ahead`` are the axes before both: the batch, and steps.
    """
    if data_format == "channels_last":
        return [*range(ahead), *range(ahead + 1, ahead + rank + 1), ahead]
    return [*range(ahead), ahead + rank, *range(ahead, ahead + rank)]


def _inverse(axes: list[int]) -> list[int]:
    return [axes.index(axis) for axis in range(len(axes))]
