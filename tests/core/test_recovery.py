"""Unsaved work outlasts a killed program, and only a dead program's work is offered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.notes import note, numbered, put, rows, text_of
from tui.core import edits, journal_file, recovery
from tui.core import journal as journal_module
from tui.core.errors import EditError
from tui.core.journal import Journal
from tui.core.recovery import recoverable
from tui.core.store import ModelStore

KILLED = """
import sys
from pathlib import Path
from tui.core.journal import Journal
from tui.core.network import Line
from tui.core.rows import Rows

lines = Rows([Line(f"# {i}") for i in range(50)])
journal = Journal(Path(sys.argv[1]), "/home/ada/net.layers")
journal.saved(lines)
edit = 0
while True:
    new = lines.spliced(edit % 50, edit % 50 + 1, [Line(f"# edit {edit}")])
    journal.record(lines, new)
    lines = new
    edit += 1
    print(edit, flush=True)
"""


def test_kill_9_in_the_midst_of_edits_costs_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = 0
        while told < 120:
            told = int(process.stdout.readline())
        assert recoverable(tmp_path) == []  # it lives
        process.send_signal(signal.SIGKILL)
        told = max([told, *map(int, process.stdout.read().split("\n")[:-1])])
    (found,) = recoverable(tmp_path)
    expected = [f"# {i}" for i in range(50)]
    for edit in range(found.changes):
        expected[edit % 50] = f"# edit {edit}"
    assert found.text.split("\n")[:-1] == expected
    assert found.changes >= told
    assert found.document == "/home/ada/net.layers"
    assert abs(found.time - time.time()) < 60
    found.discard()
    found.discard()
    assert os.listdir(tmp_path) == []


def test_a_half_typed_line_is_recovered_as_its_row(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    journal.saved(rows("# a", "# b", "# c"))
    journal.typing(1, "con")
    journal.typing(1, "conv 2")
    journal.close()
    (found,) = recoverable(tmp_path)
    assert (found.text, found.changes, found.document) == ("# a\nconv 2\n# c\n", 0, None)


@pytest.mark.parametrize(
    ("row", "insert", "text"),
    [
        (0, True, "new\n# a\n# b\n"),
        (1, True, "# a\nnew\n# b\n"),
        (2, True, "# a\n# b\nnew\n"),
        (2, False, "# a\n# b\nnew\n"),
        (0, False, "new\n# b\n"),
    ],
)
def test_where_a_half_typed_line_goes(tmp_path: Path, row: int, insert: bool, text: str) -> None:
    journal = Journal(tmp_path, None)
    journal.saved(rows("# a", "# b"))
    journal.typing(row, "new", insert=insert)
    journal.close()
    assert recoverable(tmp_path)[0].text == text


def test_a_half_typed_line_ends_with_a_change_or_when_it_is_given_up(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    old = rows("# a", "# b")
    new = put(old, 0, "# A")
    journal.saved(old)
    journal.typing(1, "con")
    journal.record(old, new)
    journal.typing(0, "half")
    journal.typing(0, None)
    journal.close()
    assert recoverable(tmp_path)[0].text == "# A\n# b\n"


def test_a_change_taken_back_leaves_nothing_to_recover(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    old = rows("# a")
    new = put(old, 0, "# b")
    journal.record(old, new)
    journal.record(new, old)
    os.close(journal._descriptor or -1)  # as a kill does
    assert recoverable(tmp_path) == []
    assert os.listdir(tmp_path) == []


def test_recovered_work_is_in_the_next_journal_at_once(tmp_path: Path) -> None:
    first, second = Journal(tmp_path, "/net"), Journal(tmp_path, "/net")
    old = rows("# a")
    first.record(old, put(old, 0, "# b"))
    first.close()
    (found,) = recoverable(tmp_path)
    second.reset(rows(*found.text.splitlines()), found.document, on_disk=False)
    assert second.problem is None
    found.discard()
    second.close()
    (again,) = recoverable(tmp_path)
    assert (again.document, again.text) == ("/net", "# b\n")


def test_two_programs_with_one_document_have_two_journals_newest_first(tmp_path: Path) -> None:
    old = rows("# a")
    first, second = Journal(tmp_path, "/net"), Journal(tmp_path, "/net")
    second.record(old, put(old, 0, "# second"))
    first.record(old, put(old, 0, "# first"))
    assert recoverable(tmp_path) == []
    os.utime(second._path, (1_000_000_000, 1_000_000_000))
    second.close()
    assert [found.text for found in recoverable(tmp_path)] == ["# second\n"]
    first.close()
    assert [found.text for found in recoverable(tmp_path)] == ["# first\n", "# second\n"]
    assert recoverable(tmp_path)[1].time == 1_000_000_000


def test_a_lock_counts_for_more_than_the_process_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = rows("# a")
    journal = Journal(tmp_path, None)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 4_194_304)  # one more than Linux gives (proc_sys_kernel(5))
        journal.record(old, put(old, 0, "# b"))
    assert recoverable(tmp_path) == []
    journal.close()
    assert len(recoverable(tmp_path)) == 1


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without file locks, where the process number has to do."""
    monkeypatch.setattr(journal_module, "lock", lambda _: False)
    monkeypatch.setattr(recovery, "is_locked", lambda _: None)


