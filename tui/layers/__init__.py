"""The catalogue: every kind by each of its names. One family a file; one more family is one more line here.

Families are imported when a word asks for them, the commonest first: a tenth of the start would go
into kinds that the document does not use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from importlib import import_module
from typing import Final, Generic, TypeAlias, TypeVar

from tui.core.errors import did_you_mean
from tui.core.kind import Kind

FAMILIES: Final = (
    "sources",
    "convolution",
    "pooling",
    "linear",
    "reshaping",
    "activation",
    "merging",
    "normalization",
    "regularization",
    "adaptive_pooling",
    "attention",
    "augmentation",
    "axis_activation",
    "channelwise",
    "constants",
    "convrecurrent",
    "dotattention",
    "einsum_dense",
    "elementary",
    "embedding",
    "indexing",
    "layer_normalization",
    "opaque",
    "padding",
    "products",
    "rearranging",
    "recurrent",
    "recurrentcell",
    "reduction",
    "resizing",
    "sampling",
    "sharing",
    "slicing",
    "tokens",
    "transformer",
    "transposed",
)
"""The families in the order in which they are asked."""

COMMONEST: Final = (
    "conv", "maxpool", "dense", "relu", "batchnorm", "flatten", "dropout", "add", "concat", "globalavgpool",
    "avgpool", "depthwise", "separable", "convtranspose", "layernorm", "softmax", "input",
)  # fmt: skip
"""Kinds named before all others, as most networks are made of them."""

PREFIXES: Final = (
    "torch.nn.functional.", "nn.functional.", "f.", "torch.nn.", "nn.", "tf.keras.layers.", "keras.layers.", "layers.",
)  # fmt: skip
CERTAIN: Final = 0.85
"""A word that resembles no name more than this may as well mean the commonest of them."""
WRAPPERS: Final = ("bidirectional", "timedistributed")
"""Layers of Keras that hold another one: here arguments of the kind that stands behind the word."""
Named: TypeAlias = "tuple[type[Kind], int | None]"
V = TypeVar("V")

_kinds: dict[str, type[Kind]] = {}
_names: dict[str, Named] = {}
_waiting: list[str] = list(reversed(FAMILIES))


def _load_next() -> None:
    family = import_module(f"tui.layers.{_waiting[-1]}")
    _waiting.pop()
    for value in vars(family).values():
        if isinstance(value, type) and issubclass(value, Kind) and value.name and value.__module__ == family.__name__:
            _kinds[value.name] = value
            _names[value.name] = (value, None)
            for alias, rank in value.aliases.items():
                _names[alias] = (value, rank)


class _Catalogue(Mapping[str, V], Generic[V]):
    """A dict that is filled as far as a question needs it; whoever walks through it gets all of it in order."""

    def __init__(self, known: dict[str, V]) -> None:
        self._known = known

    def __getitem__(self, name: str) -> V:
        while name not in self._known and _waiting:
            _load_next()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        while _waiting:
            _load_next()
        return iter(sorted(self._known))

    def __len__(self) -> int:
        return sum(1 for _ in self)


KINDS: Final[Mapping[str, type[Kind]]] = _Catalogue(_kinds)
"""Every kind by its name, in alphabetical order."""

NAMES: Final[Mapping[str, Named]] = _Catalogue(_names)
"""Every name and alias (lower case) with its kind and the rank it fixes."""


def kinds_by_use() -> tuple[str, ...]:
    """The names of all kinds, the commonest first."""
    return tuple(dict.fromkeys((*COMMONEST, *KINDS)))


def kind_named(word: str) -> tuple[type[Kind], int | None] | None:
    """The kind that a word names, with the rank it fixes; the frameworks' module prefixes are read too."""
    lower = bare(word)
    while True:
        hit = _names.get(word) or _names.get(lower)
        if hit is not None or not _waiting:
            return hit or _names.get(lower.replace("_", ""))  # max_pool2d
        _load_next()


def wrapper_named(word: str) -> str | None:
    """The argument that a wrapper of Keras stands for, under any of its module's names."""
    lower = bare(word)
    return lower if lower in WRAPPERS else None


def bare(word: str) -> str:
    """A word in lower case, without the module of a framework before it."""
    lower = word.lower()
    for prefix in PREFIXES:
        lower = lower.removeprefix(prefix)
    return lower


def near_kinds(word: str) -> tuple[str, ...]:
    """Kinds whose name or alias resembles the word, best first."""
    near = did_you_mean(word, NAMES, n=6)
    kinds = dict.fromkeys(NAMES[n][0].name for n in near)
    if near and SequenceMatcher(None, word.lower(), near[0]).ratio() < CERTAIN:
        return tuple(sorted(kinds, key=lambda name: name not in COMMONEST))[:3]
    return tuple(kinds)[:3]


def family_of(kind: type[Kind]) -> str:
    """The family that a kind belongs to: the name of its file."""
    return kind.__module__.rpartition(".")[2]
