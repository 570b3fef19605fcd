"""Dialogs for a file to open or to write: a path with completion, and the folder it is in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.ui.dialogs.confirm import Choice, Confirm
from tui.ui.dialogs.directory import Listing, completed, listing
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.folders import absolute
from tui.ui.safe_input import SafeInput

UP = ".."
NATIVE = (".layers",)


class PathInput(SafeInput):
    """A path. Tab completes it, and goes on where there is nothing to complete."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", show=False)]

    def action_complete(self) -> None:
        screen = self.screen
        if not (isinstance(screen, PathDialog) and screen.complete()):
            screen.focus_next()


class PathDialog(Dialog[Path]):
    """A path input above the entries of its folder. Enter takes the marked entry, else the path as typed."""

    DEFAULT_CSS = """
    PathDialog #message { margin-top: 1; height: auto; max-height: 3; }
    PathDialog PickList { margin-top: 1; }
    PathDialog .dialog-foot { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
        Binding("pagedown", "move(8)", "Page down", show=False),
        Binding("pageup", "move(-8)", "Page up", show=False),
        Binding("ctrl+t", "all_files", "All files", show=False),
    ]
    AUTO_FOCUS = "PathInput"
    tall = True
    marks_first: ClassVar[bool] = True
    """Whether an entry is marked without an arrow key: what is typed then only narrows the list."""

    def __init__(self, start: Path, suffixes: Sequence[str] = NATIVE) -> None:
        super().__init__()
        self.suffixes = tuple(suffixes)
        self.everything = False
        self._listed = f"{start}/" if start.is_dir() and str(start) != "/" else str(start)
        self._found = Listing(start, "")

    def body(self) -> ComposeResult:
        yield PathInput(self._listed, compact=True, select_on_focus=False)
        yield PickList()
        yield saying("message", muted=True)

    @property
    def input(self) -> PathInput:
        return self.query_one(PathInput)

    def on_mount(self) -> None:
        self._list()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.later(self._list)

    def _list(self) -> None:
        self._listed = self.input.value
        found = self._found = listing(self._listed, None if self.everything else self.suffixes)
        picks = [
            Pick(place.name, place.name + "/" * place.folder, "" if place.bytes is None else f"{place.bytes:,} B")
            for place in found.places
        ]
        # The way up is listed where nothing is begun, below the entries so that it is not marked by itself.
        if not found.begun and found.error is None:
            picks.append(Pick(UP, f"{UP}/", "the folder above"))
        exact = next((place.name for place in found.places if place.name == found.begun), None)
        self.query_one(PickList).fill(picks, marked=exact, mark_first=self.marks_first)
        shown = "all files" if self.everything else " ".join(f"*{suffix}" for suffix in self.suffixes)
        state = f"{shown}; Ctrl+T shows {'fewer' if self.everything else 'all'}"
        if found.more:
            state += "; too many to list all, type more"
        elif not found.places and found.error is None:
            state = f"{self.none_begins_with(found.begun) if found.begun else 'nothing here'}; {state}"
        self.say("#message", found.error or state, error=found.error is not None)

    def none_begins_with(self, begun: str) -> str:
        """What it means that no entry begins as the name that is typed."""
        return f"nothing here begins with {begun!r}"

    def action_all_files(self) -> None:
        self.everything = not self.everything
        self._list()

    def action_move(self, by: int) -> None:
        self.query_one(PickList).move(by)

    def complete(self) -> bool:
        """Add what all entries in the list share; False where that is nothing."""
        # The list may be one refresh behind what is typed.
        found = listing(self.input.value, None if self.everything else self.suffixes)
        word = completed(found)
        if word == found.begun:
            return False
        self._type(self.input.value[: len(self.input.value) - len(found.begun)] + word)
        return True

    def _type(self, path: str) -> None:
        self.input.value = path
        self.input.cursor_position = len(path)

    def fail(self, message: str) -> None:
        """Say why the path cannot be taken, and go back to it."""
        self.say("#message", message, error=True)
        self.input.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.accept()

    def accept(self) -> None:
        # Enter may come before the list has caught up with what is typed.
        if self.input.value != self._listed:
            self._list()
        marked = self.query_one(PickList).marked
        found = self._found
        if marked == UP:
            self._enter(absolute(found.folder).parent)
        elif marked is not None:
            self._take(found.folder / marked)
        elif not self.input.value.strip():
            self.fail("type a path, or choose a file with the arrow keys")
        else:
            self._take(found.folder / found.begun)

    def _enter(self, folder: Path) -> None:
        self._type(f"{folder}/".replace("//", "/"))
        self.input.focus()

    def _take(self, path: Path) -> None:
        try:
            folder = path.is_dir()
        except (OSError, ValueError) as error:
            self.fail(f"{path}: {error}")
            return
        if folder:
            self._enter(path)
        else:
            self.take(path)

    def take(self, path: Path) -> None:
        """Take a path that is no folder as the answer, or say why not."""
        raise NotImplementedError


class OpenFile(PathDialog):
    """Choose a file that exists; the result is its path."""

    title_text = "Open"
    keys = "Tab complete  Enter open  Esc cancel"
    accept_label = "Open"

    def take(self, path: Path) -> None:
        if path.exists():
            self.answer(path)
        else:
            self.fail(f"there is no file {path}")


class ImportFile(OpenFile):
    """Choose a file of another program to take in; the result is its path."""

    title_text = "Import"
    keys = "Tab complete  Enter look at it  Esc cancel"
    accept_label = "Look at it"


class SaveFile(PathDialog):
    """Choose a file to write; a name without a suffix gets the first of ``suffixes``. Asks before it replaces one."""

    title_text = "Save as"
    keys = "Tab complete  Enter save  Esc cancel"
    accept_label = "Save"
    marks_first = False

    def __init__(self, start: Path, suffixes: Sequence[str] = NATIVE, foreign: Sequence[str] = ()) -> None:
        """``foreign`` are the suffixes of other programs' files: one so named could not be opened again."""
        super().__init__(start, suffixes)
        self.foreign = foreign

    def none_begins_with(self, begun: str) -> str:
        return f"a new file, {self._named(Path(begun)).name}"

    def _named(self, path: Path) -> Path:
        """The path with the suffix that a name without one gets."""
        return path if path.suffix or not path.name else path.with_name(path.name + self.suffixes[0])

    def take(self, path: Path) -> None:
        path = self._named(path)
        if path.suffix.lower() in self.foreign:
            self.fail(f"{path.suffix} is another program's format, which x exports; here it is {self.suffixes[0]}")
        elif not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}")
        elif path.exists():
            choices = (Choice("r", "Replace", "replace"), Choice("c", "Cancel", "cancel"))
            question = Confirm("Replace this file?", str(path), choices)
            self.app.push_screen(question, lambda answer: self._answered(path, answer))
        else:
            self.answer(path)

    def _answered(self, path: Path, answer: str | None) -> None:
        if answer == "replace":
            self.answer(path)
