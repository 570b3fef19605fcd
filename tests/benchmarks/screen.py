"""The program on the screen: its start, its keys, its memory. All times through a pseudo-terminal."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from tests.benchmarks.goals import Options, Outcome
from tests.benchmarks.networks import FIRST_FILTERS, SIDE, cnn
from tests.benchmarks.terminal import BARE, Terminal, environment, layersheet

PRESSES = 5
"""Keys a round; their median is the round's value."""
TO_STRIDE = "\x1b[C" * 3
"""Right from the filters, over the two sizes of the kernel, to the stride."""


@contextmanager
def desk(*layers: int) -> Iterator[tuple[dict[str, str], dict[int, str]]]:
    """Surroundings for measured programs, and files with so many layers. Every program was started once before."""
    with tempfile.TemporaryDirectory(prefix="layersheet-") as name:
        folder = Path(name)
        files = {count: str(folder / f"cnn{count}.layers") for count in layers}
        for count, path in files.items():
            Path(path).write_text("\n".join(cnn(count)) + "\n")
        surroundings = environment(folder)
        for command, text in ((BARE, "READY"), (layersheet(), WORKED_ROW)):
            with Terminal(command, surroundings) as terminal:
                terminal.start(text)
                terminal.rest()
        yield surroundings, files


def row_after(filters: int) -> str:
    """The parameters of a 3x3 convolution of 32 filters and a bias over so many channels: ``9*c*32 + 32``."""
    return f" {9 * filters * FIRST_FILTERS + FIRST_FILTERS:,}"


WORKED_ROW = "7,200"
"""Parameters of the worked example's second convolution: 3*3*20*40."""


def start(options: Options) -> list[Outcome]:
    """From the start of the process to the first painted rows, and the memory that it takes."""
    times: dict[str, list[float]] = {"bare": [], "worked": [], "long": []}
    memory: dict[str, list[float | None]] = {"bare": [], "worked": [], "long": []}
    with desk(10_000) as (surroundings, files):
        programs = {
            "bare": (BARE, "READY"),
            "worked": (layersheet(), WORKED_ROW),
            "long": (layersheet(files[10_000]), row_after(FIRST_FILTERS)),
        }
        for turn in range(options.rounds):
            names = list(programs)
            for name in names[turn % 3 :] + names[: turn % 3]:
                command, text = programs[name]
                with Terminal(command, surroundings) as terminal:
                    times[name].append(terminal.start(text))
                    terminal.rest(0.3)
                    memory[name].append(terminal.peak_memory())
    bare = times["bare"]
    outcomes = [
        Outcome("start to first frame: worked example / bare Textual", "<=", 1.3, times["worked"], bare),
        Outcome("start to first frame: 10,000 layers / bare Textual", "<=", 1.4, times["long"], bare),
    ]
    known = {name: [m for m in values if m is not None] for name, values in memory.items()}
    what = "peak memory: 10,000 layers / bare Textual"
    if len(known["bare"]) != len(bare):
        return [*outcomes, Outcome(what, "<=", 1.5, note="this system does not tell the memory of a process")]
    return [*outcomes, Outcome(what, "<=", 1.5, known["long"], known["bare"], "MiB")]


def keys(options: Options) -> list[Outcome]:
    """From a key press to the painted answer. The programs stay open, and take turns."""
    names = ("bare", "10", "1000", "10000")
    one: dict[str, list[float]] = {name: [] for name in names}
    below: dict[str, list[float]] = {name: [] for name in names[1:]}
    with desk(10, 1_000, 10_000) as (surroundings, files), ExitStack() as stack:
        open_ones = {"bare": stack.enter_context(Terminal(BARE, surroundings))}
        open_ones["bare"].start("READY")
        for count, path in files.items():
            terminal = open_ones[str(count)] = stack.enter_context(Terminal(layersheet(path), surroundings))
            terminal.start(row_after(FIRST_FILTERS))
        for terminal in open_ones.values():
            terminal.rest(1.0)
        presses = 0
        for turn in range(options.rounds + 1):
            taken: dict[str, list[float]] = {name: [] for name in names}
            for _ in range(PRESSES):
                presses += 1
                for name, terminal in open_ones.items():
                    text = f"count {presses};" if name == "bare" else row_after(FIRST_FILTERS + presses)
                    taken[name].append(terminal.press("+", text))
            if turn:  # the first round warms up
                for name in names:
                    one[name].append(median(taken[name]))
        for name in names[1:]:
            open_ones[name].send(TO_STRIDE)
        stride = 1
        for turn in range(options.rounds + 1):
            taken = {name: [] for name in names[1:]}
            for step in (1, -1) if turn % 2 else (1, 1):
                stride += step
                side = -(-SIDE // stride)  # padding=same: as many windows as ceil(n/s)
                for name in names[1:]:
                    taken[name].append(open_ones[name].press("+" if step > 0 else "-", f" {side}x{side}x"))
            if turn:
                for name in names[1:]:
                    below[name].append(median(taken[name]))
    return [
        Outcome("key to paint, one layer: 10,000 layers / 10", "<=", 1.25, one["10000"], one["10"]),
        Outcome("key to paint, one layer: 10,000 layers / bare Textual", "<=", 4, one["10000"], one["bare"]),
        Outcome("key to paint, one layer: 10 layers / bare Textual", over=one["10"], under=one["bare"]),
        Outcome("key to paint, all rows below: 10,000 / 1,000", "<=", 1.3, below["10000"], below["1000"]),
        Outcome("key to paint, all rows below: 1,000 / 10", over=below["1000"], under=below["10"]),
    ]
