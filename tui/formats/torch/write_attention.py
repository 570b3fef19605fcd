"""Attention and transformer layers as PyTorch writes them.

nn.MultiheadAttention where the heads share the width of the query; else its projections as modules of their own, joined
by F.scaled_dot_product_attention. Scores that are wanted, added or masked beyond that are written out.
"""

from __future__ import annotations

from typing import Any, Final

from tui.core.size import product, same
from tui.formats.torch.write_functions import ACTIVATIONS, Rule
from tui.formats.torch.write_site import Site
from tui.formats.torch.write_source import OURS, Said
from tui.formats.torch.write_text import call, operand, real, tupled


def _true(switch: bool) -> str | None:
    return "True" if switch else None


def _rate(site: Site) -> str | None:
    return real(site.of("dropout")) if site.of("dropout") else None


def _sources(site: Site) -> list[str]:
    """Query, key and value, of which one may stand for several."""
    codes = [site.read(i) for i in range(len(site.values))]
    return [codes[0], codes[1] if len(codes) > 1 else codes[0], codes[-1]]


def multi_head(site: Site) -> Said:
    """nn.MultiheadAttention, or its parts."""
    called = site.of("call")(site.tensors)
    heads = called.heads
    whole = all(same(product(shape), heads.query) for shape in (heads.asked, heads.valued, heads.output))
    layout = len(site.shape) == 3 or site.of("unbatched")
    if whole and layout and site.of("kv_heads") is None and not heads.gate and len(heads.output) == 1:
        return _whole(site, called)
    return _parts(site, called)


def _whole(site: Site, called: Any) -> Said:
    heads, first = called.heads, site.of("batch_first") and not site.of("unbatched")
    wide = {name: None if same(size, heads.query) else site.arg(size)
            for name, size in (("kdim", heads.key), ("vdim", heads.value))}  # fmt: skip
    path = site.own(call(
        "nn.MultiheadAttention", site.arg(heads.query), site.arg(site.of("heads")), dropout=_rate(site),
        bias=None if site.of("bias") else "False", add_bias_kv=_true(site.of("add_bias_kv")),
        add_zero_attn=_true(site.of("add_zero_attn")), **wide, batch_first=_true(first),
    ))  # fmt: skip
    codes = _sources(site)
    mask = None
    if site.of("causal"):
        codes = [site.variable(code, "sequence") for code in codes]
        axis = 1 if first else 0
        mask = site.let("mask", _causal(f"{codes[0]}.shape[{axis}]", f"{codes[1]}.shape[{axis}]", codes[0]))
    wanted = site.of("return_weights")
    ran = call(path, *codes, need_weights=None if wanted != "none" else "False", attn_mask=mask,
               average_attn_weights="False" if wanted == "heads" else None)  # fmt: skip
    return Said((ran,), packed=True) if wanted != "none" else Said((f"{ran}[0]",))


def _causal(asking: str, seen: str, like: str) -> str:
    """A mask that is true where a position must not look."""
    return f"torch.ones({asking}, {seen}, dtype=torch.bool, device={like}.device).triu(1)"


