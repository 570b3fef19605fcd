"""Random layers of the commonest classes, built and run in PyTorch itself, against the reader of its modules.

Slow, and needs PyTorch: ``pytest -m torch``. Where PyTorch refuses to build or to run a layer, the reader must
refuse it too; else the shapes, the parameters, the buffers and, where PyTorch's own counter
(``torch.utils.flop_counter``, two FLOPs a MAC) knows the class, the MACs must be the same.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from tests.torch.random_layers import CLASSES, Case
from tui.core.snapshot import Snapshot
from tui.formats.torch.code import module

pytestmark = pytest.mark.torch

SEED = int(os.environ.get("LAYERSHEET_TORCH_SEED", "7"))
CASES = int(os.environ.get("LAYERSHEET_TORCH_CASES", "40"))
"""Layers tried of each class."""

UNCOUNTED = {"Bilinear"}
"""Classes whose products PyTorch's counter does not see: it says 0."""


def by_torch(name: str, case: Case) -> dict[str, Any]:
    """What PyTorch says: refused, or shapes and counts."""
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    args, shapes, holds = case
    tuples = {key: tuple(value) if isinstance(value, list) else value for key, value in args.items()}
    inputs = [torch.zeros(shape, dtype=torch.long if holds == "index" else torch.float32) for shape in shapes]
    counter = FlopCounterMode(display=False)
    try:
        layer = getattr(torch.nn, name)(**tuples)
        # The counter does not see into the fused kernels of the CPU.
        with torch.backends.mkldnn.flags(enabled=False), sdpa_kernel(SDPBackend.MATH), counter:
            found = layer(*inputs)
    except (RuntimeError, ValueError, TypeError, AssertionError, IndexError, NotImplementedError) as error:
        return {"refused": True, "why": str(error)}
    return {
        "refused": False,
        "outputs": [list(tensor.shape) for tensor in flat(found)],
        "params": sum(p.numel() for p in layer.parameters()),
        "buffers": sum(b.numel() for b in layer.buffers()),
        "macs": counter.get_total_flops() // 2,
    }


def flat(found: Any) -> list[Any]:
    return [tensor for part in found for tensor in flat(part)] if isinstance(found, tuple) else [found]


def by_reader(name: str, case: Case) -> dict[str, Any]:
    """What the reader and the rules say of the same."""
    args, shapes, _ = case
    made = module(name, args, [tuple(shape) for shape in shapes])
    snapshot = Snapshot.of(made.lines)
    results = [r for row in range(len(made.lines)) if (r := snapshot.result(row)) is not None]
    if any(result.status in ("error", "waiting") for result in results):
        return {"refused": True, "why": next((r.message for r in results if r.status == "error"), None)}
    rows = {line.name: row for row, line in enumerate(made.lines) if line.name}
    outputs = []
    for source in made.outputs:
        result = snapshot.result(rows[source.name])
        assert result is not None
        outputs.append(list(result.outputs[source.output].shape))
    totals = snapshot.totals
    return {
        "refused": False,
        "outputs": outputs,
        "params": totals.params,
        "buffers": totals.buffers,
        "macs": totals.macs,
    }


@pytest.mark.parametrize("name", CLASSES)
def test_pytorch_and_the_reader_agree(name: str) -> None:
    pytest.importorskip("torch")
    random = Random(f"{SEED} {name}")
    wrong = []
    accepted = 0
    for _ in range(CASES):
        case = CLASSES[name](random)
        said, read = by_torch(name, case), by_reader(name, case)
        if any(0 in shape for shape in said.get("outputs", [])):
            continue  # PyTorch takes an axis of nothing, which is an error here
        accepted += not said["refused"]
        compared = ["refused", *(key for key in ("outputs", "params", "buffers", "macs") if key in said)]
        if name in UNCOUNTED and "macs" in compared:
            compared.remove("macs")
        if any(said[key] != read.get(key) for key in compared):
            wrong.append((case, said, read))
    assert accepted, "every case is refused: the generator is at fault"
    assert not wrong, "\n".join(map(str, wrong[:10]))
