"""Styles of Keras source that tutorials and books have. Totals are those of Keras 3.15 for the same text, or the
arithmetic that stands beside them."""

from __future__ import annotations

import pytest

from tests.formats.made import codes
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.python.source import read_text

HEAD = "import keras\nfrom keras import layers, ops\nimport tensorflow as tf\nimport numpy as np\n"


def read(source: str) -> Imported:
    return read_text(HEAD + source, "net.py")


def counts(made: Imported) -> tuple[object, object]:
    totals = Snapshot.of(made.lines).totals
    assert totals.complete
    return totals.params, totals.trainable


UNIT = """
class Unit(keras.layers.Layer):
    def __init__(self, filters, strides=1, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.main = [layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False),
                     layers.BatchNormalization(), self.activation]
        self.skip = []
        if strides > 1:
            self.skip = [layers.Conv2D(filters, 1, strides=strides, use_bias=False)]
    def call(self, inputs):
        x = inputs
        for layer in self.main:
            x = layer(x)
        y = inputs
        for layer in self.skip:
            y = layer(y)
        return self.activation(x + y)
model = keras.Sequential([layers.Conv2D(8, 3, input_shape=[16, 16, 3])])
for filters in (8, 16):
    model.add(Unit(filters, strides=1 if filters == 8 else 2))
model.add(layers.GlobalAveragePooling2D())
"""


def test_layers_of_the_source_stand_in_a_sequential_model() -> None:
    made = read(UNIT)
    names = [code.partition(":")[0] for code in codes(made)]
    assert [name for name in names if name.startswith("unit")] == [
        "unit.main.0", "unit.main.1", "unit_1.main.0", "unit_1.main.1", "unit_1.skip.0",
    ]  # fmt: skip
    convs = (9 * 3 * 8 + 8) + 9 * 8 * 8 + 9 * 8 * 16 + 8 * 16
    assert counts(made) == (convs + 4 * 8 + 4 * 16, convs + 2 * 8 + 2 * 16)


WEIGHTS = """
class Linear(keras.layers.Layer):
    def __init__(self, units=32):
        super().__init__()
        self.units = units
    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable={trainable})
    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b
x = inputs = keras.Input((64,))
for units in (32, 4):
    x = Linear(units)(x)
model = keras.Model(inputs, x)
"""


@pytest.mark.parametrize("trainable", [True, False])
def test_weights_that_a_layer_adds_itself(trainable: bool) -> None:
    made = read(WEIGHTS.replace("{trainable}", str(trainable)))
    matrices = 64 * 32 + 32 * 4
    assert counts(made) == (matrices + 36, matrices + 36 * trainable)
    assert "linear.w: parameter 64x32" in codes(made)
    assert Snapshot.of(made.lines).totals.macs == matrices


POSITIONS = """
class Embed(layers.Layer):
    def __init__(self, length, words, width):
        super().__init__()
        self.token_emb = layers.Embedding(words, width)
        self.pos_emb = layers.Embedding(length, width)
    def call(self, x):
        positions = ops.arange(start=0, stop=ops.shape(x)[-1], step=1)
        return self.token_emb(x) + self.pos_emb(positions)
inputs = layers.Input(shape=(20,))
x = Embed(20, 100, 8)(inputs)
model = keras.Model(inputs, layers.GlobalAveragePooling1D()(x))
"""


def test_ranges_are_constants() -> None:
    made = read(POSITIONS)
    assert counts(made) == (120 * 8, 120 * 8)
    assert [code for code in codes(made) if "constant" in code] == ["constant: constant 20 dtype=int32"]


