"""Programs of torch.export are read without PyTorch, as PyTorch computes them."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from typing import Any

import pytest

from tests.formats.torch.nets import DATA, MORE, NETS, judged, rows
from tui.core.errors import FileError
from tui.core.size import text
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.readers import read_file
from tui.formats.torch.expressions import size_in
from tui.formats.torch.pt2 import read_pickle, read_program

PT2 = DATA / "pt2"
NO_OPERATOR = ("skip", "shuffle1", "shuffle2", "shuffle3")  # an Identity, and modules of functions only


def program(name: str) -> dict[str, Any]:
    """The JSON of a stored program."""
    with zipfile.ZipFile(PT2 / f"{name}.pt2") as archive:
        found: dict[str, Any] = json.loads(archive.read("archive/models/model.json"))
    return found


def archive(found: Any, entry: str = "archive/models/model.json") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(entry, found if isinstance(found, bytes | str) else json.dumps(found))
    return data.getvalue()


def read(found: Any, entry: str = "archive/models/model.json") -> Imported:
    return read_program(archive(found, entry), "net.pt2")


@pytest.mark.parametrize("name", NETS)
def test_every_layer_of_a_network(name: str) -> None:
    net = NETS[name]
    made = read_file(PT2 / f"{name}.pt2")
    snapshot = judged(made)
    found = rows(snapshot)
    for layer, *expected in net["layers"]:
        if layer.rpartition(".")[2] not in NO_OPERATOR:
            assert found[layer] == expected, layer
    assert (snapshot.totals.params, snapshot.totals.macs) == (net["params"], net["macs"])
    assert snapshot.totals.trainable == net["trainable"]
    assert snapshot.totals.complete
    assert made.notices == ()


@pytest.mark.parametrize("name", ["mha", "sdpa", "rnn", "views", "shared", "unet", "convs"])
def test_totals_of_a_network(name: str) -> None:
    made = read_file(PT2 / f"{name}.pt2")
    totals = judged(made).totals
    assert (totals.params, totals.macs) == (MORE[name]["params"], MORE[name]["macs"])
    assert totals.complete
    assert made.notices == ()


def test_decomposed_operators_are_the_same_layers() -> None:
    totals = judged(read_file(PT2 / "shared_dec.pt2")).totals
    assert (totals.params, totals.macs, totals.complete) == (MORE["shared"]["params"], MORE["shared"]["macs"], True)


def test_graphs_inside_a_node_are_read_in_place() -> None:
    made = read_file(PT2 / "inner.pt2")  # two layers, one under no_grad, one under autocast
    assert judged(made).totals.params == (4 * 4 + 4) + (4 * 2 + 2)
    assert [line.name for line in made.lines if line.spec is not None] == ["x", "a", "b"]


def test_free_sizes_stay_symbols() -> None:
    made = read_file(PT2 / "dyn.pt2")
    snapshot = judged(made)
    assert made.lines[2].code == "x: input 3xs53xs0"
    shape = snapshot.result(3).outputs[0].shape
    assert [text(size) for size in shape] == ["s77", "8", "(s53 - 1)//2", "(s0 - 1)//2"]  # (h - 3)//2 + 1
    assert snapshot.totals.params == 3 * 8 * 9 + 8 + 16 + 8 * 5 + 5


def test_an_unknown_operator_is_opaque_with_the_shape_that_the_file_states() -> None:
    made = read_file(PT2 / "odd.pt2")
    snapshot = judged(made)
    assert rows(snapshot)["linalg_matrix_exp"][0] == [4, 4]
    assert not snapshot.totals.complete
    assert ("opaque", "fft_fft") in [(one.grade, one.place) for one in made.notices]
    assert snapshot.totals.params == 20  # the layer is called twice


def test_a_stated_shape_that_differs_is_told_and_not_taken() -> None:
    found = program("pt003")
    node = next(n for n in found["graph_module"]["graph"]["nodes"] if "conv2d" in n["target"])
    name = node["outputs"][0]["as_tensor"]["name"]
    true = found["graph_module"]["graph"]["tensor_values"][name]["sizes"]
    true[1] = {"as_int": 77}
    made = read(found)
    (notice,) = made.notices
    assert notice.grade == "differs"
    assert "the file states (1, 77, 25, 26), computed is (1, 4, 25, 26)" in notice.text
    assert Snapshot.of(made.lines).totals.params == NETS["pt003"]["params"]


def test_the_layout_of_one_file() -> None:
    made = read(program("pt003"), "serialized_exported_program.json")
    assert judged(made).totals.params == NETS["pt003"]["params"]


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("Symbol('s0', positive=True, integer=True)", "s0"),
        ("Add(Mul(Integer(2), Symbol('s1', integer=True)), Integer(-3))", "2*s1 - 3"),
        ("FloorDiv(Symbol('s0'), Integer(2))", "s0//2"),
        ("Pow(Symbol('s0'), Integer(2))", "s0**2"),
        ("Max(Integer(1), Integer(4))", "4"),
        ("s0 + 1", "s0 + 1"),
    ],
)
def test_sizes_as_sympy_writes_them(written: str, size: str) -> None:
    found = size_in(written)
    assert found is not None
    assert text(found) == size


@pytest.mark.parametrize(
    "written",
    [
        "__import__('os')",
        "Symbol('a b')",
        "Rational(1, 2)",
        "Integer(",
        "FloorDiv(Symbol('a'), Integer(0))",
        "x" * 9**5,
    ],
)
def test_other_texts_are_no_sizes(written: str) -> None:
    assert size_in(written) is None


class Runs:
    """A pickle that would run code."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("the pickle was loaded",))


def test_pickles_are_refused_and_never_loaded() -> None:
    plain = pickle.dumps(Runs())
    for data in (plain, archive(plain, "archive/data.pkl")):
        with pytest.raises(FileError, match=r"is a pickle of PyTorch.*torch\.export\.save.*--factory"):
            read_pickle(data, "net.pth")


def test_an_exported_program_under_another_suffix_is_read() -> None:
    assert judged(read_pickle(archive(program("pt003")), "net.pt")).totals.params == NETS["pt003"]["params"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no archive of torch.export"),
        (b"PK\x03\x04 and nothing more", "no archive of torch.export"),
        (archive(b"{}", "other.json"), "has no graph of torch.export"),
        (archive(b"[1, 2]"), "no program of torch.export"),
        (archive(b"{"), "not JSON"),
        (archive(b"[" * 100_000), "not JSON"),
        (archive({"graph_module": {"graph": {"nodes": []}}}), "not as torch.export writes it"),
        (archive({"graph_module": {"graph": {"nodes": [], "tensor_values": {}}, "signature": {"input_specs": []}}}),
         "no operations"),
    ],
)  # fmt: skip
def test_what_is_no_program_is_told(data: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        read_program(data, "net.pt2")
