"""Recurrent layers as PyTorch writes them.

Its gates have two bias vectors or none: where a layer has one, as in Keras, the second stays 0 and is not trained,
which computes and trains the same. Its GRU resets after the product with the state: another is an error with a way
out. Sources: torch.nn.LSTM and its relatives; Keras's RNN and Bidirectional for what comes out.
"""

from __future__ import annotations

from typing import Final

from tui.core.recurrence import GATES, Cell
from tui.core.size import Size, text
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Site
from tui.formats.torch.write_source import OURS, Said
from tui.formats.torch.write_text import call, operand, real, tupled
from tui.formats.torch.write_windows import unless

WORDS: Final = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
ONE_BIAS: Final = "one_bias"
ONE_BIAS_SOURCE: Final = f"""\
def {ONE_BIAS}(layer: nn.Module) -> nn.Module:
    \"\"\"A recurrent layer with one bias vector a gate, as in Keras: the second is 0 and is not trained.\"\"\"
    for name, tensor in layer.named_parameters():
        if name.startswith("bias_hh"):
            nn.init.zeros_(tensor).requires_grad_(False)
    return layer
""".splitlines()
"""The function that written sources with such a layer have."""


def _check(site: Site, cell: Cell, reset_after: bool = True) -> None:
    """Raise WriteError where PyTorch has no cell of this form."""
    word = WORDS[cell.kind]
    if cell.kind == "gru" and not reset_after:
        site.refuse("reset_after=false: PyTorch's nn.GRU resets after the product with the state",
                    "set reset_after=true")  # fmt: skip
    if cell.peephole:
        site.refuse("peephole=true: no gate of PyTorch's nn.LSTM sees the cell state", "set peephole=false")
    activation = getattr(site.kind, "activation", "tanh")
    if activation != "tanh" and not (cell.kind == "rnn" and activation == "relu"):
        known = "tanh or relu" if cell.kind == "rnn" else "tanh"
        site.refuse(f"activation={activation}: PyTorch's nn.{word} has {known}", "set activation=tanh")
    gates = getattr(site.kind, "recurrent_activation", "sigmoid")
    if gates != "sigmoid":
        site.refuse(f"recurrent_activation={gates}: the gates of PyTorch's nn.{word} are sigmoids",
                    "set recurrent_activation=sigmoid")  # fmt: skip
    if cell.kind == "gru" and site.kind.settings.counting != "pytorch":
        site.tell("differs", "PyTorch orders the gates of a GRU r, z, n; Keras and ONNX z, r, h")


def _biased(site: Site, cell: Cell) -> str | None:
    return None if cell.biases else "False"


def _module(site: Site, cell: Cell, constructor: str, copies: Size = 1, part: str = "") -> str:
    """A module of ``copies`` cells; the expression by which ``forward`` calls it."""
    if cell.biases == 1:
        constructor = f"{ONE_BIAS}({constructor})"
        zeros = copies * GATES[cell.kind] * cell.units
        site.add_zeros(zeros)
        site.tell("differs", f"one bias vector a gate, where nn.{WORDS[cell.kind]} has two: the {text(zeros)} numbers "
                  "of the second stay 0 and are not trained; PyTorch counts them besides")  # fmt: skip
    return site.own(constructor, part)


def _sequences(site: Site) -> int:
    """The axis of the steps."""
    return 1 if site.of("batch_first") and not site.of("unbatched") else 0


