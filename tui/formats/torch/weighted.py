"""Functions of tensors in PyTorch that take weights: convolutions, products, norms, recurrent layers, as layers.

What a module holds, a function is given: the sizes of the layer follow from the shapes of its weights. Weights that
are computed, or that two layers of different forms share, make a product of two tensors instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tui.formats.torch.function import Args, Function, listed, named, plain
from tui.formats.torch.tensors import Made, Stored, Tensors


def _weights(*given: Any) -> list[Stored]:
    return [one for one in given if isinstance(one, Stored)]


def layer(
    w: Tensors, name: str, kind: str, args: Args, inputs: Sequence[Any], weights: Sequence[Any], rank: int = 0
) -> Made:
    """A line with the weights of these tensors; another call, where a line has the same already."""
    own = _weights(*weights)
    if own and not any(one.trainable for one in own if one.kind == "parameter"):
        args = {**args, "trainable": False} if any(one.kind == "parameter" for one in own) else args
    key = f"{kind} " + " ".join(one.name for one in own)
    first = w.layers.get(key) if own else None
    if first is not None:
        return Made(w.draft.again(name, first, [w.source(one) for one in inputs]))
    ties = [
        f"{ours}@{w.owners[one.name]}"
        for ours, one in zip(_NAMES.get(kind, ()), weights, strict=False)
        if isinstance(one, Stored) and one.name in w.owners
    ]
    if ties:
        args = {**args, "tied": ",".join(ties)}
    shape = w.shape(inputs[0])
    if rank and shape is not None and len(shape) == rank - 1:  # no batch: one of one example, for the layer
        inner = w.emit(f"{name}.batch", "unsqueeze", {"axes": [0]}, inputs[:1])
        made = w.emit(name, kind, args, [inner, *inputs[1:]])
        w.own(key, made, own)
        return w.emit(f"{name}.out", "squeeze", {"axes": [0], "whole": True}, [made])
    made = w.emit(name, kind, args, inputs)
    w.own(key, made, own)
    return made


_NAMES: Final = {"dense": ("kernel", "bias"), "embedding": ("embeddings",)}
"""What the weights of a kind are called here, of the kinds that share a matrix with another."""


def _is_weight(value: Any, axes: int) -> bool:
    """Whether a tensor is stored and has so many axes: as a layer's weights do."""
    return isinstance(value, Stored) and value.kind == "parameter" and value.source is None and len(value.shape) == axes


def _convolution(transposed: bool = False, rank: int = 0) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        weight, turned = a["weight"], bool(a.get("transposed", transposed))
        if not isinstance(weight, Stored) or len(weight.shape) < 3:
            return w.opaque(name, "convolution", [a["input"], weight])[0]
        outer, inner, *kernel = weight.shape
        groups, spatial = a.get("groups", 1), len(kernel)
        args: Args = {"kernel": list(kernel), "bias": a.get("bias") is not None}
        for key, default in (("stride", 1), ("dilation", 1), ("padding", 0)):
            value = plain(a.get(key, default))
            args[key] = value[0] if isinstance(value, list) and len(value) == 1 else value
        if turned:
            args |= {"filters": inner * groups, "in_channels": outer}
            extra = plain(a.get("output_padding", 0))
            args["output_padding"] = extra[0] if isinstance(extra, list) and len(extra) == 1 else extra
        else:
            args |= {"filters": outer, "in_channels": inner * groups}
        if groups != 1:
            args["groups"] = groups
        kind = "convtranspose" if turned else "conv"
        return layer(w, name, kind, args, [a["input"]], [weight, a.get("bias")], spatial + 2)

    order = "stride padding output_padding groups dilation" if transposed else "stride padding dilation groups"
    return named(write, "input weight bias", order)


def _linear(w: Tensors, name: str, a: Args) -> Any:
    weight, bias = a["weight"], a.get("bias")
    if not _is_weight(weight, 2) or is_made(bias):
        turned = w.emit(f"{name}.weight", "permute", {"swap": [-2, -1]}, [weight])
        made = w.emit(f"{name}.product" if bias is not None else name, "matmul", {}, [a["input"], turned])
        return made if bias is None else w.emit(name, "add", {}, [made, bias])
    units, width = weight.shape
    return layer(w, name, "dense", {"units": units, "in_features": width, "bias": bias is not None}, [a["input"]],
                 [weight, bias])  # fmt: skip


def is_made(value: Any) -> bool:
    return isinstance(value, Made)


