"""Weights that are another layer's too: ``tied`` leaves them out of the counts, the shapes and the work stay.

It may name the layer that they count in: ``tied=kernel@tokens``, or ``tied=@encoder`` for every weight.
"""

from __future__ import annotations

import pytest

from tui.core.errors import EditError
from tui.core.explain import explain
from tui.core.snapshot import Change, Snapshot
from tui.formats.complete import complete
from tui.formats.document import parse_document
from tui.formats.edits import duplicate, rename
from tui.formats.fixes import ways_out
from tui.formats.line import parse_line


def opened(*lines: str) -> Snapshot:
    return Snapshot.of(parse_document("\n".join(lines)))


def status(snapshot: Snapshot, row: int) -> tuple[str, str]:
    result = snapshot.result(row)
    assert result is not None
    return result.status, result.message or ""


# The head of a language model has the kernel of its embedding, turned: 1,000*64 numbers once, a bias of 1,000.
HEAD = ("input 16 dtype=int32", "tokens: embedding 1000 64", "dense 1000 tied=kernel@tokens")


def test_tied_weights_count_once() -> None:
    """A dense layer of 8 to 16 has 128 + 16 parameters; with the kernel of another it adds 16, and its MACs."""
    snapshot = Snapshot.of(parse_document("x: input 8\na: dense 16\nb: dense 16 tied=kernel @x\nadd @a @b"))
    assert (snapshot.totals.params, snapshot.totals.macs) == (144 + 16, 2 * 128)
    assert [working.label for working in explain(snapshot, 2).params] == ["bias"]
    assert snapshot.totals.weight_bytes == 160 * 4


def test_statistics_too() -> None:
    snapshot = Snapshot.of(parse_document("input 8x8x4\nbatchnorm tied=gamma,moving_variance"))
    assert (snapshot.totals.params, snapshot.totals.trainable) == (8, 4)


@pytest.mark.parametrize("line", ["dense 4 tied=kernle", "relu tied=kernel"])
def test_a_weight_that_the_layer_has_not(line: str) -> None:
    result = Snapshot.of(parse_document(f"input 8\n{line}")).result(1)
    assert result is not None
    assert result.status == "error"
    assert "has no weight" in (result.message or "")


def test_the_head_of_a_language_model_has_the_kernel_of_its_embedding() -> None:
    snapshot = opened(*HEAD)
    assert (snapshot.totals.params, snapshot.totals.macs) == (64_000 + 1_000, 16 * 64 * 1_000)
    assert explain(snapshot, 2).notes == ("kernel is the embeddings of #1, turned, and counts there",)


def test_every_weight_at_once() -> None:
    """Two branches of a pyramid with one kernel and two dilations: 3*3*4*8 + 8 numbers once, 288 MACs at each point."""
    lines = (
        "x: input 9x9x4",
        "a: conv 8 3 padding=same",
        "b: conv 8 3 padding=same dilation=2 tied=@a @x",
        "add @a @b",
    )
    snapshot = opened(*lines)
    assert (snapshot.totals.params, snapshot.totals.macs) == (296, 2 * 81 * 288)
    assert explain(snapshot, 2).notes == (
        "kernel is the kernel of #1, and counts there",
        "bias is the bias of #1, and counts there",
    )


def test_a_layer_that_is_tied_itself_or_called_leads_to_its_owner() -> None:
    snapshot = opened("input 8", "a: dense 8", "b: dense 8 tied=@a", "c: call a", "dense 8 tied=@b", "dense 8 tied=@c")
    assert snapshot.totals.params == 72
    assert explain(snapshot, 5).notes[0] == "kernel is the kernel of #1, and counts there"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dense 10 tied=kernel@tokens", "its kernel is 64x10, tokens has embeddings 1000x64"),
        ("dense 1000 tied=kernel@token", "no layer above is named token; did you mean @tokens?"),
        ("head: dense 1000 tied=kernel@head", "@head is this layer itself"),
        ("dense 1000 tied=kernel@below", "@below stands below this layer"),
        ("dense 1000 tied=kernel@x", "x has no weights"),
        ("dense 1000 tied=kernel@gone", "gone is skipped"),
        ("dense 1000 tied=tokens", "dense has no weight tokens; it has kernel, bias, and @ names the layer"),
        ("dense 1000 tied=kernle@tokens", "dense has no weight kernle"),
        ("relu tied=@tokens", "relu has no weights that could be another layer's"),
    ],
)
def test_what_does_not_fit_says_why_and_a_way_out_works(line: str, message: str) -> None:
    above = ("x: input 16 dtype=int32", "off gone: relu", "tokens: embedding 1000 64")
    snapshot = opened(*above, line, "below: dense 1000")
    kind, said = status(snapshot, 3)
    assert kind == "error"
    assert message in said
    ways = ways_out(snapshot, 3)
    assert len(ways) > 1  # more than to delete the line
    for way in ways[:-1]:
        assert status(snapshot.edited(way.edit.changes), 3 if way.row is None else way.row)[0] != "error"


