"""Run by another Python, one that has PyTorch or Keras: imports a user's module, makes the network, prints its graph.

It must not import anything of this program. The last line of its output is one JSON object: ``program`` (the JSON of
a torch.export archive), ``keras`` (the JSON of a Keras model), ``layers`` (what each layer module was given, from
hooks, where the export fails), or ``error``.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import traceback
import zipfile
from typing import Any


def main() -> None:
    """Read the request from stdin, answer on the stream that stdout was."""
    request = json.loads(sys.stdin.read())
    answer_to = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the user's code prints is talk
    sys.path.insert(0, request["folder"])
    try:
        answer = answered(request)
    except BaseException as error:
        answer = {"error": told(error)}
    answer_to.write(json.dumps(answer) + "\n")
    answer_to.flush()
    os._exit(0)


def told(error: BaseException) -> str:
    """An exception in a line, with the last place of it in the user's code."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "site-packages" not in f.filename and not f.filename.startswith("<")
           and "importlib" not in f.filename]  # fmt: skip
    place = f" ({os.path.basename(own[-1].filename)}, line {own[-1].lineno})" if own else ""
    text = (str(error).strip().split("\n") or [""])[0][:500]
    return f"{type(error).__name__}: {text}{place}"


def answered(request: Any) -> Any:
    """The graph of what the factory makes."""
    module, _, name = request["factory"].partition(":")
    made: Any = importlib.import_module(module)
    for part in name.split("."):
        made = getattr(made, part)
    ready = is_module(made) or (hasattr(made, "to_json") and not isinstance(made, type))
    if not ready:
        made = made()
    if hasattr(made, "to_json") and hasattr(made, "layers"):
        return {"keras": made.to_json()}
    if not is_module(made):
        return {"error": f"{request['factory']} gives a {type(made).__name__}, not a torch.nn.Module or a Keras model"}
    return exported(made, request)


def is_module(made: Any) -> bool:
    """Whether an object is a module of PyTorch; where nothing imported PyTorch, none is."""
    if "torch" not in sys.modules:
        return False
    torch: Any = importlib.import_module("torch")
    return bool(isinstance(made, torch.nn.Module))


def exported(made: Any, request: Any) -> Any:
    """The graph of a module of PyTorch, for zeros of the shapes that are asked for."""
    import warnings

    torch: Any = importlib.import_module("torch")
    warnings.simplefilter("ignore")
    if not request["inputs"]:
        return {"error": "PyTorch needs the shape of the input: give --input 3x224x224"}
    made = made.train(False)
    try:
        integers = next((isinstance(m, torch.nn.Embedding) for m in made.modules() if not list(m.children())), False)
        types = [torch.int64 if dtype == "int64" or (not dtype and integers) else torch.float32
                 for _, dtype in request["inputs"]]  # fmt: skip
        inputs = tuple(torch.zeros(shape, dtype=t) for (shape, _), t in zip(request["inputs"], types, strict=True))
        with torch.no_grad():
            made(*inputs)
    except Exception as error:
        return {"error": told(error)}
    try:
        program = torch.export.export(made, inputs)
        data = io.BytesIO()
        torch.export.save(program, data)
        with zipfile.ZipFile(io.BytesIO(data.getvalue())) as archive:
            names = [
                n for n in archive.namelist() if n.endswith(".json") and ("models/" in n or "exported_program" in n)
            ]
            return {"program": archive.read(names[0]).decode()}
    except Exception as error:
        return {"layers": hooked(made, inputs), "inputs": [list(x.shape) for x in inputs],
                "dtypes": [str(x.dtype).rpartition(".")[2] for x in inputs], "why": told(error)}  # fmt: skip


def hooked(made: Any, inputs: Any) -> Any:
    """The calls of the modules without children, in order: name, class, arguments, shapes of input and output."""
    torch: Any = importlib.import_module("torch")
    calls: list[Any] = []
    paths = {id(m): name for name, m in made.named_modules()}

    def shapes(value: Any) -> list[list[int]]:
        if isinstance(value, torch.Tensor):
            return [list(value.shape)]
        if isinstance(value, dict):
            value = list(value.values())
        return [s for part in value for s in shapes(part)] if isinstance(value, (list, tuple)) else []

    def hook(module: Any, given: Any, gave: Any) -> None:
        own = {key: value for key, value in vars(module).items() if plain(value) and not key.startswith("_")}
        weights = [[name, list(p.shape), p.requires_grad] for name, p in module.named_parameters(recurse=False)]
        calls.append({"name": paths[id(module)], "class": type(module).__name__,
                      "torch": type(module).__module__.startswith("torch.nn"), "args": own, "weights": weights,
                      "inputs": shapes(given), "outputs": shapes(gave)})  # fmt: skip

    for module in made.modules():
        if not list(module.children()):
            module.register_forward_hook(hook)
    with torch.no_grad():
        made(*inputs)
    return calls


def plain(value: Any) -> bool:
    """Whether JSON can hold an attribute."""
    if isinstance(value, (list, tuple)):
        return all(plain(part) for part in value)
    return value is None or isinstance(value, (bool, int, float, str))


if __name__ == "__main__":
    main()
