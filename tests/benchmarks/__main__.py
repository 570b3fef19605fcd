"""Measures the program and prints ratios with their goals: ``python -m tests.benchmarks``.

Exit codes: 0 all goals are met, 1 one is missed or was not measured, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

from tests.benchmarks import engine, imports, peer, screen, sweeps
from tests.benchmarks.goals import Benchmark, Options, Outcome, table

ROUNDS: Final = 7
BENCHMARKS: Final[dict[str, Benchmark]] = {
    "start": screen.start,
    "keys": screen.keys,
    "onnx": engine.shape_inference,
    "edit": engine.edit,
    "symbols": engine.symbols,
    "sweep": sweeps.million,
    "import": imports.growth,
    "torchinfo": peer.rerun,
    "import-torchinfo": imports.resnet_152,
}


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds, default and fewest {ROUNDS}")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="one JSON object for each ratio")
    parser.add_argument(
        "--torch-python", default=sys.executable, metavar="PATH", help="a Python that has torch and torchinfo"
    )
    given = parser.parse_args(arguments)
    if given.rounds < 2:
        parser.error("--rounds: a median needs at least 2")
    options = Options(given.rounds, given.torch_python)
    outcomes: list[Outcome] = []
    failed = False
    for name, benchmark in BENCHMARKS.items():
        if given.only is None or name in given.only:
            print(f"{name} ...", file=sys.stderr)
            try:
                outcomes += benchmark(options)
            except (RuntimeError, ValueError) as error:  # the others took minutes: what they measured is told
                failed = True
                print(f"{name} was not measured: {error}", file=sys.stderr)
    if given.json:
        print("\n".join(json.dumps(outcome.record()) for outcome in outcomes))
    else:
        print(table(outcomes))
    return int(failed or any(outcome.verdict == "MISS" for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
