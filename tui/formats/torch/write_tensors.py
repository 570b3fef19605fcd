"""Products, look-ups, constants, noise and functions along an axis as PyTorch writes them."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Final

from tui.core.axes import axes_at, axis_at
from tui.core.einsum import parse_equation
from tui.core.size import same
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Said
from tui.formats.torch.write_text import call, operand, quoted, real, tupled
from tui.formats.torch.write_weights import indices


def along(word: str) -> Rule:
    """nn.Softmax and its relatives; over several axes they are one for it."""

    def rule(site: Site) -> Said:
        axes = axes_at(site.of("axis"), site.shape)
        chain = Chain(site, EITHER if len(axes) == 1 else OURS)
        if len(axes) == 1:
            dim = site.axis(axes[0], site.shape, chain.layout)
            return chain.own(f"nn.{word}(dim={dim})").said()
        last = tuple(range(-len(axes), 0))
        lengths = [site.size(site.shape[axis]) for axis in axes]
        chain.then(f"{{}}.movedim({axes}, {last}).flatten({-len(axes)})").own(f"nn.{word}(dim=-1)")
        return chain.then(f"{{}}.unflatten(-1, {tupled(lengths)}).movedim({last}, {axes})").said()

    return rule


def softmax_2d(site: Site) -> Said:
    """nn.Softmax over the channels."""
    return Chain(site, FIRST).own("nn.Softmax(dim=1)").said()


def hardmax(site: Site) -> Said:
    """1 for the largest element."""
    axes = axes_at(site.of("axis"), site.shape)
    if len(axes) != 1:
        site.refuse(f"its largest element is sought along {len(axes)} axes, PyTorch takes one", "flatten them before")
    depth = site.size(site.shape[axes[0]])
    largest = f"{operand(site.read())}.argmax(dim={axes[0]})"
    code = f"F.one_hot({largest}, {depth})"
    if axes[0] != len(site.shape) - 1:
        code += f".movedim(-1, {axes[0]})"
    return Said((f"{code}.to(torch.{site.outputs[0].dtype})",))


def glu(site: Site) -> Said:
    """nn.GLU."""
    chain = Chain(site, EITHER)
    dim = site.axis(axis_at(site.of("axis"), site.shape), site.shape, chain.layout)
    return chain.own(f"nn.GLU(dim={dim})").said()


def matmul(site: Site) -> Said:
    """The operator @."""
    return Said((f"{operand(site.read(0))} @ {operand(site.read(1))}",))


def gemm(site: Site) -> Said:
    """alpha * A @ B + beta * C."""
    a, b = (f"{operand(site.read(i))}{'.T' if site.of(name) else ''}" for i, name in enumerate(("transa", "transb")))
    code = f"{a} @ {b}" if site.of("alpha") == 1 else f"{real(site.of('alpha'))} * ({a} @ {b})"
    if len(site.values) > 2:
        c = operand(site.read(2))
        code += f" + {c}" if site.of("beta") == 1 else f" + {real(site.of('beta'))} * {c}"
    return Said((code,))


def dot(site: Site) -> Said:
    """Keras's Dot: an Einstein sum that keeps the batch."""
    a, b = site.of("_axes")(site.tensors)
    codes = [site.read(0), site.read(1)]
    if site.of("normalize"):
        codes = [f"F.normalize({code}, dim={axis})" for code, axis in zip(codes, (a, b), strict=True)]
    first, second = (len(value.tensor.shape) for value in site.values)
    letters = iter(ascii_lowercase[1:])
    summed = next(letters)
    left = ["a", *(next(letters) for _ in range(first - 1))]
    right = ["a", *(next(letters) for _ in range(second - 1))]
    left[a] = right[b] = summed
    out = [*(c for i, c in enumerate(left) if i != a), *(c for i, c in enumerate(right) if i not in (0, b))]
    equation = f"{''.join(left)},{''.join(right)}->{''.join(out)}"
    code = f"torch.einsum({quoted(equation)}, {codes[0]}, {codes[1]})"
    return Said((f"{code}.unsqueeze(1)" if len(out) == 1 else code,))


def einsum(site: Site) -> Said:
    """torch.einsum."""
    codes = [site.read(i) for i in range(len(site.values))]
    return Said((f"torch.einsum({', '.join([quoted(str(parse_equation(site.of('equation')))), *codes])})",))


def cosine(site: Site) -> Said:
    """F.cosine_similarity."""
    dim = axis_at(site.of("axis"), max((value.tensor.shape for value in site.values), key=len))
    return Said((f"F.cosine_similarity({site.read(0)}, {site.read(1)}, dim={dim})",))


def distance(site: Site) -> Said:
    """F.pairwise_distance."""
    p = real(site.of("p"))
    keep = "True" if site.of("keepdims") else None
    return Said((call("F.pairwise_distance", site.read(0), site.read(1), p=None if p == "2.0" else p, keepdim=keep),))


