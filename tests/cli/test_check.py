"""``layersheet check``: budgets from the command line, from the file and of devices, and the exit codes."""

from __future__ import annotations

from tests.cli.command import BROKEN, run


def test_check_passes_fails_and_asks() -> None:
    kept = run("check", "lenet-5", "--max", "params=61706", "--max", "ram=64KiB")
    assert (kept.exit_code, kept.stdout.splitlines()[0]) == (0, "params: 61,706 of 61,706 (100%): ok")
    over = run("check", "lenet-5", "--max", "params=61.7k", "--max", "flash=1MB")
    assert over.exit_code == 3
    assert over.stdout.splitlines()[:2] == [
        "params: 61,706 of 61,700 (101%): OVER by 6",
        "  #8 fc1: dense 120: 48,120",
    ]
    assert over.stdout.splitlines()[-1] == "flash: 246,824 B of 1,000,000 B (25%): ok"
    free = run("check", "worked-example", "--max", "params=1M")
    assert free.exit_code == 1
    assert "params: depends on n; give a value with --set n=..." in free.stderr
    assert run("check", "worked-example", "--max", "params=1M", "--set", "n=10").exit_code == 0
    assert run("check", "worked-example", "--max", "params=1k").exit_code == 3  # over for every n
    assert run("check", "-", "--max", "params=1M", stdin=BROKEN).exit_code == 1
    assert run("check", "-", "--max", "params=1", stdin=BROKEN).exit_code == 3
    assert run("check", "-", "--max", "params=1", stdin="").exit_code == 2
    assert run("check", "lenet-5", "--max", "params=1KiB").exit_code == 2
    assert run("check", "lenet-5").exit_code == 2


def test_a_budget_line_that_does_not_read_is_said_where_there_is_no_other() -> None:
    result = run("check", "-", stdin="input 4\ndense 3\nbudget params=abc\n")
    assert result.exit_code == 2
    assert "'abc' is no quantity" in result.stderr
    assert "has no budget" in result.stderr


def test_of_two_budgets_for_one_thing_the_latter_holds() -> None:
    text = "budget params=10 device=arduino-uno\ninput 4\ndense 3\n"  # 4*3 weights and 3 biases
    own = run("check", "-", stdin=text)
    assert own.exit_code == 3
    assert own.stdout.splitlines()[:2] == ["params: 15 of 10 (150%): OVER by 5", "  #1 dense 3: 15"]
    # An Arduino Uno has 2 KiB of RAM, as its data sheet says; 4 inputs and 3 outputs of 4 bytes are live.
    assert "ram: 28 B of 2,048 B of the arduino-uno (2%): ok" in own.stdout
    given = run("check", "-", "--max", "params=10", "--max", "params=15", "--device", "esp32", stdin=text)
    assert given.exit_code == 0
    assert given.stdout.splitlines()[0] == "params: 15 of 15 (100%): ok"
    assert "arduino" not in given.stdout


def test_a_wrong_budget_is_said_with_its_option() -> None:
    for limit, reason in (
        ("params=1m", "did you mean M?"),
        ("parms=1M", "did you mean params?"),
        ("ram", "needs a limit"),
    ):
        result = run("check", "lenet-5", "--max", limit)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"layersheet: --max {limit}: ")
        assert reason in result.stderr
    assert run("check", "lenet-5", "--device", "esp33").stderr.startswith("layersheet: --device esp33: no device")


def test_what_it_asks_for_can_be_given() -> None:
    text = "let n = 2*m\ninput 4\ndense n\n"
    asked = run("check", "-", "--max", "params=20", stdin=text)
    assert asked.exit_code == 1
    assert "depends on m; give a value with --set m=..." in asked.stderr
    # m = 2: 4 units of 4 weights and a bias
    assert run("check", "-", "--max", "params=20", "--set", "m=2", stdin=text).stdout == "params: 20 of 20 (100%): ok\n"


def test_devices_are_listed_with_their_sources() -> None:
    lines = run("check", "--devices").stdout.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("arduino-uno "))
    assert "ram=2KiB flash=32KiB" in lines[place]
    assert "DS40002061" in lines[place + 1]
