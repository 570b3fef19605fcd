"""A Keras program as Python source: a ``keras.Sequential`` where it is a chain of layers, else functional style.

Lines are broken as Black does at 88 columns. The source never runs here.
"""

from __future__ import annotations

import keyword
import re
from itertools import pairwise
from typing import Any, Final

from tui.formats.frameworks.names import free_name
from tui.formats.keras.write_black import WIDTH, broken, ending, split, word
from tui.formats.keras.write_program import FUNCTIONS, POSITIONAL, UNSAID, Layer, Op, Program, Ref, Step, refs_in

_TAKEN: Final = ("keras", "layers", "ops", "model", "inputs", "outputs", "x")


def as_source(program: Program) -> str:
    """The module: it imports Keras, builds the network, and leaves it as ``model``."""
    total = f"{program.trainable + program.non_trainable:,} parameters"
    parts = f"{program.trainable:,} trainable, {program.non_trainable:,} not"
    uses_ops = any(isinstance(program.steps[place].call, Op) for place in program.live())
    head = [f"# {total}: {parts}" if program.non_trainable else f"# {total}", "import keras"]
    head.append("from keras import layers, ops" if uses_ops else "from keras import layers")
    body = _sequential(program) if _is_chain(program) else _functional(program)
    return "\n".join([*head, "", *body, ""])


def _is_chain(program: Program) -> bool:
    """Whether every layer is called once, on what the one before gives."""
    steps = program.steps
    layers = {id(step.call) for step in steps if isinstance(step.call, Layer)}
    return (
        len(layers) == len(steps) > 1
        and len(program.inputs) == 1
        and all(step.outputs == 1 and not step.kwargs for step in steps)
        and all(step.args == (Ref(place),) for place, step in enumerate(steps[1:]))
        and program.outputs == [Ref(len(steps) - 1)]
    )


def _sequential(program: Program) -> list[str]:
    groups = _Groups()
    items: list[str] = []
    for step in program.steps:
        items += [line for line in groups.entered(step, "        ") if line]
        items += [f"        {line}" for line in ending(broken(*_made(step.call), 8), ",")]
    return ["model = keras.Sequential(", "    [", *items, "    ],", f"    name={word(program.name)},", ")"]


def _functional(program: Program) -> list[str]:
    names = _Variables(program)
    calls: dict[int, int] = {}
    live = [(place, program.steps[place]) for place in program.live()]
    for _, step in live:
        calls[id(step.call)] = calls.get(id(step.call), 0) + 1
    lines: list[str] = []
    groups = _Groups()
    for place, step in live:
        lines += groups.entered(step)
        target, call = names.target(place), step.call
        if isinstance(call, Op):
            lines += broken(f"{target} = {_opened(call, step)}", *_op_args(call, step, names))
        elif call.class_name == "InputLayer":
            opened, args, _ = _made(call)
            lines += broken(f"{target} = {opened}", args, ")")
        else:
            if calls[id(call)] == 1:
                lines += _called(target, call, _arguments(step, names))
                continue
            known = id(call) in names.layers
            variable = names.layer(call)
            if not known:
                opened, args, _ = _made(call)
                lines += broken(f"{variable} = {opened}", args, ")")
            lines += broken(f"{target} = {variable}(", _arguments(step, names), ")")
    ends = [_listed([names.value(ref) for ref in refs]) for refs in (program.inputs, program.outputs)]
    return [*lines, "", *broken("model = keras.Model(", [*ends, f"name={word(program.name)}"], ")")]


class _Groups:
    """The groups of layers, each of which begins with a comment. Layers without a name stay in the group above."""

    def __init__(self) -> None:
        self.current = ""

    def entered(self, step: Step, indent: str = "") -> list[str]:
        """What stands before a step."""
        if step.group is None or step.group == self.current:
            return []
        self.current = step.group
        return ["", f"{indent}# {step.group}"] if step.group else [""]


