"""What is true of the whole network, one ``set`` line each."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tui.core.argument import Arg, Choice, Switch, Whole
from tui.core.size import Size
from tui.core.tensor import BYTES


class Settings(NamedTuple):
    """The settings of a network, with the defaults of one that sets nothing."""

    data_format: str = "channels_last"
    batch: Size = 1
    dtype: str = "float32"
    bias: bool = True
    counting: str = "keras"

    @property
    def channels_last(self) -> bool:
        return self.data_format == "channels_last"


DTYPE: Final = Choice(
    tuple(BYTES),
    {
        "double": "float64", "fp64": "float64", "f64": "float64", "float": "float32", "single": "float32",
        "fp32": "float32", "f32": "float32", "half": "float16", "fp16": "float16", "f16": "float16", "bf16": "bfloat16",
        "long": "int64", "i64": "int64", "int": "int32", "i32": "int32", "short": "int16", "i16": "int16", "i8": "int8",
        "u8": "uint8", "boolean": "bool",
    },
)  # fmt: skip

SETTINGS: Final[dict[str, Arg]] = {
    arg.name: arg
    for arg in (
        Arg(
            "data_format",
            Choice(
                ("channels_last", "channels_first"),
                {
                    "nhwc": "channels_last",
                    "channels-last": "channels_last",
                    "nchw": "channels_first",
                    "channels-first": "channels_first",
                },
            ),
            "channels_last",
            "which axis of a shape holds the channels",
        ),
        Arg("batch", Whole(1), 1, "examples in one batch; MACs and activation memory are for a whole batch"),
        Arg("dtype", DTYPE, "float32", "what weights and activations are stored as"),
        Arg("bias", Switch(), True, "whether the kinds that can have a bias have one by default"),
        Arg(
            "counting",
            Choice(("keras", "pytorch", "onnx"), {"torch": "pytorch", "tensorflow": "keras", "tf": "keras"}),
            "keras",
            "whose convention says what counts as a parameter",
        ),
    )
}


def with_setting(settings: Settings, name: str, value: Any) -> Settings:
    """The settings with one of them changed."""
    return settings._replace(**{name: value})
