"""What each kind is in PyTorch: one row a kind with its rule and the layout it reads, and why the others have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from tui.formats.torch import write_windows as windows
from tui.formats.torch.write_attention import ATTENTION
from tui.formats.torch.write_axes import AXES
from tui.formats.torch.write_constants import CONSTANTS, PASSED
from tui.formats.torch.write_functions import FUNCTIONS, Rule
from tui.formats.torch.write_images import IMAGES
from tui.formats.torch.write_merging import MERGING
from tui.formats.torch.write_norms import NORMS
from tui.formats.torch.write_pools import POOLS
from tui.formats.torch.write_sequences import SEQUENCES
from tui.formats.torch.write_source import EITHER, FIRST
from tui.formats.torch.write_tensors import TENSORS
from tui.formats.torch.write_weights import WEIGHTS

RULES: Final[Mapping[str, tuple[Rule, str]]] = {
    "conv": (windows.conv, FIRST), "depthwise": (windows.depthwise, FIRST), "separable": (windows.separable, FIRST),
    "convtranspose": (windows.transposed, FIRST),
    **{name: (rule, EITHER) for name, rule in FUNCTIONS.items()},
    **POOLS, **IMAGES, **NORMS, **WEIGHTS, **AXES, **MERGING, **TENSORS, **CONSTANTS, **SEQUENCES, **ATTENTION,
}  # fmt: skip
"""Each kind with its rule, and where the channels of its input stand: FIRST, OURS, or EITHER."""


class Unsaid(NamedTuple):
    """Why PyTorch cannot say a kind, and what to do instead."""

    why: str
    way_out: str


UNSAID: Final[Mapping[str, Unsaid]] = {
    "convlstm": Unsaid("PyTorch has no convolutional LSTM", "skip it, or write it as conv layers"),
    "sparsemax": Unsaid("PyTorch has no sparsemax", "use softmax"),
    "spectralnorm": Unsaid(
        "PyTorch wraps it around the layer above, with two vectors in place of one",
        "skip the line, and wrap the module with nn.utils.parametrizations.spectral_norm"),
    "quantize": Unsaid("its scale and zero point are not in the list of layers", "skip it, and quantize the module"),
    "dequantize": Unsaid("its scale and zero point are not in the list of layers", "skip it, and quantize the module"),
    "lookup": Unsaid("PyTorch has no tables of classes", "skip it, and look the entries up before the network"),
    "roialign": Unsaid("PyTorch itself has no such layer", "skip it, and use torchvision.ops.roi_align"),
    "opaque": Unsaid("nothing is known of it but its shape", "replace it with layers, or skip it"),
}  # fmt: skip

SILENT: Final = frozenset(("identity", *PASSED))
"""The kinds that hand their input on: no statement is written for them."""

INDEX_READERS: Final[Mapping[str, int]] = {
    "embedding": 0, "embeddingbag": 0, "gather": 1, "gatherelements": 1, "gathernd": 1, "maxunpool": 1, "onehot": 0,
    "categoryencoding": 0,
}  # fmt: skip
"""The kinds of which an input holds indices, and which input."""

FLOAT_READERS: Final = frozenset((
    "conv", "depthwise", "separable", "convtranspose", *POOLS, *NORMS, *SEQUENCES, *ATTENTION, "dense", "bilinear",
    "prelu", "einsumdense", "softmax", "logsoftmax", "softmin", "softmax2d", "glu", "globalavgpool", "globallppool",
    "adaptiveavgpool", "upsample", "upsampling", "resizing", "gridsample", "squeezeexcitation", "reducemean",
    "reducemedian", "reducestd", "reducevar", "reducelogsum", "reducelogsumexp", "dropout", *FUNCTIONS,
)) - {"not", "bitwisenot", "isnan", "isinf", "clip", "abs", "neg", "sign", "square"}  # fmt: skip
"""The kinds that read numbers with a point: other tensors are brought to them, as Keras does by itself."""

STEP_BY_STEP: Final = frozenset(("dense", "dropout", *FUNCTIONS))
"""The kinds that treat each step of a sequence alike anyway."""
