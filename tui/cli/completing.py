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
