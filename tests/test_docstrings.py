"""The examples in docstrings come to what is written below them."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "tui").glob("**/*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


def test_examples_are_found_where_they_stand() -> None:
    assert {"tui.core.windows", "tui.formats.short_number", "tui.formats.escape"} <= set(WITH_EXAMPLES)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
