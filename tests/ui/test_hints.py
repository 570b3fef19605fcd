"""The hint line: what gives way in a narrow terminal."""

from __future__ import annotations

from tui.ui.panels import hint_text


def test_the_page_of_keys_and_the_fix_outlive_the_others() -> None:
    wide = hint_text(80, fixable=True).plain
    assert wide.startswith(" Enter Edit  a Add  d Del  u Undo  b Bind  . Fix  ? Keys  ")
    narrow = hint_text(60, fixable=True).plain
    assert "? Keys" in narrow
    assert ". Fix" in narrow
    assert len(narrow) <= 60
    assert "? Keys" in hint_text(30, fixable=False).plain
