"""A walk through the catalogue: what every kind must have, whoever adds one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.samples import SYMBOLIC, VALUES, fits, last, network, sample
from tui.core.result import Counts
from tui.core.size import Size, bind
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.line import parse_line
from tui.layers import FAMILIES, KINDS, NAMES, family_of, kind_named

TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize("name", KINDS)
def test_help_and_example(name: str) -> None:
    kind = KINDS[name]
    assert re.fullmatch(r"[a-z][a-z0-9]*", name)
    assert kind.summary.endswith(".")
    assert family_of(kind) in FAMILIES
    line = parse_line(kind.example)
    assert line.error is None
    assert line.spec is not None
    assert line.spec.kind is kind
    assert parse_line(line.text).spec is line.spec


@pytest.mark.parametrize("name", KINDS)
def test_arguments_are_explained_and_do_not_clash(name: str) -> None:
    kind = KINDS[name]
    names = [n for arg in kind.all_args() for n in arg.names()]
    assert len(names) == len(set(names))
    assert all(arg.help and arg.type.expected for arg in kind.args)
    flags = [flag for arg in kind.args for flag, _ in arg.flags]
    shorts = [arg.short for arg in kind.args if arg.short]
    assert len(flags) == len(set(flags))
    assert len(shorts) == len(set(shorts))
    slots = sorted(arg.slot for arg in kind.args if arg.slot is not None)
    assert slots == list(range(len(slots)))


def test_every_name_leads_to_its_kind_alone() -> None:
    claimed: dict[str, list[str]] = {}
    for kind in KINDS.values():
        for name in (kind.name, *kind.aliases):
            claimed.setdefault(name, []).append(kind.name)
    assert {name: kinds for name, kinds in claimed.items() if len(kinds) > 1} == {}
    assert set(claimed) == set(NAMES)
    assert all(name == name.lower() for name in claimed)
    found = kind_named("torch.nn.Conv2d")
    assert found is not None
    assert (found[0].name, found[1]) == ("conv", 2)


def test_a_number_of_dimensions_in_a_name_is_that_of_its_layer() -> None:
    ranks = {name: int(found[1]) for name in NAMES if (found := re.search(r"([123])d(?:cell)?$", name))}
    assert len(ranks) > 60
    assert {name: NAMES[name][1] for name in ranks if NAMES[name][1] is not None} == {
        name: rank for name, rank in ranks.items() if NAMES[name][1] is not None
    }
    # Functions that are the same for any rank, and batch norms, need none; windows do.
    assert {name for name in ranks if NAMES[name][1] is None and NAMES[name][0].name in ("conv", "maxpool")} == set()


def numbers(snapshot: Snapshot, values: dict[str, int]) -> tuple[object, ...]:
    result = last(snapshot)
    assert result is not None

    def known(size: Size) -> Size:
        return bind(size, dict(values))

    shapes = [tuple(map(known, tensor.shape)) for tensor in result.outputs]
    return shapes, Counts(*map(known, result.counts)), known(result.live)


@pytest.mark.parametrize("name", KINDS)
def test_symbols_bound_afterwards_give_what_the_numbers_give(name: str) -> None:
    for head in SYMBOLIC:
        free = network(KINDS[name].example, head)
        lets = [f"let {symbol} = {value}" for symbol, value in VALUES.items()]
        bound = Snapshot.of(parse_document("\n".join([*lets, *print_document(free.lines).splitlines()])))
        if fits(free) and fits(bound):
            assert numbers(free, VALUES) == numbers(bound, {})


@cache
def words_tested() -> str:
    files = [
        *TESTS.glob("layers/*.py"),
        *TESTS.glob("data/*.jsonl"),
        *TESTS.glob("oracle/*.py"),
        *TESTS.glob("test_*.py"),
    ]
    return "\n".join(file.read_text("utf-8") for file in files if file.name != Path(__file__).name).lower()


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_an_answer_that_is_not_its_own(name: str) -> None:
    """The records of the frameworks or a test of the family name the kind, by its own name or by theirs."""
    words = {name, *KINDS[name].aliases}
    assert any(re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", words_tested()) for word in words)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_runs_on_a_sample(name: str) -> None:
    assert fits(sample(name))
