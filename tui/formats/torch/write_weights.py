"""Linear layers, embeddings and learned tokens as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.core.einsum import parse_equation
from tui.core.size import Size
from tui.formats.torch.write_functions import Rule, activated
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Said
from tui.formats.torch.write_text import call, operand, quoted


def prelu(site: Site) -> Said:
    """nn.PReLU where slopes belong to channels, else a parameter of the shape of the slopes."""
    shape = site.of("weights")(site.tensors)[0].shape
    if len(shape) == 1 and site.of("slope") is None and site.of("shared_axes") is None:
        counted = site.of("num_parameters") is not None or site.kind.settings.counting != "keras"
        if shape[0] == 1 and counted:
            return Chain(site, EITHER).own("nn.PReLU()").said()
        if counted or len(site.shape) == 2:
            return Chain(site, FIRST).own(f"nn.PReLU({site.arg(shape[0])})").said()
    x = site.variable(site.read())
    slope = site.itself(shape)
    return Said((f"torch.where({x} < 0.0, {slope} * {x}, {x})",))


def dense(site: Site) -> Said:
    """nn.Linear; with a low rank its kernel is frozen and two thin factors stand beside it."""
    chain = Chain(site, OURS)
    width, units = site.shape[-1], site.of("units")
    rank = site.of("lora_rank")
    constructor = call("nn.Linear", site.arg(width), site.arg(units), bias=None if site.of("bias") else "False")
    if "kernel" in site.lent:
        bias = site.lent.get("bias") or site.parameter("bias", (units,)) if site.of("bias") else None
        return activated(chain.then(call("F.linear", "{}", site.lent["kernel"], bias)), site.of("activation")).said()
    if rank is None:
        return activated(chain.own(constructor), site.of("activation")).said()
    x = site.variable(chain.code)
    path, first, second = _low_rank(site, constructor, width, units)
    chain.code = f"{path}({x}) + {x} @ {first} @ {second}"
    return activated(chain, site.of("activation")).said()


def _low_rank(site: Site, constructor: str, rows: Size, columns: Size) -> tuple[str, str, str]:
    """A module whose matrix is frozen, and the two thin factors that are trained beside it."""
    path, rank = site.own(constructor), site.of("lora_rank")
    site.freeze("weight")
    first = site.parameter("lora_a", (rows, rank), "torch.randn")
    return path, first, site.parameter("lora_b", (rank, columns))


def bilinear(site: Site) -> Said:
    """nn.Bilinear."""
    a, b = (value.tensor.shape[-1] for value in site.values)
    path = site.own(call("nn.Bilinear", site.arg(a), site.arg(b), site.arg(site.of("units")),
                         bias=None if site.of("bias") else "False"))  # fmt: skip
    return Said((f"{path}({site.read(0)}, {site.read(1)})",))


def einsum_dense(site: Site) -> Said:
    """A kernel that is joined by torch.einsum, and a bias."""
    weights = {weight.name: weight.shape for weight in site.of("weights")(site.tensors)}
    equation = str(parse_equation(site.of("equation")))
    lora = site.of("lora_rank") is not None
    kernel = site.parameter("kernel", weights["kernel"], "torch.randn", trained=not lora)
    if lora:
        first = site.parameter("lora_a", weights["lora_a"], "torch.randn")
        kernel = f"{kernel} + {first} @ {site.parameter('lora_b', weights['lora_b'])}"
    chain = Chain(site, OURS)
    chain.then(f"torch.einsum({quoted(equation)}, {{}}, {kernel})")
    if "bias" in weights:
        chain.then(f"{{}} + {site.parameter('bias', weights['bias'])}")
    return activated(chain, site.of("activation")).said()


def indices(site: Site, number: int = 0) -> str:
    """An input that holds indices: whole numbers."""
    code = site.read(number)
    return code if site.values[number].tensor.dtype.startswith("int") else f"{operand(code)}.long()"


def embedding(site: Site) -> Said:
    """nn.Embedding; with a low rank the table is frozen and two thin factors stand beside it."""
    rows, width, rank = site.of("num_embeddings"), site.of("embedding_dim"), site.of("lora_rank")
    padding = site.of("padding_idx")
    constructor = call("nn.Embedding", site.arg(rows), site.arg(width),
                       padding_idx=None if padding is None else site.arg(padding))  # fmt: skip
    if site.of("mask_zero"):
        site.tell("dropped", "mask_zero: PyTorch's layers skip no steps by themselves")
    chain = Chain(site, OURS)
    number = indices(site)
    site.chained = site.chained and number == chain.code
    chain.code = number
    if rank is None:
        return chain.own(constructor).said()
    number = site.variable(number, "rows")
    path, first, second = _low_rank(site, constructor, rows, width)
    return Said((f"{path}({number}) + {first}[{number}] @ {second}",))


def embedding_bag(site: Site) -> Said:
    """nn.EmbeddingBag."""
    padding, mode = site.of("padding_idx"), site.of("mode")
    path = site.own(call(
        "nn.EmbeddingBag", site.arg(site.of("num_embeddings")), site.arg(site.of("embedding_dim")),
        mode=None if mode == "mean" else f'"{mode}"',
        include_last_offset="True" if site.of("include_last_offset") else None,
        padding_idx=None if padding is None else site.arg(padding),
    ))  # fmt: skip
    offsets = indices(site, 1) if len(site.values) > 1 else None
    return Said((call(path, indices(site), offsets),))


def class_token(site: Site) -> Said:
    """A learned token before the steps, the same for each example."""
    tokens, (_, _, *rest) = site.of("tokens"), site.shape
    shape = site.of("weights")(site.tensors)[0].shape
    token = site.itself(shape, "torch.randn")
    x = site.variable(site.read(), "steps")
    kept = ", -1" * len(rest)
    return Said((f"torch.cat(({token}.expand({x}.shape[0], {site.size(tokens)}{kept}), {x}), dim=1)",))


def position_embedding(site: Site) -> Said:
    """A learned row added to each step."""
    shape: Sequence[Size] = site.of("weights")(site.tensors)[0].shape
    table = site.itself(shape, "torch.randn")
    x = site.variable(site.read(), "steps")
    return Said((f"{x} + {table}" if shape[0] == site.shape[1] else f"{x} + {table}[: {x}.shape[1]]",))


WEIGHTS: Final[dict[str, tuple[Rule, str]]] = {
    "prelu": (prelu, EITHER), "dense": (dense, OURS), "bilinear": (bilinear, OURS),
    "einsumdense": (einsum_dense, OURS), "embedding": (embedding, OURS), "embeddingbag": (embedding_bag, OURS),
    "classtoken": (class_token, OURS), "positionembedding": (position_embedding, OURS),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