@pytest.mark.parametrize("word", ["kernel@", "@", "kernel,", "a b", "kernel@12", "kernel@a,kernel@b", "@a,kernel@b"])
def test_what_does_not_read_keeps_its_text(word: str) -> None:
    line = parse_line(f"dense 4 tied={word}")
    assert line.error is not None
    assert line.text == f"dense 4 tied={word}"


@pytest.mark.parametrize("word", ["kernel", "kernel@a.0/b-1", "kernel@a,bias", "bias@a,kernel@b", "@block.0.conv"])
def test_what_reads_is_written_the_same(word: str) -> None:
    assert parse_line(f"dense 4  @x tied={word}").text == f"dense 4 tied={word} @x"


def test_a_new_name_of_the_owner_is_followed() -> None:
    snapshot = opened(*HEAD, "dense 3 tied=kernel@tokens nonsense=1")
    after = snapshot.edited(rename(snapshot, 1, "words").changes)
    assert [line.code for line in after.lines[2:]] == [
        "dense 1000 tied=kernel@words",
        "dense 3 tied=kernel@words nonsense=1",  # a line that does not read, changed as text
    ]
    with pytest.raises(EditError):
        rename(snapshot, 1, None)


def test_copies_of_both_lines_are_tied_to_each_other() -> None:
    snapshot = opened(*HEAD[:2], "a: dense 64", "dense 64 tied=@a")
    copied = snapshot.edited(duplicate(snapshot, 2, 3).changes)
    assert [line.code for line in copied.lines[2:]] == ["a: dense 64", "dense 64 tied=@a", "a2: dense 64",
                                                      "dense 64 tied=@a2"]  # fmt: skip
    assert copied.totals.params == 64_000 + 2 * (64 * 64 + 64)


def test_an_edit_of_the_owner_is_seen_below() -> None:
    snapshot = opened(*HEAD)
    smaller = snapshot.edited([Change(1, 2, [parse_line("tokens: embedding 500 64")])])
    assert status(smaller, 2)[0] == "error"
    gone = snapshot.edited([Change(1, 2, [parse_line("embedding 1000 64")])])
    assert "no layer above is named tokens" in status(gone, 2)[1]
    assert status(gone.edited([Change(1, 2, [parse_line(HEAD[1])])]), 2)[0] == "ok"


def test_sizes_may_be_symbols() -> None:
    snapshot = opened("input 16 dtype=int32", "tokens: embedding V d", "dense V tied=kernel@tokens bias=false")
    assert str(snapshot.totals.params) == "V*d"
    unlike = opened("input 16 dtype=int32", "tokens: embedding V d", "dense V+1 tied=kernel@tokens")
    assert "its kernel is dx(V + 1), tokens has embeddings Vxd" in status(unlike, 2)[1]


def test_in_a_block_each_copy_has_its_own() -> None:
    """Of each of 3 copies 8*8 + 8 numbers count once."""
    for count, times in (("3", 3), ("L", "L")):
        snapshot = opened("input 8", f"repeat {count} b", "    a: dense 8", "    dense 8 tied=@a")
        assert str(snapshot.totals.params) == (str(72 * times) if isinstance(times, int) else "72*L")
    outside = opened("input 8", "a: dense 8", "repeat L", "    dense 8 tied=@a")
    assert outside.totals.params == 72
    across = opened("input 8", "a: dense 8", "repeat L", "    dense 8 tied=@a", "    a: dense 8")
    assert "weights of a layer of the copy before" in status(across, 2)[1]


def test_completion_offers_the_layers_above() -> None:
    line = "dense 8 tied=kernel@t"
    assert [c.text for c in complete(line, len(line), ["tokens", "a"])] == ["tied=kernel@tokens"]
