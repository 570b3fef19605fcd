"""``module:factory`` in another process: what it answers becomes lines, and each failure is one clear message.

No framework is needed here: modules of the test stand in for ``torch``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.formats.torch.nets import NETS, judged
from tests.formats.torch.test_pt2 import program
from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.factory import from_factory

TORCH = '''
"""A stand-in for PyTorch: as much of it as is asked for."""
import io, json, zipfile, sys
float32, int64 = "float32", "int64"
class Tensor:
    def __init__(self, shape, dtype): self.shape, self.dtype = shape, "torch." + dtype
def zeros(shape, dtype): return Tensor(tuple(shape), dtype)
class no_grad:
    def __enter__(self): return self
    def __exit__(self, *error): return False
class nn:
    class Embedding: pass
    class Module:
        def train(self, mode): return self
        def modules(self): return [self]
        def children(self): return []
        def named_modules(self): return [("", self)]
        def named_parameters(self, recurse): return []
        def __call__(self, *inputs):
            out = self.forward(*inputs)
            for hook in getattr(self, "hooks", []): hook(self, inputs, out)
            return out
        def register_forward_hook(self, hook): self.hooks = [hook]
class export:
    def export(module, inputs):
        if module.program is None: raise RuntimeError("it depends on data\\nand more")
        return module.program
    def save(program, file):
        with zipfile.ZipFile(file, "w") as archive: archive.writestr("archive/models/model.json", program)
'''
NETS_PY = """
import json, pathlib, sys, time
import torch
class Net(torch.nn.Module):
    program = pathlib.Path(__file__).with_name("program.json").read_text()
    def forward(self, x):
        print("talk on stdout")
        assert x.shape == (1, 3, 25, 26), x.shape
        return x
class Odd(Net):
    program = None
made = Net()
def make(): return Net()
def odd(): return Odd()
def number(): return 3
def failing(): raise ValueError("no such weights\\nsecond line")
def ending(): sys.exit(4)
def killed():
    import os
    print("on stderr", file=sys.stderr, flush=True)
    os._exit(9)
def sleeping(): time.sleep(60)
class inner:
    class deep:
        def make(): return Net()
class Keras:
    layers = []
    def to_json(self):
        layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 5], "name": "x"}},
                  {"class_name": "Dense", "config": {"units": 3, "name": "y"}}]
        return json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": layers}})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "torch.py").write_text(TORCH)
    (tmp_path / "nets.py").write_text(NETS_PY)
    (tmp_path / "plain.py").write_text("import torch_that_is_not_there")
    (tmp_path / "program.json").write_text(json.dumps(program("pt003")))
    return tmp_path


@pytest.mark.parametrize("name", ["make", "made", "Net", "inner.deep.make"])
def test_a_function_a_class_or_an_object(folder: Path, name: str) -> None:
    made = from_factory(f"nets:{name}", ["3x25x26"], folder=folder)
    assert judged(made).totals.params == NETS["pt003"]["params"]


def test_a_keras_model_says_its_shape_itself(folder: Path) -> None:
    assert judged(from_factory("nets:Keras", folder=folder)).totals.params == 18


def test_layers_one_by_one_where_the_network_cannot_be_exported(folder: Path) -> None:
    made = from_factory("nets:odd", ["3x25x26"], folder=folder)
    assert "it depends on data" in made.notices[0].text
    assert not Snapshot.of(made.lines).totals.complete
    assert [line.code for line in made.lines if line.spec is not None] == [
        "x: input 3x25x26", "Odd: opaque Odd 1x3x25x26 whole=true",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nets:failing", r"nets:failing: ValueError: no such weights \(nets\.py, line \d+\)$"),
        ("nets:missing", "module 'nets' has no attribute 'missing'"),
        ("nowhere:make", "No module named 'nowhere'"),
        ("nets:number", "gives a int, not a torch.nn.Module or a Keras model"),
        ("nets:ending", "SystemExit: 4"),
        ("nets:killed", "ended without an answer: on stderr"),
        ("plain:make", "No module named 'torch_that_is_not_there'"),
    ],
)
def test_each_failure_is_one_message(folder: Path, name: str, message: str) -> None:
    with pytest.raises(FileError, match=message) as error:
        from_factory(name, ["3x25x26"], folder=folder)
    assert "\n" not in error.value.message


def test_a_python_without_the_framework_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\")")
    (tmp_path / "nets.py").write_text("import torch")
    with pytest.raises(FileError, match=r"has no such framework .*; name one that has it: --python"):
        from_factory("nets:make", ["3x8x8"], folder=tmp_path)


def test_one_that_takes_too_long_is_ended(folder: Path) -> None:
    with pytest.raises(FileError, match="took more than 1 seconds; it was ended"):
        from_factory("nets:sleeping", ["3x8x8"], folder=folder, timeout=1.0)


def test_pytorch_needs_a_shape(folder: Path) -> None:
    with pytest.raises(FileError, match="give --input 3x224x224"):
        from_factory("nets:make", folder=folder)


@pytest.mark.parametrize("word", ["3xHxW", "0x4", "3x", "-1", "x"])
def test_a_shape_that_cannot_be_run(folder: Path, word: str) -> None:
    with pytest.raises(FileError, match="--input"):
        from_factory("nets:make", [word], folder=folder)


@pytest.mark.parametrize("name", ["nets", "nets:", ":make", "nets/x:make", "nets:make()", "../x:y", "a:b;c"])
def test_a_factory_is_two_names(folder: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"written package\.module:name"):
        from_factory(name, ["3x8x8"], folder=folder)


def test_a_python_that_is_not_there(folder: Path) -> None:
    with pytest.raises(FileError, match=r"--python /no/such/python: it cannot be started"):
        from_factory("nets:make", ["3x8x8"], folder=folder, python="/no/such/python")


def test_no_module_of_this_program_is_taken_for_one_of_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(
        "import numbers\nassert numbers.Integral\ndef make():\n    raise ValueError('numbers is the right one')"
    )
    with pytest.raises(FileError, match="numbers is the right one"):
        from_factory("nets:make", ["3"], folder=tmp_path, python=sys.executable)