def _parts(site: Site, called: Any) -> Said:
    heads, h = called.heads, site.of("heads")
    if len(site.shape) != 3 or site.of("unbatched") or not site.of("batch_first"):
        site.refuse("its widths are not those of nn.MultiheadAttention, and its axes are not batch, steps and features",
                    "reshape the input to three axes, batch first")  # fmt: skip
    if site.of("add_bias_kv") or site.of("add_zero_attn"):
        site.refuse("add_bias_kv and add_zero_attn go with the widths of nn.MultiheadAttention only", "leave them out")
    groups = h if site.of("kv_heads") is None else site.of("kv_heads")
    bias = "" if site.of("bias") else ", bias=False"
    query, key, value = (site.variable(code, "sequence") for code in _sources(site))

    def project(name: str, code: str, width: Any, shape: Any) -> str:
        return f"{site.own(f'nn.Linear({site.arg(width)}, {site.arg(product(shape))}{bias})', name)}({code})"

    split = []
    for name, code, width, shape, count in (
        ("query", query, heads.query, heads.asked, h), ("key", key, heads.key, heads.keyed, groups),
        ("value", value, heads.value, heads.valued, groups),
    ):  # fmt: skip
        projected = project(name, code, width, shape)
        split.append(site.let(name[0], f"{projected}.unflatten(-1, ({site.size(count)}, -1)).transpose(1, 2)"))
    q, k, v = split
    shared = not same(h, groups)
    wanted = site.of("return_weights")
    weights = ""
    if wanted == "none":
        attended = call("F.scaled_dot_product_attention", q, k, v, is_causal=_true(site.of("causal")),
                        enable_gqa=_true(shared))  # fmt: skip
    else:
        if shared:
            k, v = (site.let(name, f"{code}.repeat_interleave({site.size(h // groups)}, dim=1)")
                    for name, code in (("k", k), ("v", v)))  # fmt: skip
        scores = site.let("scores", f"{q} @ {k}.transpose(-2, -1) / {q}.shape[-1] ** 0.5")
        weights = _weights(site, scores, q, k)
        attended = f"({weights} @ {v})"
    joined = f"{attended}.transpose(1, 2).flatten(2)"
    if heads.gate:
        joined = f"{joined} * torch.sigmoid({project('gate', query, heads.query, heads.joined)})"
    out = project("output", joined, product(heads.joined), heads.output)
    if len(heads.output) > 1:
        out = f"{out}.unflatten(-1, {tupled([*map(site.size, heads.output)])})"
    if wanted == "none":
        return Said((out,))
    return Said((out, f"{weights}.mean(dim=1)" if wanted == "mean" else weights))


def attention(site: Site) -> Said:
    """F.scaled_dot_product_attention where it can say it, else the scores and their softmax."""
    kind = site.kind
    codes = [site.read(i) for i in range(len(site.values))]
    past = [codes.pop(-2), codes.pop(-1)] if len(codes) >= 5 else []
    mask = codes.pop() if site.of("mask") and len(codes) > 1 else None
    q, k, v = codes[0], codes[1] if len(codes) > 1 else codes[0], codes[-1]
    h = kind.heads if hasattr(kind, "heads") else None
    groups = None
    if h is not None:
        groups = h if site.of("kv_heads") is None else site.of("kv_heads")
        q, k, v = (
            site.let(name, f"{operand(code)}.unflatten(-1, ({site.size(count)}, -1)).transpose(1, 2)")
            for name, code, count in (("q", q, h), ("k", k, groups), ("v", v, groups))
        )
    if past:
        k, v = (site.let(name, f"torch.cat(({old}, {new}), dim=-2)")
                for name, old, new in (("k", past[0], k), ("v", past[1], v)))  # fmt: skip
    shapes = [value.tensor.shape for value in site.values]
    shared = not same(h, groups or h) if h is not None else (
        len(shapes[0]) == 4 and len(shapes) > 1 and same(shapes[0][1], shapes[1][1]) is False
    )  # fmt: skip
    adds, scaled = bool(site.of("adds")), bool(site.of("use_scale"))
    keras = kind.settings.counting == "keras"
    if mask is not None:
        mask = f"{operand(mask)}.bool()"
    scores_out = site.of("return_scores")
    if not adds and not scores_out and not (mask and site.of("causal")):
        if scaled:
            q = f"{operand(q)} * {site.parameter('scale', (), 'torch.ones')}"
        out = call("F.scaled_dot_product_attention", q, k, v, attn_mask=mask, is_causal=_true(site.of("causal")),
                   scale="1.0" if keras else None, enable_gqa=_true(shared))  # fmt: skip
        weights = ""
    else:
        out, weights = _by_hand(site, [q, k, v], mask, shared, keras)
    out = f"{operand(out)}.transpose(1, 2).flatten(2)" if h is not None else out
    found = [out, *((k, v) if getattr(kind, "return_present", False) else ()), *((weights,) if scores_out else ())]
    return Said(tuple(found))


