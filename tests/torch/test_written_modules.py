"""The PyTorch sources that are written run in PyTorch: parameters, buffers and every shape are those computed here."""

from __future__ import annotations

import inspect
from pathlib import Path
from random import Random

import pytest

from tests.samples import VALUES, sample
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.exported import WriteError
from tui.formats.presets import preset, presets
from tui.layers import KINDS

torch = pytest.importorskip("torch")
from tests.torch.written import checked, loaded, source_of, zeros_of  # noqa: E402 - it needs PyTorch

pytestmark = pytest.mark.torch
DATA = Path(__file__).parents[1] / "data" / "written_torch_nets.txt"
NETS = [line for line in DATA.read_text("utf-8").splitlines() if not line.startswith("#")]
PRESET_VALUES = {"n": 10, "L": 2, "d": 32, "T": 6, "h": 4}
REFUSED = (
    "compress", "convlstm", "dequantize", "lookup", "quantize", "roialign", "scatter", "sparsemax", "spectralnorm",
)  # fmt: skip


# How many elements of zeros are not 0 is no question of shapes.
@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("input", "opaque", "nonzero")])
def test_the_example_of_every_kind_runs_or_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    snapshot = sample(kind)
    free = {name: VALUES[name] for name, value in snapshot.symbols.items() if value is None}
    lets = "\n".join(f"let {name} = {value}" for name, value in free.items())
    bound = Snapshot.of([*snapshot.lines, *parse_document(lets)])
    if kind in REFUSED:
        with pytest.raises(WriteError, match=rf"\({kind}\)"):
            checked(bound, tmp_path)
    else:
        checked(bound, tmp_path)


@pytest.mark.parametrize("name", presets())
def test_every_preset_that_pytorch_can_say_is_the_same_network_there(name: str, tmp_path: Path) -> None:
    lines = parse_document(preset(name).text)
    snapshot = Snapshot.of(lines)
    free = [symbol for symbol, value in snapshot.symbols.items() if value is None]
    bound = Snapshot.of(
        [*lines, *parse_document("\n".join(f"let {symbol} = {PRESET_VALUES[symbol]}" for symbol in free))]
    )
    checked(bound, tmp_path)


@pytest.mark.parametrize("net", NETS)
def test_a_network_is_the_same_there(net: str, tmp_path: Path) -> None:
    snapshot = Snapshot.of(parse_document("\n".join(part.strip() for part in net.split(";"))))
    assert all(result is None or result.kind is not None for result in snapshot.inference.results())
    assert checked(snapshot, tmp_path).outputs


SYMBOLIC = (
    ("input HxWx3; conv n 3x3 stride=2 padding=same; maxpool 2; globalavgpool; dense n//2", {"n": 6, "H": 17, "W": 20}),
    ("input HxWx3; conv 2*n 3x3; flatten; dense n", {"n": 3, "H": 7, "W": 9}),
    ("input Txd; multiheadattention h causal=true; dense 4*d; gelu; dense d; layernorm", {"T": 5, "d": 12, "h": 3}),
    ("input Txd; reshape Txdx1; conv 2 3 padding=1; permute 3,1,2; reshape 2x(T*d)", {"T": 5, "d": 4}),
    ("set batch=B; input Tx8; lstm k bias_vectors=2 return_sequences=true; flatten; dense 3", {"T": 5, "k": 4}),
    ("input 8x8xc; depthwise 3x3; separable c 3x3; convtranspose c//2 3x3 stride=2 padding=same", {"c": 4}),
)


@pytest.mark.parametrize(("net", "values"), SYMBOLIC, ids=[net for net, _ in SYMBOLIC])
def test_symbols_are_parameters_of_the_constructor(net: str, values: dict[str, int], tmp_path: Path) -> None:
    lines = parse_document("\n".join(part.strip() for part in net.split(";")))
    module = loaded(source_of(Snapshot.of(lines)), tmp_path)
    lets = parse_document("\n".join(f"let {name} = {value}" for name, value in {**values, "B": 2}.items()))
    bound = Snapshot.of([*lines, *lets])
    wanted = {name: values[name] for name in inspect.signature(module.Written).parameters}
    written = module.Written(**wanted).eval()
    assert sum(p.numel() for p in written.parameters()) == bound.totals.trainable
    alone = checked(bound, tmp_path)
    with torch.no_grad():
        (zeros,) = zeros_of(source_of(bound))
        assert written(zeros).shape == alone.outputs[0].shape


