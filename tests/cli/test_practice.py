"""The command that practises: a session through a pipe."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result

from tests.cli import command

CONV = "input 39x31x1\nconv 20 4x4\n"


def run(*args: str, answers: str = "") -> Result:
    return command.run("practice", *args, stdin=answers)


def test_a_session(tmp_path: Path) -> None:
    file = tmp_path / "net.layers"
    file.write_text(CONV)
    # (39 - 4)/1 + 1 = 36; 4*4*1*20 + 20 = 340, of which 20 are biases
    result = run(str(file), answers="39x31x20\n?\n320\n")
    assert result.exit_code == 0
    out = result.stdout
    assert "#1  conv 20 4x4\n" in out
    assert "1/2 output shape, without the batch, such as 28x28x16: 39x31x20\n" in out
    assert "Wrong: 39x31x20; it is 36x28x20\n" in out
    assert "the stride instead of the kernel (floor((39 - 1)/1) + 1 = 39)" in out
    assert "H' = floor((H - kH)/s) + 1 = floor((39 - 4)/1) + 1 = 36\n" in out
    assert "kernel = kH*kW*C*filters\n" in out
    assert "you forgot the bias (4*4*1*20 = 320)" in out
    assert "Score: 0 of 2 (0 %)" in out
    assert "1 x forgot the bias\n" in out
    assert "  #1  conv 20 4x4: shape, parameters\n" in out


def test_right_answers_score() -> None:
    result = run("worked-example", "--count", "4", answers="36 28 20\n4*4*20\n18x14x20\n0\n")
    assert "Score: 4 of 4 (100 %)" in result.stdout
    assert "Missed" not in result.stdout
    result = run("worked-example", "--questions", "macs", "--count", "1", answers="320*36*28\n")
    assert "Score: 1 of 1 (100 %)" in result.stdout


def test_the_end_of_the_pipe_and_q_end_it() -> None:
    for answers in ("36x28x20\n", "36x28x20\nq\n-\n"):
        result = run("worked-example", answers=answers)
        assert result.exit_code == 0
        assert "Score: 1 of 1 (100 %)" in result.stdout
        assert "17 of 18 questions not asked" in result.stdout


def test_what_does_not_read_is_asked_again() -> None:
    result = run("worked-example", "--count", "1", answers="abc\n\n36x\n36x28x20\n")
    assert "abc is no symbol of the network" in result.stderr
    assert "there is no answer yet" in result.stderr
    assert "Score: 1 of 1" in result.stdout


def test_seed_mixes(tmp_path: Path) -> None:
    one, two = (run("lenet-5", "--seed", seed, "--count", "1", answers="-\n").stdout for seed in ("1", "2"))
    assert one == run("lenet-5", "--seed", "1", "--count", "1", answers="-\n").stdout
    assert one != two


def test_refusals(tmp_path: Path) -> None:
    assert "write some of shape, params, macs, field" in run("lenet-5", "--questions", "shapes").stderr
    assert run("lenet-5", "--questions", "").exit_code == 2
    assert "the network must be in a file" in run("-").stderr
    empty = tmp_path / "empty.layers"
    empty.write_text("input 3\n")
    result = run(str(empty))
    assert result.exit_code == 2
    assert "no layer to ask about" in result.stderr


def test_errors_of_the_network_are_said_and_the_rest_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "net.layers"
    file.write_text(CONV + "cnv 4\n")
    result = run(str(file), answers="36x28x20\n340\n")
    assert result.exit_code == 1
    assert "did you mean conv" in result.stderr
    assert "Score: 2 of 2" in result.stdout


def test_a_symbol_called_q_is_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "net.layers"
    file.write_text("input 4\ndense q\n")
    assert "Score: 2 of 2" in run(str(file), answers="q\n5q\n").stdout


def test_a_network_with_errors_alone_says_them(tmp_path: Path) -> None:
    path = tmp_path / "broken.layers"
    path.write_text("input 8x8x3\nconv 4 9x9\n")
    result = run(str(path))
    assert result.exit_code == 1
    assert "9x9" in result.stderr
