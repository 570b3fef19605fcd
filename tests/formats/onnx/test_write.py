"""Writing ONNX, judged by onnx (full check, strict shape inference) and by ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from tests.formats.onnx.lines import LINES
from tests.formats.onnx.models import counted, forms, judge, model_of, network, ran, stored
from tests.samples import sample
from tui.formats.exported import WriteError
from tui.formats.imported import Stopped
from tui.formats.onnx.write import write_onnx
from tui.formats.onnx.write_file import varint
from tui.formats.presets import preset, presets
from tui.formats.writers import target_of, write
from tui.layers import KINDS

REFUSED = {
    "fractionalmaxpool": "random places",
    "opaque": "only its name is known",
    "pointwise": "only its name is known",
    "scatter": "second and third input",
}
"""Kinds whose example ONNX cannot say, and what the error says of them."""
OPEN = ("nonzero",)
"""How many elements come out depends on the numbers: zeros give none."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in REFUSED])
def test_every_kind_passes_the_check_of_onnx_and_runs(kind: str) -> None:
    judge(sample(kind), run=kind not in OPEN)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_onnx_cannot_say_is_an_error_that_names_the_layer(kind: str) -> None:
    with pytest.raises(WriteError, match=REFUSED[kind]) as caught:
        write_onnx(sample(kind), "net")
    assert caught.value.message.startswith(f"{kind}1: {kind}: ")


@pytest.mark.parametrize("family", LINES)
def test_the_arguments_of_every_kind(family: str) -> None:
    heads, lines = LINES[family]
    for line in lines:
        for head in heads:
            judge(network(f"{head}\n{line}"))


HEAVY = ("alexnet", "unet", "unet-padded", "vgg-16", "vit-b-16", "gpt2-small", "resnet-152")


@pytest.mark.parametrize("name", [name for name in presets() if name not in HEAVY])
def test_presets_run(name: str) -> None:
    bound = {"worked-example": "let n = 10\n", "gpt-blocks": "let h = 4\nlet L = 2\nlet d = 64\n"}.get(name, "")
    snapshot = network(preset(name).text + "\n" + bound)
    judge(snapshot, dict.fromkeys(snapshot.symbols, 8))


@pytest.mark.parametrize("name", HEAVY)
def test_the_shapes_of_heavy_presets(name: str) -> None:
    """Their weights are left out of the model: half a gigabyte is long to write."""
    snapshot = network(preset(name).text)
    data = write_onnx(snapshot, name, most_bytes=0).data
    model = onnx.load_model_from_string(data)
    assert len(data) < 2_000_000
    assert stored(model) == counted(snapshot)
    full = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    sizes = {info.name: tuple(d.dim_value for d in info.type.tensor_type.shape.dim) for info in full.graph.value_info}
    ours = forms(snapshot)
    known = [name for name in ours if name in sizes]
    assert len(known) > len(ours) * 0.9
    assert all(sizes[name] in ours[name] for name in known)


@pytest.mark.parametrize(
    ("name", "total"),
    [("resnet-50", 25_557_032 + 53_120), ("mobilenet-v2", 3_504_872 + 34_112), ("lenet-5", 61_706),
     ("squeezenet-1.1", 1_235_496), ("resnet-18", 11_689_512 + 9_600)],
)  # fmt: skip
def test_initializers_add_up_to_the_published_parameters_and_statistics(name: str, total: int) -> None:
    """torchvision's parameters (its model pages) and the buffers of its batch norms, which ONNX keeps beside them."""
    assert stored(model_of(preset(name).text)) == total


def test_symbolic_sizes_stay_and_the_model_runs_on_any() -> None:
    snapshot = network("input HxWx3\nconv 4 3 stride=2 padding=same\nconv 2 3\npermute 2,1,3\nreshape -1x4\ndense 5")
    model = model_of(snapshot)
    given = [dim.dim_param or dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim]
    assert given == [1, "H", "W", 3]
    for values in ({"H": 20, "W": 12}, {"H": 33, "W": 24}):
        judge(snapshot, values)
    out = [dim.dim_param or dim.dim_value for dim in model.graph.output[0].type.tensor_type.shape.dim]
    assert (out[0], out[2]) == (1, 5)
    assert "H" in str(out[1])
    assert "W" in str(out[1])


