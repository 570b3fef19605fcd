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


SETTINGS: Final[dict[str, Arg]] = {
    arg.name: arg
    for arg in (
        Arg(
            "data_format",
            Choice(("channels_last", "channels_first")),
            "channels_last",
            "which axis of a shape holds the channels",
        ),
        Arg("batch", Whole(1), 1, "examples in one batch; MACs and activation memory are for a whole batch"),
        Arg("dtype", Choice(tuple(BYTES)), "float32", "what weights and activations are stored as"),
        Arg("bias", Switch(), True, "whether the kinds that can have a bias have one by default"),
        Arg(
            "counting",
            Choice(("keras", "pytorch", "onnx")),
            "keras",
            "whose convention says what counts as a parameter",
        ),
    )
}


def with_setting(settings: Settings, name: str, value: Any) -> Settings:
    """The settings with one of them changed."""
    return settings._replace(**{name: value})
