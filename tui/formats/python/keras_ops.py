"""Functions of ``keras.ops`` and TensorFlow in read source, as the nodes that Keras would write for them.

What a function needs is told from its tensors by its signature; the reader of Keras's JSON says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.formats.frameworks.signatures import signatures
from tui.formats.frameworks.words import flat
from tui.formats.keras.config import slice_object
from tui.formats.python.keras import KerasLayer, KerasTensor, called
from tui.formats.python.keras_stored import constant, is_constant
from tui.formats.python.values import Library, Unknown

_TABLE: Final = """
mean sum max min prod std var any all amax amin logsumexp median argmax argmin average: x axis keepdims
reshape: x newshape
transpose: x axes
expand_dims squeeze softmax log_softmax cumsum cumprod flip normalize sort: x axis
concatenate: xs axis
stack: x axis
split: x indices_or_sections axis
repeat: x repeats axis
tile: x repeats
one_hot: x num_classes axis
cast: x dtype
take: x indices axis
pad: x pad_width mode
clip: x x_min x_max
swapaxes: x axis1 axis2
moveaxis: x source destination
roll: x shift axis
leaky_relu: x negative_slope
elu celu: x alpha
gelu: x approximate
broadcast_to: x shape
resize: images size interpolation
top_k: x k
max_pool average_pool: inputs pool_size strides padding data_format
norm: x ord axis keepdims
unfold: x kernel_size dilation padding stride
fold: x output_size kernel_size dilation padding stride
tensordot: x1 x2 axes
"""
_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = signatures(_TABLE)
"""The arguments of functions that have others than tensors, in order. Source: the documentation of ``keras.ops``."""
_ALIASES: Final = {"concat": "concatenate", "swish": "silu", "pow": "power", "true_divide": "divide", "perm": "axes",
                   "multiply_no_nan": "multiply", "hard_swish": "hard_silu", "abs": "absolute", "exponential": "exp",
                   "linear": "stop_gradient", "identity": "stop_gradient", "clip_by_value": "clip"}  # fmt: skip
_NAMES: Final = {"perm": "axes", "multiples": "repeats", "num_or_size_splits": "indices_or_sections", "depth":
                 "num_classes", "paddings": "pad_width", "clip_value_min": "x_min", "clip_value_max": "x_max",
                 "keep_dims": "keepdims"}  # fmt: skip
_TENSORS: Final = frozenset(("x", "xs", "inputs", "images", "values", "input_tensor", "tensor", "features", "logits",
                             "x1", "x2", "y", "a", "b"))  # fmt: skip


def operation(world: Any, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
    """What a function gives for these arguments."""
    name = _ALIASES.get(bare := name.removeprefix("reduce_"), bare)
    if name == "shape":
        return next(one for one in flat(args) if isinstance(one, KerasTensor)).shape()
    tensors: list[Any] = []
    config: dict[str, Any] = {}
    names = _ARGUMENTS.get(name, ())
    if name == "einsum":
        config["subscripts"], tensors = str(args[0]).replace(" ", ""), list(args[1:])
    else:
        for i, value in enumerate(args):
            if i < len(names) and names[i] not in _TENSORS:
                config[names[i]] = value
            else:
                tensors.append(value)
        for key, value in named.items():
            if key in _TENSORS:
                tensors.append(value)
            elif key != "name":
                known = _NAMES.get(key, key)
                config["newshape" if name == "reshape" and known == "shape" else known] = value
    if name == "take" and isinstance(config.get("indices"), KerasTensor):
        tensors.append(config.pop("indices"))
    if any(isinstance(one, Unknown) for one in flat([*tensors, *config.values()])):
        return world.unknown(name, [one for one in flat(tensors) if isinstance(one, KerasTensor)], line)
    if name == "reshape":
        sizes = list(config["newshape"])
        if len(sizes) > 1 and sizes[0] is None and None not in sizes[1:]:  # -1 may be more than the batch
            return called(KerasLayer(world.graph, "Reshape", {"target_shape": sizes[1:]}), tensors, {}, line)
    return node(world, "".join(part.capitalize() for part in name.split("_")), config, tensors, line)


def node(world: Any, class_name: str, config: dict[str, Any], args: list[Any], line: int) -> Any:
    """A call of a function as a node of the graph."""
    made = KerasLayer(world.graph, class_name, {key: _plain(value) for key, value in config.items()})
    made.module = "keras.src.ops.numpy"
    given = called(made, args, {}, line)
    tensors = [one for one in flat(args) if isinstance(one, KerasTensor)]
    if isinstance(given, KerasTensor) and all(is_constant(one) for one in tensors):
        shape = given.shape()  # of fixed tensors only the shape matters
        return given if isinstance(shape, Unknown) else constant(world, class_name, shape, {}, line)
    return given


def item(world: Any, x: KerasTensor, index: Any, line: int) -> Any:
    """``x[index]``."""
    parts = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, Unknown) for part in parts):
        return world.unknown("GetItem", [x], line)
    written = [part if isinstance(part, KerasTensor) else _key(part) for part in parts]
    return node(world, "GetItem", {}, [x, written], line)


def _key(part: Any) -> Any:
    if isinstance(part, slice):
        return slice_object(part)
    return {"class_name": "__ellipsis__", "config": {}} if part is Ellipsis else part


def _plain(value: Any) -> Any:
    if isinstance(value, Library):
        return value.path.rpartition(".")[2]
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