# Look-ups --------------------------------------------------------------------------------------------


def _places(site: Site) -> str:
    """The indices: the second input, else zeros in their shape."""
    if len(site.values) > 1:
        return indices(site, 1)
    site.tell("differs", "the indices are not in the list of layers: zeros stand in their place")
    return f"torch.zeros({', '.join(map(site.size, site.of('indices'))) or '()'}, dtype=torch.long)"


def gather(site: Site) -> Said:
    """An index of the axis."""
    axis, x = axis_at(site.of("axis"), site.shape), operand(site.read())
    if len(site.values) == 1 and not site.of("indices"):
        site.tell("differs", "the index is not in the list of layers: 0 stands in its place")
        return Said((f"{x}.select({axis}, 0)",))
    return Said((f"{x}[{':, ' * axis}{_places(site)}]",))


def gather_elements(site: Site) -> Said:
    """torch.gather."""
    return Said((f"{operand(site.read())}.gather({axis_at(site.of('axis'), site.shape)}, {_places(site)})",))


def gather_nd(site: Site) -> Said:
    """An index for each axis that is named."""
    if site.of("batch_dims") != 0:
        site.refuse("PyTorch's index has no batch_dims", "use gather or gatherelements")
    where = _places(site)
    return Said((f"{operand(site.read())}[tuple({operand(where)}.movedim(-1, 0))]",))


def compress(site: Site) -> Said:
    """An index of true and false."""
    if len(site.values) < 2:
        site.refuse("its condition is not in the list of layers", "use slice, or read the condition as a second source")
    axis, condition = site.of("axis"), f"{operand(site.read(1))}.bool()"
    site.tell("differs", "how many entries are kept depends on the data")
    if axis is None:
        return Said((f"{operand(site.read())}.flatten()[{condition}.flatten()]",))
    return Said((f"{operand(site.read())}[{':, ' * axis_at(axis, site.shape)}{condition}]",))


def one_hot(site: Site) -> Said:
    """F.one_hot."""
    code = f"F.one_hot({indices(site)}, {site.size(site.of('depth'))})"
    axis = axis_at(site.of("axis"), site.shape, room=1)
    if axis != len(site.shape):
        code += f".movedim(-1, {axis})"
    return Said((f"{code}.to(torch.{site.outputs[0].dtype})",))


def category_encoding(site: Site) -> Said:
    """F.one_hot, the rows of an example joined by their largest or their sum."""
    code = f"F.one_hot({indices(site)}, {site.size(site.of('num_tokens'))})"
    mode = site.of("output_mode")
    keeps = len(site.shape) < 2 or (mode == "one_hot" and not same(site.shape[-1], 1))
    joined_rows = "" if keeps else ".sum(dim=-2)" if mode == "count" else ".amax(dim=-2)"
    return Said((f"{code}{joined_rows}.to(torch.{site.outputs[0].dtype})",))


def scatter(site: Site) -> Said:
    """torch.scatter, or an index that is written to."""
    if len(site.values) < 3:
        site.refuse("its indices and updates are not in the list of layers", "read them as further sources")
    shapes = [value.tensor.shape for value in site.values]
    x, where, new = site.read(0), indices(site, 1), site.read(2)
    if len(shapes[1]) == len(shapes[0]) and shapes[1] == shapes[2]:
        return Said((call(f"{operand(x)}.scatter", str(axis_at(site.of("axis"), site.shape)), where, new),))
    return Said((f"{operand(x)}.index_put(tuple({operand(where)}.movedim(-1, 0)), {new})",))


def non_zero(site: Site) -> Said:
    """nonzero, turned."""
    site.tell("differs", "how many there are depends on the data")
    return Said((f"{operand(site.read())}.nonzero().T",))


TENSORS: Final[dict[str, tuple[Rule, str]]] = {
    "softmax": (along("Softmax"), EITHER), "logsoftmax": (along("LogSoftmax"), EITHER),
    "softmin": (along("Softmin"), EITHER), "softmax2d": (softmax_2d, FIRST), "hardmax": (hardmax, OURS),
    "glu": (glu, EITHER), "matmul": (matmul, OURS), "gemm": (gemm, OURS), "dot": (dot, OURS),
    "einsum": (einsum, OURS), "cosinesimilarity": (cosine, OURS), "pairwisedistance": (distance, OURS),
    "gather": (gather, OURS), "gatherelements": (gather_elements, OURS), "gathernd": (gather_nd, OURS),
    "compress": (compress, OURS), "onehot": (one_hot, OURS), "categoryencoding": (category_encoding, OURS),
    "scatter": (scatter, OURS), "nonzero": (non_zero, OURS),
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
