"""What the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import BROKEN


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "net.layers"
    path.write_text(BROKEN)
    return str(path)
