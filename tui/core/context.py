"""The memo of results: what a layer comes to on given inputs, under one set of settings and bindings."""

from __future__ import annotations

from typing import Final

from tui.core.errors import LayersheetError
from tui.core.kind import Kind
from tui.core.network import Facts, Spec
from tui.core.result import Result, compute, refused
from tui.core.tensor import Tensors

MEMO: Final = 200_000


class Context:
    """What results depend on besides lines: settings and bindings. Holds the memo of results.

    ``memo[spec][inputs]`` is the result: one object for all equal layers on equal inputs.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._layers: dict[Spec, Kind | LayersheetError] = {}
        self.memo: dict[Spec, dict[Tensors, Result]] = {}
        self._shared: dict[Result, Result] = {}
        self._remarked: dict[tuple[Result, str], Result] = {}
        self._size = 0

    def layer(self, spec: Spec) -> Kind | LayersheetError:
        """The layer that a spec stands for under these settings and bindings, or why there is none."""
        layer = self._layers.get(spec)
        if layer is None:
            try:
                layer = spec.kind.make(spec.args, self.facts.settings, self.facts.bindings)
            except LayersheetError as error:
                layer = error
            except ArithmeticError as error:
                layer = LayersheetError(f"cannot be computed: {error}")
            self._layers[spec] = layer
        return layer

    def result(self, spec: Spec, inputs: Tensors) -> Result:
        """The result of a layer on inputs, computed once."""
        known = self.memo.get(spec)
        if known is None:
            if self._size > MEMO:
                self.clear()
            known = self.memo[spec] = {}
        result = known.get(inputs)
        if result is None:
            layer = self.layer(spec)
            result = refused(layer) if isinstance(layer, LayersheetError) else compute(layer, inputs)
            known[inputs] = result
            self._size += 1
        return result

    def shared(self, result: Result) -> Result:
        """The result of a layer whose weights are counted elsewhere; one object for one result."""
        known = self._shared.get(result)
        if known is None:
            known = self._shared[result] = result.without_weights()
        return known

    def remarked(self, result: Result, remark: str) -> Result:
        """The result with one more remark; one object for one result."""
        known = self._remarked.get((result, remark))
        if known is None:
            known = self._remarked[result, remark] = result.with_remark(remark)
        return known

    def clear(self) -> None:
        """Forget all results."""
        self.memo.clear()
        self._layers.clear()
        self._shared.clear()
        self._remarked.clear()
        self._size = 0
