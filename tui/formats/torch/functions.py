"""Functions of tensors in PyTorch, as lines: those of ``torch``, ``torch.nn.functional``, methods, and ATen operators.

Source: the documentation of ``torch`` and ``torch.nn.functional``, and the schemas of ATen. Each entry names its
arguments in the order of the call; ATen's ``self`` is ``input`` here.
"""

from __future__ import annotations

from typing import Any, Final

from tui.formats.torch.arithmetic import arithmetic
from tui.formats.torch.function import Args, Function, is_tensor, listed, named, plain
from tui.formats.torch.reductions import along, arg_of, extreme, norm_of, reduction
from tui.formats.torch.tensors import Stored, Tensors


def _unary(kind: str, **fixed: Any) -> Function:
    return named(lambda w, name, a: w.emit(name, kind, fixed, [a["input"]]), "input")


def _same(w: Tensors, name: str, a: Args) -> Any:
    """What changes neither a shape nor a count."""
    return a["input"]


def _module(class_name: str, *signature: str, tensors: str = "input") -> Function:
    """A function that is a module with its arguments."""
    names = tensors.split()

    def write(w: Tensors, name: str, a: Args) -> Any:
        operands = [a[one] for one in names if is_tensor(a.get(one))]
        allowed = {*" ".join(signature).split()} - {*names}
        args = {key: plain(value) for key, value in a.items() if key in allowed and value is not None}
        if args.get("stride") == []:
            del args["stride"]
        made = w.module(name, class_name, args, operands)
        return made[0] if len(made) == 1 else tuple(made)

    return named(write, tensors, *signature)


def _ranked(function: str, class_name: str, *signature: str) -> dict[str, Function]:
    return {f"{function}{n}d": _module(f"{class_name}{n}d", *signature) for n in (1, 2, 3)}


def _rsub(w: Tensors, name: str, a: Args) -> Any:
    return arithmetic("subtract").write(w, name, {"input": a["other"], "other": a["input"]})


def _cat(w: Tensors, name: str, a: Args) -> Any:
    tensors = [one for one in listed(a["tensors"]) if is_tensor(one)]
    if len(tensors) == 1:
        return tensors[0]
    return w.emit(name, "concat", {"axis": a.get("dim", 0)}, tensors)


def _stack(w: Tensors, name: str, a: Args) -> Any:
    tensors, dim = listed(a["tensors"]), a.get("dim", 0)
    if len(tensors) == 1:
        return w.emit(name, "unsqueeze", {"axes": [dim]}, tensors)
    return w.emit(name, "stack", {"axis": dim}, tensors)


def _matmul(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "matmul", {}, [a["input"], a["other"]])


def _addmm(w: Tensors, name: str, a: Args) -> Any:
    product = w.emit(f"{name}.product", "matmul", {}, [a["mat1"], a["mat2"]])
    return w.emit(name, "add", {}, [product, a["input"]])


def _einsum(w: Tensors, name: str, a: Args) -> Any:
    tensors = a["tensors"]
    flat = [inner for one in listed(tensors) for inner in listed(one)]
    return w.emit(name, "einsum", {"equation": a["equation"].replace(" ", "")}, flat)


def _attention(w: Tensors, name: str, a: Args) -> Any:
    query, key, value = a["query"], a["key"], a["value"]
    shape = w.known(query)
    args: Args = {"causal": True} if a.get("is_causal") else {}
    tensors = [query, key, value]
    mask = a.get("attn_mask")
    if is_tensor(mask):
        args["mask"] = True
        tensors.append(mask)
    if len(shape) < 3:
        raise ValueError("attention reads 3 axes or more")
    return w.emit(name, "attention", args, tensors)


def _where(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "where", {}, [a["condition"], a["input"], a["other"]])


def _masked_fill(w: Tensors, name: str, a: Args) -> Any:
    if isinstance(a["mask"], Stored):  # a fixed mask changes values only
        return a["input"]
    return w.emit(name, "where", {}, [a["mask"], a["value"], a["input"]])


def _clip(w: Tensors, name: str, a: Args) -> Any:
    bounds = {key: float(a[key]) for key in ("min", "max") if isinstance(a.get(key), int | float)}
    return w.emit(name, "clip", bounds, [a["input"]])


def _normalize(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "unitnorm", {"axis": listed(a.get("dim", 1))}, [a["input"]])


def _interpolate(w: Tensors, name: str, a: Args) -> Any:
    args = {key: plain(a[key]) for key in ("size", "scale_factor", "mode") if a.get(key) is not None}
    return w.module(name, "Upsample", args, [a["input"]])[0]


def _upsample(mode: str) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        size = a.get("output_size")
        args = {
            "mode": mode,
            **({"scale_factor": plain(a.get("scale_factors"))} if size is None else {"size": plain(size)}),
        }
        return w.module(name, "Upsample", args, [a["input"]])[0]

    return named(write, "input output_size align_corners scale_factors")