def test_a_size_is_computed_from_the_inputs_where_onnx_needs_a_number() -> None:
    snapshot = network("input T\nrepeatvector (T+1)//2\nreshape 2x-1")
    for steps in (8, 12):
        judge(snapshot, {"T": steps})


@pytest.mark.parametrize(
    ("text", "said"),
    [("input 5\ndense n", "dense1: its kernel has 5*n numbers, and ONNX stores weights; give n a value (let n = 8)"),
     ("input 5\nrepeatvector n", "repeatvector1: ONNX computes a size from the sizes of the inputs, and none"),
     ("input 4x6\nlstm 4 proj_size=2", "lstm1: lstm: ONNX's LSTM has no projection of the state"),
     ("input 5x5x2\nconv 2 9", "conv1 cannot be written: kernel 9x9 does not fit 5x5"),
     ("input 5x5x2\nlocalresponsenorm 4", "localresponsenorm1: localresponsenorm: size=4 is even")],
)  # fmt: skip
def test_errors_name_the_layer_the_reason_and_a_way_out(text: str, said: str) -> None:
    with pytest.raises(WriteError) as caught:
        write_onnx(network(text), "net")
    assert caught.value.message.startswith(said)


def _operators(text: str) -> list[str]:
    return [node.op_type for node in model_of(text).graph.node]


def test_an_image_is_turned_once_at_the_entry_and_once_before_it_is_flattened() -> None:
    body = "conv 4 3\nbatchnorm\nrelu\nmaxpool 2\nc: conv 4 3 padding=same\nadd @c\nconcat @c\nsoftmax axis=1\nflatten"
    assert _operators(f"input 12x12x2\n{body}").count("Transpose") == 2
    assert _operators(f"set data_format=channels_first\ninput 2x12x12\n{body}").count("Transpose") == 0
    assert _operators("input 12x12x2\nconv 4 3\nglobalavgpool\ndense 3").count("Transpose") == 1
    assert _operators("input 4x4x2\nconv 4 4\nflatten\ndense 3").count("Transpose") == 1, "one position has one order"


def test_flattening_keeps_the_order_of_the_network() -> None:
    snapshot = network("x: input 2x3x2\np: maxpool 1\nf: flatten")
    numbers = np.arange(12, dtype=np.float32).reshape(1, 2, 3, 2)
    result = ran(model_of(snapshot), snapshot, feed={"x": numbers})["f"]
    assert result.tolist() == [list(range(12))]


def test_the_padding_of_same_is_that_of_keras_and_not_of_pytorch() -> None:
    """n=4, k=3, s=2: one unit in all, at the end; a maximum over 0 1 2 and 2 3 (PITFALLS of strided same)."""
    snapshot = network("x: input 4x1\np: maxpool 3 stride=2 padding=same\nq: maxpool 3 stride=2 padding=same_lower @x")
    numbers = np.array([0, 1, 2, 3], np.float32).reshape(1, 4, 1)
    results = ran(model_of(snapshot), snapshot, feed={"x": numbers})
    assert results["p"].flatten().tolist() == [2, 3]
    assert results["q"].flatten().tolist() == [1, 3]


@pytest.mark.parametrize(
    ("line", "sizes"),
    [("maxpool 4 stride=4 padding=2 ceil_mode=true", {9: 3}), ("avgpool 2 stride=2 padding=1 ceil_mode=true", {5: 3}),
     ("convtranspose 1 3 stride=2 padding=same", {16: 32}), ("convtranspose 1 2 stride=3", {16: 48}),
     ("convtranspose 1 3 stride=2 padding=same output_padding=0", {16: 31}),
     ("convtranspose 1 3 stride=2 padding=same output_padding=1", {16: 32}),
     ("convtranspose 1 2 stride=3 padding=0", {16: 47}), ("conv 1 4 padding=same", {32: 32})],
)  # fmt: skip
def test_sizes_on_which_frameworks_disagree(line: str, sizes: dict[int, int]) -> None:
    """PyTorch 2.13 and Keras 3.15, run: ceil_mode drops a window that starts in the padding; Keras's own rule for
    transposed convolutions without output_padding."""
    for n, out in sizes.items():
        snapshot = network(f"x: input {n}x1\ny: {line}")
        assert ran(model_of(snapshot), snapshot)["y"].size == out


