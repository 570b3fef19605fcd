"""The journal as it is written: what is on disk when, and that failures are told and made good.

Error numbers: POSIX.
"""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.notes import note, numbered, only, put, rows, text_of
from tui.core import journal as journal_module
from tui.core.journal import Journal
from tui.core.recovery import Recovery, recoverable
from tui.core.rows import Rows
from tui.core.snapshot import difference


def test_nothing_is_written_before_the_first_change_and_nothing_stays_after_a_save(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "journals"
    journal = Journal(folder, None)
    old = rows("# a")
    new = put(old, 0, "# b")
    journal.saved(old)
    assert not folder.exists()
    journal.record(old, new)
    assert len(os.listdir(folder)) == 1
    journal.saved(new, "/home/ada/b.layers")
    assert os.listdir(folder) == []
    last = put(new, 0, "# c")
    journal.record(new, last)
    journal.close()
    (found,) = recoverable(folder)
    assert (found.document, found.text, found.changes) == ("/home/ada/b.layers", "# c\n", 1)


def test_a_save_of_older_lines_leaves_the_later_change_unsaved(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    first = rows("# a", "# b")
    second = put(first, 0, "# A")
    third = put(second, 1, "# B")
    journal.record(first, second)
    journal.record(second, third)
    journal.saved(second)
    journal.close()
    (found,) = recoverable(tmp_path)
    assert (found.text, found.changes) == ("# A\n# B\n", 1)


def test_another_document_ends_what_was_unsaved_of_the_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "/a")
    old = rows("# a")
    journal.record(old, put(old, 0, "# b"))
    other = rows("# x", "# y")
    journal.reset(other, "/x")
    assert os.listdir(tmp_path) == []
    journal.record(other, put(other, 1, "# z"))
    journal.close()
    (found,) = recoverable(tmp_path)
    assert (found.document, found.text) == ("/x", "# x\n# z\n")


def test_the_end_of_a_session(tmp_path: Path) -> None:
    old = rows("# a")
    new = put(old, 0, "# b")
    saved, unsaved, unwanted, unused = (Journal(tmp_path / name, None) for name in ("1", "2", "3", "4"))
    for journal in (saved, unsaved, unwanted):
        journal.record(old, new)
    saved.record(new, rows("# a"))  # other lines of the same text
    saved.close()
    unsaved.close()
    unwanted.discard()
    unused.close()
    assert [len(recoverable(tmp_path / name)) for name in ("1", "2", "3", "4")] == [0, 1, 0, 0]
    assert [path.name for path in tmp_path.glob("*/*")] == [path.name for path in tmp_path.glob("2/*")]


def test_a_change_that_is_taken_back_ends_a_half_typed_row_all_the_same(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    old = rows("# a")
    new = put(old, 0, "# b")
    journal.saved(old)
    journal.typing(0, "half")
    journal.record(old, new)
    journal.record(new, old)
    journal.close()
    assert os.listdir(tmp_path) == []


def test_a_key_that_types_nothing_writes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    journal.saved(rows("# a"))
    journal.typing(0, "half")
    size = only(tmp_path).stat().st_size
    journal.typing(0, "half")
    assert only(tmp_path).stat().st_size == size
    journal.discard()


def test_typing_needs_the_lines(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not know the lines"):
        Journal(tmp_path, None).typing(0, "c")


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        journal = Journal(tmp_path / "state", None)
        old = rows("# a")
        journal.record(old, put(old, 0, "# b"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(only(tmp_path / "state").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    journal.discard()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_record_that_was_half_written_is_made_good_by_the_next(tmp_path: Path) -> None:
    journal = Journal(tmp_path, None)
    lines = [numbered(20)]
    for row in range(4):
        lines.append(put(lines[-1], row, f"# edit {row}"))
    journal.record(lines[0], lines[1])
    path = only(tmp_path)
    size = path.stat().st_size
    # Room for a part of one record, and not for a new file: it says two edits more, of 11 bytes each, and a time
    # that is written with up to 7 digits fewer.
    with files_of_at_most(size + 10):
        journal.record(lines[1], lines[2])
        assert journal.problem is not None
        assert "too large" in journal.problem.lower()
        assert path.stat().st_size == size + 10  # the torn record
        (before,) = _as_if_dead(path)
        assert before.text == text_of(lines[1])
        journal.record(lines[2], lines[3])
        assert journal.problem is not None
        assert os.listdir(tmp_path) == [path.name]
    journal.record(lines[3], lines[4])
    assert journal.problem is None
    journal.close()
    (found,) = recoverable(tmp_path)
    assert (found.text, found.changes) == (text_of(lines[4]), 4)


def _as_if_dead(path: Path) -> list[Recovery]:
    twin = path.parent.parent / "twin"
    twin.mkdir(exist_ok=True)
    (twin / path.name).write_bytes(path.read_bytes())
    return recoverable(twin)


@pytest.mark.parametrize("function", ["mkdir", "open", "write", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_failed_writes_are_told_and_disturb_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    journal = Journal(tmp_path, None)
    old = rows("# a")
    new = put(old, 0, "# b")
    with monkeypatch.context() as patch:
        if function == "mkdir":
            patch.setattr(Path, "mkdir", fail)
        else:
            patch.setattr(os, function, fail)
        journal.record(old, new)
        journal.typing(0, "con")
    assert journal.problem == f"unsaved changes are not kept in {tmp_path}: {os.strerror(code)}"
    assert os.listdir(tmp_path) == []
    journal.typing(0, "conv")
    assert journal.problem is None
    journal.close()
    (found,) = recoverable(tmp_path)
    assert (found.text, found.changes) == ("conv\n", 1)


def test_a_long_session_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "REWRITE_BYTES", 2_000)
    journal = Journal(tmp_path, None)
    lines = numbered(20)
    for edit in range(300):
        new = put(lines, edit % 20, f"# edit {edit}")
        journal.record(lines, new)
        lines = new
    # Head and one change of 20 lines are under 1,500 bytes, and 2,000 may follow before a record of 60.
    assert only(tmp_path).stat().st_size < 3_600
    assert recoverable(tmp_path) == []
    journal.close()
    (found,) = recoverable(tmp_path)
    assert (found.text, found.changes) == (text_of(lines), 300)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=400), st.data())
def test_the_difference_of_two_versions_makes_one_of_the_other(values: list[int], data: st.DataObject) -> None:
    pool = [note(f"# {i}") for i in range(6)]
    old = Rows([pool[value] for value in values])
    first = data.draw(st.integers(0, len(old)))
    last = data.draw(st.integers(first, min(first + 5, len(old))))
    new = old.spliced(first, last, [pool[value] for value in data.draw(st.lists(st.integers(0, 5), max_size=5))])
    for a, b in ((old, new), (new, old), (old, Rows(new))):
        change = difference(a, b)
        assert [*a[: change.first], *change.lines, *a[change.last :]] == list(b)
        assert change.last - change.first <= max(last - first, len(b) - len(a) + last - first, 5)


def test_a_key_press_in_a_long_document_costs_one_short_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    write = os.write

    def counted(descriptor: int, data: Any) -> int:
        written.append(len(data))
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", counted)
    journal = Journal(tmp_path, None)
    lines = numbered(10_000)
    for row in (0, 0, 5_000, 9_999):
        new = put(lines, row, "# pressed")
        journal.record(lines, new)
        lines = new
    journal.discard()
    # The first is the head with all lines; the others are a checksum, three keys and one text.
    assert written[0] > 80_000
    assert len(written) == 4
    assert max(written[1:]) < 80
