"""The command that writes a network in another format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli import completing
from tui.cli.group import Failure, color_option
from tui.cli.options import Overrides, factory_options, override_options, overrides_of

if TYPE_CHECKING:
    from tui.cli.loading import Network
    from tui.cli.progress import Bar

REPORT = "--report lists them"


@click.command()
@click.argument("file", required=False, metavar="IN", shell_complete=completing.networks)
@click.argument("output", required=False, metavar="OUT")
@click.option("--from", "source", metavar="FORMAT", shell_complete=completing.source_format,
              help="What IN is, where its suffix does not say.")  # fmt: skip
@click.option("--to", "target", metavar="FORMAT", shell_complete=completing.target_format,
              help="What OUT will be, where its suffix does not say.")  # fmt: skip
@click.option("--report", "whole", is_flag=True, help="List all that was read or written in other terms.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@click.option("--formats", "listed", is_flag=True, help="List the formats, and leave.")
@factory_options
@override_options
@color_option
@click.pass_context
def convert(
    ctx: click.Context, /, file: str | None, output: str | None, source: str | None, target: str | None, whole: bool,
    force: bool, listed: bool, factory: str | None, python: str | None, **options: Any,
) -> None:  # fmt: skip
    """Write the network IN as OUT, in the format of its suffix.

    Reads lists of layers, what show --json wrote, Keras (JSON and .keras), ONNX, PyTorch (.pt2 of
    torch.export) and Python source of either, which is never run. Writes those, tables, diagrams and worked
    solutions; --formats lists all. - is stdin or stdout. What is said in other terms is reported on stderr;
    what a format cannot say is an error.

    \b
    For example:
      layersheet convert model.onnx model.layers
      layersheet convert lenet-5 lenet.py --to pytorch
      layersheet convert net.layers net.onnx --set n=10
    """
    from pathlib import Path

    from tui.cli.notices import tell
    from tui.cli.problems import report
    from tui.cli.progress import Bar
    from tui.formats.writers import target_of, write

    if listed:
        _list()
        return
    if factory is not None and output is None:
        file, output = None, file
    if output is None or (file is None and factory is None):
        raise click.UsageError("Missing argument 'OUT'." if file is not None else "Missing arguments 'IN' and 'OUT'.")
    wanted = target_of(Path("stdout" if output == "-" else output), target)
    with Bar() as bar:
        network = _read(file, factory, python, source, overrides_of(options), bar)
        tell(network.place, network.notices, whole=whole, way=REPORT)
        written = write(wanted, network.snapshot, network.name, bar)
    _deliver(written.data, output, force, file)
    tell(output, written.notices, whole=whole, way=REPORT)
    ctx.exit(int(report(network)))


def _read(
    file: str | None, factory: str | None, python: str | None, source: str | None, overrides: Overrides, bar: Bar
) -> Network:
    from tui.cli.loading import load, overridden, read_factory
    from tui.core.errors import did_you_mean, or_list
    from tui.formats.readers import WORDS

    if factory is not None:
        return overridden(read_factory(factory, overrides.shape, python), overrides)
    if source is not None and source not in WORDS:
        near = did_you_mean(source, WORDS)
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(WORDS)}"
        raise Failure(f"no format to read is called {source!r}; {hint}")
    return load(str(file), overrides, source, bar)


def _deliver(data: bytes, output: str, force: bool, file: str | None) -> None:
    import sys
    from pathlib import Path

    from tui.cli.terminal import is_read
    from tui.formats.escape import visible
    from tui.formats.files import replace

    if output == "-":
        if sys.stdout.isatty():
            if b"\0" in data:
                raise Failure("these are bytes, not text; name a file, or send them through a pipe")
            # A file gets notes as they stand; a terminal would obey what is in them.
            lines = data.decode("utf-8", "backslashreplace").split("\n")
            data = "\n".join(map(visible, lines)).encode(sys.stdout.encoding, "backslashreplace")
        stream = sys.stdout.buffer
        stream.write(data)
        stream.flush()
        return
    path = Path(output)
    try:
        if path.exists() and not path.is_dir() and not force:
            what = "it is the file that is read" if is_read(file, output) else "it exists already"
            raise Failure(f"{visible(output)}: {what}; give another name, or --force to write over it")
        replace(path, data)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise Failure(f"cannot write {visible(output)}: {reason or error}") from None


def _list() -> None:
    from tui.cli.terminal import put
    from tui.formats.readers import READERS, WORDS
    from tui.formats.writers import TARGETS

    put("read:\n")
    for word, suffix in WORDS.items():
        put(f"  {word:12}  {', '.join(s for s, r in READERS.items() if r == READERS.get(suffix)) or suffix}\n")
    put("write:\n")
    for target in TARGETS.values():
        put(f"  {target.name:12}  {', '.join(target.suffixes) or '--to'}: {target.title}\n")
