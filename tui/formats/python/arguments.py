"""``argparse`` in read Python source: a script that is run plainly has the defaults of its options."""

from __future__ import annotations

from typing import Any

from tui.formats.python.values import MISSING, Unknown

_SWITCHES = {"store_true": False, "store_false": True, "count": 0}


class Parser:
    """An ``ArgumentParser``, and its groups of arguments."""

    def __init__(self) -> None:
        self.defaults: dict[str, Any] = {}

    def attribute(self, name: str) -> Any:
        return MISSING

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        match name:
            case "add_argument":
                self._add(args, named)
                return None
            case "add_argument_group" | "add_mutually_exclusive_group":
                return self
            case "set_defaults":
                self.defaults.update(named)
                return None
            case "parse_args":
                return Options(self.defaults)
            case "parse_known_args":
                return (Options(self.defaults), [])
        return MISSING

    def _add(self, args: list[Any], named: dict[str, Any]) -> None:
        words = [word for word in args if isinstance(word, str)]
        longest = next((word for word in words if word.startswith("--")), words[0] if words else "")
        name = named.get("dest", longest.lstrip("-").replace("-", "_"))
        default = named.get("default", _SWITCHES.get(str(named.get("action"))))
        if isinstance(name, str) and name:
            self.defaults[name] = Unknown(f"args.{name}") if default is None else default


class Options:
    """What ``parse_args`` gives."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = dict(values)

    def attribute(self, name: str) -> Any:
        return self.values.get(name, Unknown(f"args.{name}"))

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name == "__setattr__":
            self.values[args[0]] = args[1]
            return None
        return MISSING
