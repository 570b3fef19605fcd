"""The worked solution in LaTeX says the same equations; what is no expression stays text."""

from __future__ import annotations

import re

import pytest

from tests.samples import WORKED
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.worked_latex import as_latex, mathematics


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("floor((39 - 4)/1) + 1", r"\lfloor (39 - 4) / 1 \rfloor  + 1"),
        ("ceil(H/s)", r"\lceil H / s \rceil "),
        ("48,320 + 160*n", r"48{,}320 + 160 \cdot n"),
        ("kH*kW*C*filters", r"k_{H} \cdot k_{W} \cdot C \cdot \mathit{filters}"),
        ("H'", "H'"),
        ("max(0, n - 4)", r"\max(0, n - 4)"),
        ("n**2", "n^{2}"),
        ("#1 + #3", r"\#1 + \#3"),
        ("bytes of out", r"\mbox{bytes of out}"),
        ("(conv 20 4x4)", r"\mbox{(conv 20 4x4)}"),
        ("a)", r"\mbox{a)}"),
        ("(a", r"\mbox{(a}"),
        ("\\input{x}", r"\mbox{\textbackslash{}input\{x\}}"),
        ("my_n", r"\mathit{my\_n}"),
    ],
)
def test_a_term_is_written_as_mathematics_or_stays_text(term: str, written: str) -> None:
    assert mathematics(term) == written


def test_the_worked_example_has_the_sums_of_the_textbook() -> None:
    # 39 rows under a kernel of 4: 36; the totals are those of the design's worked example.
    document = as_latex(Snapshot.of(parse_document(WORKED)))
    assert r"\lfloor (39 - 4) / 1 \rfloor  + 1 = 36$" in document
    assert r"= 48{,}320 + 160 \cdot n$" in document
    assert document.startswith("\\documentclass{article}")
    assert document.rstrip().endswith("\\end{document}")


def test_a_name_with_a_hyphen_is_no_difference() -> None:
    document = as_latex(Snapshot.of(parse_document("input 8x8x3\nbatchnorm\nrelu")))
    assert r"$\mbox{element-wise} = " in document
    assert r"$\mbox{non-trainable} = " in document
    assert r"\mathit{element}" not in document


def test_every_environment_and_brace_is_closed() -> None:
    document = as_latex(Snapshot.of(parse_document(WORKED + "a{$_: conv 3\nconv 40 99x99\n")))
    begun = re.findall(r"\\begin\{(\w+)\}", document)
    ended = re.findall(r"\\end\{(\w+)\}", document)
    assert sorted(begun) == sorted(ended)
    bare = re.sub(r"\\[{}]", "", document)
    assert bare.count("{") == bare.count("}")
    assert document.count("$") % 2 - document.count(r"\$") % 2 == 0
