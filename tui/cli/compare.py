"""The command that compares two networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option
from tui.cli.options import Overrides, override_options, overrides_of

if TYPE_CHECKING:
    from tui.cli.loading import Network, Source
    from tui.core.compare import Comparison

FORMATS: Final = ("table", "json", "csv", "md")


@click.command()
@click.argument("a", metavar="A", shell_complete=completing.networks)
@click.argument("b", metavar="B", shell_complete=completing.networks)
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", help="How to write it; default table.")
@click.option("--json", "fmt", flag_value="json", help="Short for --format json.")
@click.option("--only-changes/--all", default=False, help="Leave out the layers that are the same; default all.")
@click.option("--set-a", "sets_a", multiple=True, metavar="NAME=VALUE", help="As --set, for A alone.")
@click.option("--set-b", "sets_b", multiple=True, metavar="NAME=VALUE", help="As --set, for B alone.")
@click.option("--fail-on-difference", is_flag=True, help="Exit code 1 where anything but names is different.")
@override_options
@color_option
@click.pass_context
def compare(
    ctx: click.Context, /, a: str, b: str, fmt: str, only_changes: bool, sets_a: tuple[str, ...],
    sets_b: tuple[str, ...], fail_on_difference: bool, **options: Any,
) -> None:  # fmt: skip
    """Compare two networks, A and B: totals, then layer by layer.

    Each may be a list of layers, a file of Keras, ONNX or PyTorch, the name of a preset, or one of them
    - for stdin. Layers stand beside each other by their names, kinds and arguments, and in their order;
    differences go from A to B. The other options change both.

    \b
    For example:
      layersheet compare vgg-16 alexnet
      layersheet compare old.onnx new.onnx --only-changes
      layersheet compare net.layers net.layers --set-b bias=false
    """
    from tui.cli.loading import read, with_overrides
    from tui.cli.notices import tell
    from tui.cli.problems import report
    from tui.cli.progress import Bar
    from tui.cli.terminal import put
    from tui.core.compare import compare as compared

    if a == b == "-":
        raise Failure("A and B are both -: stdin can be only one of them; name a file or a preset for the other")
    with Bar() as bar:
        sources = [read(word, progress=bar) for word in (a, b)]
    overrides = _for_each(sources, overrides_of(options), (sets_a, sets_b))
    networks = [with_overrides(source, own) for source, own in zip(sources, overrides, strict=True)]
    with Bar(" layers") as bar:
        comparison = compared(networks[0].snapshot, networks[1].snapshot, bar)
        names = _named(networks, (sets_a, sets_b))
        written = _written(comparison, names, fmt, only_changes)
    put(written)
    wrong = False
    for network in networks if networks[0].place != networks[1].place or sets_a or sets_b else networks[:1]:
        tell(network.place, network.notices)
        wrong = report(network) or wrong
    ctx.exit(int(wrong or (fail_on_difference and comparison.differs)))


def _for_each(
    sources: list[Source], overrides: Overrides, own: tuple[tuple[str, ...], tuple[str, ...]]
) -> list[Overrides]:
    """The overrides of each network: a symbol that only one of them has is set there alone."""
    from tui.core.settings import SETTINGS
    from tui.core.snapshot import Snapshot

    if not any(own) and not overrides.sets:
        return [overrides, overrides]
    symbols = [Snapshot.of(source.lines).symbols.keys() for source in sources]
    found = []
    for mine, others, sets in ((symbols[0], symbols[1], own[0]), (symbols[1], symbols[0], own[1])):
        kept = []
        for word in overrides.sets:
            name = word.partition("=")[0].strip()
            # What neither has is left to be refused.
            if name in SETTINGS or name in mine or name not in others:
                kept.append(word)
        found.append(overrides._replace(sets=(*kept, *sets)))
    return found


def _named(networks: list[Network], own: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, str]:
    """The names, or where they are the same the places, with what is set for one alone."""
    a, b = (f"{n.name} with {' '.join(sets)}" if sets else n.name for n, sets in zip(networks, own, strict=True))
    return (a, b) if a != b else (networks[0].place, networks[1].place)


def _written(comparison: Comparison, names: tuple[str, str], fmt: str, only_changes: bool) -> str:
    import sys

    from tui.cli.terminal import painter, width

    if fmt == "json":
        from tui.formats.compare.record import as_json

        return as_json(comparison, names, only_changes=only_changes) + "\n"
    if fmt == "table":
        from tui.formats.compare.text import as_text

        return as_text(comparison, names, only_changes=only_changes, paint=painter(sys.stdout), width=width())
    from tui.formats.compare.files import as_csv, as_markdown

    if fmt == "md":
        return as_markdown(comparison, names, only_changes=only_changes)
    return as_csv(comparison, only_changes=only_changes)
