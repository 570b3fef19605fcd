"""The catalogue: every kind by each of its names. One family a file; one more family is one more line here."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from tui.core.errors import did_you_mean
from tui.core.kind import Kind

FAMILIES: Final = (
    "activation",
    "adaptive_pooling",
    "attention",
    "augmentation",
    "axis_activation",
    "channelwise",
    "constants",
    "convolution",
    "convrecurrent",
    "dotattention",
    "einsum_dense",
    "elementary",
    "embedding",
    "indexing",
    "layer_normalization",
    "linear",
    "merging",
    "normalization",
    "padding",
    "pooling",
    "products",
    "rearranging",
    "recurrent",
    "recurrentcell",
    "reduction",
    "regularization",
    "reshaping",
    "resizing",
    "sharing",
    "sampling",
    "slicing",
    "sources",
    "tokens",
    "transformer",
    "transposed",
)

KINDS: Final[dict[str, type[Kind]]] = {}
"""Every kind by its name, in alphabetical order."""

NAMES: Final[dict[str, tuple[type[Kind], int | None]]] = {}
"""Every name and alias (lower case) with its kind and the rank it fixes."""

PREFIXES: Final = ("torch.nn.", "nn.", "keras.layers.", "tf.keras.layers.", "layers.")


def _load() -> None:
    found: dict[str, type[Kind]] = {}
    for family in FAMILIES:
        for value in vars(import_module(f"tui.layers.{family}")).values():
            if isinstance(value, type) and issubclass(value, Kind) and value.name:
                found[value.name] = value
    for name in sorted(found):
        KINDS[name] = found[name]
        NAMES[name] = (found[name], None)
        for alias, rank in found[name].aliases.items():
            NAMES[alias] = (found[name], rank)


_load()


def kind_named(word: str) -> tuple[type[Kind], int | None] | None:
    """The kind that a word names, with the rank it fixes; the frameworks' module prefixes are read too."""
    hit = NAMES.get(word)
    if hit is None:
        lower = word.lower()
        for prefix in PREFIXES:
            lower = lower.removeprefix(prefix)
        hit = NAMES.get(lower)
    return hit


def near_kinds(word: str) -> tuple[str, ...]:
    """Kinds whose name or alias resembles the word, best first."""
    near = did_you_mean(word, NAMES, n=6)
    return tuple(dict.fromkeys(NAMES[n][0].name for n in near))[:3]


def family_of(kind: type[Kind]) -> str:
    """The family that a kind belongs to: the name of its file."""
    return kind.__module__.rpartition(".")[2]
