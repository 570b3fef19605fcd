"""What is wrong with wires is said of the line as it stands now, also after an edit that leaves every wire alone."""

from tui.core.snapshot import Change, Snapshot
from tui.formats.document import parse_document
from tui.formats.line import parse_line


def test_two_lines_that_lack_a_source_change_places() -> None:
    snapshot = Snapshot.of(parse_document("input 4\na: relu\nadd\nconcat\n"))
    turned = snapshot.edited([Change(2, 4, [parse_line("concat"), parse_line("add")])])
    messages = [result.message for row in (2, 3) if (result := turned.result(row)) is not None]
    assert [message and message.split()[0] for message in messages] == ["concat", "add"]


def test_a_fix_keeps_what_was_edited_since() -> None:
    snapshot = Snapshot.of(parse_document("input 8x8x3\nalpha: relu\nconv 4 3 @alpah\n"))
    edited = snapshot.edited([Change(2, 3, [parse_line("conv 8 5 @alpah")])])
    result = edited.result(2)
    assert result is not None
    assert [fix.text for fix in result.fixes] == ["conv 8 5 @alpha"]
