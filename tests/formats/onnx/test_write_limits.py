"""What ONNX writing does with types, batches that are symbols, and sizes beyond every use."""

from __future__ import annotations

import sys
from typing import Any

import onnx
import pytest

from tests.formats.onnx.models import judge, model_of, network, ran
from tui.formats.exported import WriteError
from tui.formats.onnx.write import write_onnx

IMAGE = "input 8x8x3\nconv 4 3 padding=same\nbatchnorm\nrelu\nmaxpool 2\nflatten\ndense 5 activation=gelu\nsoftmax"
SEQUENCE = (
    "input 6x8\nlstm 4 return_sequences=true\nmultiheadattention 2\nlayernorm\nrmsnorm\ngru 3 bidirectional=true\nsilu"
)


@pytest.mark.parametrize("body", [IMAGE, SEQUENCE])
@pytest.mark.parametrize(
    ("dtype", "run"), [("float16", False), ("bfloat16", False), ("float64", False), ("int8", True)]
)
def test_networks_of_every_type_pass_the_check(body: str, dtype: str, run: int) -> None:
    """ONNX Runtime's CPU has not all of its operators for each type."""
    judge(network(f"set dtype={dtype}\n{body}"), run=bool(run))


def test_weights_have_the_type_of_the_network_or_of_their_layer() -> None:
    model = model_of("set dtype=float16\ninput 4\na: dense 4\nb: dense 4 dtype=float32")
    types = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    assert types["a.kernel"] == onnx.TensorProto.FLOAT16
    assert types["b.kernel"] == onnx.TensorProto.FLOAT


def test_whole_numbers_are_computed_in_floats_and_the_report_says_so() -> None:
    (first, *_) = write_onnx(network(f"set dtype=int8\n{IMAGE}"), "net").notices
    assert (first.grade, first.place) == ("differs", "dtype")


@pytest.mark.parametrize("body", [IMAGE, SEQUENCE])
def test_a_batch_that_is_a_symbol_may_be_any(body: str) -> None:
    snapshot = network(f"set batch=N\n{body}")
    given = model_of(snapshot).graph.input[0].type.tensor_type.shape.dim[0]
    assert given.dim_param == "N"
    for batch in (1, 5):
        judge(snapshot, {"N": batch})


def test_a_symbol_is_found_in_an_expression_of_an_input() -> None:
    snapshot = network("input (2*n+3)x5\nflatten\nunsqueeze 1\nexpand 1xnx1")
    model = model_of(snapshot)
    assert model.graph.input[0].type.tensor_type.shape.dim[1].dim_param == "2*n + 3"
    assert ran(model, snapshot, {"n": 4})["expand1"].shape == (1, 4, 55)


@pytest.mark.parametrize(
    ("text", "said"),
    [("input 5x4\nlstm 4 layers=1000000000", "lstm1: lstm: layers=1,000,000,000 are too many to write one by one"),
     ("input 5x4\ntransformerencoder 2 8 1000000", "transformerencoder1: transformerencoder: layers=1,000,000 are too"),
     ("input 9000x7x7x1\nconvlstm 2 3", "convlstm1: convlstm: 9000 steps are too many to write one by one"),
     ("input 1000000\nsparsemax", "sparsemax1: sparsemax: it is written with the numbers up to the 1,000,000"),
     ("input 999999x2\nadaptiveavgpool 999998", "adaptiveavgpool1: adaptiveavgpool: 999998 windows of unequal sizes"),
     ("set batch=100000000000000000\ninput 100000000000000000\nunsqueeze 1\nflatten start=0", "flatten1"),
     ("", "there is no layer to write")],
)  # fmt: skip
def test_what_would_grow_beyond_use_is_an_error(text: str, said: str) -> None:
    with pytest.raises(WriteError) as caught:
        write_onnx(network(text), "net")
    assert caught.value.message.startswith(said)


def test_large_numbers_of_weights_and_indices_make_no_large_model() -> None:
    text = "input 1000000\nd: dense 1000000000\ngather 100000000 axis=1"
    assert len(write_onnx(network(text), "net").data) < 3_000


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: Any = None
    monkeypatch.setitem(sys.modules, "onnx", missing)
    with pytest.raises(WriteError, match=r"pip install 'layersheet\[onnx\]'"):
        write_onnx(network("input 3\nrelu"), "net")
