"""Damaged and hostile ONNX files: each gives lines that can be computed, or a FileError; never anything else.

The damage is done to real models (``tests/data/nets_onnx``), by seeds: every run does the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

import onnx
import pytest
from onnx import TensorProto, helper

from tests.formats.onnx.test_nets import NAMES, nets
from tui.core.errors import FileError
from tui.core.network import Line
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.imported import Stopped
from tui.formats.onnx.graph import read_onnx
from tui.formats.onnx.load import MOST_NODES
from tui.formats.record import as_json
from tui.formats.table import terminal

SEEDS: Final = range(12)
SMALL: Final = ("pt003", "pt004", "pt007", "pt008", "pt010", "pt012", "pt013", "pt014", "pt019")
HUGE: Final = 9_223_372_036_854_775_807


def outcome(data: bytes) -> list[Line] | str:
    """The lines, computed and shown, or the message of the FileError."""
    try:
        lines = read_onnx(data, "m.onnx").lines
    except FileError as error:
        return error.message
    snapshot = Snapshot.of(parse_document(print_document(lines)))
    assert snapshot.totals.complete in (True, False)
    assert as_json(snapshot, "m")
    assert terminal(snapshot)
    return lines


def data_of(name: str) -> bytes:
    import base64

    return base64.b64decode(nets()[name]["model_b64"])


@pytest.mark.parametrize("name", SMALL)
def test_flipped_bytes(name: str) -> None:
    data = data_of(name)
    for seed in SEEDS:
        chance = random.Random(f"{name}{seed}")
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        outcome(bytes(damaged))


@pytest.mark.parametrize("name", SMALL)
def test_truncated_and_joined_files(name: str) -> None:
    data, other = data_of(name), data_of("pt003")
    chance = random.Random(name)
    for _ in SEEDS:
        cut = chance.randrange(len(data))
        outcome(data[:cut])
        outcome(data[cut:])
    outcome(data + other)
    outcome(data + data)


def test_random_bytes() -> None:
    chance = random.Random(5)
    for size in (0, 1, 2, 10, 100, 1_000, 10_000):
        assert isinstance(outcome(chance.randbytes(size)), str | list)


Change = Callable[[random.Random, Any], None]


def _a_node(chance: random.Random, model: Any) -> Any:
    return chance.choice(model.graph.node)


def _rewire(chance: random.Random, model: Any) -> None:
    node, other = _a_node(chance, model), _a_node(chance, model)
    if node.input and other.output:
        node.input[chance.randrange(len(node.input))] = chance.choice(other.output)


def _rename_operator(chance: random.Random, model: Any) -> None:
    _a_node(chance, model).op_type = chance.choice(
        ("Conv", "Gemm", "MatMul", "Reshape", "Softmax", "LSTM", "If", "Loop", "Split", "Where", "Gather", "Resize",
         "Einsum", "Concat", "Sqrt", "Div", "Erf", "Attention", "Constant", "Shape", "Nonsense", "Pad", "TopK",
         "Clip", "InstanceNormalization", "QLinearConv", "DequantizeLinear", "Pow", "Identity", "\x1b[31mred\n")
    )  # fmt: skip


def _change_domain(chance: random.Random, model: Any) -> None:
    _a_node(chance, model).domain = chance.choice(("com.microsoft", "", "ai.onnx", "my.own", "\u202e"))


def _change_attribute(chance: random.Random, model: Any) -> None:
    node = _a_node(chance, model)
    if not node.attribute:
        return
    attribute = chance.choice(node.attribute)
    tensor = helper.make_tensor("t", TensorProto.INT64, [2], [1, 2])
    numbers = (0, -1, 3, HUGE, -HUGE, 1.5, float("nan"), float("inf"))
    value = chance.choice((*numbers, "text", [], [1, 2], [0], [-7, HUGE], ["a", "b"], [0.5, 2.0], tensor))
    attribute.CopyFrom(helper.make_attribute(attribute.name, value, attr_type=None if value != [] else 7))


def _change_type(chance: random.Random, model: Any) -> None:
    node = _a_node(chance, model)
    if node.attribute:
        chance.choice(node.attribute).type = chance.randrange(14)


def _drop_input(chance: random.Random, model: Any) -> None:
    node = _a_node(chance, model)
    if node.input:
        del node.input[chance.randrange(len(node.input))]


def _drop_node(chance: random.Random, model: Any) -> None:
    del model.graph.node[chance.randrange(len(model.graph.node))]


def _repeat_node(chance: random.Random, model: Any) -> None:
    model.graph.node.append(_a_node(chance, model))


def _shuffle(chance: random.Random, model: Any) -> None:
    nodes = list(model.graph.node)
    chance.shuffle(nodes)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _change_weight(chance: random.Random, model: Any) -> None:
    if not model.graph.initializer:
        return
    tensor = chance.choice(model.graph.initializer)
    if chance.random() < 0.5 and tensor.dims:
        tensor.dims[chance.randrange(len(tensor.dims))] = chance.choice((0, -1, 1, 7, HUGE))
    elif chance.random() < 0.5:
        tensor.data_type = chance.randrange(25)
    else:
        tensor.name = chance.choice(model.graph.initializer).name


def _change_input(chance: random.Random, model: Any) -> None:
    given = chance.choice(model.graph.input)
    dims = given.type.tensor_type.shape.dim
    if not dims or chance.random() < 0.2:
        given.type.tensor_type.ClearField("shape")
        return
    dim = chance.choice(dims)
    if chance.random() < 0.5:
        dim.dim_value = chance.choice((0, -1, 1, 5, HUGE))
    else:
        dim.dim_param = chance.choice(("N", "a b", "1 + n", "x", "", "(" * 200, "9" * 300, "max", "n**9", "\x1b[red]"))


def _change_name(chance: random.Random, model: Any) -> None:
    _a_node(chance, model).name = chance.choice(
        ("", "a" * 100_000, "[bold]x[/]", "\x1b]0;t\x07", "line\nbreak", "/a/b/../../c", "@x", "#", "1", "\ud7ff", "🎈")
    )


CHANGES: Final[tuple[Change, ...]] = (
    _rewire, _rename_operator, _change_domain, _change_attribute, _change_type, _drop_input, _drop_node, _repeat_node,
    _shuffle, _change_weight, _change_input, _change_name,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_fields(change: Change) -> None:
    for name in NAMES:
        for seed in range(4):
            chance = random.Random(f"{name}{seed}")
            model = onnx.load_model_from_string(data_of(name))
            for _ in range(chance.choice((1, 2, 8))):
                if model.graph.node:
                    change(chance, model)
            outcome(model.SerializeToString())


def test_many_changes_at_once() -> None:
    for name in SMALL:
        for seed in SEEDS:
            chance = random.Random(f"{name}-{seed}")
            model = onnx.load_model_from_string(data_of(name))
            for change in chance.choices(CHANGES, k=12):
                if model.graph.node:
                    change(chance, model)
            outcome(model.SerializeToString())


def graph(nodes: list[Any], inputs: list[Any], outputs: list[str], weights: Any = (), opset: int = 18) -> bytes:
    made = [helper.make_empty_tensor_value_info(name) for name in outputs]
    found = helper.make_model(
        helper.make_graph(nodes, "g", inputs, made, list(weights)), opset_imports=[helper.make_opsetid("", opset)]
    ).SerializeToString()
    assert isinstance(found, bytes)
    return found


def given(*shape: int | str) -> Any:
    return helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model may have 1,000 operators only, so that one with more is made soon."""
    monkeypatch.setattr("tui.formats.onnx.load.MOST_NODES", 1_000)


