"""The kinds that Keras cannot say: why, and what else could be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.formats.keras.write_plain import refused
from tui.formats.keras.write_row import Row

_VALUES: Final = "the list does not hold the numbers of this tensor"
_DATA: Final = "what comes out depends on the numbers, and a Keras model has shapes that do not"

REFUSED: Final[Mapping[str, Row]] = {
    "fractionalmaxpool": refused("it has no pool with random windows", "write maxpool or adaptivemaxpool"),
    "maxunpool": refused("it has no unpooling", "write upsampling"),
    "constant": refused(_VALUES, "make it an input or a parameter"),
    "range": refused("a functional model starts from inputs", "make it an input"),
    "like": refused(_VALUES, "make it an input"),
    "shape": refused("its models pass tensors on, sizes only inside a layer", "skip it"),
    "size": refused("its models pass tensors on, sizes only inside a layer", "skip it"),
    "quantize": refused("it quantizes a whole model, not a tensor", "skip it"),
    "dequantize": refused("it quantizes a whole model, not a tensor", "skip it"),
    "lookup": refused("the list says neither which of Keras's lookups it is nor its entries",
                      "make it an input of int64"),
    "gathernd": refused("it looks up along one axis", "write gather"),
    "compress": refused(_DATA, "write slice"),
    "nonzero": refused(_DATA, "skip it"),
    "unique": refused(_DATA, "skip it"),
    "scatter": refused("the list does not say which entries are replaced", "skip it"),
    "gridsample": refused("it has no sampling by a grid", "write resizing"),
    "affinegrid": refused("it has no grids", "skip it"),
    "roialign": refused("it has no pool of regions", "write resizing"),
    "opaque": refused("nothing is known of it but its shape", "replace it by layers that are known"),
}  # fmt: skip
