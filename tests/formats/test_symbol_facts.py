"""Where symbols are used and what they must be."""

from __future__ import annotations

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.symbol_facts import needs_text, unbound, used_text, users


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def test_every_line_that_holds_a_symbol_is_named() -> None:
    text = "set batch=b\nlet k = 2*n\ninput bxn\nrepeat n\n    dense n\ndense k\n"
    assert users(snapshot(text), "n") == ["let k", "#0 input bxn", "repeat n", "#1 dense n"]
    assert used_text(snapshot(text), "b") == "b is used in set batch=b, #0 input bxn"
    assert used_text(snapshot(text), "q") == "q is used nowhere"
    many = "input 4\n" + "dense n\n" * 9
    assert used_text(snapshot(many), "n").endswith("#6 dense n, and 3 more")


def test_what_a_symbol_must_be_does_not_hang_on_its_value() -> None:
    # conv 5x5 needs 5; the pool after it halves what is at least 1.
    text = "input HxHx1\nconv 2 5\nmaxpool 2\n"
    assert needs_text(snapshot(text), "H") == needs_text(snapshot(f"let H = 40\n{text}"), "H") == "H >= 6"
    assert needs_text(snapshot("input 9x9x1\nconv 2 k\n"), "k") == "10 - k >= 1"
    assert needs_text(snapshot("input 9\ndense n\n"), "n") == "n >= 1"


def test_a_binding_that_gives_no_value_says_why() -> None:
    text = "let a = b + 1\nlet b = 2*a\nlet c = a\nlet d = 1//e\nlet e = 0\nlet f = 3*n\ninput 4\ndense a\n"
    found = unbound(snapshot(text))
    assert found == {
        0: "a leads back to itself by b; it stays free",
        1: "b leads back to itself by a; it stays free",
        2: "c needs a, which has no value; it stays free",
        3: "d cannot be computed: it divides by 0, or is too large; it stays free",
    }
    assert used_text(snapshot(text), "a").endswith("a leads back to itself by b; it stays free")
