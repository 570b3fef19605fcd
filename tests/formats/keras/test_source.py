"""Keras source as a person would write it. The expected texts are written by hand, in Black's style."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.keras.judge import network, source_of
from tui.formats.imported import unwatched
from tui.formats.keras.write import program_of
from tui.formats.keras.write_black import WIDTH
from tui.formats.keras.write_source import as_source
from tui.formats.writers import TARGETS, write


def body(text: str) -> str:
    """The source below its imports."""
    return source_of(text).split("\n\n", 1)[1]


def test_a_chain_is_a_sequential_model() -> None:
    assert source_of("input 28x28x1\nconv 20 4x4 activation=relu bias=false\nmaxpool 2\nflatten\nfc: dense 10\n") == (
        """\
# 29,130 parameters
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(20, (4, 4), activation="relu", use_bias=False),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, name="fc"),
    ],
    name="net",
)
"""
    )  # 4*4*20 = 320 and 12*12*20*10 + 10 = 28,810


def test_branches_have_names_and_chains_are_x() -> None:
    text = "input 8x8x4\nskip: conv 4 1x1\nrelu\nconv 4 3x3 padding=same\nbatchnorm\nadd @skip\nrelu\n"
    assert source_of(text) == (
        """\
# 184 parameters: 176 trainable, 8 not
import keras
from keras import layers

inputs = keras.Input(shape=(8, 8, 4))
skip = layers.Conv2D(4, (1, 1), name="skip")(inputs)
x = layers.ReLU()(skip)
x = layers.Conv2D(4, (3, 3), padding="same")(x)
x = layers.BatchNormalization(momentum=0.99, epsilon=0.001)(x)
x = layers.Add()([x, skip])
outputs = layers.ReLU()(x)

model = keras.Model(inputs, outputs, name="net")
"""
    )


def test_a_layer_that_is_called_again_has_a_variable() -> None:
    assert body("a: input 8\nb: input 8\nd: dense 3\ncall d @a\n") == (
        """\
a = keras.Input(shape=(8,), name="a")
b = keras.Input(shape=(8,), name="b")
d_layer = layers.Dense(3, name="d")
d = d_layer(b)
call1 = d_layer(a)

model = keras.Model([a, b], [d, call1], name="net")
"""
    )


def test_functions_and_several_outputs() -> None:
    assert body("input 6x8\ns: split 2 axis=1\nsubtract @s @s:1\nexpm1\nslice start=1 axis=1\n") == (
        '''\
inputs = keras.Input(shape=(6, 8))
s, s_1 = ops.split(inputs, 2, axis=1)
x = layers.Subtract()([s, s_1])
x = ops.expm1(x)
outputs = x[:, 1:]

model = keras.Model(inputs, outputs, name="net")
'''
    )  # fmt: skip


def test_long_calls_are_broken_as_black_does() -> None:
    text = (
        "set data_format=channels_first\nfirst_image_of_the_pair: input 3x8x8\nsecond_image_of_the_pair: input 3x8x8\n"
        "the_convolution: conv 64 3x3 padding=1 stride=1 groups=1 activation=leakyrelu bias=false\n"
        "joined: concat @first_image_of_the_pair @second_image_of_the_pair @the_convolution\n"
    )
    assert body(text) == (
        """\
first_image_of_the_pair = keras.Input(shape=(3, 8, 8), name="first_image_of_the_pair")
second_image_of_the_pair = keras.Input(shape=(3, 8, 8), name="second_image_of_the_pair")
x = layers.Conv2D(
    64,
    (3, 3),
    padding="same",
    activation="leaky_relu",
    use_bias=False,
    data_format="channels_first",
    name="the_convolution",
)(second_image_of_the_pair)
outputs = layers.Concatenate(axis=1, name="joined")(
    [first_image_of_the_pair, second_image_of_the_pair, x]
)

model = keras.Model(
    [first_image_of_the_pair, second_image_of_the_pair], outputs, name="net"
)
"""
    )


def test_a_wrapper_holds_its_layer() -> None:
    assert "layers.Bidirectional(layers.LSTM(4, return_sequences=True))," in body(
        "input 5x8\nlstm 4 bidirectional=true return_sequences=true\ndense 2\n"
    )
    assert 'layers.TimeDistributed(layers.Dense(3), name="d"),' in body(
        "input 5x8x2\nd: dense 3 timedistributed=true\nrelu\n"
    )


def test_groups_are_comments() -> None:
    chain = "input 4\nstem.fc: dense 3\nrelu\nhead.fc: dense 2\n"
    assert [line.strip() for line in body(chain).split("\n") if "#" in line] == ["# stem", "# head"]
    assert body(chain + "add @stem.fc @stem.fc\nlast: dense 1\n").split("\n\n")[1:3] == [
        '# stem\nstem_fc = layers.Dense(3, name="stem_fc")(inputs)\nx = layers.ReLU()(stem_fc)',
        '# head\nhead_fc = layers.Dense(2, name="head_fc")(x)\nx = layers.Add()([stem_fc, stem_fc])',
    ]


def test_names_are_legal_and_unique() -> None:
    source = body(
        "input 4\nstage1.a: dense 3\nstage1_a: dense 3\n한글: dense 3\nmodel: dense 2\nskip: dense 2 @stage1.a\n"
    )
    assert 'name="stage1_a_2"' in source
    assert 'name="layer"' in source
    assert source.count('name="stage1_a"') == 1
    compile(source, "net.py", "exec")


def test_what_is_said_in_other_terms_is_reported() -> None:
    written = write(TARGETS["keras"], network(
        "set data_format=channels_first\ninput 3x224x224\nstem.conv: conv 64 7x7 stride=2 padding=3\nbn: batchnorm "
        "epsilon=0.00001 momentum=0.9\nrelu\npool: maxpool 3 stride=2 padding=1\nflatten\n"), "net")  # fmt: skip
    told = {(notice.place, notice.text.split(":")[0]) for notice in written.notices}
    assert told == {
        ("stem.conv", "the padding is a ZeroPadding layer before the layer"),
        ("stem.conv", "its Keras name has letters, digits and underscores only"),
        ("bn", "epsilon=1e-05 is written out"),
        ("bn", "momentum=0.9 is what Keras keeps of the old; PyTorch names the rest"),
        ("pool", "the padding is a ZeroPadding layer before the pool"),
        ("flatten1", "the elements stay in their order, channels first"),
    }


def test_many_places_of_one_remark_are_one_entry() -> None:
    text = "input 8x8x4\n" + "conv 4 3x3 padding=1\n" * 5
    (notice,) = write(TARGETS["keras"], network(text), "net").notices
    assert notice.place == "conv1, conv2, conv3 and 2 more"


WORDS = st.text("abc_.-/XY09한글é", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True), WORDS)
def test_any_names_give_python_that_parses(names: list[str], model: str) -> None:
    good = [name for name in names if name.strip("0123456789.-/_") != ""]
    text = "input 4\n" + "".join(f"{name}: dense 4\n" for name in good)
    try:
        snapshot = network(text)
    except AssertionError:
        return  # not a name here
    program = program_of(snapshot, model, unwatched)
    source = as_source(program)
    tree = ast.parse(source)
    named = [node.value.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "name"]
    named.remove(program.name)
    assert len(named) == len(set(named))
    assert all(name.isascii() and name.replace("_", "a").isalnum() for name in named)
    assert max(map(len, source.split("\n"))) <= WIDTH
