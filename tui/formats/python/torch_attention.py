"""What a call asks of ``nn.MultiheadAttention`` that its constructor does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui.formats.python.tensors import TensorValue
from tui.formats.torch.tensors import Stored

_ARGUMENTS: Final = ("query", "key", "value", "key_padding_mask", "need_weights", "attn_mask", "average_attn_weights",
                     "is_causal")  # fmt: skip
_MASK: Final = "triu"


def asked_of_attention(args: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """The weights that a call gives back, and whether it sees what came before only.

    Source: the signature of ``MultiheadAttention.forward``. A mask is causal where it is said to be, or where it is
    the part above the diagonal.
    """
    given = {**dict(zip(_ARGUMENTS, args, strict=False)), **named}
    made: dict[str, Any] = {}
    if given.get("need_weights") is False:
        made["return_weights"] = "none"
    elif given.get("average_attn_weights") is False:
        made["return_weights"] = "heads"
    mask = given.get("attn_mask")
    operand = mask.operand if isinstance(mask, TensorValue) else None
    above = isinstance(operand, Stored) and operand.name.rpartition(".")[2] == _MASK and operand.kind != "parameter"
    if given.get("is_causal") is True or above:
        made["causal"] = True
    return made
