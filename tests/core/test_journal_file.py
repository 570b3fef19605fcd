"""The file of a journal, damaged and forged: nothing raises, and what stands before the damage is given."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.notes import note, numbered, only, text_of
from tui.core import recovery
from tui.core.journal import Journal
from tui.core.journal_file import start_of
from tui.core.recovery import recoverable

Written = tuple[bytes, set[str]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A journal of eight changes and a half-typed row, and the texts that its beginnings come to."""
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder, "/net")
    lines = numbered(5)
    texts = set()
    for edit in range(8):
        texts_put = [note(f"# edit {edit}"), note("# é")][: 1 + edit % 2]
        new = lines.spliced(edit % 4, edit % 4 + edit % 2, texts_put)
        journal.record(lines, new)
        lines = new
        texts.add(text_of(lines))
    journal.typing(0, "half")
    texts.add("half\n" + text_of(lines).split("\n", 1)[1])
    data = only(folder).read_bytes()
    journal.discard()
    return data, texts


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), cut=st.integers(0, 40), junk=st.binary(max_size=40))
def test_damage_costs_what_comes_after_it_and_never_raises(
    tmp_path: Path, written: Written, at: float, cut: int, junk: bytes
) -> None:
    data, texts = written
    place = int(at * len(data))
    (tmp_path / "1.journal").write_bytes(data[:place] + junk + data[place + cut :])
    assert {found.text for found in recoverable(tmp_path)} <= texts


def test_a_torn_last_record_costs_that_record_alone(tmp_path: Path, written: Written) -> None:
    data, texts = written
    changes, seen = [], set()
    for size in range(len(data) + 1):
        (tmp_path / "1.journal").write_bytes(data[:size])
        for found in recoverable(tmp_path):
            changes.append(found.changes)
            seen.add(found.text)
    assert changes == sorted(changes)
    assert set(changes) == set(range(1, 9))
    assert seen == texts


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_random_bytes_are_passed_over(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "1.journal").write_bytes(junk)
    assert recoverable(tmp_path) == []
    assert (tmp_path / "1.journal").exists()


def signed(*records: Any) -> bytes:
    """Records with a right checksum, as somebody who means harm can make them."""
    bodies = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    return b"".join(b"%08x %b\n" % (zlib.crc32(body), body) for body in bodies)


HEAD = {"version": 1, "pid": 4_194_304, "locked": True, "document": "/net", "changes": 0, "lines": ["# a", "# b"]}
GOOD = {"first": 0, "last": 1, "lines": ["# A"]}


@pytest.mark.parametrize(
    "head",
    [
        {},
        {**HEAD, "version": 2},
        {**HEAD, "lines": None},
        {**HEAD, "lines": [1, 2]},
        {**HEAD, "lines": "ab"},
        [],
        b"[" * 200_000,
        b"\xff\xfe",
        b'{"version": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_head_that_makes_no_sense_is_passed_over(tmp_path: Path, head: Any) -> None:
    (tmp_path / "1.journal").write_bytes(signed(head, GOOD))
    assert recoverable(tmp_path) == []


@pytest.mark.parametrize(
    "record",
    [
        {"first": 0, "last": 3, "lines": []},
        {"first": -1, "last": 1, "lines": []},
        {"first": 2, "last": 1, "lines": []},
        {"first": 0, "last": 1, "lines": [None]},
        {"first": 0.5, "last": 1, "lines": []},
        {"first": 10**30, "last": 10**30, "lines": []},
        {"row": -1, "text": "x", "insert": False},
        {"row": 0, "text": 5, "insert": False},
        {"row": 0, "text": "x"},
        {"something": "else"},
        ["first", 0],
        b'{"a":' * 100_000,
        b"null",
    ],
)
def test_a_record_that_makes_no_sense_ends_the_replay(tmp_path: Path, record: Any) -> None:
    (tmp_path / "1.journal").write_bytes(signed(HEAD, GOOD, record, {"first": 0, "last": 0, "lines": ["late"]}))
    assert [found.text for found in recoverable(tmp_path)] == ["# A\n# b\n"]


@pytest.mark.parametrize("pid", [None, 0, -1, "1", 10**30, [], 1.5])
def test_a_process_number_that_makes_no_sense_is_a_dead_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pid: Any
) -> None:
    monkeypatch.setattr(recovery, "is_locked", lambda _: None)
    (tmp_path / "1.journal").write_bytes(signed({**HEAD, "locked": "yes", "pid": pid, "document": 5}, GOOD))
    (found,) = recoverable(tmp_path)
    assert (found.document, found.text) == (None, "# A\n# b\n")


def test_other_things_in_the_folder_are_let_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert recoverable(folder) == []
    folder.mkdir()
    (tmp_path / "elsewhere").write_bytes(signed(HEAD, GOOD))
    (folder / "link.journal").symlink_to(tmp_path / "elsewhere")
    (folder / "folder.journal").mkdir()
    os.mkfifo(folder / "pipe.journal")
    (folder / "notes.txt").write_bytes(signed(HEAD, GOOD))
    (folder / "starting.new").write_bytes(b"")
    (folder / "left behind.new").write_bytes(b"")
    os.utime(folder / "left behind.new", (1_000_000_000, 1_000_000_000))
    assert recoverable(folder) == []
    assert sorted(os.listdir(folder)) == ["folder.journal", "link.journal", "notes.txt", "pipe.journal", "starting.new"]


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="a system without /proc")
def test_the_start_of_a_process_is_its_own() -> None:
    start = start_of(os.getpid())
    assert start is not None
    # In ticks since the boot, so after that of the first process and not after now (proc_uptime(5)).
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert 0 < int(start) / os.sysconf("SC_CLK_TCK") <= uptime
