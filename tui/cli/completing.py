"""What the shell offers for words: presets and files, kinds of layers, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from tui.core.snapshot import Snapshot


def networks(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """Presets, and whatever files the shell finds."""
    return [*presets(_ctx, _param, word), CompletionItem(word, type="file")]


def presets(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """Names of presets, with their titles."""
    from tui.formats.presets import presets as catalogue

    return [CompletionItem(p.name, help=p.title) for p in catalogue().values() if p.name.startswith(word.lower())]


def kinds(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """Names of kinds, with their summaries."""
    from tui.layers import KINDS

    return [CompletionItem(k.name, help=k.summary) for k in KINDS.values() if k.name.startswith(word.lower())]


def setting(_ctx: click.Context, param: click.Parameter, word: str) -> list[CompletionItem]:
    """Values of the setting that an option is named after."""
    from tui.core.settings import SETTINGS

    return [CompletionItem(w) for w in SETTINGS[str(param.name)].type.words() if w.startswith(word)]


def budget(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """What can be limited."""
    from tui.core.metric import METRICS

    return [CompletionItem(f"{m.name}=", help=m.help) for m in METRICS.values() if m.name.startswith(word)]


def metrics(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """Metrics with commas between them; the last one is completed."""
    from tui.core.metric import METRICS

    before, comma, last = word.rpartition(",")
    return [CompletionItem(before + comma + m.name, help=m.help) for m in METRICS.values() if m.name.startswith(last)]


def unknown(ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """What of the network that was named can be solved for."""
    from tui.formats.solve.unknown import names_of

    snapshot = _named(ctx)
    names = [] if snapshot is None else names_of(snapshot)
    return [CompletionItem(name) for name in names if name.startswith(word)]


def assigned(ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """The symbols of the network that was named, and the settings; behind ``=`` the values of a setting."""
    from tui.core.settings import SETTINGS

    name, equals, value = word.partition("=")
    if equals:
        words = SETTINGS[name].type.words() if name in SETTINGS else ()
        return [CompletionItem(f"{name}={each}") for each in words if each.startswith(value)]
    snapshot = _named(ctx)
    symbols = [] if snapshot is None else [CompletionItem(f"{each}=", help="a symbol") for each in snapshot.symbols]
    settings = [CompletionItem(f"{each}=", help=arg.help) for each, arg in SETTINGS.items()]
    return [item for item in (*symbols, *settings) if item.value.startswith(word)]


def layers(ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """The layers of the network that was named, by their names."""
    from tui.formats.record import layer_names

    snapshot = _named(ctx)
    names = {} if snapshot is None else layer_names(snapshot)
    return [
        CompletionItem(name, help=snapshot.lines[row].code)
        for row, name in names.items()
        if snapshot is not None and name.startswith(word)
    ]


def _named(ctx: click.Context) -> Snapshot | None:
    """The network that the command line names so far; None where there is none to read."""
    from tui.cli.loading import read
    from tui.core.errors import LayersheetError
    from tui.core.snapshot import Snapshot

    given = ctx.params.get("file") or ctx.params.get("files") or ctx.args
    file = given if isinstance(given, str) else next(iter(given), None)
    if not file or file == "-":  # stdin is not the shell's to read while somebody types
        return None
    try:
        return Snapshot.of(read(file).lines)
    except LayersheetError:
        return None


def questions(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """What practice can ask, with commas between; the last one is completed."""
    from tui.core.practice import PARTS

    before, comma, last = word.rpartition(",")
    return [CompletionItem(before + comma + part) for part in PARTS if part.startswith(last)]


def charted(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """What can be charted."""
    from tui.formats.chart.model import QUANTITIES

    return [CompletionItem(q.name, help=q.title) for q in QUANTITIES.values() if q.name.startswith(word)]


def source_format(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """The formats that are read."""
    from tui.formats.readers import WORDS

    return [CompletionItem(name, help=suffix) for name, suffix in WORDS.items() if name.startswith(word)]


def target_format(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """The formats that are written."""
    from tui.formats.writers import TARGETS

    return [CompletionItem(t.name, help=t.title) for t in TARGETS.values() if t.name.startswith(word)]


def device(_ctx: click.Context, _param: click.Parameter, word: str) -> list[CompletionItem]:
    """The devices that limits are known of."""
    from tui.formats.devices import devices

    return [CompletionItem(d.name, help=d.title) for d in devices().values() if d.name.startswith(word)]
