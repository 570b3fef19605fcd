"""What a network can be written as. One more format is one more line here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from tui.core.errors import did_you_mean, or_list
from tui.core.snapshot import Snapshot
from tui.formats.exported import WriteError, Writer, Written
from tui.formats.imported import Progress, unwatched


class Target(NamedTuple):
    """A format to write: its word, what it is, the suffixes that stand for it, and where its writer is."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    module: str
    function: str


TARGETS: Final = {
    target.name: target
    for target in (
        Target("layers", "the list of layers", (".layers", ".txt"), "native", "write_layers"),
        Target("md", "the table in Markdown", (".md",), "native", "write_markdown"),
        Target("csv", "the table in CSV", (".csv",), "native", "write_csv"),
        Target("tex", "the table in LaTeX", (".tex",), "native", "write_latex"),
        Target("json", "the results as JSON", (".json",), "native", "write_record"),
        Target("svg", "the block diagram", (".svg",), "native", "write_diagram"),
        Target("solution-md", "the worked solution in Markdown", (), "native", "write_solution_markdown"),
        Target("solution-tex", "the worked solution in LaTeX", (), "native", "write_solution_latex"),
        Target("pytorch", "PyTorch source", (".py",), "torch.write", "write_pytorch"),
        Target("keras", "Keras source", (".py",), "keras.write", "write_code"),
        Target("keras-json", "a Keras model's JSON", (".json",), "keras.write", "write_json"),
        Target("onnx", "an ONNX model", (".onnx",), "onnx.write", "write_onnx"),
    )
}


def target_of(path: Path, word: str | None = None) -> Target:
    """The format of a word, else of a path's suffix; raises WriteError, which says what there is."""
    if word is not None:
        if word in TARGETS:
            return TARGETS[word]
        near = did_you_mean(word, TARGETS)
        raise WriteError(f"no format is called {word!r}; " + (f"did you mean {or_list(near)}?" if near else _known()))
    found = [target for target in TARGETS.values() if path.suffix.lower() in target.suffixes]
    if not found:
        raise WriteError(f"{path.name}: its suffix says no format; name one with --to: {_known()}")
    if len(found) > 1:
        ways = or_list([f"--to {target.name}" for target in found])
        raise WriteError(f"{path.name}: {path.suffix} can be {or_list([t.title for t in found])}; give {ways}")
    return found[0]


def _known() -> str:
    return ", ".join(f"{target.name} ({target.title})" for target in TARGETS.values())


def write(target: Target, snapshot: Snapshot, name: str, progress: Progress = unwatched) -> Written:
    """A network in a format; raises WriteError where the format cannot say it, and Stopped where ``progress`` does."""
    writer: Writer = getattr(import_module(f"tui.formats.{target.module}"), target.function)
    return writer(snapshot, name, progress)