@pytest.mark.usefixtures("few")
def test_more_operators_than_any_network_has() -> None:
    nodes = [helper.make_node("Relu", ["x"], [f"y{i}"]) for i in range(1_001)]
    assert "more than 1,000 operators" in str(outcome(graph(nodes, [given(1, 3)], ["y0"])))
    assert MOST_NODES >= 100_000


@pytest.mark.usefixtures("few")
def test_functions_that_call_themselves_or_many_others() -> None:
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("f", 1)]
    names = [f"f{i}" for i in range(40)]
    functions = [
        helper.make_function("f", name, ["a"], ["b"], [helper.make_node(other, ["a"], ["c"], domain="f"),
                                                       helper.make_node(other, ["c"], ["b"], domain="f")], imports)
        for name, other in zip(names, [*names[1:], "f0"], strict=True)
    ]  # fmt: skip
    main = helper.make_graph([helper.make_node("f0", ["x"], ["y"], domain="f")], "g", [given(1, 3)], [])
    data = helper.make_model(main, opset_imports=imports, functions=functions).SerializeToString()
    assert "operators" in str(outcome(data))


def test_circles_and_unsorted_graphs() -> None:
    circle = [helper.make_node("Add", ["x", "c"], ["a"]), helper.make_node("Relu", ["a"], ["b"]),
              helper.make_node("Relu", ["b"], ["c"])]  # fmt: skip
    lines = outcome(graph(circle, [given(1, 3)], ["c"]))
    assert any("nothing in the graph makes" in line.text for line in lines if isinstance(line, Line))
    itself = [helper.make_node("Identity", ["y"], ["y"]), helper.make_node("Identity", ["z"], ["w"]),
              helper.make_node("Identity", ["w"], ["z"])]  # fmt: skip
    outcome(graph(itself, [given(1, 3)], ["y", "z"]))
    backwards = [helper.make_node("Relu", [f"t{i}"], [f"t{i + 1}"], name=f"r{i}") for i in range(50)][::-1]
    first = helper.make_node("Relu", ["x"], ["t0"])
    lines = outcome(graph([*backwards, first], [given(1, 3)], ["t50"]))
    assert [line.error for line in lines if isinstance(line, Line)] == [None] * 54


