"""The line of symbols: what they are, what they must be, and the memory as far as there is room."""

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.ui.panels import memory_text, symbols_text, totals_text

HALVED = "input HxWx3\na: conv k 3x3 padding=same\nmaxpool 2\nupsample 2\nadd @a\n"


def symbols_line(width: int) -> str:
    snapshot = Snapshot.of(parse_document(HALVED))
    memory = memory_text(snapshot.totals, snapshot.peak, None)
    return symbols_text(snapshot.symbols, snapshot.conditions, memory, width).plain


def test_what_must_hold_between_symbols_is_shown_where_there_is_room() -> None:
    # 2*(H//2) rows are added to H rows: an even number.
    assert "H = ? (>= 2)  W = ? (>= 2)  k = ?  (b binds)  ? H % 2 = 0  ? W % 2 = 0" in symbols_line(120)
    assert "? W % 2" not in symbols_line(60)
    assert len(symbols_line(60)) <= 60


def test_a_long_peak_leaves_room_for_the_rest() -> None:
    assert "peak (by H, W and k) B | weights 112*k B" in symbols_line(140)


def test_where_the_peak_is_is_told_of_a_peak_alone() -> None:
    def line(text: str) -> str:
        snapshot = Snapshot.of(parse_document(text))
        return memory_text(snapshot.totals, snapshot.peak, snapshot.peak.row)

    # 28*28 values of 4 bytes; then a layer that does not fit, with nothing above it.
    assert line("input 28x28x1").startswith("peak 3,136 B at #0 |")
    assert line("conv 8 5x5").startswith("peak >= 0 B |")


def test_a_free_symbol_says_its_key_wherever_it_stands() -> None:
    def line(text: str) -> str:
        return symbols_text(Snapshot.of(parse_document(text)).symbols, (), "", 80).plain

    assert "(b binds)" in line("let z = 3\ninput a\ndense z\n")
    assert "(b binds)" in line("let a = 3\ninput a\ndense z\n")
    assert "(b binds)" not in line("let a = 3\nlet z = 4\ninput a\ndense z\n")


def test_totals_say_what_differs_from_the_parameters() -> None:
    # A batch norm of 4 channels: scale and shift, and two statistics that Keras counts and PyTorch keeps beside them.
    text = "input 5x5x4\nbatchnorm\n"
    keras, torch = (Snapshot.of(parse_document(head + text)).totals for head in ("", "set counting=pytorch\n"))
    assert totals_text(keras, 80).plain.startswith(" TOTAL  params 16 | trainable 8 | MACs 0 | FLOPs 0")
    assert totals_text(torch, 80).plain.startswith(" TOTAL  params 8 | MACs 0 | buffers 9 | FLOPs 0")
    assert totals_text(keras, 40).plain == " TOTAL  params 16 | trainable 8 | MACs 0"
