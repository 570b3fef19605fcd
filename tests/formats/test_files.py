"""Reading and saving files: what is kept, what is refused, and that no failure costs a line.

Byte order mark and line ends: the Unicode Standard, section 23.8, and RFC 3629. Modes and errors: POSIX.
"""

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.core.errors import FileError
from tui.core.network import Line
from tui.formats.document import MAX_BYTES
from tui.formats.files import ChangedOnDisk, TextStyle, changed_on_disk, content, load, save
from tui.formats.line import parse_line

OLD = b"input 39x31x1\n"


def lines_of(*texts: str) -> list[Line]:
    return [parse_line(text) for text in texts]


def texts_of(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "net.layers"
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize(
    ("data", "texts", "style"),
    [
        (b"# a\n# b\n", ["# a", "# b"], TextStyle("\n", True, False)),
        (b"# a\n# b", ["# a", "# b"], TextStyle("\n", False, False)),
        (b"# a\r\n# b\r\n", ["# a", "# b"], TextStyle("\r\n", True, False)),
        (b"# a\r\n\r\n# b", ["# a", "", "# b"], TextStyle("\r\n", False, False)),
        (b"\xef\xbb\xbf# a\n", ["# a"], TextStyle("\n", True, True)),
        (b"\xef\xbb\xbf\xef\xbb\xbf# a\n", ["\ufeff# a"], TextStyle("\n", True, True)),
        (b"", [""], TextStyle("\n", False, False)),
        (b"\n", [""], TextStyle("\n", True, False)),
        (b"# a\n\n\n", ["# a", "", ""], TextStyle("\n", True, False)),
        ("# 합성곱\n".encode(), ["# 합성곱"], TextStyle("\n", True, False)),
    ],
)
def test_load_and_save_again_keep_every_byte(tmp_path: Path, data: bytes, texts: list[str], style: TextStyle) -> None:
    path = tmp_path / "net.layers"
    path.write_bytes(data)
    lines, stamp = load(path)
    assert texts_of(lines) == texts
    assert stamp.style == style
    save(path, lines, stamp)
    assert path.read_bytes() == data


def test_mixed_line_ends_become_the_more_frequent(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    path.write_bytes(b"# a\r\n# b\n# c\r\n")
    lines, stamp = load(path)
    save(path, lines, stamp)
    assert path.read_bytes() == b"# a\r\n# b\r\n# c\r\n"


PLAIN = st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), max_size=12)
STYLES = st.builds(TextStyle, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PLAIN | st.sampled_from(["dense n", "  conv 20 s2   # two", "set bias=false", "\ufeff"])), STYLES)
def test_what_was_saved_is_loaded(tmp_path: Path, texts: list[str], style: TextStyle) -> None:
    path = tmp_path / "net.layers"
    path.write_bytes(OLD)
    lines = lines_of(*texts)
    stamp = load(path)[1]._replace(style=style)
    save(path, lines, stamp)
    again, _ = load(path)
    assert texts_of(again) == (texts_of(lines) or [""])


