"""A program in a pseudo-terminal: when it painted what, and the memory that it took."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ROOT: Final = Path(__file__).parents[2]
BARE: Final = (sys.executable, str(Path(__file__).with_name("bare.py")))
COLUMNS, ROWS = 120, 40
ASKS_FOR_FRAMES: Final = b"\x1b[?2026$p"
HAS_FRAMES: Final = b"\x1b[?2026;2$y"
FRAME_ENDS: Final = b"\x1b[?2026l"
PATIENCE: Final = 120.0
QUIET: Final = 0.06


def layersheet(*arguments: str) -> tuple[str, ...]:
    """The command that opens the program."""
    return (sys.executable, "-m", "tui", *arguments)


def environment(folder: Path) -> dict[str, str]:
    """The surroundings of a measured program: state and compiled modules in a folder of the run's own.

    Modules are compiled once, as an installation does, whatever the caller's environment says.
    """
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR", "TEXTUAL")}
    own = {"PYTHONPYCACHEPREFIX": str(folder / "modules"), "XDG_STATE_HOME": str(folder / "state")}
    return {**kept, **own, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Terminal:
    """Starts a program in a terminal of 120x40 which, like modern ones, knows where a frame ends."""

    def __init__(self, command: Sequence[str], surroundings: Mapping[str, str]) -> None:
        self._fd, inner = os.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, env=dict(surroundings), cwd=ROOT, start_new_session=True
        )
        os.close(inner)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._fd)

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the other end is closed
            return b""
        if ASKS_FOR_FRAMES in data:
            os.write(self._fd, HAS_FRAMES)
        return data

    def painted(self, text: str, *, whole_frame: bool = True) -> float:
        """Seconds since the start of the clock at which the text was on the screen, its frame complete.

        Raises RuntimeError where it does not come.
        """
        wanted, seen, at = text.encode(), b"", -1
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            seen += self._read(0.5)
            now = time.perf_counter()
            at = seen.find(wanted) if at < 0 else at
            if at >= 0 and (not whole_frame or FRAME_ENDS in seen[at:]):
                return now
            if self._process.poll() is not None:
                break
        raise RuntimeError(f"{text!r} was not painted; the last of what was: {seen[-500:]!r}")

    def start(self, text: str) -> float:
        """Milliseconds from the start of the process until the text is on the screen."""
        # The program cannot have asked yet whether the terminal knows frames.
        return (self.painted(text, whole_frame=False) - self.started) * 1e3

    def press(self, keys: str, text: str) -> float:
        """Milliseconds from a key press until the text is on the screen, then wait for the screen to rest."""
        begun = time.perf_counter()
        os.write(self._fd, keys.encode())
        taken = (self.painted(text) - begun) * 1e3
        self.rest()
        return taken

    def send(self, keys: str) -> None:
        """Press keys whose effect is not measured."""
        os.write(self._fd, keys.encode())
        self.rest()

    def rest(self, quiet: float = QUIET) -> None:
        """Wait until nothing is painted any more."""
        while self._read(quiet):
            pass

    def peak_memory(self) -> float | None:
        """The most memory that the process has held (resident set), in MiB; None where the system does not tell."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text("ascii", "replace")
        except OSError:
            return None
        line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
        return int(line.split()[1]) / 1024 if line is not None else None
