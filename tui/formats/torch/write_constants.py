"""Constants, noise, and what changes nothing at inference, as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Final

from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_site import Chain, Site
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Said
from tui.formats.torch.write_text import operand, real


def _dtype(dtype: str) -> str:
    return f"torch.{dtype}"


def parameter(site: Site) -> Said:
    """nn.Parameter."""
    return Said((site.itself(site.of("shape"), "torch.randn"),))


def constant(site: Site) -> Said:
    """Zeros in its shape."""
    site.tell("differs", "its numbers are not in the list of layers: zeros stand in their place")
    return Said((f"torch.zeros({', '.join(map(site.size, site.of('shape'))) or '()'})",))


def numbers(site: Site) -> Said:
    """torch.arange."""
    words = [site.size(site.of(name)) for name in ("start", "end", "step")]
    return Said((f"torch.arange({', '.join(words[: 3 if words[2] != '1' else 2])})",))


def shape_of(site: Site) -> Said:
    """The sizes as a tensor."""
    start, end = site.of("start"), site.of("end")
    x = site.variable(site.read())
    part = "" if start == 0 and end is None else f"[{start or ''}:{'' if end is None else end}]"
    return Said((f"torch.tensor({x}.shape{part})",))


def count_of(site: Site) -> Said:
    """The number of elements as a tensor."""
    return Said((f"torch.tensor({operand(site.read())}.numel())",))


def cast(site: Site) -> Said:
    """to."""
    return Chain(site, EITHER).then(f"{{}}.to({_dtype(site.of('to'))})").said()


def like(site: Site) -> Said:
    """Zeros in the shape of the input."""
    site.tell("differs", "its numbers are not in the list of layers: zeros stand in their place")
    return Chain(site, EITHER).then("torch.zeros_like({})").said()


def dropout(word: str) -> Rule:
    """nn.Dropout and its relatives."""

    def rule(site: Site) -> Said:
        rate = real(site.of("rate"))
        return Chain(site, EITHER).own(f"nn.{word}({'' if rate == '0.5' else rate})").said()

    return rule


def spatial_dropout(site: Site) -> Said:
    """nn.Dropout1d to 3d, which drop axis 1."""
    rank = site.rank
    word = f"Dropout{rank}d" if rank in (1, 2, 3) else "Dropout"
    return Chain(site, FIRST if rank in (1, 2, 3) else EITHER).own(f"nn.{word}({real(site.of('rate'))})").said()


def noise(site: Site) -> Said:
    """Random numbers while training: PyTorch has no module of this kind."""
    chain = Chain(site, EITHER)
    x = chain.code = site.variable(chain.code)
    if site.kind.name == "gaussiannoise":
        noisy = f"{x} + {real(site.of('stddev'))} * torch.randn_like({x})"
    elif site.kind.name == "gaussiandropout":
        rate = site.of("rate")
        noisy = f"{x} * (1.0 + {real(sqrt(rate / (1 - rate)) if rate < 1 else 0.0)} * torch.randn_like({x}))"
    else:
        keep = 1 - site.of("rate")
        ones = ", 1" * (len(site.shape) - 1)
        noisy = f"{x} * ({x}.new_empty({x}.shape[0]{ones}).bernoulli_({real(keep)}) / {real(keep or 1.0)})"
    return chain.then(f"({noisy}) if self.training else {x}").said()


def passed(why: str) -> Rule:
    """A kind that changes nothing at inference, which is said in the report."""

    def rule(site: Site) -> Said:
        site.tell("dropped", why)
        return Chain(site, EITHER).said()

    return rule


def identity(site: Site) -> Said:
    """Nothing; nn.Identity where modules are in a row."""
    chain = Chain(site, EITHER)
    return Said((chain.code,), chain.layout, ("nn.Identity()",))


_AUGMENTED: Final = "PyTorch itself has no augmentation; torchvision.transforms has, before the network"

PASSED: Final[Mapping[str, str]] = {
    "activityregularization": "the penalty belongs to the loss in PyTorch",
    "masking": "PyTorch's layers skip no steps by themselves",
    **dict.fromkeys((
        "augmix", "autocontrast", "cutmix", "equalization", "mixup", "randaugment", "randombrightness",
        "randomcolordegeneration", "randomcolorjitter", "randomcontrast", "randomelastictransform", "randomerasing",
        "randomflip", "randomgaussianblur", "randomgrayscale", "randomhue", "randominvert", "randomperspective",
        "randomposterization", "randomrotation", "randomsaturation", "randomsharpness", "randomshear",
        "randomtranslation", "randomzoom", "solarization",
    ), _AUGMENTED),
}  # fmt: skip
"""The kinds that change nothing at inference, and what the report says of them."""

CONSTANTS: Final[dict[str, tuple[Rule, str]]] = {
    "parameter": (parameter, OURS),
    "constant": (constant, OURS), "range": (numbers, OURS), "shape": (shape_of, OURS), "size": (count_of, OURS),
    "cast": (cast, EITHER), "like": (like, EITHER), "identity": (identity, EITHER),
    "dropout": (dropout("Dropout"), EITHER), "alphadropout": (dropout("AlphaDropout"), EITHER),
    "featurealphadropout": (dropout("FeatureAlphaDropout"), EITHER), "spatialdropout": (spatial_dropout, EITHER),
    **dict.fromkeys(("gaussiannoise", "gaussiandropout", "droppath"), (noise, EITHER)),
    **{name: (passed(why), EITHER) for name, why in PASSED.items()},
}  # fmt: skip
"""Each kind with its rule and the layout that it reads."""