PIECES = (
    "conv {c} {k}x{k} stride={s} padding={p}", "depthwise {k}x{k} padding={p}", "separable {c} {k}x{k} padding=same",
    "maxpool {k} stride={s} padding=same", "avgpool 2 stride=1", "batchnorm", "relu", "conv {c} 1x1 activation=relu",
    "convtranspose {c} {k}x{k} stride={s} padding=same", "dropout 0.1", "layernorm", "groupnorm 1", "prelu",
    "upsampling 2", "pad 1:2x0:1", "squeezeexcitation 2", "layerscale", "softmax", "dense {c}",
)  # fmt: skip
ENDS = ("flatten", "globalavgpool", "reshape (-1)x4", "reducemean axes=1,2 keepdims=false", "globalmaxpool keepdims")


@pytest.mark.parametrize("seed", range(60))
def test_random_networks_are_the_same_there(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    lines = [f"set data_format={random.choice(['channels_last', 'channels_first'])}"]
    sizes = [random.randint(9, 20), random.randint(9, 20)]
    lines.append("input {}x{}x4".format(*sizes) if "last" in lines[0] else "input 4x{}x{}".format(*sizes))
    for number in range(random.randint(2, 7)):
        channels, kernel, stride = 4 * random.randint(1, 3), random.randint(1, 4), random.randint(1, 2)
        padding = random.choice(["same", "same_lower", "valid", "1"])
        filled = random.choice(PIECES).format(c=channels, k=kernel, s=stride, p=padding)
        grown = [*lines, f"l{number}: {filled}"]
        if random.random() < 0.3:
            grown += [f"n{number}: batchnorm", f"add @l{number}"]
        lines = grown if _fits(grown) else lines
    for last in (random.choice(ENDS), "dense 5"):
        grown = [*lines, last]
        lines = grown if _fits(grown) else lines
    checked(Snapshot.of(parse_document("\n".join(lines))), tmp_path)


def _fits(lines: list[str]) -> bool:
    results = Snapshot.of(parse_document("\n".join(lines))).inference.results()
    return all(result is None or result.kind is not None for result in results)


BLOCKS = {
    "equal copies": ("input 8x8x4\nrepeat 3 blk\n    s: identity\n    conv 4 3x3 padding=same\n    add @s\nflatten", 1),
    "a first copy that is wider": ("input 8x8x3\nrepeat 3 blk\n    conv 4 3x3 padding=same\n    relu\nflatten", 0),
    "copies that shrink": ("input 30x30x4\nrepeat 3 blk\n    conv 4 3x3\n    relu\nflatten", 0),
    "blocks in blocks": (
        "input 6x8\nrepeat 2 outer\n    s: layernorm\n    repeat 3 inner\n        t: identity\n        dense 8\n"
        "        add @t\n    add @s\ndense 3", 2),
    "inner blocks of one name": (
        "input 6x8\nrepeat 2 a\n    n: layernorm\n    repeat 2 inner\n        x: dense 8\n"
        "repeat 2 b\n    n: layernorm\n    repeat 2 inner\n        x: dense 8\n        relu\n"
        "repeat 2 written\n    n: dense 8", 5),
    "weights of a block": ("input 6x8\nrepeat 2 blk\n    positionembedding\n    prelu\n    c: dense 8\n    call c", 1),
    "two inputs": ("a: input 6x8\nb: input 6x8\nadd @a @b\nrepeat 2 blk\n    x: dense 8\n    add @b", 0),
    "read from outside": ("input 6x8\nrepeat 2 blk\n    x: dense 8\n    relu\nadd @blk.0.x", 0),
    "a layout that changes": ("input 6x6x8\nrepeat 2 blk\n    c: conv 8 1\n    dense 8", 0),
    "a block of one layer": ("input 6x8\nrepeat 4 blk\n    x: dense 8", 1),
    "several blocks of one name": ("input 8\nrepeat 2 a.b\n    x: dense 8\nrepeat 2 a_b\n    x: dense 8\n", 1),
    "what it reads is read again": ("input 8\nd: dense 8\nrepeat 2 blk\n    x: dense 8\n    add @x\nadd @d", 1),
    "symbols": ("input n\nrepeat 2 blk\n    x: dense 4*n\n    dense n\n", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
def test_equal_copies_of_a_block_are_one_class(name: str, tmp_path: Path) -> None:
    text, classes = BLOCKS[name]
    symbolic = Snapshot.of(parse_document(text))
    assert source_of(symbolic).count("(nn.Module)") == classes + 1
    bound = Snapshot.of(parse_document(f"{text}\nlet n = 5"))
    checked(bound, tmp_path)
    if symbolic.symbols:
        written = loaded(source_of(symbolic), tmp_path).Written(n=5)
        assert sum(p.numel() for p in written.parameters()) == bound.totals.trainable