def recurrent(site: Site) -> Said:
    """nn.RNN, nn.GRU and nn.LSTM."""
    kind = site.kind
    cell: Cell = site.of("cell")()
    _check(site, cell, getattr(kind, "reset_after", True))
    both, layers = bool(site.of("bidirectional")), site.of("layers")
    dropout = site.of("dropout") if layers != 1 and kind.settings.counting == "pytorch" else 0
    if (site.of("dropout") and not dropout) or site.of("recurrent_dropout"):
        site.tell("dropped", "dropout inside a recurrent layer: PyTorch has it between stacked layers only")
    path = _module(site, cell, call(
        f"nn.{WORDS[cell.kind]}", site.arg(site.shape[-1]), site.arg(cell.units),
        num_layers=unless(site.arg(layers), "1"), bias=_biased(site, cell),
        nonlinearity='"relu"' if site.of("activation") == "relu" else None,
        batch_first="True" if site.of("batch_first") and not site.of("unbatched") else None,
        dropout=real(dropout) if dropout else None, bidirectional="True" if both else None,
        proj_size=unless(site.arg(cell.projection), "0"),
    ), layers * 2 if both else layers)  # fmt: skip
    x = site.read()
    if site.of("go_backwards"):
        x = f"{operand(x)}.flip({_sequences(site)})"
    ran = call(path, x, _initial(site, cell, 2 if both else 1))
    sequences, states = bool(site.of("return_sequences")), bool(site.of("return_state"))
    if sequences and not states and not both and not site.of("direction_axis"):
        return Said((f"{ran}[0]",))
    steps, h, c = _run(site, cell, ran, sequences, states)
    if site.of("direction_axis"):
        return Said(_by_direction(site, steps, h, c, 2 if both else 1))
    one, other = _halves(site, steps, h, sequences) if both else (steps, None)
    out = _merged(site, one, other, h)
    found = [*out]
    if states:
        found += _last_states(site, cell, h, c, 2 if both else 1)
    return Said(tuple(found))


def _run(site: Site, cell: Cell, ran: str, sequences: bool, states: bool) -> tuple[str, str, str]:
    """Variables for the steps, the last states and the last cell states; ``_`` for what nobody reads."""
    steps = site.let("steps", "") if sequences else "_"
    h = site.let("h", "") if states or not sequences else "_"
    c = site.let("c", "") if states and cell.kind == "lstm" else "_"
    last = h if cell.kind != "lstm" else "_" if (h, c) == ("_", "_") else f"({h}, {c})"
    site.let(f"{steps}, {last}", ran)
    return steps, h, c


def _halves(site: Site, steps: str, h: str, sequences: bool) -> tuple[str, str]:
    """The outputs of both directions: of all steps, or of the last."""
    if not sequences:
        return f"{h}[-2]", f"{h}[-1]"
    if site.of("merge_mode") == "concat":
        return steps, ""
    forward, backward = site.let("forwards", ""), site.let("backwards", "")
    site.let(f"{forward}, {backward}", f"{steps}.chunk(2, dim=-1)")
    return forward, backward


def _merged(site: Site, one: str, other: str | None, h: str) -> tuple[str, ...]:
    """The outputs of the directions as one; both where they are not merged."""
    if other is None:
        return (one,) if one != "_" else (f"{h}[-1]",)
    if other == "":
        return (one,)
    mode = site.of("merge_mode")
    return {
        "concat": (f"torch.cat(({one}, {other}), dim=-1)",), "sum": (f"{one} + {other}",), "mul": (f"{one} * {other}",),
        "ave": (f"({one} + {other}) / 2",), "none": (one, other),
    }[mode]  # fmt: skip


def _last_states(site: Site, cell: Cell, h: str, c: str, directions: int) -> list[str]:
    each = (h, c) if cell.kind == "lstm" else (h,)
    if site.of("states") == "stacked":
        return [*each]
    layers = site.of("layers")
    places = [layer * directions + d for d in range(directions) for layer in range(layers)]
    return [f"{state}[{place}]" for place in places for state in each]


def _by_direction(site: Site, steps: str, h: str, c: str, directions: int) -> tuple[str, ...]:
    """As ONNX has them: an axis for the directions."""
    first = bool(site.of("batch_first"))
    states = [f"{state}.transpose(0, 1)" if first else state for state in (h, c) if state != "_"]
    if not site.of("return_sequences"):
        return tuple(states if site.of("return_state") else states[:1])
    every = f"{steps}.unflatten(-1, ({directions}, -1))"
    every = every if first else f"{every}.transpose(1, 2)"
    every = f"{every}.flip({1 if first else 0})" if site.of("go_backwards") else every
    return (every, *states) if site.of("return_state") else (every,)


