"""What a layer without a result waits for: the first layer up its wires that is wrong itself."""

from __future__ import annotations

from tui.core.infer import Inference
from tui.core.result import WAITING
from tui.core.wiring import Feed


class Waits:
    """The answers of one version. A screen of waiting rows shares one long way back to what is wrong."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._known: dict[int, int | None] = {}

    def on(self, place: int) -> int | None:
        """The line that keeps a waiting line from its result; None where nothing above it is wrong."""
        result, wiring = self._inference.result, self._inference.wiring
        passed: list[int] = []
        at: int | None = place
        while at is not None and at not in self._known and result(at) is WAITING:
            passed.append(at)
            read = list(wiring.feeds(at))
            owner = wiring.calls.get(at)
            read += [] if owner is None else [Feed(owner)]
            at = next(
                (feed.row for feed in read if (r := result(feed.row)) is None or feed.output >= len(r.outputs)), None
            )
        found = at if at is None else self._known.get(at, at)
        self._known.update(dict.fromkeys(passed, found))
        return found