def test_graphs_within_graphs() -> None:
    inner = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [], [given(1)])
    for depth in range(60):
        node = helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner, name=f"if{depth}")
        inner = helper.make_graph([node], "g", [], [given(1)])
        if inner.ByteSize() > 20_000:
            break
    condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
    outcome(graph(list(inner.node), [given(1, 3)], ["y"], [condition]))


def test_a_chain_of_constants_is_no_recursion() -> None:
    weight = TensorProto(name="t0", data_type=1, dims=[40, 50], data_location=TensorProto.EXTERNAL)
    nodes = [helper.make_node("Neg", [f"t{i}"], [f"t{i + 1}"]) for i in range(3_000)]
    nodes.append(helper.make_node("Add", ["x", "t3000"], ["y"]))
    lines = outcome(graph(nodes, [given(1, 40, 50)], ["y"], [weight]))
    assert Snapshot.of(list(lines)).totals.params == 2_000


def test_numbers_that_would_grow_without_end() -> None:
    nodes = [helper.make_node("Shape", ["x"], ["s0"])]
    nodes += [helper.make_node("Mul", [f"s{i}", f"s{i}"], [f"s{i + 1}"]) for i in range(500)]
    nodes += [helper.make_node("Pow", ["s3", "s3"], ["p"]), helper.make_node("Pow", ["p", "p"], ["q"])]
    nodes += [helper.make_node("Expand", ["x", "s500"], ["y"]), helper.make_node("Tile", ["x", "q"], ["z"])]
    outcome(graph(nodes, [given(HUGE, 7, 9)], ["y", "z"]))
    outcome(graph(nodes, [given("n", 7, "m")], ["y", "z"]))


def test_huge_and_strange_sizes() -> None:
    weight = TensorProto(name="w", data_type=1, dims=[HUGE, HUGE, 3, 3], data_location=TensorProto.EXTERNAL)
    wide = [helper.make_node("Conv", ["x", "w"], ["y"])]
    lines = outcome(graph(wide, [given(HUGE, HUGE, HUGE, HUGE)], ["y"], [weight]))
    assert any("10**18" in line.text for line in lines if isinstance(line, Line))
    outcome(graph([helper.make_node("Split", ["x"], ["y"], num_outputs=HUGE)], [given(4, 4)], ["y"]))
    outcome(graph([helper.make_node("Relu", ["x"], ["y"])], [given(*[2] * 3_000)], ["y"]))


def test_no_file_of_external_data_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = TensorProto(name="w", data_type=7, dims=[2], data_location=TensorProto.EXTERNAL)
    entry = weight.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"
    data = graph([helper.make_node("Reshape", ["x", "w"], ["y"])], [given(4, 4)], ["y"], [weight])

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(args)

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("os.open", refuse)
    notices = read_onnx(data, "m.onnx").notices
    assert [(one.grade, "only known when the model runs" in one.text) for one in notices] == [("opaque", True)]


def test_names_with_markup_and_escapes_do_not_reach_the_terminal() -> None:
    name = "\x1b[31m[bold]x\n\u202e@#:é"
    nodes = [helper.make_node("Relu", ["x"], [name], name=name), helper.make_node(name, [name], ["y"], domain="d")]
    lines = read_onnx(graph(nodes, [given(1, 3)], ["y"]), "m.onnx").lines
    shown = terminal(Snapshot.of(lines))
    assert not any(sign in shown for sign in "\x1b\u202e[")
    assert print_document(parse_document(print_document(lines))) == print_document(lines)


def test_progress_is_told_and_can_stop() -> None:
    nodes = [helper.make_node("Relu", ["x" if i == 0 else f"t{i}"], [f"t{i + 1}"]) for i in range(500)]
    data = graph(nodes, [given(1, 3)], ["t500"])
    told: list[tuple[int, int]] = []
    read_onnx(data, "m.onnx", lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 500), (500, 500))
    assert [done for done, _ in told] == sorted({done for done, _ in told})

    def stop(done: int, total: int) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        read_onnx(data, "m.onnx", stop)
