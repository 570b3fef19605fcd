"""What the shell offers for words: presets and files, kinds of layers, settings."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


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
    from tui.cli.loading import read
    from tui.core.errors import LayersheetError
    from tui.core.snapshot import Snapshot
    from tui.formats.solve.unknown import names_of

    file = ctx.params.get("file") or next(iter(ctx.args), None)
    if not file or file == "-":
        return []
    try:
        names = names_of(Snapshot.of(read(file).lines))
    except LayersheetError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(word)]


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
