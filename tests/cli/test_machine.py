"""The commands about the program itself."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.command import run


def test_info_says_versions_paths_and_the_terminal() -> None:
    facts = dict(line.split(":", 1) for line in run("info", env={"TERM": "dumb"}).stdout.splitlines())
    assert facts["click"].strip().count(".") == 2
    assert facts["terminal"].strip() == "dumb (cannot show the screen)"
    assert facts["terminals"].strip() == "none"
    assert facts["colour"].strip().startswith("no")
    assert "layersheet" in facts["config"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_the_program(shell: str) -> None:
    script = run("completions", shell).stdout
    assert f"_LAYERSHEET_COMPLETE={shell}_complete" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_an_unknown_shell_is_a_usage_error() -> None:
    result = run("completions", "tcsh")
    assert result.exit_code == 2
    assert "'tcsh' is not one of" in result.stderr