def test_the_stamp_of_a_save_serves_for_the_next(path: Path) -> None:
    lines, stamp = load(path)
    for text in ("dense 1", "dense 2", "dense 3"):
        lines.append(parse_line(text))
        stamp = save(path, lines, stamp)
        assert not changed_on_disk(path, stamp)
    assert path.read_bytes() == b"input 39x31x1\ndense 1\ndense 2\ndense 3\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04\0\0\0", "binary"),
        (b"# a\n# \xff\n", r"not UTF-8 text \(byte 6\)"),
        ("# a\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "net.layers"
    path.write_bytes(data)
    with pytest.raises(FileError, match=rf"net\.layers.*{reason}"):
        load(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    with open(path, "wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(FileError, match=r"67,108,865 bytes"):
        load(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no device without an end")
def test_a_device_without_an_end_is_not_said_to_have_a_size() -> None:
    with pytest.raises(FileError, match="it has more than 100 bytes, and the most that is read is 100"):
        content(Path("/dev/zero"), 100)


def test_missing_files_and_folders_are_named_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot read .*gone\.layers: there is no such file"):
        load(tmp_path / "gone.layers")
    with pytest.raises(FileError, match="it is a folder"):
        load(tmp_path)
    with pytest.raises(FileError, match="it is a folder"):
        save(tmp_path, [], None)
    with pytest.raises(FileError, match=r"cannot save .*no such file or folder"):
        save(tmp_path / "gone" / "net.layers", [], None)
    with pytest.raises(FileError, match="the name is too long"):
        save(tmp_path / ("x" * 300), [], None)
    with pytest.raises(FileError, match="not the name of a file"):
        load(tmp_path / "a\0b")


def test_a_file_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(FileError, match="permission denied"):
        load(path)


def test_pipes_and_devices_are_not_replaced_by_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileError, match="a device or a pipe"):
        save(pipe, [], None, force=True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("text", ["# a\0", "# \ud83d"])
def test_what_could_not_be_read_again_is_not_saved(path: Path, text: str) -> None:
    with pytest.raises(FileError, match="line 2 holds a character"):
        save(path, [Line("# a"), Line(text)], load(path)[1])
    assert path.read_bytes() == OLD


def test_a_link_stays_a_link(tmp_path: Path, path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "current.layers"
    link.symlink_to("../net.layers")
    stamp = save(link, lines_of("dense 1"), load(link)[1])
    assert link.is_symlink()
    assert path.read_bytes() == b"dense 1\n"
    assert not changed_on_disk(link, stamp)
    assert os.listdir(tmp_path / "links") == ["current.layers"]


def test_a_link_to_a_missing_file_makes_that_file(tmp_path: Path) -> None:
    link = tmp_path / "link.layers"
    link.symlink_to("later.layers")
    save(link, lines_of("dense 1"), None)
    assert link.is_symlink()
    assert (tmp_path / "later.layers").read_bytes() == b"dense 1\n"


def test_links_in_a_circle(tmp_path: Path) -> None:
    link = tmp_path / "a.layers"
    link.symlink_to("b.layers")
    (tmp_path / "b.layers").symlink_to("a.layers")
    with pytest.raises(FileError, match="in a circle"):
        save(link, [], None, force=True)
    assert link.is_symlink()


@pytest.mark.parametrize("new", [b"input 39x31x2\n", b"input 39x31x1\nflatten\n", b""])
def test_the_change_of_another_program_is_not_overwritten(path: Path, new: bytes) -> None:
    lines, stamp = load(path)
    path.write_bytes(new)
    # Also where size and time are the old ones: the content decides.
    os.utime(path, ns=(stamp.mtime_ns, stamp.mtime_ns))
    with pytest.raises(ChangedOnDisk, match=r"net\.layers was changed by another program"):
        save(path, lines, stamp)
    assert path.read_bytes() == new
    assert os.listdir(path.parent) == ["net.layers"]
    save(path, lines, stamp, force=True)
    assert path.read_bytes() == OLD


def test_a_change_during_the_save_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, stamp = load(path)
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"theirs\n"))
    with pytest.raises(ChangedOnDisk):
        save(path, lines, stamp)
    assert path.read_bytes() == b"theirs\n"
    assert os.listdir(path.parent) == ["net.layers"]


def test_a_file_that_exists_is_not_overwritten_by_a_new_one(path: Path) -> None:
    with pytest.raises(ChangedOnDisk, match="exists already"):
        save(path, lines_of("dense 1"), None)
    assert path.read_bytes() == OLD
    save(path, lines_of("dense 1"), None, force=True)
    assert path.read_bytes() == b"dense 1\n"


def test_a_file_that_is_gone_is_written_anew(path: Path) -> None:
    lines, stamp = load(path)
    path.unlink()
    assert changed_on_disk(path, stamp)
    save(path, lines, stamp)
    assert path.read_bytes() == OLD


def test_changes_on_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, stamp = load(path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda _: pytest.fail("an untouched file was read"))
        assert not changed_on_disk(path, stamp)
    os.utime(path)
    assert not changed_on_disk(path, stamp)
    other = path.with_name("other")
    other.write_bytes(OLD)
    os.replace(other, path)
    assert not changed_on_disk(path, stamp)
    path.write_bytes(OLD.replace(b"39", b"40"))
    os.utime(path)
    assert changed_on_disk(path, stamp)
    path.write_bytes(OLD + OLD)
    assert changed_on_disk(path, stamp)