def _initial(site: Site, cell: Cell, directions: int) -> str | None:
    """The initial states as an argument."""
    given = [site.read(i) for i in range(1, len(site.values))]
    if not given:
        return None
    kinds = 2 if cell.kind == "lstm" else 1
    if site.of("direction_axis") or site.of("states") == "stacked":
        turned = site.of("direction_axis") and site.of("batch_first")
        groups = [f"{operand(code)}.transpose(0, 1)" if turned else code for code in given]
        if len(groups) != kinds:
            _incomplete(site, len(groups), kinds)
    else:
        layers = site.of("layers")
        if len(given) != kinds * layers * directions:
            _incomplete(site, len(given), kinds * layers * directions)
        of_direction = [given[d * kinds * layers : (d + 1) * kinds * layers] for d in range(directions)]
        places = [(layer, d) for layer in range(layers) for d in range(directions)]
        groups = [
            f"torch.stack({tupled([of_direction[d][layer * kinds + kind] for layer, d in places])})"
            for kind in range(kinds)
        ]
    return tupled(groups) if kinds == 2 else groups[0]


def _incomplete(site: Site, given: int, needed: int) -> None:
    site.refuse(f"it starts from {given} of its {needed} states, PyTorch takes all or none", "name all of them or none")


def cell(site: Site) -> Said:
    """nn.RNNCell, nn.GRUCell and nn.LSTMCell."""
    own: Cell = site.of("cell")()
    _check(site, own, site.of("reset_after"))
    path = _module(site, own, call(
        f"nn.{WORDS[own.kind]}Cell", site.arg(site.shape[-1]), site.arg(own.units), bias=_biased(site, own),
        nonlinearity='"relu"' if site.of("activation") == "relu" else None,
    ))  # fmt: skip
    states = [site.read(i) for i in range(1, len(site.values))]
    if own.kind != "lstm":
        return Said((call(path, site.read(), *states),))
    if len(states) == 1:
        _incomplete(site, 1, 2)
    return Said((call(path, site.read(), tupled(states) if states else None),), packed=True)


def stacked(site: Site) -> Said:
    """One module for each cell and direction, each running over all steps: the same as cells in one loop."""
    groups = site.of("groups")(site.shape[-1])
    both = bool(site.of("bidirectional"))
    x = site.variable(site.read(), "sequence")
    given = [site.read(i) for i in range(1, len(site.values))]
    sequences = bool(site.of("return_sequences"))
    outs, states = [], list[str]()
    for backwards in (False, True) if both else (bool(site.of("go_backwards")),):
        code = f"{x}.flip(1)" if backwards else x
        for number, (_, _, width, own) in enumerate(groups):
            _check(site, own, True)
            part = f"{'backward_' if both and backwards else ''}cell{number}"
            path = _module(site, own, call(
                f"nn.{WORDS[own.kind]}", site.arg(width), site.arg(own.units), bias=_biased(site, own),
                batch_first="True",
            ), part=part)  # fmt: skip
            kinds = 2 if own.kind == "lstm" else 1
            start, given = [f"{operand(code)}.unsqueeze(0)" for code in given[:kinds]], given[kinds:]
            first = None if not start else tupled(start) if kinds == 2 else start[0]
            steps, h = site.let("steps", ""), site.let("h", "")
            c = site.let("c", "") if kinds == 2 else ""
            site.let(f"{steps}, ({h}, {c})" if c else f"{steps}, {h}", call(path, code, first))
            states += [f"{state}[0]" for state in (h, c) if state]
            code = steps
        last = f"{code}.flip(1)" if both and backwards and sequences else code
        outs.append(last if sequences else f"{code}[:, -1]")
    out = _merged(site, outs[0], outs[1] if both else None, "")
    return Said((*out, *states) if site.of("return_state") else out)


SEQUENCES: Final[dict[str, tuple[Rule, str]]] = {
    **dict.fromkeys(("rnn", "gru", "lstm"), (recurrent, OURS)),
    **dict.fromkeys(("rnncell", "grucell", "lstmcell"), (cell, OURS)),
    "stackedrnn": (stacked, OURS),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