def _called(target: str, call: Layer, reads: list[str]) -> list[str]:
    """A layer that is made and called at once; broken where it is made, or where it is called if that is the longer."""
    opened, args, _ = _made(call)
    made, tail = f"{target} = {opened}{', '.join(args)})", f"({', '.join(reads)})"
    if len(made) + len(tail) <= WIDTH or (len(tail) < WIDTH // 2 and args):
        return broken(f"{target} = {opened}", args, ")" + tail)
    if len(made) < WIDTH and len(reads) == 1 and reads[0].startswith("["):
        return [f"{made}(", *(f"    {line}" for line in split(reads[0], 4)), ")"]
    return broken(f"{made}(", reads, ")") if len(made) < WIDTH else broken(f"{target} = {opened}", args, ")" + tail)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


class _Variables:
    """The variables of the steps: ``x`` for what the next statement alone reads, else a name of their own."""

    def __init__(self, program: Program) -> None:
        self.layers: dict[int, str] = {}
        self._steps = program.steps
        self._taken = set(_TAKEN)
        last: dict[int, set[int]] = {}
        live = program.live()
        following = dict(pairwise(live))
        for place in live:
            step = program.steps[place]
            for ref in refs_in((step.args, step.kwargs)):
                last.setdefault(ref.step, set()).add(place)
        self._names: dict[int, list[str]] = {}
        ends = {ref.step for ref in (*program.inputs, *program.outputs)}
        for place in live:
            step = program.steps[place]
            if step.outputs == 1 and program.inputs == [Ref(place)]:
                found = ["inputs"]
            elif step.outputs == 1 and program.outputs == [Ref(place)] and place == live[-1]:
                found = ["outputs"]
            elif step.outputs == 1 and place not in ends and last.get(place, set()) == {following.get(place)}:
                found = ["x"]
            else:
                own = self._free(step.title)
                found = [own, *(self._free(f"{own}_{i}") for i in range(1, step.outputs))]
            self._names[place] = found

    def _free(self, wanted: str) -> str:
        name = re.sub(r"\W", "_", wanted, flags=re.ASCII)
        name = f"layer_{name}" if not name[:1].isalpha() or keyword.iskeyword(name) else name
        free = free_name(name, self._taken)
        self._taken.add(free)
        return free

    def layer(self, layer: Layer) -> str:
        """The variable of a layer that is called more than once."""
        if id(layer) not in self.layers:
            self.layers[id(layer)] = self._free(f"{layer.name}_layer")
        return self.layers[id(layer)]

    def target(self, place: int) -> str:
        """What a step is assigned to."""
        return ", ".join(self._names[place])

    def value(self, ref: Ref) -> str:
        """The variable that holds an output."""
        return self._names[ref.step][ref.output or 0]


def _value(value: Any, names: _Variables | None = None) -> str:
    """A value as an expression."""
    if isinstance(value, Ref):
        assert names is not None
        return names.value(value)
    if isinstance(value, Layer):
        opened, args, closed = _made(value)
        return opened + ", ".join(args) + closed
    if isinstance(value, str):
        return word(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(part, names) for part in value)}]"
    if isinstance(value, tuple):
        inner = ", ".join(_value(part, names) for part in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, slice):
        ends = ["" if end is None else repr(end) for end in (value.start, value.stop, value.step)]
        return ":".join(ends[:2] if value.step is None else ends)
    return repr(value)


def _made(call: Layer | Op) -> tuple[str, list[str], str]:
    """The making of a layer: what opens its brackets, its arguments, what closes them."""
    assert isinstance(call, Layer)
    if call.class_name == "InputLayer":
        return "keras.Input(", _input(call), ")"
    first = [_value(v) for name, v in call.args.items() if call.ways.get(name) == POSITIONAL]
    rest = [f"{name}={_value(v)}" for name, v in call.args.items() if call.ways.get(name) not in (POSITIONAL, UNSAID)]
    named = [f"name={word(call.name)}"] if call.name and call.named else []
    return f"layers.{call.class_name}(", [*first, *rest, *named], ")"


def _input(call: Layer) -> list[str]:
    batch, *shape = call.args["batch_shape"]
    found = [f"shape={_value(tuple(shape))}"]
    found += [] if batch is None else [f"batch_size={batch}"]
    found += [] if call.args["dtype"] == "float32" else [f"dtype={word(call.args['dtype'])}"]
    return [*found, f"name={word(call.name)}"] if call.named else found


def _arguments(step: Step, names: _Variables) -> list[str]:
    return [_value(arg, names) for arg in step.args] + [f"{k}={_value(v, names)}" for k, v in step.kwargs.items()]


def _opened(call: Op, step: Step) -> str:
    return "" if call.function == "get_item" else f"ops.{call.function}("


def _op_args(call: Op, step: Step, names: _Variables) -> tuple[list[str], str]:
    if call.function == "get_item":
        key = [_value(part) for part in step.args[1]]
        return [f"{_value(step.args[0], names)}[{', '.join(key)}{',' * (len(key) == 1)}]"], ""
    function = FUNCTIONS[call.function]
    placed = {name[:-1] for name in function.config.split() if name.endswith("!")}
    first = [_value(value) for name, value in call.config.items() if name in placed]
    rest = [f"{name}={_value(value)}" for name, value in call.config.items() if name not in placed]
    tensors = [_value(arg, names) for arg in step.args]
    kwargs = [f"{name}={_value(value, names)}" for name, value in step.kwargs.items()]
    return [*((*first, *tensors) if function.leads else (*tensors, *first)), *rest, *kwargs], ")"
