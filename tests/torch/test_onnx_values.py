"""The numbers that written ONNX models compute, against PyTorch on the same weights and inputs.

Needs PyTorch and onnx, whose reference evaluator runs the models: ``pytest -m torch``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.onnx.write import write_onnx

pytestmark = pytest.mark.torch

Weights = Mapping[str, Any]
CASES: dict[str, Callable[[Any, Any, Weights], Any]] = {
    "conv 4 3 stride=2 padding=1 dilation=2 groups=2": lambda f, x, w: f.conv2d(x, w["kernel"], w["bias"], 2, 1, 2, 2),
    "conv 4 3 padding=1 padding_mode=circular": lambda f, x, w: f.conv2d(
        f.pad(x, (1, 1, 1, 1), mode="circular"), w["kernel"], w["bias"]),
    "convtranspose 4 3 stride=2 padding=1 output_padding=1": lambda f, x, w: f.conv_transpose2d(
        x, w["kernel"], w["bias"], 2, 1, 1),
    "depthwise 3 2": lambda f, x, w: f.conv2d(x, w["kernel"], w["bias"], groups=6),
    "maxpool 4 stride=4 padding=2 ceil_mode=true": lambda f, x, w: f.max_pool2d(x, 4, 4, 2, ceil_mode=True),
    "avgpool 3 stride=2 padding=1": lambda f, x, w: f.avg_pool2d(x, 3, 2, 1),
    "avgpool 2 divisor_override=3": lambda f, x, w: f.avg_pool2d(x, 2, divisor_override=3),
    "adaptiveavgpool 4x3": lambda f, x, w: f.adaptive_avg_pool2d(x, (4, 3)),
    "adaptivemaxpool 4x5": lambda f, x, w: f.adaptive_max_pool2d(x, (4, 5)),
    "groupnorm 3 epsilon=1e-5": lambda f, x, w: f.group_norm(x, 3, w["gamma"], w["beta"]),
    "groupnorm 3 affine=false epsilon=1e-5": lambda f, x, w: f.group_norm(x, 3),
    "instancenorm epsilon=1e-5": lambda f, x, w: f.instance_norm(x),
    "layernorm axis=1,2,3 epsilon=1e-5": lambda f, x, w: f.layer_norm(x, (6, 9, 10), w["gamma"], w["beta"]),
    "rmsnorm epsilon=1e-5": lambda f, x, w: f.rms_norm(x, (10,), w["scale"], 1e-5),
    "unitnorm axis=1": lambda f, x, w: f.normalize(x, dim=1),
    "prelu 6": lambda f, x, w: f.prelu(x, w["slope"].flatten()),
    "softplus beta=2": lambda f, x, w: f.softplus(x, 2),
    "gelu approximate=tanh": lambda f, x, w: f.gelu(x, approximate="tanh"),
    "softshrink": lambda f, x, w: f.softshrink(x),
    "hardshrink": lambda f, x, w: f.hardshrink(x),
    "hardsilu": lambda f, x, w: f.hardswish(x),
    "glu": lambda f, x, w: f.glu(x, -1),
    "channelshuffle 3": lambda f, x, w: f.channel_shuffle(x, 3),
    "unfold 3 padding=1 stride=2": lambda f, x, w: f.unfold(x, 3, 1, 1, 2),
    "upsample 2 mode=bilinear": lambda f, x, w: f.interpolate(x, scale_factor=2, mode="bilinear"),
    "upsample size=13x17 mode=bicubic": lambda f, x, w: f.interpolate(x, (13, 17), mode="bicubic"),
    "upsample size=13x17": lambda f, x, w: f.interpolate(x, (13, 17)),
    "pad 1:2x3:0 mode=reflect": lambda f, x, w: f.pad(x, (3, 0, 1, 2), mode="reflect"),
    "reducemedian axes=2 keepdims=false": lambda f, x, w: x.median(2).values,
    "reducestd axes=1,2": lambda f, x, w: x.std((1, 2), correction=0, keepdim=True),
    "cumprod 1": lambda f, x, w: x.cumprod(1),
    "reverse axis=2": lambda f, x, w: x.flip(2),
}  # fmt: skip


def _model(text: str, weights: Weights) -> tuple[Any, dict[str, Any]]:
    """A model with the weights given, random ones for the others; and all of them."""
    import numpy as np
    import onnx

    draw = np.random.default_rng(1)
    snapshot = Snapshot.of(parse_document(f"set counting=pytorch\n{text}"))
    model, found = onnx.load_model_from_string(write_onnx(snapshot, "net").data), {}
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            numbers = weights.get(tensor.name, draw.standard_normal(tuple(tensor.dims)) * 0.3)
            found[tensor.name] = np.ascontiguousarray(numbers, np.float32).reshape(tuple(tensor.dims))
            tensor.raw_data = found[tensor.name].tobytes()
    return model, found


def _run(model: Any, **feed: Any) -> Any:
    from onnx.reference import ReferenceEvaluator

    return ReferenceEvaluator(model).run(None, feed)[0]


@pytest.mark.parametrize("line", CASES)
def test_a_layer_computes_what_pytorch_computes(line: str) -> None:
    import numpy as np
    import torch

    x = np.random.default_rng(0).standard_normal((1, 6, 9, 10)).astype(np.float32)
    model, weights = _model(f"set data_format=channels_first\nx: input 6x9x10\ny: {line}", {})
    given = {name.removeprefix("y."): torch.from_numpy(numbers) for name, numbers in weights.items()}
    expected = CASES[line](torch.nn.functional, torch.from_numpy(x), given)
    np.testing.assert_allclose(_run(model, x=x), expected.numpy(), rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize(("kind", "order"), [("rnn", [0]), ("lstm", [0, 3, 1, 2]), ("gru", [1, 0, 2])])
def test_recurrent_layers_in_both_directions(kind: str, order: list[int]) -> None:
    """PyTorch's gates are r, z, n and i, f, g, o; ONNX's z, r, h and i, o, f, c."""
    import numpy as np
    import torch

    made = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind]
    net = made(5, 4, 2, batch_first=True, bidirectional=True)

    def gates(name: str, layer: int) -> Any:
        both = []
        for end in ("", "_reverse"):
            parts = np.split(getattr(net, f"{name}_l{layer}{end}").detach().numpy(), len(order))
            both.append(np.concatenate([parts[i] for i in order]))
        return np.stack(both)

    weights = {}
    for layer, (kernel, state, bias) in enumerate((
        ("y.kernel", "y.recurrent_kernel", "y.bias"),
        ("y.upper_kernel.0", "y.upper_recurrent_kernel.0", "y.upper_bias.0"),
    )):  # fmt: skip
        weights |= {kernel: gates("weight_ih", layer), state: gates("weight_hh", layer)}
        weights[bias] = np.concatenate([gates("bias_ih", layer), gates("bias_hh", layer)], axis=1)
    text = f"set batch=3\nx: input 7x5\ny: {kind} 4 layers=2 bidirectional=true return_sequences=true"
    model, stored = _model(text, weights)
    assert set(stored) == set(weights)
    x = np.random.default_rng(0).standard_normal((3, 7, 5)).astype(np.float32)
    np.testing.assert_allclose(_run(model, x=x), net(torch.from_numpy(x))[0].detach().numpy(), rtol=1e-4, atol=2e-5)


def test_multi_head_attention_of_two_sequences() -> None:
    import numpy as np
    import torch

    attention = torch.nn.MultiheadAttention(12, 3, batch_first=True)
    torch.nn.init.normal_(attention.in_proj_bias)
    weights = {}
    for name, kernel, bias in zip(("query", "key", "value"), attention.in_proj_weight.chunk(3),
                                  attention.in_proj_bias.chunk(3), strict=True):  # fmt: skip
        weights |= {f"y.{name}_kernel": kernel.detach().numpy().T, f"y.{name}_bias": bias.detach().numpy()}
    out = attention.out_proj
    weights |= {"y.output_kernel": out.weight.detach().numpy().T, "y.output_bias": out.bias.detach().numpy()}
    model, stored = _model("set batch=2\nq: input 5x12\nk: input 7x12\ny: multiheadattention 3 @q @k", weights)
    assert set(stored) == set(weights)
    draw = np.random.default_rng(0)
    q, k = (draw.standard_normal((2, steps, 12)).astype(np.float32) for steps in (5, 7))
    query, key = torch.from_numpy(q), torch.from_numpy(k)
    expected = attention(query, key, key)[0].detach().numpy()
    np.testing.assert_allclose(_run(model, q=q, k=k), expected, rtol=1e-4, atol=2e-5)