def test_tables_of_numpy_are_constants_of_their_shape() -> None:
    source = """
def encoding(length, depth):
    depth = depth / 2
    positions = np.arange(length)[:, np.newaxis]
    depths = np.arange(depth)[np.newaxis, :] / depth
    angles = positions * (1 / (10000**depths))
    return tf.cast(np.concatenate([np.sin(angles), np.cos(angles)], axis=-1), dtype=tf.float32)
table = encoding(50, 8)
inputs = keras.Input((20, 8))
x = inputs * tf.math.sqrt(tf.cast(8, tf.float32)) + table[tf.newaxis, :20, :]
model = keras.Model(inputs, x)
"""
    made = read(source)
    assert [one.grade for one in made.notices if one.grade == "opaque"] == []
    assert [code.partition(": ")[2] for code in codes(made)][2] == "constant 1x20x8"


SUBCLASS = """
class MyModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv1 = layers.Conv2D(32, 3, activation="relu")
        self.flatten = layers.Flatten()
        self.d2 = layers.Dense(10)
    def call(self, x):
        return self.d2(self.flatten(self.conv1(x)))
model = MyModel()
"""


def test_a_model_without_a_shape_has_symbols() -> None:
    made = read(SUBCLASS)
    assert codes(made)[0] == "input_layer: input HxWxC"
    bound = Snapshot.of([*made.lines, *read_text_lines("let H = 28\nlet W = 28\nlet C = 1")])
    # Keras for 28x28x1: 320 + 26*26*32*10 + 10.
    assert bound.totals.params == 320 + 216_330
    assert "HxWxC is taken, as Conv2D reads that" in made.notices[0].text


def read_text_lines(text: str) -> list[object]:
    from tui.formats.document import parse_document

    return list(parse_document(text))


@pytest.mark.parametrize("build", ["model.build((None, 28, 28, 1))", "model(tf.zeros((1, 28, 28, 1)))"])
def test_a_call_or_build_says_the_shape(build: str) -> None:
    made = read(f"{SUBCLASS}{build}\n")
    assert codes(made)[0] == "input_layer: input 28x28x1"
    assert counts(made)[0] == 320 + 216_330


def test_several_inputs_of_a_call() -> None:
    source = """
class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = layers.Dense(3), layers.Dense(3)
    def call(self, inputs):
        x, y = inputs
        return self.a(x) + self.b(y)
net = Two()
out = net((tf.zeros((2, 4)), tf.zeros((2, 5))))
"""
    made = read(source)
    assert codes(made)[:2] == ["input_layer: input 4", "input_layer_1: input 5"]
    assert counts(made)[0] == 15 + 18


def test_an_object_that_only_trains_others_is_not_the_network() -> None:
    source = """
generator = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(2)], name="generator")
class GAN(keras.Model):
    def __init__(self, generator):
        super().__init__()
        self.generator = generator
model = GAN(generator)
"""
    assert counts(read(source))[0] == 8 * 4 + 4 + 4 * 2 + 2


def test_a_model_that_is_not_read_has_its_name() -> None:
    source = """
base = keras.applications.Xception(include_top=False)
inputs = keras.Input((150, 150, 3))
model = keras.Model(inputs, layers.GlobalAveragePooling2D()(base(inputs)))
"""
    made = read(source)
    assert any("opaque Xception" in code for code in codes(made))


def test_what_reads_something_unknown_waits_under_its_own_name() -> None:
    source = """
import other
inputs = keras.Input((8,))
x = other.strange(inputs)
model = keras.Model(inputs, layers.Dense(2)(x + inputs))
"""
    assert [code.split()[1] for code in codes(read(source))] == ["input", "opaque", "add", "dense"]


def test_a_table_that_is_used_backwards_is_a_tied_dense_layer() -> None:
    source = """
inputs = keras.Input((12,), dtype="int64")
table = layers.ReversibleEmbedding(100, 16)
x = layers.Dense(16)(table(inputs))
model = keras.Model(inputs, table(x, reverse=True))
"""
    made = read(source)
    assert codes(made)[-1].endswith("dense 100 bias=false tied=kernel@reversible_embedding")
    assert counts(made)[0] == 1_600 + 272
