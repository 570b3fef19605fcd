"""Print how many records of each framework's kinds are answered right: ``python -m tests.oracle``."""

from __future__ import annotations

from tests.oracle.answers import right
from tests.oracle.records import UNUSABLE, by_kind


def main() -> None:
    tried_all = right_all = 0
    for (name, kind), some in sorted(by_kind().items()):
        good = sum(right(name, record) for record in some)
        tried_all, right_all = tried_all + len(some), right_all + good
        print(f"{name:20} {kind:28} {good:4} of {len(some):4}" + ("" if good == len(some) else "   <"))
    print(f"{right_all} of {tried_all} right; left out: {len(UNUSABLE)}")
    for record, reason in UNUSABLE.items():
        print(f"  {record}: {reason}")


if __name__ == "__main__":
    main()
