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


def test_a_fix_changes_the_missing_name_and_no_longer_one_that_begins_like_it() -> None:
    snapshot = Snapshot.of(parse_document("input 8\nconv1: relu\nconv: relu\nconvs: relu\nadd @conv1 @con\n"))
    result = snapshot.result(4)
    assert result is not None
    assert "add @conv1 @conv" in [fix.text for fix in result.fixes]
    assert all(fix.text is not None and fix.text.startswith("add @conv1 @") for fix in result.fixes)


def test_layers_below_a_setting_that_does_not_read_are_computed() -> None:
    """What a wrong ``set``, ``let`` or ``repeat`` would say is not known, but it is no layer: 8*4 + 4 and 4*2 + 2."""
    for wrong in ("set batch=0", "let n", "budget params", "repeat 0"):
        snapshot = Snapshot.of(parse_document(f"input 8\ndense 4\n{wrong}\ndense 2\n"))
        assert [r and r.status for r in map(snapshot.result, range(4))] == ["ok", "ok", "error", "ok"]
        assert (snapshot.totals.params, snapshot.totals.complete) == (46, False)
        put_right = snapshot.edited([Change(2, 3, [])])
        assert put_right.totals.complete
        again = put_right.edited([Change(2, 2, [parse_line(wrong)])])
        assert (again.totals.params, again.totals.complete) == (46, False)