def _similarity(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "cosinesimilarity", {"axis": a.get("dim", 1)}, [a["x1"], a["x2"]])


def _distance(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "pairwisedistance", {"keepdims": bool(a.get("keepdim", False))}, [a["x1"], a["x2"]])


def _one_hot(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "onehot", {"depth": a["num_classes"], "axis": -1}, [a["input"]])


def _top_k(w: Tensors, name: str, a: Args) -> Any:
    made = w.emit(name, "topk", {"k": a["k"], "axis": a.get("dim", -1)}, [a["input"]])
    return tuple(w.outputs(made))


def _sort(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "like", {}, [a["input"]]), w.emit(f"{name}.indices", "like", {"dtype": "int64"}, [a["input"]])


def _comparison(kind: str) -> Function:
    return named(lambda w, name, a: w.emit(name, kind, {}, [a["input"], a["other"]]), "input other")


_POOL: Final = "kernel_size stride padding dilation ceil_mode return_indices"
_ACTIVATIONS: Final = {
    "relu": "ReLU", "relu6": "ReLU6", "elu": "ELU alpha", "selu": "SELU", "celu": "CELU alpha",
    "gelu": "GELU approximate", "silu": "SiLU", "mish": "Mish", "leaky_relu": "LeakyReLU negative_slope",
    "softplus": "Softplus beta threshold", "softsign": "Softsign", "tanhshrink": "Tanhshrink",
    "hardtanh": "Hardtanh min_val max_val", "hardswish": "Hardswish", "hardsigmoid": "Hardsigmoid",
    "hardshrink": "Hardshrink lambd", "softshrink": "Softshrink lambd", "logsigmoid": "LogSigmoid",
    "log_sigmoid": "LogSigmoid", "threshold": "Threshold threshold value", "rrelu": "RReLU lower upper",
    "rrelu_with_noise": "RReLU", "glu": "GLU dim", "dropout": "Dropout p", "dropout1d": "Dropout1d p",
    "dropout2d": "Dropout2d p", "dropout3d": "Dropout3d p", "alpha_dropout": "AlphaDropout p",
    "feature_dropout": "Dropout2d p", "feature_alpha_dropout": "FeatureAlphaDropout p",
    "native_dropout": "Dropout p", "pixel_shuffle": "PixelShuffle upscale_factor",
    "pixel_unshuffle": "PixelUnshuffle downscale_factor", "channel_shuffle": "ChannelShuffle groups",
    "native_channel_shuffle": "ChannelShuffle groups", "im2col": "Unfold kernel_size dilation padding stride",
    "fold": "Fold output_size kernel_size dilation padding stride",
    "col2im": "Fold output_size kernel_size dilation padding stride",
    "local_response_norm": "LocalResponseNorm size alpha beta k",
}  # fmt: skip
_UNARY: Final = {
    "exp": "exponential", "abs": "abs", "neg": "neg", "sqrt": "sqrt", "rsqrt": "rsqrt", "square": "square",
    "log": "log", "log1p": "log1p", "expm1": "expm1", "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin",
    "acos": "acos", "atan": "atan", "sinh": "sinh", "cosh": "cosh", "erf": "erf", "floor": "floor", "ceil": "ceil",
    "round": "round", "sign": "sign", "reciprocal": "reciprocal", "sigmoid": "sigmoid", "tanh": "tanh",
    "logical_not": "not", "bitwise_not": "bitwisenot", "isnan": "isnan", "isinf": "isinf", "expit": "sigmoid",
    "zero": "like",
    **{f"{prefix}{name}": f"a{name}" for prefix in ("a", "arc") for name in ("sinh", "cosh", "tanh")},
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan")},
}  # fmt: skip
_UNCHANGED: Final = (
    "contiguous", "clone", "detach", "to", "type", "type_as", "float", "half", "double", "cuda", "cpu",
    "requires_grad_", "_to_copy", "lift_fresh", "lift_fresh_copy", "alias", "bfloat16", "long", "int", "bool", "lift",
    "copy", "nan_to_num", "retain_grad", "numpy", "roll", "flip", "fliplr",
    "flipud", "conj", "resolve_conj", "resolve_neg", "pin_memory", "checkpoint",
)  # fmt: skip

