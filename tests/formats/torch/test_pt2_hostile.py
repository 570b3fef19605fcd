"""Exported programs that are damaged or hostile: an honest result or one clear error, in bounded time and memory."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.formats.torch.test_pt2 import PT2, archive, program
from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.torch import pt2 as torch_pt2
from tui.formats.torch.pt2 import read_program

ODD: list[Any] = [
    None, True, -1, 0, 10**30, 1e308, "", "x" * 3_000, "[red]a[/red]\x1b[2J\n", [], {}, [[]], {"as_int": -5},
    {"as_tensor": {"name": "missing"}}, {"as_expr": {"expr_str": "Pow(Integer(9), Pow(Integer(9), Integer(99)))"}},
]  # fmt: skip


def reads(data: bytes) -> None:
    """The only outcomes: something that can be computed, or FileError."""
    with suppress(FileError):
        Snapshot.of(read_program(data, "net.pt2").lines)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value: the container and the key."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, part in pairs:
            found.append((one, key))
            waiting.append(part)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_graphs_with_parts_replaced(seed: int) -> None:
    random = Random(seed)
    name = random.choice(("pt000", "pt009", "pt012", "pt013", "pt019", "rnn", "sdpa", "dyn", "views", "inner"))
    for _ in range(15):
        found = program(name)
        everywhere = places(found["graph_module"])
        for _ in range(random.choice((1, 1, 2, 8))):
            container, key = random.choice(everywhere)
            if random.random() < 0.2 and isinstance(container, dict):
                container.pop(key, None)
            elif isinstance(container, dict) or key < len(container):
                container[key] = random.choice(ODD)
        reads(archive(found))


@pytest.mark.parametrize("seed", range(4))
def test_bytes_that_are_damaged(seed: int) -> None:
    random = Random(seed)
    whole = (PT2 / "pt003.pt2").read_bytes()
    for _ in range(40):
        data = bytearray(whole[: random.randrange(len(whole))] if random.random() < 0.3 else whole)
        for _ in range(random.randrange(1, 9)):
            if data:
                data[random.randrange(len(data))] = random.randrange(256)
        reads(bytes(data))


def test_a_small_archive_with_a_very_large_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_pt2, "MAX_GRAPH", 1_000_000)
    data = archive(b'{"graph_module": "' + b" " * 30_000_000 + b'"}')
    assert len(data) < 100_000
    with pytest.raises(FileError, match=r"more than 1,000,000 bytes"):
        read_program(data, "net.pt2")


def test_entries_that_lead_out_of_the_archive_are_not_written_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = tmp_path / "one" / "two"
    within.mkdir(parents=True)
    monkeypatch.chdir(within)
    monkeypatch.setattr(tempfile, "tempdir", str(within))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        zipped.writestr("../../evil.txt", "x")
        zipped.writestr(str(tmp_path / "evil.txt"), "x")
        zipped.writestr("archive/models/model.json", json.dumps(program("pt003")))
    made = read_program(data.getvalue(), "net.pt2")
    assert "tanh" in [line.spec.kind.name for line in made.lines if line.spec is not None]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_names_are_data() -> None:
    text = json.dumps(program("pt003")).replace("net.0", "net.[red]\\u001b[2J\\nx")
    made = read_program(archive(text), "net.pt2")
    assert any("red" in line.text for line in made.lines)
    assert all("\x1b" not in line.text and "\n" not in line.text for line in made.lines)


def test_a_graph_of_many_nodes() -> None:
    found = program("pt003")
    graph = found["graph_module"]["graph"]
    relu = next(node for node in graph["nodes"] if "tanh" in node["target"])
    source = relu["inputs"][0]["arg"]["as_tensor"]["name"]
    nodes = graph["nodes"][: graph["nodes"].index(relu)]
    for number in range(3_000):
        made = f"t{number}"
        nodes.append({**relu, "inputs": [{**relu["inputs"][0], "arg": {"as_tensor": {"name": source}}}],
                      "outputs": [{"as_tensor": {"name": made}}]})  # fmt: skip
        graph["tensor_values"][made] = graph["tensor_values"][source]
        source = made
    graph["nodes"] = nodes
    made_of_it = read_program(archive(found), "net.pt2")
    assert sum(line.spec is not None and line.spec.kind.name == "tanh" for line in made_of_it.lines) == 3_000
