"""Python source that is wrong, endless, huge or hostile: an honest result or one clear error; nothing is ever run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.formats.python.test_keras import HEAD, SOURCES
from tests.formats.torch.nets import MORE, NETS
from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.python import logic as python_logic
from tui.formats.python.paste import pasted
from tui.formats.python.source import MAX_SOURCE, read_python, read_text

TEXTS = [*(net["source"] for net in [*NETS.values(), *MORE.values()]), *(HEAD + text for text in SOURCES.values())]


def reads(text: str) -> Imported | None:
    """The only outcomes: something that can be computed, or FileError."""
    with suppress(FileError):
        made = read_text(text, "net.py")
        Snapshot.of(made.lines)
        return made
    return None


@pytest.fixture(autouse=True)
def fewer_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_logic, "MOST_STEPS", 30_000)


@pytest.mark.parametrize("seed", range(12))
def test_sources_with_parts_replaced(seed: int) -> None:
    random = Random(seed)
    words = ["0", "-1", "10**10**10", "None", "x", "self", "[]", "(1,)", "'a'", "True", "nn", "1e308", "lambda: 0"]
    for _ in range(12):
        text = random.choice(TEXTS)
        for _ in range(random.choice((1, 2, 5))):
            start = random.randrange(len(text))
            match random.randrange(4):
                case 0:  # one token for another
                    end = start + random.randrange(1, 8)
                    text = text[:start] + random.choice(words) + text[end:]
                case 1:  # a line taken away
                    lines = text.split("\n")
                    del lines[random.randrange(len(lines))]
                    text = "\n".join(lines)
                case 2:  # two lines exchanged
                    lines = text.split("\n")
                    i, j = random.randrange(len(lines)), random.randrange(len(lines))
                    lines[i], lines[j] = lines[j], lines[i]
                    text = "\n".join(lines)
                case 3:  # a number for another
                    text = text[:start] + text[start:].replace("3", random.choice(("0", "n", "-3", "10**30")), 1)
            text = text or " "
        reads(text)
        Snapshot.of(pasted(text).lines)


NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {}
    def forward(self, x):
        {}
"""
ENDLESS = [
    "while True: pass",
    "x = 10 ** 10 ** 10",
    "x = 'a' * 10 ** 12",
    "x = [0] * 10 ** 12",
    "x = 1 << 10 ** 12",
    "x = '%999999999d' % 1",
    "x = f'{1:999999999}'",
    "for i in range(10 ** 12): pass",
    "x = list(range(10 ** 9))",
    "x = [[[i for i in range(9999)] for j in range(9999)] for k in range(9999)]",
    "def f(n):\n    return f(n)\nf(1)",
    "x = [1]\nfor i in x:\n    x.append(i)",
    "x = [1, 2]\nfor i in range(99):\n    x = x + x",
    "x = 'ab'\nfor i in range(99):\n    x = x.replace('a', 'aaaa' * 99)",
    "x = (lambda f: f(f))(lambda f: f(f))",
    "x = {}\nfor i in range(10 ** 7):\n    x[i] = i",
    "import itertools\nx = list(itertools.product(range(999), range(999), range(999)))",
    "x = 9.9 ** 9999\ny = -x // 0",
]


@pytest.mark.parametrize("text", ENDLESS)
def test_endless_work_ends_and_the_network_below_is_read(text: str) -> None:
    made = reads(text + "\nmodel = nn.Sequential(nn.Linear(4, 2))\n")
    if "while" in text or "def f" in text or "lambda f" in text:  # reading stops there
        return
    assert made is not None or any(word in text for word in ("range(9999)", "append", "10 ** 7"))


