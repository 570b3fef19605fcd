"""Programs that ``torch.export.save`` wrote (``.pt2``), and PyTorch's pickles, which are refused.

An archive is a zip with the graph as JSON in it. Only that JSON is read, from memory and up to a bound: no
weights, no sample inputs (they are pickles), nothing is unpacked. Source: ``torch/_export/serde/schema.py`` and
``torch/export/pt2_archive`` (2.13); the single-file layout of PyTorch up to 2.7 holds the same JSON.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from typing import Final

from tui.core.errors import FileError
from tui.formats.imported import Imported, Progress, unwatched
from tui.formats.torch.program import Program

MAX_GRAPH: Final = 256 * 2**20
"""The most bytes that a graph may unpack to: a small archive can hold a very large one."""
MAX_ENTRIES: Final = 100_000

_GRAPH: Final = re.compile(r"(?:.*/)?models/[^/]+\.json|(?:.*/)?serialized_exported_program\.json")
_PICKLE: Final = re.compile(r"(?:.*/)?data\.pkl")
WAY_OUT: Final = (
    "save the model with torch.export.save(torch.export.export(model, (example,)), 'model.pt2'), "
    "or let layersheet run your code: --factory package.module:make --input 3x224x224"
)


def read_program(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """The network of an exported program; raises FileError where it is none."""
    return graph_of(_graph(data, name), name, progress)


def graph_of(text: bytes | str, name: str, progress: Progress = unwatched) -> Imported:
    """The network of the JSON of an exported program; raises FileError where it is none."""
    try:
        return Program(json.loads(text), progress).imported()
    except (ValueError, RecursionError) as error:
        raise FileError(f"{name}: its graph is not JSON that can be read ({error})") from None
    except FileError as error:
        raise FileError(f"{name}: {error.message}") from None
    except (TypeError, LookupError, AttributeError) as error:
        raise FileError(f"{name}: its graph is not as torch.export writes it ({error!r})") from None


def _graph(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.namelist()
            if len(entries) > MAX_ENTRIES:
                raise FileError(f"{name} has {len(entries):,} entries, more than the {MAX_ENTRIES:,} that are read")
            found = [entry for entry in entries if _GRAPH.fullmatch(entry)]
            if not found:
                raise FileError(_no_graph(entries, name))
            with archive.open(found[0]) as file:
                text = file.read(MAX_GRAPH + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise FileError(f"{name} is no archive of torch.export ({error}); {WAY_OUT}") from None
    except zlib.error as error:
        raise FileError(f"{name} is damaged ({error})") from None
    if len(text) > MAX_GRAPH:
        raise FileError(f"the graph in {name} has more than {MAX_GRAPH:,} bytes, the most that is read")
    return text


def _no_graph(entries: list[str], name: str) -> str:
    if any(_PICKLE.fullmatch(entry) for entry in entries):
        return f"{name} is a pickle of PyTorch: to load it is to run the code in it, so it is not opened; {WAY_OUT}"
    return f"{name} has no graph of torch.export in it (models/*.json); {WAY_OUT}"


def read_pickle(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """An exported program under another suffix; raises FileError for PyTorch's pickles, which are never loaded."""
    if data[:2] == b"PK":
        return read_program(data, name, progress)
    raise FileError(
        f"{name} is a pickle of PyTorch (weights, or a whole model): to load it is to run the code in it, so it is "
        f"not opened; {WAY_OUT}"
    )


def no_graph(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """Raises FileError: such a file holds weights by name, and nothing says what is done with them."""
    raise FileError(f"{name} holds weights alone, not the network that they are for; {WAY_OUT}")
