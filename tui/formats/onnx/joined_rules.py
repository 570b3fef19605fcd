"""Which lines are parts of one layer: recurrent layers with their layouts, activations, pools, attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tui.core.network import Source
from tui.core.size import same
from tui.formats.onnx.joined import Joining, Rule, axes_of, out
from tui.formats.onnx.joined_attention import attention, packed_attention
from tui.formats.onnx.joined_blocks import class_token, encoder, excitation, layer_scale, positions, stacked

_FLATTENING: Final = ("flatten", "squeeze", "reshape")
_PLAIN_FUNCTIONS: Final = (
    "relu", "relu6", "elu", "celu", "selu", "gelu", "silu", "mish", "sigmoid", "hardsigmoid", "hardsilu", "tanh",
    "softplus", "softsign", "exponential",
)  # fmt: skip
"""The functions that a layer's ``activation`` names, each with the arguments that a line of it has by default."""


def _recurrent(joining: Joining, place: int) -> bool:
    """ONNX's form (steps first, the directions an axis) as that of the frameworks."""
    row = joining.row(place)
    if not row.spec.args.get("direction_axis") or row.spec.args.get("batch_first", True):
        return False
    args = {name: value for name, value in row.spec.args.items() if name not in ("direction_axis", "batch_first")}
    args |= {"input_size": None}
    if len(row.sources) > 1:
        return False
    turned = joining.maker(row.sources[0], "permute")
    batch_first = turned is not None and axes_of(joining, turned) == (1, 0, 2)
    if turned is not None and batch_first and joining.only(row.sources[0]) != place:
        turned = None
    members, ends, layouts = [place], list[Source](), set[bool]()
    both, wanted = bool(args.get("bidirectional")), _read_outputs(joining, place)
    if wanted is None:
        return False
    args["return_sequences"] = wanted[0] == (0, True)
    args["return_state"] = len(wanted) > 1
    for output, is_sequence in wanted:
        found = _ending(joining, out(joining, place, output), is_sequence, both)
        if found is None:
            return False
        parts, first = found
        members += parts
        ends.append(out(joining, parts[-1]))
        if is_sequence:
            layouts.add(first)
    if args["return_state"] and both:
        return False
    first = batch_first if not layouts else layouts.pop()
    if first != batch_first:
        return False
    source = row.sources[0]
    if first:
        source = joining.row(joining.maker(source, "permute") or 0).sources[0]
        members = [turned, *members] if turned is not None else members
    else:
        args["batch_first"] = False
    return joining.join(members, place, row.kind, args, [source], ends)


def _read_outputs(joining: Joining, place: int) -> list[tuple[int, bool]] | None:
    """The outputs of ONNX's operator that somebody reads, and whether each is that of every step; exporters name all
    of them. None where the layer has no such choice of outputs."""
    row = joining.row(place)
    sequences, count = bool(row.spec.args.get("return_sequences")), len(row.result.outputs)
    read = [output for output in range(count) if not joining.unread(out(joining, place, output))]
    if sequences and read == [0]:
        return [(0, True)]
    if read == [int(sequences)]:
        return [(read[0], False)]
    return [(output, sequences and output == 0) for output in read] if len(read) == count and sequences else None


def _ending(joining: Joining, end: Source, sequence: bool, both: bool) -> tuple[list[int], bool] | None:
    """The lines behind an output that give it the form of the frameworks, and whether the batch is first then."""
    if not both:
        squeeze = joining.only(end, "squeeze")
        if squeeze is None or axes_of(joining, squeeze) != ((1,) if sequence else (0,)):
            return None
        return _batch_first(joining, [squeeze], sequence)
    turned = joining.only(end, "permute")
    if turned is None or axes_of(joining, turned) != ((0, 2, 1, 3) if sequence else (1, 0, 2)):
        return None
    joined = joining.only(out(joining, turned), "reshape")
    return None if joined is None else _batch_first(joining, [turned, joined], sequence)


def _batch_first(joining: Joining, members: list[int], sequence: bool) -> tuple[list[int], bool]:
    last = joining.only(out(joining, members[-1]), "permute") if sequence else None
    if last is None or axes_of(joining, last) != (1, 0, 2):
        return members, False
    return [*members, last], True