def _by_hand(site: Site, sources: list[str], mask: str | None, shared: bool, keras: bool) -> tuple[str, str]:
    """Scores, their softmax, and the values that it weighs."""
    q, k, v = (site.variable(code, name) for code, name in zip(sources, "qkv", strict=True))
    if shared:
        times = f"{q}.shape[1] // {k}.shape[1]"
        k, v = (site.let(name, f"{code}.repeat_interleave({times}, dim=1)") for name, code in (("k", k), ("v", v)))
    if site.of("adds"):
        added = f"torch.tanh({q}.unsqueeze(-2) + {k}.unsqueeze(-3))"
        if site.of("use_scale"):
            additive = site.kind.name == "additiveattention"
            scale = site.parameter("scale", (site.shape[-1],) if additive else (), "torch.ones")
            inside = f"torch.tanh({scale} * ({q}.unsqueeze(-2) + {k}.unsqueeze(-3)))"
            added = f"({scale} * {added})" if additive else inside
        scores = f"{added}.sum(dim=-1)"
        if site.kind.name == "attention":
            scores = f"{site.parameter('concat_score_weight', (), 'torch.ones')} * {scores}"
    else:
        scores = f"{q} @ {k}.transpose(-2, -1)"
        if site.of("use_scale"):
            scores = f"{site.parameter('scale', (), 'torch.ones')} * ({scores})"
        if not keras:
            scores = f"{operand(scores)} / {q}.shape[-1] ** 0.5"
    scores = site.let("scores", scores)
    if mask is not None:
        scores = site.let("scores", f'{scores}.masked_fill(~{mask}, float("-inf"))')
    weights = _weights(site, scores, q, k)
    return f"{weights} @ {v}", weights


def _weights(site: Site, scores: str, q: str, k: str) -> str:
    """The variable of the weights that scores come to, those of later steps at 0 where the layer is causal."""
    if site.of("causal"):
        ahead = _causal(f"{q}.shape[-2]", f"{k}.shape[-2]", q)
        scores = site.let("scores", f'{scores}.masked_fill({ahead}, float("-inf"))')
    return site.let("weights", f"{scores}.softmax(dim=-1)")


def _words(site: Site) -> dict[str, str | None]:
    """The arguments that all transformer layers have."""
    activation = site.of("activation")
    if activation in ("relu", "gelu"):
        word = None if activation == "relu" else '"gelu"'
    else:
        found = ACTIVATIONS.get(activation)
        if found is None or not found.around.endswith("({})"):
            site.refuse(f"activation={activation} is no function of PyTorch alone", "set activation=relu or gelu")
        word = found.around.removesuffix("({})")
    return {
        "dim_feedforward": None if site.of("feedforward") == 2048 else site.arg(site.of("feedforward")),
        "dropout": real(site.of("dropout")), "activation": word,
        "batch_first": _true(site.of("batch_first") and not site.of("unbatched")),
        "norm_first": _true(site.of("norm_first")), "bias": None if site.of("bias") else "False",
    }  # fmt: skip


def layers(word: str) -> Rule:
    """nn.TransformerEncoder or nn.TransformerDecoder: one layer, or a stack of them."""

    def rule(site: Site) -> Said:
        width = site.arg(site.shape[-1])
        one = call(f"nn.Transformer{word}Layer", width, site.arg(site.of("heads")), **_words(site))
        if site.of("layers") != 1 or site.of("final_norm"):
            norm = None
            if site.of("final_norm"):
                norm = call("nn.LayerNorm", width, bias=None if site.of("bias") else "False")
            nested = "False" if word == "Encoder" else None
            one = call(f"nn.Transformer{word}", one, site.arg(site.of("layers")), norm=norm,
                       enable_nested_tensor=nested)  # fmt: skip
        codes = [site.read(i) for i in range(len(site.values))]
        path = site.own(one)
        frozen = ".requires_grad_(False)" if site.frozen else ""
        modules = (one + frozen,) if word == "Encoder" and site.chained else None
        return Said((call(path, *codes),), OURS, modules)

    return rule


def transformer(site: Site) -> Said:
    """nn.Transformer."""
    path = site.own(call(
        "nn.Transformer", site.arg(site.shape[-1]), site.arg(site.of("heads")), site.arg(site.of("encoder_layers")),
        site.arg(site.of("decoder_layers")), **_words(site),
    ))  # fmt: skip
    return Said((call(path, site.read(0), site.read(1)),))


ATTENTION: Final[dict[str, tuple[Rule, str]]] = {
    "multiheadattention": (multi_head, OURS), "attention": (attention, OURS), "additiveattention": (attention, OURS),
    "transformerencoder": (layers("Encoder"), OURS), "transformerdecoder": (layers("Decoder"), OURS),
    "transformer": (transformer, OURS),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
