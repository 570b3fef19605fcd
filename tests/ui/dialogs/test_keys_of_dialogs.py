"""What holds for the keys of all dialogs alike, whatever they are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _character_to_key

import tui.ui.dialogs
from tui.ui.actions import JAMO
from tui.ui.dialogs.frame import Dialog

# What UX.md lists as never arriving as itself in a multiplexer or an editor's terminal.
SWALLOWED = {"ctrl+enter", "alt+enter", "shift+enter", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+slash",
             "ctrl+underscore", "ctrl+a", "ctrl+b", "f10", "f11"}  # fmt: skip


def classes_of_dialogs() -> Iterator[tuple[str, type[DOMNode]]]:
    """The widgets and screens that the modules of the dialogs define, by their names."""
    for module in pkgutil.iter_modules(tui.ui.dialogs.__path__, "tui.ui.dialogs."):
        for name, one in vars(importlib.import_module(module.name)).items():
            if isinstance(one, type) and issubclass(one, DOMNode) and one.__module__ == module.name:
                yield name, one


def keys_of_dialogs() -> Iterator[tuple[str, set[str]]]:
    """Each binding that a class of the dialogs declares, by a name for it, with its keys."""
    for name, one in classes_of_dialogs():
        for binding in one.__dict__.get("BINDINGS", ()):
            assert isinstance(binding, Binding)
            yield f"{name}: {binding.action}", set(binding.key.split(","))


DECLARED = list(keys_of_dialogs())


def test_there_are_keys_to_look_at() -> None:
    assert {"PickList: move(-1)", "Compared: save", "Dialog: cancel"} <= {name for name, _ in DECLARED}


@pytest.mark.parametrize(("name", "keys"), DECLARED, ids=[name for name, _ in DECLARED])
def test_a_letter_works_with_a_korean_input_method_on(name: str, keys: set[str]) -> None:
    for key in keys & set(JAMO):
        assert keys & {JAMO[key], _character_to_key(JAMO[key])}, f"{name}: {key}"


@pytest.mark.parametrize(("name", "keys"), DECLARED, ids=[name for name, _ in DECLARED])
def test_no_key_is_one_that_terminals_swallow(name: str, keys: set[str]) -> None:
    assert not keys & SWALLOWED, name


@pytest.mark.parametrize(("name", "one"), list(classes_of_dialogs()), ids=[name for name, _ in classes_of_dialogs()])
def test_the_line_of_keys_fits_a_narrow_terminal_whole(name: str, one: type[DOMNode]) -> None:
    # 60 columns less two corners and a piece of the line, with its space, at either end
    if issubclass(one, Dialog):
        assert len(one.keys) <= 60 - 6, name
        assert len(one.title_text) <= 60 - 6, name
