"""The commands (to come)."""


def main() -> None:
    raise SystemExit(0)
