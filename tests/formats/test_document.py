"""The native file: one line a layer, nothing lost, and files that are none refused in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.errors import FileError
from tui.formats import document
from tui.formats.document import decode, parse_document, print_document

TEXT = (
    "# LeNet, first layers\nset data_format=channels_last\n\ninput 28x28x1\nc1: conv 6 5x5 padding=2  # 28x28\ncnv 3\n"
)


def test_a_canonical_document_is_written_as_it_was_read() -> None:
    assert print_document(parse_document(TEXT)) == TEXT


def test_windows_line_ends_and_a_missing_last_one_are_read() -> None:
    assert [line.text for line in parse_document("input 8\r\ndense 2")] == ["input 8", "dense 2"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfinput 8\n", "a") == "input 8\n"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_writing_and_reading_again_changes_nothing(text: str) -> None:
    once = print_document(parse_document(text))
    assert print_document(parse_document(once)) == once


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\0\0", "binary file"),
        ("층: conv 3".encode("euc-kr"), "not UTF-8"),
        ("input 4".encode("utf-16"), "UTF-16.*save it as UTF-8"),
        (b"\xfe\xff\0i\0n", "UTF-16"),
        ("input 4".encode("utf-16-le"), "binary file"),
    ],
)
def test_data_that_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FileError, match=reason) as caught:
        decode(data, "net.layers")
    assert "net.layers" in caught.value.message


def test_data_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 10)
    with pytest.raises(FileError, match="more than 10 bytes"):
        decode(b"input 28x28", "net.layers")
