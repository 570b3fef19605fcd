"""All functions of tensors in PyTorch that are read, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.formats.torch.creation import CREATION
from tui.formats.torch.function import Function
from tui.formats.torch.functions import MATH
from tui.formats.torch.layouts import LAYOUTS
from tui.formats.torch.slices import SLICES
from tui.formats.torch.weighted import FUNCTIONAL, WEIGHTED

ATEN: Final[Mapping[str, Function]] = {**MATH, **CREATION, **LAYOUTS, **SLICES, **WEIGHTED}
"""ATen operators, by their names without an overload."""

SOURCE: Final[Mapping[str, Function]] = {**ATEN, **FUNCTIONAL}
"""Functions of ``torch`` and ``torch.nn.functional``, and methods of tensors."""
