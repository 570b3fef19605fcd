"""What all tests share: the folder above is importable, so that tests can use each other's helpers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# A busy machine is no failure; the examples are few enough for a run of seconds.
settings.register_profile("layersheet", deadline=None)
settings.load_profile("layersheet")


@pytest.fixture(autouse=True)
def no_clipboard_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test run leaves what its user has copied alone: as on a machine without a display."""
    import pyperclip

    def refuse(text: str) -> None:
        raise pyperclip.PyperclipException("there is no display")

    monkeypatch.setattr(pyperclip, "copy", refuse)
