"""Which lines of a document are rows of the list, and which number a layer has."""

from tui.core.listing import layer_numbers, shown_rows
from tui.core.rows import Rows
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

TEXT = """\
# the head of the file
set bias=false

input 8  # a note beside a layer
# a note between layers
off relu
dens 4
let n = 3
dense n
"""


def test_notes_above_the_first_layer_settings_and_bindings_are_no_rows() -> None:
    lines = parse_document(TEXT)
    shown = [lines[row].text for row in shown_rows(Rows(lines))]
    assert "# the head of the file" not in shown
    assert [text for text in shown if text] == [
        "input 8  # a note beside a layer", "# a note between layers", "off relu", "dens 4", "dense n",
    ]  # fmt: skip


def test_layers_count_from_0_skipped_and_unread_ones_too() -> None:
    lines = parse_document(TEXT)
    numbers = {line.text: number for line, number in zip(lines, layer_numbers(lines), strict=True)}
    snapshot = Snapshot.of(lines)
    assert [numbers[text] for text in ("input 8  # a note beside a layer", "off relu", "dens 4", "dense n")] == [
        0,
        1,
        2,
        3,
    ]
    assert {numbers[text] for text in ("# the head of the file", "set bias=false", "let n = 3")} == {-1}
    assert [snapshot.number(row) for row in range(len(lines))] == [None if i < 0 else i for i in layer_numbers(lines)]