def _addmm(w: Tensors, name: str, a: Args) -> Any:
    """``bias + input @ weight`` of a stored matrix is a layer; of two computed ones a product."""
    bias, x, weight = a["input"], a["mat1"], a["mat2"]
    if _is_weight(weight, 2) and weight.turned and isinstance(bias, Stored) and len(bias.shape) == 1:
        width, units = weight.shape
        return layer(w, name, "dense", {"units": units, "in_features": width}, [x], [weight, bias])
    product = w.emit(f"{name}.product", "matmul", {}, [x, weight])
    return w.emit(name, "add", {}, [product, bias])


def _mm(w: Tensors, name: str, a: Args) -> Any:
    """A product with a matrix that is stored, its axes exchanged, is a layer without a bias."""
    weight = a["other"]
    if _is_weight(weight, 2) and weight.turned:
        width, units = weight.shape
        args = {"units": units, "in_features": width, "bias": False}
        return layer(w, name, "dense", args, [a["input"]], [weight])
    return w.emit(name, "matmul", {}, [a["input"], weight])


def _bilinear(w: Tensors, name: str, a: Args) -> Any:
    weight = a["weight"]
    units, left, right = weight.shape
    args = {"units": units, "in1_features": left, "in2_features": right, "bias": a.get("bias") is not None}
    return layer(w, name, "bilinear", args, [a["input1"], a["input2"]], [weight, a.get("bias")])


def _embedding(w: Tensors, name: str, a: Args) -> Any:
    table, indices = a["weight"], a["indices"]
    if not _is_weight(table, 2):
        return w.emit(name, "gather", {"axis": 0}, [table, indices])
    rows, width = table.shape
    return layer(w, name, "embedding", {"num_embeddings": rows, "embedding_dim": width}, [indices], [table])


def _functional_embedding(w: Tensors, name: str, a: Args) -> Any:
    return _embedding(w, name, {"weight": a["weight"], "indices": a["input"]})


def _batch_norm(w: Tensors, name: str, a: Args) -> Any:
    weight, mean = a.get("weight"), a.get("running_mean")
    sized = weight if isinstance(weight, Stored) else mean
    args: Args = {} if not isinstance(sized, Stored) else {"num_features": sized.shape[0]}
    if not isinstance(weight, Stored):
        args["affine"] = False
    if mean is None:
        args["track_running_stats"] = False
    return layer(w, name, "batchnorm", args, [a["input"]], [weight, a.get("bias"), mean])


def _instance_norm(w: Tensors, name: str, a: Args) -> Any:
    weight, mean = a.get("weight"), a.get("running_mean")
    args: Args = {"affine": weight is not None, "track_running_stats": mean is not None}
    if isinstance(weight, Stored):
        args["num_features"] = weight.shape[0]
    return layer(w, name, "instancenorm", args, [a["input"]], [weight, a.get("bias"), mean])


def _layer_norm(w: Tensors, name: str, a: Args) -> Any:
    args: Args = {"normalized_shape": listed(a["normalized_shape"])}
    if a.get("weight") is None and a.get("bias") is None:
        args["affine"] = False
    elif a.get("bias") is None:
        args["center"] = False
    return layer(w, name, "layernorm", args, [a["input"]], [a.get("weight"), a.get("bias")])


def _rms_norm(w: Tensors, name: str, a: Args) -> Any:
    args: Args = {"normalized_shape": listed(a["normalized_shape"])}
    if a.get("weight") is None:
        args["affine"] = False
    return layer(w, name, "rmsnorm", args, [a["input"]], [a.get("weight")])


def _group_norm(w: Tensors, name: str, a: Args) -> Any:
    weight = a.get("weight")
    args: Args = {"groups": a.get("num_groups", a.get("group"))}
    if isinstance(weight, Stored):
        args["num_channels"] = weight.shape[0]
    else:
        args["affine"] = False
    return layer(w, name, "groupnorm", args, [a["input"]], [weight, a.get("bias")])


def _first_of_three(function: Any) -> Any:
    """ATen's own norms give statistics too, which nothing reads outside of training."""

    return lambda w, name, a: (function(w, name, a),)


def _prelu(w: Tensors, name: str, a: Args) -> Any:
    weight = a["weight"]
    count = weight.shape[0] if isinstance(weight, Stored) and weight.shape else 1
    return layer(w, name, "prelu", {"num_parameters": count}, [a["input"]], [weight])


def _module(
    w: Tensors, name: str, class_name: str, args: Args, inputs: list[Any], weights: Sequence[Stored]
) -> list[Made]:
    """A module with the weights of these tensors; another call, where a line has the same already."""
    key = " ".join([class_name, *(one.name for one in weights)])
    if key in w.layers:
        return w.outputs(Made(w.draft.again(name, w.layers[key], [w.source(one) for one in inputs])))
    made = w.module(name, class_name, args, inputs)
    w.layers[key] = made[0].source
    return made


