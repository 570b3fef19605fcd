"""What may come of reading a Keras file, whatever is in it."""

from __future__ import annotations

import json
from typing import Any

from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.imported import GRADES, Imported
from tui.formats.keras.json import read_json


def _read(read: Any, data: bytes) -> tuple[str, Imported | None]:
    try:
        return "", read(data, "m")
    except FileError as error:
        return error.message, None


def outcome(read: Any, data: bytes) -> Imported | str:
    """What comes of reading; all that a screen or a command asks of the lines is asked."""
    message, found = _read(read, data)
    if found is None:
        assert message.startswith("m") or " m" in message
        assert len(message) < 2_000
        assert message.isprintable()
        return message
    snapshot = Snapshot.of(found.lines)
    for row in snapshot.shown:
        snapshot.result(row)
    assert snapshot.totals is not None
    assert snapshot.peak is not None
    assert all(line.text.isprintable() for line in found.lines)
    assert all(notice.grade in GRADES and (notice.place + notice.text).isprintable() for notice in found.notices)
    read_again = zip(parse_document(print_document(found.lines)), found.lines, strict=True)
    assert all(again.text == line.text for again, line in read_again if line.error is None)
    return found


def json_outcome(model: Any) -> Imported | str:
    return outcome(read_json, json.dumps(model).encode())
