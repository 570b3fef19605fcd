"""What may name a layer or a block: letters, digits and . - _ /, and never a number, for numbers are the rows."""

from __future__ import annotations

import re
from typing import Final

NAME: Final = re.compile(r"[\w./-]+")


def is_layer_name(word: str) -> bool:
    """Whether a layer or a block may be called so."""
    return NAME.fullmatch(word) is not None and not word.isdecimal()
