"""Work without the garbage collector leaves it as it was."""

import gc

import pytest

from tui.core.collecting import no_collection


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_rests_and_is_then_as_before(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    try:
        with no_collection():
            assert not gc.isenabled()
        assert gc.isenabled() is before
    finally:
        gc.enable()