@pytest.mark.usefixtures("no_locks")
def test_without_locks_the_process_number_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = rows("# a")

    def one(name: str, pid: int, start: str | None) -> list[recovery.Recovery]:
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: pid)
            patch.setattr(journal_module, "start_of", lambda _: start)
            journal = Journal(tmp_path / name, None)
            journal.record(old, put(old, 0, "# b"))
            journal.close()
        return recoverable(tmp_path / name)

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = os.getpid()
    assert one("alive", own, journal_file.start_of(own)) == []
    assert one("alive, start not known", own, None) == []
    assert len(one("gone", ended.pid, None)) == 1
    if journal_file.start_of(own) is not None:
        assert len(one("number reused", own, "1")) == 1


TEXT = st.text(max_size=8)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "delete", "move", "undo", "redo", "save", "type", "all"]),
        st.integers(0, 300),
        st.integers(0, 3),
        st.lists(TEXT, min_size=1, max_size=3),
    ),
    max_size=25,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 300), STEPS)
def test_replayed_edits_are_the_lines_of_the_store(tmp_path: Path, count: int, steps: list[Any]) -> None:
    for left in tmp_path.iterdir():
        left.unlink()
    store = ModelStore(numbered(count))
    journal = Journal(tmp_path, "/net")
    last = store.committed.lines
    saved = text_of(last)
    journal.saved(last)
    for name, place, more, texts in steps:
        snapshot = store.committed
        row = place % max(len(snapshot.lines), 1)
        end = min(row + more, len(snapshot.lines) - 1)
        new = [note(f"#{text}") for text in texts]
        try:
            match name:
                case "insert":
                    store.apply(edits.insert(snapshot, row, new))
                case "replace" if end >= row:
                    store.apply(edits.replace(snapshot, row, new[0]))
                case "delete" if end >= row:
                    store.apply(edits.delete(snapshot, row, end))
                case "move" if end >= row:
                    store.apply(edits.move(snapshot, row, end, down=bool(more % 2)))
                case "all":
                    store.apply(edits.replace_all(snapshot, [*snapshot.lines[:row], *new]))
                case "undo":
                    store.undo()
                case "redo":
                    store.redo()
                case "save":
                    store.mark_saved()
                    saved = text_of(store.committed.lines)
                    journal.saved(store.committed.lines)
                case "type":
                    journal.typing(row, "half")
        except EditError:
            continue
        if store.committed.lines is not last:
            journal.record(last, store.committed.lines)
            last = store.committed.lines
    journal.typing(0, None)
    journal.close()
    found = recoverable(tmp_path)
    if text_of(last) == saved:
        assert found == []
    else:
        assert [one.text for one in found] == [text_of(last)]
