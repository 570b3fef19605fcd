"""The input of a PyTorch network whose source does not say its shape: as its first layer declares it.

Sizes that no layer declares are symbols: ``H`` and ``W``, ``L`` for a length, ``T`` for steps. Where a later layer
declares what must come out, the symbols that fit are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tui.core.size import Poly, Size, bind, same, symbol, symbols
from tui.core.size import text as size_text

_SPACE: Final = {1: "L", 2: "HW", 3: "DHW"}
COMMON: Final = (
    224, 32, 28, 64, 128, 256, 96, 299, 227, 112, 48, 100, 150, 160, 192, 200, 300, 320, 384, 416, 448, 512,
)  # fmt: skip
"""Sizes of images that are tried first, the commonest in front."""
MOST_TRIED: Final = 1_024


class Guess(NamedTuple):
    """An input: its sizes, the batch among them if ``whole``; ``integers`` are indices of a table."""

    sizes: list[Any]
    whole: bool = False
    integers: bool = False


def _rank(class_name: str) -> int:
    """The number of spatial axes that a name ends with (``Conv2d``), 0 where it has none."""
    return int(class_name[-2]) if class_name[-1:] == "d" and class_name[-2:-1].isdigit() else 0


def input_of(class_name: str, args: dict[str, Any]) -> Guess | None:
    """The input that a layer reads; None where it takes any."""
    rank = _rank(class_name)
    channels = args.get("in_channels", args.get("num_features", args.get("num_channels")))
    if channels is not None and (rank or class_name == "GroupNorm"):
        if class_name == "BatchNorm1d":
            return Guess([channels])
        return Guess([channels, *map(symbol, _SPACE[rank or 2])])
    if class_name == "Linear":
        return Guess([args["in_features"]])
    if class_name == "Embedding":
        return Guess([symbol("T")], integers=True)
    width = args.get("input_size", args.get("embed_dim", args.get("d_model")))
    inner = args.get("encoder_layer")
    if width is None and isinstance(inner, dict):
        width, args = inner["args"].get("d_model"), inner["args"]
    if width is not None:
        if class_name.endswith("Cell"):
            return Guess([width])
        first = args.get("batch_first", False)
        return Guess([symbol("T"), width]) if first else Guess([symbol("T"), 1, width], whole=True)
    if class_name in ("LayerNorm", "RMSNorm"):
        shape = args["normalized_shape"]
        return Guess(list(shape) if isinstance(shape, list | tuple) else [shape])
    return None


def fitting(wanted: Sequence[tuple[Size, Size]]) -> dict[str, int]:
    """Values of the symbols with which pairs of sizes are equal, all symbols of one value; none where there is none."""
    names = sorted(set().union(*(symbols(a) | symbols(b) for a, b in wanted)))
    if not names or not set(names) <= {"D", "H", "W", "L", "T"}:
        return {}
    for value in (*COMMON, *(n for n in range(1, MOST_TRIED) if n not in COMMON)):
        if _fits(wanted, dict.fromkeys(names, value)):
            return dict.fromkeys(names, value)
    return {}


def others_fitting(wanted: Sequence[tuple[Size, Size]], values: Mapping[str, int]) -> tuple[int, int]:
    """The smallest and the largest size beside one that fits with which the pairs are equal too, all symbols alike.

    A pool that leaves out the last rows makes them fit as well.
    """
    low = high = next(iter(values.values()))
    while low > 1 and _fits(wanted, dict.fromkeys(values, low - 1)):
        low -= 1
    while high < MOST_TRIED and _fits(wanted, dict.fromkeys(values, high + 1)):
        high += 1
    return low, high


def _fits(wanted: Sequence[tuple[Size, Size]], values: Mapping[str, int]) -> bool:
    sizes: dict[str, Size] = dict(values)
    return all(_equal(a, b, sizes) for a, b in wanted)


def _equal(a: Size, b: Size, values: dict[str, Size]) -> bool:
    try:
        left, right = bind(a, values), bind(b, values)
    except ArithmeticError:
        return False
    return same(left, right) is True


def sizes_word(sizes: Sequence[Any]) -> str:
    """Sizes as an input line has them."""
    return "x".join(size_text(size, spaces=False) if isinstance(size, int | Poly) else str(size)[:20] for size in sizes)


def declared(class_name: str, args: dict[str, Any]) -> tuple[str, int, Any] | None:
    """What a layer declares of its input: the argument, the axis from the end or of the channels, and the size."""
    rank = _rank(class_name)
    for name in ("in_channels", "num_features", "num_channels"):
        if name in args:
            if name == "num_features" and class_name == "BatchNorm1d":
                return name, 1, args[name]
            return name, -rank - 1 if name == "in_channels" else 1, args[name]
    for name in ("in_features", "input_size", "embed_dim", "d_model"):
        if name in args:
            return name, -1, args[name]
    return None