@pytest.mark.parametrize("text", ENDLESS)
def test_endless_work_inside_a_network(text: str) -> None:
    if not text.startswith("def"):
        reads(NET.format(text.replace("\n", "\n        "), "return x"))
        reads(NET.format("self.a = nn.Linear(4, 2)", text.replace("\n", "\n        ") + "\n        return self.a(x)"))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "x = " + "(" * 150 + ")" * 150,
        "x = " + "-" * 100_000 + "1",
        "x = " + "+".join(["1"] * 30_000),
        "x = " + "[" * 90 + "]" * 90,
        "x = a" + ".b" * 30_000,
        "x = f" + "(1)" * 30_000,
        "if x:\n" + "".join(" " * i + "if x:\n" for i in range(1, 90)) + " " * 90 + "pass",
        "nn.Sequential(" * 80 + ")" * 80,
    ],
)
def test_deep_nesting(text: str) -> None:
    reads(text)
    pasted(text)


def test_a_very_long_source_is_told() -> None:
    with pytest.raises(FileError, match=f"more than {MAX_SOURCE:,} bytes of source"):
        read_python(b"x = 1\n" * 2_000_000, "net.py")


def test_a_long_source_is_read() -> None:
    layers = ",\n    ".join(["nn.Linear(8, 8)", "nn.ReLU()"] * 500)
    made = reads(f"model = nn.Sequential(\n    {layers}\n)")
    assert made is not None
    assert Snapshot.of(made.lines).totals.params == 500 * 72


def test_a_mistake_is_shown_with_its_line_and_a_caret() -> None:
    with pytest.raises(FileError, match=r"^net\.py, line 2, column 12: .*, at the caret in: x = nn\.ReLU\^\]$"):
        read_text("import torch\nx = nn.ReLU]\n", "net.py")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\0\0", "x = '\ud800'".encode("utf-8", "surrogatepass"), b""])
def test_no_text_and_no_network_are_told(data: bytes) -> None:
    with pytest.raises(FileError, match=r"net\.py"):
        read_python(data, "net.py")


def test_nothing_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    for run in (f"open({str(marker)!r}, 'w')", f"__import__('pathlib').Path({str(marker)!r}).touch()",
                f"eval('open({str(marker)!r}, \"w\")')", f"exec('open({str(marker)!r}, \"w\")')",
                f"().__class__.__base__.__subclasses__()[0]({str(marker)!r})",
                f"import os\nos.system('touch {marker}')", f"print(f'{{open({str(marker)!r}, \"w\")}}')",
                f"'{{0.__class__}}'.format(open({str(marker)!r}, 'w'))"):  # fmt: skip
        reads(f"{run}\nmodel = nn.Sequential(nn.Linear(4, 2))\n")
        body = run.replace("\n", "\n        ")
        reads(NET.format("self.a = nn.Linear(4, 2)", f"{body}\n        return self.a(x)"))
    assert not marker.exists()


def test_names_are_data() -> None:
    made = reads(HEAD + "x = keras.Input((4,), name='[red]a[/red]')\n"
                 "model = keras.Model(x, layers.Dense(3, name='\\x1b[2J\\nb@c #d')(x))\n")  # fmt: skip
    assert made is not None
    assert all("\x1b" not in line.text and "\n" not in line.text for line in made.lines)
    assert Snapshot.of(made.lines).totals.params == 15


def test_dimensions_of_any_size() -> None:
    made = reads("model = nn.Sequential(nn.Linear(10**30, 10**30))")
    assert made is not None
    (wrong, _) = [line.error.message for line in made.lines if line.error is not None]
    assert "10**18" in wrong


WRONG_OBJECTS = (
    "class A({}):\n    pass\nmodel = nn.Linear(2, 2)",
    "model = nn.Sequential(nn.Linear('a', 2))",
    "import keras\nclass A(keras.layers.Layer):\n    def call(self):\n        return 1\n"
    "model = keras.Sequential([keras.Input((4,)), A()])",
    "import keras\nclass A(keras.Model):\n    def call(self, x):\n        return x(3)(4)\nmodel = A()",
    "import keras\nmodel = keras.Sequential([keras.Input((4,)), 7, None])",
)


@pytest.mark.parametrize("source", WRONG_OBJECTS)
def test_objects_that_are_no_layers(source: str) -> None:
    """A clear error or an honest partial result, never anything else."""
    reads(f"from torch import nn\n{source}")