def _recurrent(class_name: str, **fixed: Any) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        weights: list[Stored] = _weights(*a["params"])
        layers, both = a["num_layers"], bool(a.get("bidirectional"))
        args: Args = {
            "input_size": weights[0].shape[1], "hidden_size": weights[1].shape[0] // _GATES[class_name],
            "num_layers": layers, "bias": bool(a["has_biases"]), "bidirectional": both,
            "batch_first": bool(a.get("batch_first")), **fixed,
        }  # fmt: skip
        each = len(weights) // max(layers * (2 if both else 1), 1)
        if class_name == "LSTM" and each == (5 if a["has_biases"] else 3):
            args["proj_size"] = weights[each - 1].shape[0]
        if not any(one.trainable for one in weights):
            args["trainable"] = False
        states = [one for one in listed(a["hx"]) if isinstance(one, Made)]
        return tuple(_module(w, name, class_name, args, [a["input"], *states], weights))

    return named(write, "input hx params has_biases num_layers dropout train bidirectional batch_first")


_GATES: Final = {"LSTM": 4, "GRU": 3, "RNN": 1}


def _cell(class_name: str, **fixed: Any) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        weight = a["w_ih"]
        args: Args = {
            "input_size": weight.shape[1], "hidden_size": weight.shape[0] // _GATES[class_name.removesuffix("Cell")],
            "bias": a.get("b_ih") is not None, **fixed,
        }  # fmt: skip
        states = [one for one in listed(a["hx"]) if isinstance(one, Made)]
        weights = _weights(weight, a["w_hh"], a.get("b_ih"), a.get("b_hh"))
        made = _module(w, name, class_name, args, [a["input"], *states], weights)
        return made[0] if len(made) == 1 else tuple(made)

    return named(write, "input hx w_ih w_hh b_ih b_hh")


_NORM: Final = "input running_mean running_var weight bias training momentum eps"
WEIGHTED: Final[dict[str, Function]] = {
    **{f"conv{n}d": _convolution(rank=n) for n in (1, 2, 3)}, "convolution": _convolution(),
    "_convolution": _convolution(),
    **{f"conv_transpose{n}d": _convolution(True, n) for n in (1, 2, 3)},
    "linear": named(_linear, "input weight bias"), "mm": named(_mm, "input other"),
    "matmul": named(_mm, "input other"), "bmm": named(_mm, "input other"), "addmm": named(_addmm, "input mat1 mat2"),
    "bilinear": named(_bilinear, "input1 input2 weight bias"), "_trilinear": named(_bilinear, "input1 weight input2"),
    "embedding": named(_embedding, "weight indices padding_idx"),
    "batch_norm": named(_batch_norm, _NORM), "instance_norm": named(_instance_norm, _NORM),
    "_native_batch_norm_legit_no_training": named(_first_of_three(_batch_norm), _NORM),
    "_native_batch_norm_legit": named(_first_of_three(_batch_norm), _NORM),
    "native_batch_norm": named(_first_of_three(_batch_norm), _NORM),
    "_batch_norm_no_update": named(_first_of_three(_batch_norm), _NORM),
    "layer_norm": named(_layer_norm, "input normalized_shape weight bias eps"),
    "native_layer_norm": named(_first_of_three(_layer_norm), "input normalized_shape weight bias eps"),
    "rms_norm": named(_rms_norm, "input normalized_shape weight eps"),
    "group_norm": named(_group_norm, "input num_groups weight bias eps"),
    "native_group_norm": named(_first_of_three(_group_norm), "input weight bias N C HxW group eps"),
    "prelu": named(_prelu, "input weight"), "_prelu_kernel": named(_prelu, "input weight"),
    "lstm": _recurrent("LSTM"), "gru": _recurrent("GRU"), "rnn_tanh": _recurrent("RNN"),
    "rnn_relu": _recurrent("RNN", nonlinearity="relu"),
    "lstm_cell": _cell("LSTMCell"), "gru_cell": _cell("GRUCell"), "rnn_tanh_cell": _cell("RNNCell"),
    "rnn_relu_cell": _cell("RNNCell", nonlinearity="relu"),
}  # fmt: skip
FUNCTIONAL: Final[dict[str, Function]] = {"embedding": named(_functional_embedding, "input weight padding_idx")}
"""Functions of ``torch.nn.functional`` whose arguments stand in another order than ATen's of that name."""