MATH: Final[dict[str, Function]] = {
    **{name: _module(*text.split(" ")) for name, text in _ACTIVATIONS.items()},
    **{name: _unary(kind) for name, kind in _UNARY.items()},
    **{name: named(_same, "input") for name in _UNCHANGED},
    **_ranked("max_pool", "MaxPool", _POOL),
    **{f"max_pool{n}d_with_indices": _module(f"MaxPool{n}d", "kernel_size stride padding dilation ceil_mode")
       for n in (2, 3)},
    **_ranked("avg_pool", "AvgPool", "kernel_size stride padding ceil_mode count_include_pad divisor_override"),
    **_ranked("adaptive_avg_pool", "AdaptiveAvgPool", "output_size"),
    **_ranked("_adaptive_avg_pool", "AdaptiveAvgPool", "output_size"),
    **_ranked("adaptive_max_pool", "AdaptiveMaxPool", "output_size return_indices"),
    **_ranked("lp_pool", "LPPool", "norm_type kernel_size stride ceil_mode"),
    **{f"max_unpool{n}d": _module(f"MaxUnpool{n}d", "kernel_size stride padding output_size", tensors="input indices")
       for n in (1, 2, 3)},
    "upsample_nearest1d": _upsample("nearest"), "upsample_nearest2d": _upsample("nearest"),
    "upsample_nearest3d": _upsample("nearest"), "upsample_linear1d": _upsample("linear"),
    "upsample_bilinear2d": _upsample("bilinear"), "upsample_trilinear3d": _upsample("trilinear"),
    "upsample_bicubic2d": _upsample("bicubic"), "_upsample_bilinear2d_aa": _upsample("bilinear"),
    "interpolate": named(_interpolate, "input size scale_factor mode align_corners"),
    "upsample": named(_interpolate, "input size scale_factor mode align_corners"),
    **{name: reduction(kind) for name, kind in (
        ("mean", "reducemean"), ("sum", "reducesum"), ("amax", "reducemax"), ("amin", "reducemin"),
        ("logsumexp", "reducelogsumexp"), ("any", "reduceany"), ("all", "reduceall"), ("prod", "reduceprod"),
        ("nanmean", "reducemean"), ("nansum", "reducesum"))},
    **{name: named(reduction(kind).write, "input dim unbiased keepdim") for name, kind in (
        ("std", "reducestd"), ("var", "reducevar"))},
    **{name: named(norm_of, "input p dim keepdim") for name in ("norm", "linalg_vector_norm", "vector_norm")},
    "cosine_similarity": named(_similarity, "x1 x2 dim"), "pairwise_distance": named(_distance, "x1 x2 p eps keepdim"),
    "max": extreme("reducemax", "maximum", "argmax"), "min": extreme("reducemin", "minimum", "argmin"),
    "argmax": arg_of("argmax"), "argmin": arg_of("argmin"),
    "softmax": along("softmax"), "log_softmax": along("logsoftmax"), "softmin": along("softmin"),
    "_softmax": along("softmax"), "_log_softmax": along("logsoftmax"), "_safe_softmax": along("softmax"),
    "cumsum": along("cumsum"), "cumprod": along("cumprod"),
    **{name: arithmetic(kind) for name, kind in (
        ("add", "add"), ("sub", "subtract"), ("subtract", "subtract"), ("mul", "multiply"), ("multiply", "multiply"),
        ("div", "divide"), ("divide", "divide"), ("true_divide", "divide"), ("pow", "power"), ("maximum", "maximum"),
        ("minimum", "minimum"), ("remainder", "mod"), ("fmod", "mod"), ("floor_divide", "floordivide"))},
    "rsub": named(_rsub, "input other"),
    **{name: _comparison(kind) for name, kind in (
        ("eq", "equal"), ("gt", "greater"), ("ge", "greaterorequal"), ("lt", "less"), ("le", "lessorequal"),
        ("ne", "notequal"), ("logical_and", "and"), ("logical_or", "or"), ("logical_xor", "xor"),
        ("bitwise_and", "bitwiseand"), ("bitwise_or", "bitwiseor"), ("bitwise_xor", "bitwisexor"))},
    "cat": named(_cat, "tensors dim"), "concat": named(_cat, "tensors dim"), "concatenate": named(_cat, "tensors dim"),
    "stack": named(_stack, "tensors dim"),
    "matmul": named(_matmul, "input other"), "bmm": named(_matmul, "input other"), "mm": named(_matmul, "input other"),
    "mv": named(_matmul, "input other"), "dot": named(_matmul, "input other"),
    "addmm": named(_addmm, "input mat1 mat2"), "baddbmm": named(_addmm, "input mat1 mat2"),
    "einsum": named(_einsum, "equation tensors"),
    "scaled_dot_product_attention": named(_attention, "query key value attn_mask dropout_p is_causal"),
    "where": named(_where, "condition input other"), "masked_fill": named(_masked_fill, "input mask value"),
    "clamp": named(_clip, "input min max"), "clip": named(_clip, "input min max"),
    "clamp_min": named(_clip, "input min"), "clamp_max": named(_clip, "input max"),
    "normalize": named(_normalize, "input p dim"), "one_hot": named(_one_hot, "input num_classes"),
    "tril": named(lambda w, name, a: w.emit(name, "trilu", {"upper": False}, [a["input"]]), "input diagonal"),
    "triu": named(lambda w, name, a: w.emit(name, "trilu", {}, [a["input"]]), "input diagonal"),
    "topk": named(_top_k, "input k dim"), "sort": named(_sort, "input dim"),
}  # fmt: skip
"""Functions that compute, by their names."""
