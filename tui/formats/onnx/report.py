"""The shapes that an ONNX file states against those that are computed: a cross-check, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tui.core.network import Source
from tui.core.size import text
from tui.core.tensor import Shape
from tui.formats.frameworks.draft import Draft
from tui.formats.imported import Notice
from tui.formats.onnx.load import Stated

MOST: Final = 200
"""The most differences that are told; where there are more, the first ones say what is wrong."""


def cross_check(stated: Mapping[str, Stated], made: Mapping[str, Source], draft: Draft) -> Iterator[Notice]:
    """A notice for each tensor whose stated shape is not the computed one; sizes with symbols are not compared."""
    count = 0
    for name, one in stated.items():
        source = made.get(name)
        tensors = None if source is None or one.sizes is None else draft.tensors([source])
        if tensors is None or one.sizes is None or source is None:
            continue
        if not _agree(one.sizes, tensors[0].shape):
            count += 1
            if count <= MOST:
                said = f"the file states {_shown(one.sizes)}, computed is {_computed(tensors[0].shape)}"
                yield Notice("differs", source.name, f"{name}: {said}")


def _agree(stated: tuple[int | str | None, ...], computed: Shape) -> bool:
    return len(stated) == len(computed) and all(
        a == b for a, b in zip(stated, computed, strict=True) if isinstance(a, int) and isinstance(b, int)
    )


def _shown(sizes: tuple[int | str | None, ...]) -> str:
    return "(" + ", ".join("?" if size is None else str(size) for size in sizes) + ")"


def _computed(shape: Shape) -> str:
    return "(" + ", ".join(map(text, shape)) + ")"
