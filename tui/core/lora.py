"""Low-rank adaptation: a frozen kernel with two thin trainable factors beside it (Hu et al. 2021, as in Keras)."""

from __future__ import annotations

from typing import Final

from tui.core.argument import Arg, Whole
from tui.core.size import Size
from tui.core.tensor import Role, Weight

LORA: Final = Arg("lora_rank", Whole(1), None, "freezes the kernel and trains two thin factors of this rank beside it")


def factored(kernel: Weight, rank: Size | None) -> tuple[Weight, ...]:
    """The kernel alone, or frozen with its factors of shapes ``(..., r)`` and ``(r, last)``."""
    if rank is None:
        return (kernel,)
    return (
        kernel._replace(role=Role.FROZEN),
        Weight("lora_a", (*kernel.shape[:-1], rank)),
        Weight("lora_b", (rank, kernel.shape[-1])),
    )


def lora_macs(weights: tuple[Weight, ...]) -> Size:
    """The MACs of ``lora_a @ lora_b``, which Keras forms anew at each call; 0 without a rank."""
    factors = [weight for weight in weights if weight.name.startswith("lora_")]
    return factors[0].elements * factors[1].shape[-1] if factors else 0
