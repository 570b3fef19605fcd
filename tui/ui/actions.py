"""The one table of actions: keys, bindings, the hint line, the help page and the palette all come from it."""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.binding import Binding
from textual.keys import _character_to_key

JAMO: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyzQWERTOP",
        "ㅁㅠㅊㅇㄷㄹㅎㅗㅑㅓㅏㅣㅡㅜㅐㅔㅂㄱㄴㅅㅕㅍㅈㅌㅛㅋㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
"""What a letter key sends while a Korean (two-set) input method is on."""


class Action(NamedTuple):
    """One thing that a key does. ``id`` names the method ``action_<id>`` of the workbench.

    ``hint`` is its word in the hint line at the bottom; actions without one are found by ``?`` and the palette.
    """

    id: str
    keys: tuple[str, ...]
    help: str
    group: str
    hint: str = ""

    def key_names(self) -> str:
        """The keys as a reader knows them: ``a, Insert``."""
        return ", ".join(map(key_name, self.keys))


_NAMES: Final = {
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "insert": "Insert", "delete": "Delete",
    "space": "Space", "tab": "Tab", "shift+tab": "Shift+Tab", "question_mark": "?", "slash": "/", "colon": ":",
    "plus": "+", "minus": "-", "equals_sign": "=", "left_square_bracket": "[", "right_square_bracket": "]",
    "greater_than_sign": ">", "less_than_sign": "<",
    "full_stop": ".", "comma": "Comma", "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip


def key_name(key: str) -> str:
    """A key of Textual's naming as a reader knows it."""
    if key in _NAMES:
        return _NAMES[key]
    *modifiers, last = key.split("+")
    shown = _NAMES.get(last, last.upper() if modifiers or len(last) > 1 else last)
    return "+".join([*(m.capitalize() for m in modifiers), shown])


MOVE, EDIT, NUMBERS, SEE, FILE = "Move", "Edit", "Numbers and symbols", "See", "Files and program"

ACTIONS: Final[tuple[Action, ...]] = (
    Action("edit", ("enter", "f2"), "edit the line; in Results: the working of the cell", EDIT, "Edit"),
    Action("add_below", ("a", "insert"), "add a line below", EDIT, "Add"),
    Action("add_above", ("A",), "add a line above", EDIT),
    Action("delete", ("d", "delete"), "delete the line or range", EDIT, "Del"),
    Action("undo", ("u", "ctrl+z"), "undo", EDIT, "Undo"),
    Action("redo", ("U", "ctrl+y", "ctrl+r"), "redo", EDIT),
    Action("duplicate", ("ctrl+d",), "duplicate the line or range", EDIT),
    Action("move_up", ("K", "alt+up"), "move the line or range up", EDIT),
    Action("move_down", ("J", "alt+down"), "move the line or range down", EDIT),
    Action("indent", ("greater_than_sign",), "take the line or range into the block above", EDIT),
    Action("outdent", ("less_than_sign",), "take it out of its block", EDIT),
    Action("skip", ("space",), "skip the layer, or take it in again", EDIT),
    Action("form", ("o", "f4"), "edit the layer as a form", EDIT),
    Action("kinds", ("I",), "add a layer from the list of kinds", EDIT),
    Action("copy", ("y",), "copy the line or range; in Results: the cell", EDIT),
    Action("paste", ("p",), "paste lines below", EDIT),
    Action("rename", ("r",), "name the layer; references follow", EDIT),
    Action("range", ("V",), "start or end a range", EDIT),
    Action("fix", ("full_stop",), "ways to put the error right; on a line without one: go to the next", EDIT, "Fix"),
    Action("as_text", ("e",), "edit the whole list as text", EDIT),
    Action("cursor_up", ("up", "k"), "up", MOVE),
    Action("cursor_down", ("down", "j"), "down", MOVE),
    Action("range_up", ("shift+up",), "mark upwards", MOVE),
    Action("range_down", ("shift+down",), "mark downwards", MOVE),
    Action("left", ("left", "h"), "the number to the left; in Results: the column", MOVE),
    Action("right", ("right", "l"), "the number to the right; in Results: the column", MOVE),
    Action("page_up", ("pageup",), "a page up", MOVE),
    Action("page_down", ("pagedown",), "a page down", MOVE),
    Action("first", ("home", "g"), "the first line", MOVE),
    Action("last", ("end", "G"), "the last line", MOVE),
    Action("next_pane", ("tab",), "the next pane", MOVE),
    Action("previous_pane", ("shift+tab",), "the pane before", MOVE),
    Action("pane_1", ("1",), "Layers", MOVE),
    Action("pane_2", ("2",), "Results", MOVE),
    Action("pane_3", ("3",), "Working", MOVE),
    Action("to_source", ("left_curly_bracket",), "go to the layer that this one reads; again for the next", MOVE),
    Action("to_reader", ("right_curly_bracket",), "go to the layer that reads this one; again for the next", MOVE),
    Action("find", ("slash",), "find lines", MOVE),
    Action("find_next", ("n",), "the next line found", MOVE),
    Action("find_previous", ("N",), "the line found before", MOVE),
    Action("increase", ("plus", "equals_sign"), "add 1 to the number", NUMBERS),
    Action("decrease", ("minus",), "take 1 from the number", NUMBERS),
    Action("double", ("right_square_bracket",), "double the number", NUMBERS),
    Action("halve", ("left_square_bracket",), "halve the number", NUMBERS),
    Action("bind", ("b", "4"), "give symbols a value", NUMBERS, "Bind"),
    Action("solve", ("S", "f8"), "solve backwards: the largest or smallest number within a limit", NUMBERS),
    Action("make_variable", ("L",), "make the number a symbol; over a range a common factor", NUMBERS),
    Action("settings", ("comma",), "data format, batch, dtype, bias, counting", NUMBERS),
    Action("sweep", ("w",), "compute for many values of one or two symbols", NUMBERS),
    Action("budgets", ("t", "5"), "budgets: limits, how far they are used, the worst layers", SEE),
    Action("explain", ("f3", "X"), "the whole worked solution", SEE),
    Action("memory", ("M",), "memory of inference and of training, with their sums", SEE),
    Action("diagram", ("D",), "the network as a block diagram", SEE),
    Action("charts", ("C",), "charts of all layers: shares, groups, the receptive field", SEE),
    Action("practice", ("P",), "practise: say the shape and parameters of each layer, and see what slipped", SEE),
    Action("fold", ("f",), "fold the group or block around the cursor, or unfold it", SEE),
    Action("fold_all", ("F",), "fold all groups and blocks, or unfold them", SEE),
    Action("fold_alike", ("ctrl+f",), "fold all groups that lie as deep as this one", SEE),
    Action("zoom", ("z",), "one pane alone, or all again", SEE),
    Action("keep_variant", ("m",), "keep the network as it is now, as variant A, B, C", SEE),
    Action("compare", ("c",), "compare with a kept variant, a file, a step or a preset", SEE),
    Action("history", ("H", "f7"), "all steps; go to one", SEE),
    Action("sort", ("s",), "sort by the column: largest first, smallest first, layer order", SEE),
    Action("columns", ("v",), "other columns in Results", SEE),
    Action("copy_table", ("Y",), "copy the results as Markdown", SEE),
    Action("save", ("ctrl+s",), "save", FILE),
    Action("save_as", ("W",), "save under another name", FILE),
    Action("open", ("ctrl+o",), "open a file", FILE),
    Action("import", ("i",), "take in a file of another program: Keras, ONNX, PyTorch", FILE),
    Action("import_report", ("R",), "the report of the import: what was folded, rewritten or is not known", FILE),
    Action("export", ("x",), "write the network in another format, or copy it", FILE),
    Action("presets", ("ctrl+n",), "open a preset", FILE),
    Action("help", ("question_mark", "f1"), "all keys", FILE, "Keys"),
    Action("palette", ("ctrl+p", "colon"), "all commands", FILE),
    Action("back", ("escape",), "back: end the range, the search, the zoom", FILE),
    Action("quit", ("q", "ctrl+q"), "quit", FILE),
    Action("interrupt", ("ctrl+c",), "copy", FILE),
)  # fmt: skip

BY_ID: Final = {action.id: action for action in ACTIONS}


def keyed(*keys: str) -> str:
    """The keys of a binding, letters a second time as a Korean input method sends them.

    >>> keyed("down", "j")
    'down,j,ㅓ'
    """
    found = list(keys)
    for key in keys:
        *modifiers, last = key.split("+")
        if last in JAMO:
            found.append("+".join([*modifiers, _character_to_key(JAMO[last])]))
    return ",".join(found)


def bindings() -> list[Binding]:
    """The bindings of all actions."""
    return [Binding(keyed(*a.keys), a.id, a.help, show=False, id=a.id) for a in ACTIONS]


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The help page: for each group its keys and what they do."""
    found: dict[str, list[tuple[str, str]]] = {}
    for action in ACTIONS:
        found.setdefault(action.group, []).append((action.key_names(), action.help))
    return list(found.items())
