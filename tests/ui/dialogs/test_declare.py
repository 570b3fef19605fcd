"""Edits of set and let lines."""

import pytest

from tui.core.size import symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.ui.dialogs.declare import bind_edit, settings_edit


def after(text, edit):
    return print_document(Snapshot.of(parse_document(text)).edited(edit.changes).lines)


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("input n\n", {"n": 10}, "let n = 10\ninput n\n"),
        ("set bias=false\n\ninput n\n", {"n": 10}, "set bias=false\nlet n = 10\n\ninput n\n"),
        ("let n = 5  # width\ninput n\n", {"n": 10}, "let n = 10  # width\ninput n\n"),
        ("let n = 5  # width\ninput n\n", {"n": None}, "# width\ninput n\n"),
        ("let n = 5\ninput n\n", {"n": None}, "input n\n"),
        ("let n = 5\nlet n = 6\ninput n\n", {"n": 7}, "let n = 5\nlet n = 7\ninput n\n"),
        ("let n = 5\nlet n = 6\ninput n\n", {"n": None}, "input n\n"),
        ("let n = 5\ninput n\ndense m\n", {"n": None, "m": 2 * symbol("k")}, "let m = 2*k\ninput n\ndense m\n"),
    ],
)
def test_binding(text, changes, expected):
    edit = bind_edit(Snapshot.of(parse_document(text)), changes)
    assert after(text, edit) == expected


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("input 3\n", {"bias": False}, "set bias=false\ninput 3\n"),
        ("set bias=false batch=2\ninput 3\n", {"batch": 8}, "set bias=false batch=8\ninput 3\n"),
        ("set batch=2 # b\ninput 3\n", {"batch": 8}, "set batch=8  # b\ninput 3\n"),
        ("set batch=2\nset batch=3\ninput 3\n", {"batch": 8}, "set batch=2\nset batch=8\ninput 3\n"),
        (
            "set batch=2\ninput 3\n",
            {"dtype": "int8", "counting": "onnx", "batch": 1},
            "set batch=1\nset dtype=int8 counting=onnx\ninput 3\n",
        ),
    ],
)
def test_settings(text, changes, expected):
    edit = settings_edit(Snapshot.of(parse_document(text)), changes)
    assert after(text, edit) == expected
    settings = Snapshot.of(parse_document(expected)).settings
    assert {name: getattr(settings, name) for name in changes} == changes


def test_nothing_to_change():
    snapshot = Snapshot.of(parse_document("input n\n"))
    assert bind_edit(snapshot, {"n": None}) is None
    assert settings_edit(snapshot, {}) is None


def test_the_step_has_a_name():
    snapshot = Snapshot.of(parse_document("let n = 3\ninput n*m\n"))
    assert bind_edit(snapshot, {"n": None, "m": 10}).label == "bind n = free, m = 10"
    assert settings_edit(snapshot, {"bias": False}).label == "set bias=false"
