"""Keras's layers that prepare data: tokens, classes, hashes, and a chain of them.

Source: ``keras/src/layers/preprocessing`` of Keras 3, ``compute_output_shape`` of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.size import symbol
from tui.formats.frameworks.words import FrameworkError, is_whole, shown

Config = Mapping[str, Any]


class Line(NamedTuple):
    """A line beside that of the layer: what its name ends with, its kind and arguments."""

    ending: str
    kind: str
    args: Mapping[str, Any]


class Prepared(NamedTuple):
    """The kind and arguments of a layer, and lines that its input goes through first."""

    kind: str
    args: Mapping[str, Any]
    before: tuple[Line, ...] = ()


def _encoded(class_name: str, config: Config, depth: Any, plain: str = "lookup") -> Prepared:
    """One number for each entry, or one row of zeros and ones, of which the size must be known."""
    mode = config.get("output_mode") or "int"
    if mode == "int":
        return Prepared(plain, {})
    if mode not in ("one_hot", "multi_hot", "count", "tf_idf", "tf-idf", "binary"):
        raise FrameworkError(f"{class_name}: output_mode={shown(mode)} is not int, one_hot, multi_hot, count or tf_idf")
    # A weight for each class changes values only.
    way = mode if mode in ("one_hot", "count") else "multi_hot"
    return Prepared("categoryencoding", {"num_tokens": symbol("vocabulary") if depth is None else depth,
                                         "output_mode": way})  # fmt: skip


def _discretization(config: Config) -> Prepared:
    bounds = config.get("bin_boundaries")
    return _encoded("Discretization", config, len(bounds) + 1 if isinstance(bounds, list) else config.get("num_bins"))


def _hashing(config: Config) -> Prepared:
    return _encoded("Hashing", config, config.get("num_bins"))


def _lookup(class_name: str) -> Callable[[Config], Prepared]:
    def rule(config: Config) -> Prepared:
        return _encoded(class_name, config, _vocabulary(config, config.get("num_oov_indices", 1)))

    return rule


def _vocabulary(config: Config, unknown: Any) -> Any:
    """The number of classes; None where it is learned from data and not said."""
    if config.get("pad_to_max_tokens") and is_whole(config.get("max_tokens")):
        return config["max_tokens"]
    listed = config.get("vocabulary")
    if isinstance(listed, list) and listed and is_whole(unknown):
        masked = config.get("mask_token") is not None
        return len(listed) + unknown + masked
    size = config.get("vocabulary_size")
    return size if is_whole(size) else None


def _text(config: Config) -> Prepared:
    """Text as words: so many for each example, or one row that stands for all of them."""
    length = config.get("output_sequence_length")
    if (config.get("output_mode") or "int") == "int":
        words = symbol("words") if length is None else length
        return Prepared("lookup", {}, (Line("words", "expand", {"shape": [1, words]}),))
    return _encoded("TextVectorization", config, _vocabulary(config, 1))


def _crossing(config: Config) -> Prepared:
    made = _encoded("HashedCrossing", config, config.get("num_bins"), "pointwise")
    if made.kind == "pointwise":
        return Prepared("pointwise", {"operator": "HashedCrossing"})
    return made._replace(before=(Line("cross", "pointwise", {"operator": "HashedCrossing"}),))


PREPROCESSING: Final[Mapping[str, Callable[[Config], Prepared]]] = {
    "Discretization": _discretization, "Hashing": _hashing, "HashedCrossing": _crossing,
    "IntegerLookup": _lookup("IntegerLookup"), "StringLookup": _lookup("StringLookup"), "TextVectorization": _text,
}  # fmt: skip
