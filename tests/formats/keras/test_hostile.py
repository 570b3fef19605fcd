"""Keras files made to break a reader: a clear error, or lines whose results come out. Nothing else may happen."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.formats.keras.outcome import json_outcome, outcome
from tests.formats.keras.written import CONV, INPUT, function, functional, layer, tensor
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.keras import draft as keras_draft
from tui.formats.keras.archive import MAX_CONFIG
from tui.formats.keras.json import read_archive, read_hdf5, read_json


def refused(model: Any) -> str:
    found = json_outcome(model)
    assert isinstance(found, str)
    return found


def taken(model: Any) -> Imported:
    found = json_outcome(model)
    assert isinstance(found, Imported)
    return found


def archive(members: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as file:
        for member, content in members:
            file.writestr(member, content)
    return data.getvalue()


MODEL = functional(INPUT, layer("a", "Conv2D", CONV, ["x"]))
PLAIN = json.dumps(MODEL).encode()


def test_a_bomb_is_not_unpacked() -> None:
    bomb = archive([("config.json", b" " * (MAX_CONFIG + 1))])
    assert len(bomb) < 100_000
    message = outcome(read_archive, bomb)
    assert isinstance(message, str)
    assert "the most that is read" in message
    inner = archive([("config.json", PLAIN), ("more.keras", bomb), ("config.json.keras", bomb)])
    assert isinstance(outcome(read_archive, inner), Imported)


def test_other_members_are_never_looked_at() -> None:
    names = ["../../etc/passwd", "/etc/passwd", "..\\config.json", "./config.json", "a/config.json", "CONFIG.JSON"]
    found = outcome(read_archive, archive([*((name, b"{") for name in names), ("config.json", PLAIN)]))
    assert isinstance(found, Imported)
    assert "there is no item" in str(outcome(read_archive, archive([(name, PLAIN) for name in names])))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_which_of_two_configurations_is_meant_cannot_be_known() -> None:
    found = outcome(read_archive, archive([("config.json", PLAIN), ("config.json", b"{}")]))
    assert "2 members called config.json" in str(found)


def test_a_link_an_encrypted_member_and_a_foreign_packing_are_refused() -> None:
    link = zipfile.ZipInfo("config.json")
    link.external_attr = 0o120777 << 16
    assert "links are not followed" in str(outcome(read_archive, archive([(link, b"/etc/passwd")])))
    locked = bytearray(archive([("config.json", PLAIN)]))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(mark) + place] |= 1
    assert "encrypted" in str(outcome(read_archive, bytes(locked)))
    foreign = archive([("config.json", PLAIN)], zipfile.ZIP_LZMA)
    assert "packed in a way that Keras does not use" in str(outcome(read_archive, foreign))


def test_a_table_of_contents_is_read_only_so_far() -> None:
    data = bytearray(archive([("config.json", PLAIN)]))
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = (2**31).to_bytes(4, "little")
    assert "table of contents" in str(outcome(read_archive, bytes(data)))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" * 1000, bytes(1000)])
def test_what_is_no_archive_is_a_file_error(data: bytes) -> None:
    assert "no Keras archive" in str(outcome(read_archive, data))


def test_hdf5_says_how_to_save_the_model() -> None:
    data = b"\x89HDF\r\n\x1a\n" + bytes(100)
    for read in (read_hdf5, read_archive, read_json):
        assert "model.save('model.keras')" in str(outcome(read, data))
    assert "no HDF5 file" in str(outcome(read_hdf5, b"other"))


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"null", b"[]", b"1", b'"x"', b'""', b"\xff\xfe", b"\x80\x04K\x01.", b"[" * 100_000,
     b'{"class_name": "Sequential", "config": ' * 50_000, b'{"a": 1' + b"1" * 10_000 + b"}", b"NaN"],
)  # fmt: skip
def test_what_is_no_model_is_a_file_error(data: bytes) -> None:
    assert isinstance(outcome(read_json, data), str)


def nested(leaf: list[Any], depth: int, calls: int) -> dict[str, Any]:
    """Models that call one inside them several times, and that the next."""
    model = functional(INPUT, *leaf, outputs=[leaf[-1]["name"] if leaf else "x", 0, 0])
    for _ in range(depth):
        model["config"]["input_layers"] = ["x", 0, 0]
        inside = layer("m", "Functional", model["config"], ["x"], *([("m", call)] for call in range(calls - 1)))
        model = functional(INPUT, inside, outputs=["m", calls, 0])
    return model


@pytest.mark.parametrize("leaf", [[layer("a", "ReLU", {}, ["x"])], []])
def test_models_inside_models_end(leaf: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_draft, "MOST_LINES", 3_000)
    assert "more than 32 deep" in refused(nested(leaf, 40, 1))
    assert "more than 3,000" in refused(nested(leaf, 30, 2))
    assert len(taken(nested(leaf, 5, 3)).lines) > 3**4


def test_a_large_argument_is_not_walked_again_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_draft, "MOST_LINES", 3_000)
    large = function("f", "Take", {"axis": 1}, tensor("x"), [[0] * 10_000])
    assert "more than 3,000" in refused(nested([large], 20, 2))


def test_a_million_layers_are_too_many() -> None:
    many = b'{"class_name": "Sequential", "config": {"layers": [%s]}}' % b",".join(
        [b'{"class_name": "ReLU"}'] * 1_000_000
    )
    assert f"more than {keras_draft.MOST_LINES:,} layers" in str(outcome(read_json, many))


def test_names_are_made_fit_and_the_report_says_so() -> None:
    names = [
        "a b",
        "\x1b[31mred",
        "[bold]x",
        "line\nbreak",
        "\u202eabc",
        "123",
        "off",
        "x" * 500,
        "#",
        "::",
        "é",
        "a@b",
    ]
    layers = [layer(name, "ReLU", {}, ["x"]) for name in names]
    found = taken(functional(INPUT, *layers))
    written = [line.name for line in found.lines if line.is_layer]
    assert len(set(written)) == len(names) + 1
    renamed = [notice for notice in found.notices if notice.grade == "renamed"]
    assert len(renamed) == len(names) - 1  # é is a letter
    assert all(line.error is None for line in found.lines)


def test_a_name_of_ten_megabytes_is_refused() -> None:
    assert "a name of more than" in refused(functional(INPUT, layer("x" * 10_000_000, "ReLU", {}, ["x"])))


@pytest.mark.parametrize("size", [10**30, 10**400, -1, 0, 2.5, "8", True, float("nan"), [8], {}])
def test_an_input_of_odd_sizes_is_a_marked_line(size: Any) -> None:
    odd = INPUT | {"config": {"batch_shape": [None, size, 8, 3]}}
    found = taken(functional(odd, layer("a", "Conv2D", CONV, ["x"])))
    assert [notice.grade for notice in found.notices] == ["refused"]
    assert found.lines[-2].error is not None


@pytest.mark.parametrize(
    "size", [10**30, 10**400, -1, 0, 2.5, "8", True, float("nan"), [8], {}, "os.system('x')", None]
)
@pytest.mark.parametrize("argument", ["filters", "kernel_size", "strides", "dilation_rate", "groups"])
def test_odd_arguments_are_marked_or_computed(argument: str, size: Any) -> None:
    taken(functional(INPUT, layer("a", "Conv2D", CONV | {argument: size}, ["x"]), layer("b", "ReLU", {}, ["a"])))


def test_sizes_that_grow_without_end_come_to_an_end() -> None:
    ups = [layer(f"u{i}", "UpSampling2D", {"size": 10**9}, [f"u{i - 1}" if i else "x"]) for i in range(300)]
    taken(functional(INPUT, *ups))
    free = INPUT | {"config": {"batch_shape": [None, None, None, 3]}}
    adds = [layer(f"u{i}", "Concatenate", {"axis": 1 + i % 2}, [*[f"u{i - 1}" if i else "x"] * 2]) for i in range(200)]
    taken(functional(free, *adds))


def test_calls_in_a_circle_and_calls_of_nothing_are_refused() -> None:
    circle = functional(INPUT, layer("a", "ReLU", {}, ["b"]), layer("b", "ReLU", {}, ["a"]))
    assert "in a circle" in refused(circle)
    assert "in a circle" in refused(functional(INPUT, layer("a", "ReLU", {}, ["a"])))
    assert "no layer before it makes" in refused(functional(INPUT, layer("a", "ReLU", {}, ["nobody"])))
    assert "two layers" in refused(functional(INPUT, layer("a", "ReLU", {}, ["x"]), layer("a", "ReLU", {}, ["x"])))


def test_another_call_that_is_given_nothing_is_a_marked_line() -> None:
    found = taken(functional(INPUT, layer("a", "Conv2D", CONV, ["x"], [])))
    assert [(notice.grade, notice.text) for notice in found.notices] == [
        ("refused", "another call of a is given 0 tensors")
    ]


CODE = {"class_name": "__lambda__", "config": {"code": "4wEAAAAAAAAAAAAAAAIAAAADAAAA8w==", "closure": None}}


@pytest.mark.parametrize(
    ("class_name", "config", "more"),
    [
        ("Lambda", {"function": CODE}, {"module": "keras.layers"}),
        ("Lambda", {"function": ["gASVCg==", None, None], "function_type": "lambda", "module": "os"}, {}),
        ("system", {"command": "touch pwned"}, {"module": "os", "registered_name": "os.system"}),
        ("Dense", {"units": 3}, {"module": "evil.layers", "registered_name": "evil>Dense"}),
        ("Dense", {"units": 3}, {"module": "kerasevil.layers", "registered_name": "Dense"}),
        ("TFSMLayer", {"filepath": "http://example.invalid/x"}, {"module": "keras.layers"}),
        ("TorchModuleWrapper", {"module": "gASVCg=="}, {"module": "keras.layers"}),
        ("TFOpLambda", {"function": "io.read_file"}, {}),
    ],
)
def test_code_is_shown_and_never_run(class_name: str, config: dict[str, Any], more: dict[str, Any]) -> None:
    odd = layer("a", class_name, config, ["x"]) | more
    found = taken(functional(INPUT, odd, layer("b", "ReLU", {}, ["a"])))
    assert [(notice.grade, notice.place) for notice in found.notices] == [("opaque", "a")]
    assert found.lines[1].text.startswith("a: opaque ")
    assert not Snapshot.of(found.lines).totals.complete
