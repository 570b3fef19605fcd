"""What the code promises of itself: who imports whom, what a start loads, and how long a file is."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tui"
SCREEN = ("textual", "rich", "click", "platformdirs")
MOST_LINES = 300


def loaded_by(*modules: str) -> set[str]:
    """The names of all modules that a fresh Python holds after importing some."""
    program = f"import json, sys, {', '.join(modules)}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def modules_in(*folders: str) -> list[str]:
    """Every module of some folders of the package, by its dotted name."""
    found = []
    for folder in folders:
        for path in sorted((PACKAGE / folder).glob("**/*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append(".".join(part for part in parts if part != "__init__"))
    return found


def top_level(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_core_and_the_catalogue_are_standard_library_only() -> None:
    modules = modules_in("core", "layers")
    assert len(modules) > 20
    before = top_level(loaded_by("json"))
    extra = top_level(loaded_by(*modules)) - before
    assert extra - set(sys.stdlib_module_names) == {"tui"}


def test_the_core_and_the_catalogue_load_nothing_of_the_screen() -> None:
    loaded = loaded_by(*modules_in("core", "layers"))
    assert not [name for name in loaded if name.partition(".")[0] in SCREEN or name.startswith("tui.ui")]


def test_the_core_does_not_load_the_catalogue() -> None:
    loaded = loaded_by(*modules_in("core"))
    assert not [name for name in loaded if name.startswith(("tui.layers", "tui.formats", "tui.ui", "tui.cli"))]


def test_the_commands_do_not_load_the_screen() -> None:
    loaded = loaded_by("tui.cli")
    assert not [name for name in loaded if name.partition(".")[0] == "textual" or name.startswith("tui.ui")]


def test_the_contracts_of_imports_hold() -> None:
    pytest.importorskip("importlinter")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts)} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_two_ideas_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("word", ["eval(", "exec(", "import pickle", "torch.load", "import sympy", "import numpy"])
def test_the_package_never_runs_text_as_code(word: str) -> None:
    using = [
        path.name
        for folder in ("core", "layers", "formats")
        for path in (PACKAGE / folder).glob("**/*.py")
        if word in path.read_text(encoding="utf-8").replace("``eval``", "")
    ]
    # The files that the extras are for, which have NumPy in them.
    assert sorted(using) == (["values.py", "with_numpy.py"] if word == "import numpy" else [])