def _activation(joining: Joining, place: int) -> bool:
    """A function in the scope of the layer before it is an argument of that layer."""
    row = joining.row(place)
    if "activation" in row.spec.args:
        return False
    after = joining.only(out(joining, place))
    if after is None or not joining.in_scope(place, after):
        return False
    function = joining.row(after)
    if function.spec.args and function.kind != "softmax":
        return False
    if function.kind == "softmax":
        rank = len(row.result.outputs[0].shape)
        axes = tuple(axis % rank for axis in function.spec.args.get("axis", (-1,)))
        if axes != (rank - 1,):
            return False
    elif function.kind not in _PLAIN_FUNCTIONS:
        return False
    args = {**row.spec.args, "activation": function.kind}
    return joining.join([place, after], place, row.kind, args, row.sources)


def _global_pool(joining: Joining, place: int) -> bool:
    row = joining.row(place)
    after = joining.only(out(joining, place), *_FLATTENING)
    if not row.spec.args.get("keepdims") or after is None or not joining.in_scope(place, after):
        return False
    return joining.join([place, after], place, row.kind, {**row.spec.args, "keepdims": False}, row.sources)


def _separable(joining: Joining, place: int) -> bool:
    """A convolution of each channel by itself, and one of kernel 1 over all of them, in one scope."""
    first = joining.row(place)
    after = joining.only(out(joining, place), "conv")
    if after is None or not joining.in_scope(place, after) or first.spec.args.get("bias") is not False:
        return False
    second = joining.row(after).spec.args
    groups, filters = first.spec.args.get("groups", 1), first.spec.args["filters"]
    kernel = second["kernel"]
    ones = all(size == 1 for size in (kernel if isinstance(kernel, tuple) else (kernel,)))
    if groups == 1 or filters % groups or not ones or not {*second} <= {"filters", "kernel", "bias", "activation"}:
        return False
    args = {key: first.spec.args[key] for key in ("kernel", "stride", "padding", "dilation") if key in first.spec.args}
    args |= {"filters": second["filters"], "depth_multiplier": filters // groups}
    args |= {key: second[key] for key in ("bias", "activation") if key in second}
    return joining.join([place, after], place, "separable", args, first.sources)


def _depthwise(joining: Joining, place: int) -> bool:
    """A convolution of each channel by itself whose weight is called after that: Keras has a layer of its own."""
    row = joining.row(place)
    groups, filters = row.spec.args.get("groups", 1), row.spec.args["filters"]
    if groups == 1 or filters % groups or "depthwise" not in joining.weights.get(row.name, ""):
        return False
    args = {name: value for name, value in row.spec.args.items() if name not in ("groups", "filters")}
    return joining.join([place], place, "depthwise", {**args, "depth_multiplier": filters // groups}, row.sources)


def _cast(joining: Joining, place: int) -> bool:
    """A type that a layer asks of its input, in its scope."""
    after = joining.only(out(joining, place), "embedding", "onehot")
    if after is None or not joining.in_scope(place, after):
        return False
    joining.drop(place)
    return True


def _flatten(joining: Joining, place: int) -> bool:
    if joining.row(place).spec.args != {"axis": 1}:
        return False
    return joining.say(place, axis=None)


def _reshape(joining: Joining, place: int) -> bool:
    """A shape that keeps the batch as one that does not name it: then another batch changes nothing else."""
    row = joining.row(place)
    given, shape = joining.shape(row.sources[0]), row.spec.args["shape"]
    if not row.spec.args.get("whole") or len(shape) < 2 or not given or 0 in shape[1:]:
        return False
    first = row.result.outputs[0].shape[0] if -1 not in shape[1:] and shape[0] == -1 else shape[0]
    if not same(given[0], joining.settings.batch) or not (first == 0 or same(first, given[0])):
        return False
    flat = len(shape) == 2 and len(given) > 2 and "flatten" in row.name.lower()
    if flat and joining.join([place], place, "flatten", {}, row.sources):
        return True
    return joining.say(place, shape=shape[1:], whole=None, allowzero=None)


RULES: Final[Mapping[str, Sequence[Rule]]] = {
    **dict.fromkeys(("lstm", "gru", "rnn"), (_recurrent,)),
    **dict.fromkeys(("depthwise", "separable", "convtranspose", "dense"), (_activation,)),
    "conv": (_separable, _depthwise, _activation),
    **dict.fromkeys(("globalavgpool", "globalmaxpool", "globallppool"), (_global_pool,)),
    "cast": (_cast,), "flatten": (_flatten,), "reshape": (_reshape,), "attention": (attention, packed_attention),
    "multiply": (excitation, layer_scale), "concat": (class_token,), "add": (positions, encoder),
    "layernorm": (encoder,), "transformerencoder": (stacked,),
}  # fmt: skip
