"""Taking in an ONNX model: how the time grows with its nodes, and beside a torchinfo script for the same network."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.benchmarks.engine import onnx_model, timed
from tests.benchmarks.goals import Options, Outcome
from tests.benchmarks.networks import RESNET_152, RESNET_152_PARAMETERS, cnn, parsed, resnet
from tests.benchmarks.peer import NO_TORCH, lacking, script_of
from tui.core.snapshot import Snapshot
from tui.formats.writers import TARGETS, write

NO_ONNX: Final = "onnx is not installed (pip install layersheet[bench])"
GROWTH: Final = "import of ONNX, time a node: 10,000 nodes / 1,000"
BESIDE: Final = "torchinfo script / import of an ONNX file and its table, both from the start of Python: ResNet-152"


def growth(options: Options) -> list[Outcome]:
    """The bytes of a model to lines, a node: the same at 1,000 and at 10,000 nodes where the time is linear."""
    if importlib.util.find_spec("onnx") is None:
        return [Outcome(GROWTH, "<=", 1.3, note=NO_ONNX)]
    from tui.formats.onnx.graph import read_onnx

    data = {count: onnx_model(parsed(cnn(count, distinct=True))).SerializeToString() for count in (1_000, 10_000)}
    times: dict[int, list[float]] = {count: [] for count in data}
    for _ in range(options.rounds):
        for count, model in data.items():
            times[count].append(timed(lambda: read_onnx(model, "m.onnx")) / count)  # noqa: B023 - called at once
    return [Outcome(GROWTH, "<=", 1.3, times[10_000], times[1_000])]


def resnet_152(options: Options) -> list[Outcome]:
    """Two processes, each from nothing to its table; the ONNX file holds all its weights."""
    if importlib.util.find_spec("onnx") is None or lacking(options):
        return [Outcome(BESIDE, ">=", 1, note=NO_TORCH if importlib.util.find_spec("onnx") else NO_ONNX)]
    scripts, imports = [], []
    with tempfile.TemporaryDirectory(prefix="layersheet-") as name:
        script, path = Path(name) / "summary.py", Path(name) / "resnet-152.onnx"
        script.write_text(script_of(RESNET_152))
        path.write_bytes(
            _graph_alone(write(TARGETS["onnx"], Snapshot.of(parsed(resnet(RESNET_152))), "resnet-152").data)
        )
        for turn in range(options.rounds + 1):
            theirs = _taken([options.torch_python, str(script)], f"{RESNET_152_PARAMETERS:,}")
            ours = _taken([sys.executable, "-m", "tui", "show", str(path), "--counting", "pytorch"],
                          f"{RESNET_152_PARAMETERS:,} trainable")  # fmt: skip
            if turn:  # the first round reads both from the disk
                scripts.append(theirs)
                imports.append(ours)
    return [Outcome(BESIDE, ">=", 1, scripts, imports)]


def _graph_alone(data: bytes) -> bytes:
    """A model without the lines that our writer keeps in it: those of other programs have none."""
    import onnx

    model = onnx.load_model_from_string(data)
    del model.metadata_props[:]
    return model.SerializeToString()


def _taken(command: list[str], answer: str) -> float:
    """Milliseconds of a process that has to print the answer."""
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    taken = (time.perf_counter() - begun) * 1e3
    if answer not in done.stdout:
        raise ValueError(f"{command} did not say {answer}")
    return taken
