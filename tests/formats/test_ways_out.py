"""Ways out of an error: each leads to a document that, read from its text, has no error on the row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.blocks import opened
from tui.core.edits import Edit
from tui.core.rows import Rows
from tui.core.snapshot import Snapshot
from tui.formats.document import print_document
from tui.formats.fixes import ways_out


def text_after(snapshot: Snapshot, edit: Edit) -> str:
    """The document after an edit, by nothing but its lines."""
    lines = Rows(snapshot.lines)
    for change in sorted(edit.changes, key=lambda c: c.first, reverse=True):
        lines = lines.spliced(change.first, change.last, change.lines)
    return print_document(lines)


def ways(*lines: str) -> dict[str, str]:
    """What the ways out of the last line are called, and the document that each leads to."""
    snapshot = opened("\n".join(lines))
    return {way.label: text_after(snapshot, way.edit) for way in ways_out(snapshot, len(snapshot.lines) - 1)}


@pytest.mark.parametrize(
    ("lines", "label", "after"),
    [
        (["conv 3 3"], "put input 28x28x1 above", ["input 28x28x1", "conv 3 3"]),
        (["set data_format=channels_first", "conv 3 3x3  # first"], "put input 1x28x28 above",
         ["set data_format=channels_first", "input 1x28x28", "conv 3 3x3  # first"]),
        (["input 28x28", "conv 32 3x3"], "kernel for 1 axis", ["input 28x28", "conv 32 3"]),
        (["input 28x28", "conv 32 3x3"], "put unsqueeze -1 before it", ["input 28x28", "unsqueeze -1", "conv 32 3x3"]),
        (["input 28x28x1", "lstm 7"], "put flatten start=2 before it", ["input 28x28x1", "flatten start=2", "lstm 7"]),
        (["input 7", "dense 7", "add"], "read #0 input 7 too", ["input: input 7", "dense 7", "add @input"]),
        (["a: input 4", "b: input 4", "relu @b @a"], "read @b alone", ["a: input 4", "b: input 4", "relu @b"]),
        (["a: input 4", "b: input 4", "input 4 @a"], "read nothing", ["a: input 4", "b: input 4", "input 4"]),
        (["input 8x8x3", "maxpool 9"], "kernel 8", ["input 8x8x3", "maxpool 8"]),
        (["input 8x6x3", "maxpool 9"], "kernel 8x6", ["input 8x6x3", "maxpool 8x6"]),
        (["input 8x8x3", "conv 4 3 dilation=7"], "kernel 3", ["input 8x8x3", "conv 4 3"]),
        (["input 8x8x3", "dot axes=none @a"], "delete this line", ["input 8x8x3"]),
        (["skip: input 8x8x4", "conv 16 3 stride=2 padding=1", "add @skip"], "put conv 16 1 stride=2 into @skip",
         ["skip: input 8x8x4", "conv: conv 16 3 stride=2 padding=1", "shortcut: conv 16 1 stride=2 @skip",
          "add @conv @shortcut"]),
        (["input 8x8x4", "a: conv 16 3 same", "conv 4 1", "add @a"], "put conv 16 1 before it",
         ["input 8x8x4", "a: conv 16 3 padding=same", "conv 4 1", "conv 16 1", "add @a"]),
        (["let n = 0  # none", "input 8", "dense n"], "let n = 1", ["let n = 1  # none", "input 8", "dense n"]),
        (["let H = 5", "input HxHx1", "conv 4 5", "maxpool 3"], "let H = 7",  # 3 + 5 - 1
         ["let H = 7", "input HxHx1", "conv 4 5", "maxpool 3"]),
        (["input 8", "set batch=0"], "1, the least", ["input 8", "set batch=1"]),
        (["input 8", "let n 10"], "=", ["input 8", "let n = 10"]),
        (["a: input 8x3", "input 8x3", "dot axes=none @a"], "axes=-1", ["a: input 8x3", "input 8x3", "dot -1 @a"]),
    ],
)  # fmt: skip
def test_a_way_out(lines: list[str], label: str, after: list[str]) -> None:
    assert ways(*lines)[label] == "\n".join([*after, ""])


INPUTS = ("input 8", "input 28x28", "input 8x8x3", "input 5x6x7x2", "input 12x8", "input Hx8x4")
WRONG = (
    "conv 8 9", "concat @a axis=1", "conv 8 3x3x3", "conv 8 3 groups=5", "conv 0 3", "conv 8 3 strid=2", "conv 2n 3",
    "maxpool 40", "lstm 8", "dense 8 in_features=3", "reshape 7x9", "concat", "add @a", "add @nobody", "call nobody",
    "dense 8 tied=kernel@a", "softmax axis=9", "convtranspose 4 2 padding=30", "batchnorm num_features=77",
    "permute 1", "crop 40", "relu @a @a", "embedding 10", "multiheadattention 5", "avgpool 3 padding=causal",
    "conv 8 3 padding=-1", "repeat 0", "set batch=0", "let n", "input 3 @a",
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.sampled_from(INPUTS), st.sampled_from(INPUTS), st.sampled_from(["relu", "maxpool 2", "flatten", "dense 4"]),
    st.sampled_from(WRONG), st.sampled_from(["", "set data_format=channels_first"]),
)  # fmt: skip
def test_every_way_out_leads_out(a: str, b: str, between: str, wrong: str, setting: str) -> None:
    snapshot = opened("\n".join([setting, f"a: {a}", b, between, wrong]))
    for way in ways_out(snapshot, 4):
        if way.label.startswith("delete this line"):
            continue
        after = opened(text_after(snapshot, way.edit))
        moved = 4 + len(after.lines) - len(snapshot.lines) if way.row is None else way.row
        result = after.result(moved)
        assert after.lines[moved].error is None
        assert result is None or result.status != "error", way.label
