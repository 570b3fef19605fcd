"""A save keeps who may do what with a file, and a save that fails costs nothing and leaves no litter.

Modes and error numbers: POSIX.
"""

from __future__ import annotations

import errno
import os
import resource
import stat
from pathlib import Path

import pytest

from tui.core.errors import FileError
from tui.core.network import Line
from tui.formats import files
from tui.formats.files import changed_on_disk, load, save
from tui.formats.line import parse_line

OLD = b"input 39x31x1\n"
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def lines_of(*texts: str) -> list[Line]:
    return [parse_line(text) for text in texts]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "net.layers"
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_permissions_are_kept(path: Path, mode: int) -> None:
    path.chmod(mode)
    save(path, lines_of("dense 1"), load(path)[1])
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_gets_the_permissions_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save(tmp_path / "new.layers", lines_of("dense 1"), None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.layers").stat().st_mode) == 0o640


@AS_ROOT
def test_the_owner_is_kept(path: Path) -> None:
    os.chown(path, 12345, 54321)
    path.chmod(0o660)
    save(path, lines_of("dense 1"), load(path)[1])
    now = path.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (12345, 54321, 0o660)


@AS_ROOT
def test_another_group_gets_no_more_than_everybody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(path, 12345, 54321)
    path.chmod(0o664)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    save(path, lines_of("dense 1"), load(path)[1])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_extended_attributes_are_kept(path: Path) -> None:
    try:
        os.setxattr(path, "user.origin", b"lecture 4")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    save(path, lines_of("dense 1"), load(path)[1])
    assert os.getxattr(path, "user.origin") == b"lecture 4"


def test_an_emptied_file_has_a_new_time(path: Path) -> None:
    os.utime(path, (1_000_000_000, 1_000_000_000))
    save(path, [], load(path)[1])
    assert path.read_bytes() == b""
    assert path.stat().st_mtime > 1_000_000_000


def test_a_read_only_file_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write to all files
    with pytest.raises(FileError, match="read-only"):
        save(path, [], load(path)[1], force=True)
    assert path.read_bytes() == OLD


@pytest.mark.parametrize(
    ("function", "code", "reason"),
    [
        ("open", errno.EACCES, "permission denied"),
        ("open", errno.EROFS, "the disk is read-only"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.EIO, os.strerror(errno.EIO)),
        ("chmod", errno.EPERM, "permission denied"),
        ("replace", errno.EBUSY, os.strerror(errno.EBUSY)),
    ],
)
def test_a_failure_leaves_the_old_file_and_no_litter(
    path: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int, reason: str
) -> None:
    _, stamp = load(path)

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(files.os, function, fail)
        with pytest.raises(FileError, match=rf"cannot save .*net\.layers: {reason}"):
            save(path, lines_of("dense 1"), stamp)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["net.layers"]
    assert not changed_on_disk(path, stamp)


def test_a_write_that_ends_half_way_leaves_the_old_file(path: Path) -> None:
    _, stamp = load(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(FileError, match="larger than the system allows"):
            save(path, [Line("# " + "x" * 98)] * 1000, stamp)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["net.layers"]


def test_an_interrupt_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(path, lines_of("dense 1"), load(path)[1])
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["net.layers"]


def test_file_and_folder_reach_the_disk_and_the_file_before_it_has_its_name(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[str] = []
    fsync, replace = os.fsync, os.replace

    def logged_fsync(descriptor: int) -> None:
        log.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def logged_replace(old: Path, new: Path) -> None:
        log.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", logged_fsync)
    monkeypatch.setattr(os, "replace", logged_replace)
    save(path, lines_of("dense 1"), load(path)[1])
    assert log == ["file", "replace", "folder"]
