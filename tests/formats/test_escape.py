"""Text of any origin made safe for a terminal, and for JSON that is read in one."""

from __future__ import annotations

import json
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from tui.formats.escape import visible
from tui.formats.record import escaped

# The general categories of Unicode that a terminal does not show as a glyph (The Unicode Standard, table 4-4).
UNSHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def test_what_a_terminal_acts_on_is_written_out() -> None:
    # Escape, right-to-left override, soft hyphen, Arabic letter mark, a tag of plane 14, an unpaired surrogate.
    assert visible("\x1b\u202e\xad\u061c\U000e0041\ud800") == r"\x1b\u202e\xad\u061c\U000e0041\ud800"


def test_what_has_a_glyph_stays() -> None:
    assert visible("합성곱 3×3 é 😀\u3000\xa0") == "합성곱 3×3 é 😀\u3000\xa0"


@given(st.text())
def test_nothing_unshown_is_left(text: str) -> None:
    assert not [c for c in visible(text) if category(c) in UNSHOWN]


@given(st.text())
def test_json_says_the_same_and_holds_nothing_unshown(text: str) -> None:
    made = escaped(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(made) == {"name": text}
    assert not [c for c in made if category(c) in UNSHOWN]
