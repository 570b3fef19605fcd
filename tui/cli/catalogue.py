"""The commands that list what comes with the program: presets and kinds of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.core.kind import Kind

EXAMPLE_INPUTS = ("28x28x3", "50x64", "128", "16x28x28x3", "256", "64x48", "64x64", "1x28x3", "1x1x4")
"""Shapes on which the example of a kind is tried, channels last."""


@click.command()
@click.argument("name", required=False, shell_complete=completing.presets)
@color_option
def presets(name: str | None) -> None:
    """List the ready networks, or print one.

    \b
    For example:
      layersheet presets
      layersheet presets lenet-5 > mine.layers
    """
    from tui.cli.terminal import put, wrapped
    from tui.core.snapshot import Snapshot
    from tui.formats import presets as catalogue
    from tui.formats.columns import count_text
    from tui.formats.document import parse_document

    if name is not None:
        put(catalogue.preset(name).text)
        return
    found = catalogue.presets().values()
    width = max((len(p.name) for p in found), default=0)
    for one in found:
        total = count_text(Snapshot.of(parse_document(one.text)).totals.params)
        put(wrapped(f"{one.name:{width}}  {one.title}: {total} parameters", width + 2))
        put(wrapped(f"{' ' * width}  {one.source}", width + 2))


@click.command()
@click.argument("kind", required=False, shell_complete=completing.kinds)
@color_option
def kinds(kind: str | None) -> None:
    """List the kinds of layers, or explain one.

    KIND is a name of ours, of Keras, PyTorch or ONNX, or a word that starts a line: set, let, budget, repeat.

    \b
    For example:
      layersheet kinds conv
      layersheet kinds nn.LSTM
    """
    from tui.cli.terminal import put, wrapped
    from tui.core.errors import or_list
    from tui.formats.statements import STATEMENT_HELP
    from tui.layers import KINDS, family_of, kind_named, near_kinds, wrapper_named

    if kind in STATEMENT_HELP:
        put(f"{kind} (no layer, but a line of its own)\n{STATEMENT_HELP[kind]}\n")
        return
    if kind is not None and (wrapper := wrapper_named(kind)):
        put("\n".join(_about_wrapper(wrapper)) + "\n")
        return
    if kind is not None:
        found = kind_named(kind)
        if found is None:
            near = near_kinds(kind)
            hint = f"; did you mean {or_list(near)}?" if near else "; layersheet kinds lists them"
            raise Failure(f"no layer kind is called {kind!r}{hint}")
        for line in _about(found[0]):
            put(wrapped(line, len(line) - len(line.lstrip()) + 4))
        return
    families: dict[str, list[type[Kind]]] = {}
    for one in KINDS.values():
        families.setdefault(family_of(one), []).append(one)
    width = max(map(len, KINDS))
    for family, members in sorted(families.items()):
        put(f"{family.replace('_', ' ')}\n")
        for one in members:
            put(wrapped(f"  {one.name:{width}}  {one.summary}", width + 4))


def _about_wrapper(name: str) -> Iterator[str]:
    from tui.layers import KINDS

    able = [kind for kind in KINDS.values() if name in kind.by_name]
    others = [kind.name for kind in KINDS.values() if kind not in able]
    nearly = len(others) < len(able)
    example = "dense 10" if nearly else "lstm 8"
    yield f"{name} (a wrapper in Keras, here an argument)"
    yield able[0].by_name[name].help
    but = f"all but {', '.join(others)}" if others else "all"
    yield f"kinds: {but if nearly else ', '.join(kind.name for kind in able)}"
    yield ""
    yield f"example: {name} {example}, which is {example} {name}=true"


def _about(kind: type[Kind]) -> Iterator[str]:
    from tui.layers import family_of

    yield f"{kind.name} ({family_of(kind).replace('_', ' ')})"
    yield kind.summary
    if kind.aliases:
        yield f"also read as: {', '.join(sorted(kind.aliases))}"
    fewest, most = kind.inputs
    yield f"inputs: {fewest if fewest == most else f'{fewest} or more' if most is None else f'{fewest} to {most}'}"
    yield ""
    yield from _arguments(kind)
    yield ""
    yield from _example(kind)


def _arguments(kind: type[Kind]) -> Iterator[str]:
    yield "arguments, those without a name= first and in this order:"
    slots = sorted(kind.all_args(), key=lambda arg: (arg.slot is None, arg.slot or 0))
    for arg in slots:
        if arg.required:
            default = "required"
        elif arg.setting:
            default = f"default: the network's {arg.setting}"
        else:
            default = f"default {arg.type.print(arg.default) or 'none'}" if arg.default is not None else "optional"
        written = arg.name if arg.slot is not None else f"{arg.name}="
        yield f"  {written}  {arg.help or arg.type.expected} [{default}]"
        yield f"      takes {arg.type.expected}"
        short = [f"{arg.short}2"] if arg.short else []
        others = [*short, *(flag for flag, _ in arg.flags), *(f"{name}=" for name in arg.aliases)]
        if others:
            yield f"      also written {', '.join(others)}"


def _example(kind: type[Kind]) -> Iterator[str]:
    """The example of a kind with its result, on the first input of a few that it fits."""
    from tui.core.snapshot import Snapshot
    from tui.formats.columns import count_text, out_text
    from tui.formats.line import parse_line

    yield f"example: {kind.example}"
    line = parse_line(kind.example)
    for shape in EXAMPLE_INPUTS:
        inputs = [f"{source.name}: input {shape}" for source in dict.fromkeys(line.sources)]
        inputs += [f"input {shape}"] * (kind.inputs[0] > len(line.sources))
        snapshot = Snapshot.of([*map(parse_line, inputs), line])
        result = snapshot.result(len(inputs))
        if result is not None and result.kind is not None:
            given = f"on {shape} " if inputs else ""
            counts = result.counts
            parameters = "parameter" if counts.params == 1 else "parameters"
            yield (
                f"  {given}gives {out_text(result)}, {count_text(counts.params)} {parameters}, "
                f"{count_text(counts.macs)} MACs"
            )
            return