def test_weights_too_large_for_a_model_are_named_in_a_file_of_their_own(tmp_path: Path) -> None:
    snapshot = network(preset("lenet-5").text)
    written = write_onnx(snapshot, "../le net", most_bytes=1_000)
    (notice,) = [one for one in written.notices if one.place == "weights"]
    command, _, size, where = notice.text.rpartition("zeros: ")[2].split(" ")
    assert (command, where) == ("truncate", "le_net.weights")
    assert int(size) == 61_706 * 4
    path = tmp_path / "net.onnx"
    path.write_bytes(written.data)
    (tmp_path / where).write_bytes(bytes(int(size)))
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path))
    image = np.zeros(session.get_inputs()[0].shape, np.float32)
    assert session.run(None, {session.get_inputs()[0].name: image})[0].shape == (1, 10)


def test_the_bytes_are_those_that_onnx_would_write() -> None:
    """The weights are put into the file without onnx: it has to read them as it would write them."""
    model = model_of("input 9x9x3\nconv 4 3\nbatchnorm\ndense 300")
    assert onnx.load_model_from_string(model.SerializeToString()) == model
    weights = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert weights["conv1.kernel"].shape == (4, 3, 3, 3)
    assert weights["dense1.kernel"].shape == (4, 300)
    assert {name for name, numbers in weights.items() if numbers.dtype == np.float32 and numbers.all()} == {
        "batchnorm1.gamma", "batchnorm1.moving_variance"
    }  # fmt: skip


def test_numbers_of_many_bytes() -> None:
    """The examples of Protocol Buffers' own page on its encoding: 1, 150; and 300 of its earlier one."""
    assert [varint(number).hex() for number in (1, 150, 300)] == ["01", "9601", "ac02"]


def test_a_layer_called_twice_has_its_weights_once() -> None:
    snapshot = network("a: input 5x12\nc: lstm 4 bidirectional=true layers=2 @a\nb: input 7x12\ncall c @b")
    judge(snapshot)
    model = model_of(snapshot)
    assert [node.op_type for node in model.graph.node].count("LSTM") == 4
    # Keras's 4*(I*H + H*H + H) a direction, for widths of 12 and, above, of both directions, 8.
    assert stored(model) == 2 * (4 * (48 + 16) + 16) + 2 * (4 * (32 + 16) + 16)


def test_a_weight_that_another_layer_counts_is_no_initializer() -> None:
    snapshot = network("input 12\ndense 12\ndense 12 tied=kernel")
    assert stored(model_of(snapshot)) == 12 * 12 + 12 + 12
    assert ("differs", "dense2") in [(n.grade, n.place) for n in write_onnx(snapshot, "net").notices]


def test_names_of_layers_are_names_of_tensors() -> None:
    """Dots and slashes too, and names that the writer would have given to its own tensors and weights."""
    snapshot = network("x/relu_1: input 4\nx: dense 4 activation=gelu\nx.kernel: relu6\nx/gemm_1: relu\nx/shape: silu")
    judge(snapshot)
    made = {name for node in model_of(snapshot).graph.node for name in node.output}
    assert {"x", "x.kernel", "x/gemm_1", "x/shape"} <= made


def test_versions_that_common_runtimes_read() -> None:
    model = model_of("input 3\ndense 2")
    assert model.ir_version <= 10
    assert [(one.domain, one.version) for one in model.opset_import] == [("", 21)]


def test_the_report_says_what_is_written_in_other_terms() -> None:
    snapshot = network("input 8x8x3\nresizing 4 4 mode=area\ngaussiannoise 0.1\ngather 2 axis=1\nconv 2 1")
    places = [notice.place for notice in write_onnx(snapshot, "net").notices]
    assert places == ["resizing1", "gaussiannoise1", "gather1", "weights"]


def test_progress_goes_node_by_node_and_stops() -> None:
    seen: list[tuple[int, int]] = []
    write_onnx(network("input 3\ndense 2\nrelu"), "net", lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        write_onnx(network("input 3\ndense 2"), "net", stop)


def test_the_suffix_stands_for_the_format() -> None:
    target = target_of(Path("net.onnx"))
    assert target.name == "onnx"
    assert onnx.load_model_from_string(write(target, network("input 3\nrelu"), "net").data).graph.name == "net"
