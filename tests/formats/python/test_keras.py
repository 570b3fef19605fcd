"""Keras source is read as Keras builds it: the same text is run in real Keras, and every shape and count compared."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.formats.made import codes
from tests.formats.torch.nets import judged
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.python.source import read_text

os.environ.setdefault("KERAS_BACKEND", "numpy")
HEAD = "import keras\nfrom keras import layers\n"


def read(source: str) -> Imported:
    return read_text(source, "net.py")


SOURCES = {
    "sequential": """
model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
    layers.MaxPooling2D(pool_size=(2, 2)),
    layers.BatchNormalization(),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
""",
    "added": """
model = keras.models.Sequential()
model.add(keras.Input((20, 6)))
for width in [8, 16]:
    model.add(layers.Conv1D(width, 3, padding="causal", dilation_rate=2))
    model.add(layers.LeakyReLU())
model.add(layers.GRU(5, return_sequences=True))
model.add(layers.Bidirectional(layers.LSTM(4)))
model.add(layers.Dense(3))
""",
    "residual": """
def block(x, filters, stride=1):
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    if stride != 1 or x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1, strides=stride)(x)
    return layers.Activation("relu")(layers.add([x, y]))

inputs = keras.Input((32, 32, 3), name="image")
x = layers.Rescaling(1 / 255)(inputs)
for i, filters in enumerate([16, 32]):
    for _ in range(2):
        x = block(x, filters, stride=2 if i and _ == 0 else 1)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10)(x)
model = keras.Model(inputs, outputs)
""",
    "ops": """
a = keras.Input((8, 4))
b = keras.Input((8, 4))
shared = layers.Dense(6)
x = shared(a) + shared(b)
x = keras.ops.concatenate([x, keras.ops.relu(x)], axis=-1)
x = keras.ops.mean(x * 2 - 1, axis=1, keepdims=True)
x = keras.ops.squeeze(x, axis=1)
y = layers.Concatenate()([x, layers.Flatten()(a)[:, 3:9]])
model = keras.Model([a, b], layers.Dense(2)(y))
""",
    "nested": """
encoder_in = keras.Input((28, 28, 1))
x = layers.Conv2D(8, 3, activation="relu")(encoder_in)
encoder = keras.Model(encoder_in, layers.GlobalMaxPooling2D()(x), name="encoder")
decoder_in = keras.Input((8,))
y = layers.Conv2DTranspose(1, 3)(layers.Reshape((4, 2, 1))(decoder_in))
decoder = keras.Model(decoder_in, y, name="decoder")
image = keras.Input((28, 28, 1))
model = keras.Model(image, decoder(encoder(image)))
""",
    "attention": """
tokens = keras.Input((12,), dtype="int32")
x = layers.Embedding(100, 16)(tokens)
for _ in range(2):
    y = layers.MultiHeadAttention(num_heads=4, key_dim=4)(x, x)
    x = layers.LayerNormalization()(x + y)
    z = keras.Sequential([layers.Dense(32, activation="gelu"), layers.Dense(16)])(x)
    x = layers.LayerNormalization()(x + z)
model = keras.Model(tokens, layers.Dense(100)(x))
""",
    "function": """
def make_model(classes=7):
    inputs = keras.Input((16, 16, 3))
    x = layers.SeparableConv2D(12, 3, padding="same")(inputs)
    x = layers.DepthwiseConv2D(3)(x)
    x = layers.Lambda(lambda t: t * 2)(x)
    return keras.Model(inputs, layers.Dense(classes)(layers.Flatten()(x)))
""",
    "class": """
class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden = [layers.Dense(units) for _ in range(2)]
        self.out = layers.Dense(3)
    def call(self, x, training=False):
        for layer in self.hidden:
            x = keras.ops.relu(layer(x))
        return self.out(x)
model = Net(8)
model.build((None, 5))
""",
}


@pytest.mark.filterwarnings("ignore")  # of Keras, which builds on zeros
@pytest.mark.parametrize("name", SOURCES)
def test_keras_says_the_same(name: str) -> None:
    keras = pytest.importorskip("keras")
    space: dict[str, Any] = {}
    exec(HEAD + SOURCES[name], space)  # the text above, which is ours
    model = space["model"] if "model" in space else space["make_model"]()
    if name == "class":
        model(keras.Input((5,)))  # its weights are made with its first call only
    snapshot = judged(read(HEAD + SOURCES[name]))
    assert snapshot.totals.params == model.count_params()
    trainable = sum(keras.ops.size(weight) for weight in model.trainable_weights)
    assert snapshot.totals.trainable == trainable
    last = snapshot.result(len(snapshot.lines) - 1)
    assert last is not None
    if name != "class":
        assert [None, *last.outputs[0].shape[1:]] == list(model.output_shape)
    assert snapshot.totals.complete


def test_imports_of_tensorflow_are_the_same() -> None:
    head = "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n"
    ours = judged(read(head + SOURCES["residual"])).totals
    assert ours == judged(read(HEAD + SOURCES["residual"])).totals


def test_names_stay_and_others_are_those_of_keras() -> None:
    made = read(SOURCES["residual"])  # without imports too
    names = [line.name for line in made.lines if line.spec is not None]
    assert names[:6] == ["image", "rescaling", "conv2d", "batch_normalization", "conv2d_1", "add"]


def test_the_training_around_a_model_is_nobodys_concern() -> None:
    made = read(
        HEAD + "(x_train, y_train), _ = keras.datasets.mnist.load_data()\nx_train = x_train.reshape(-1, 784) / 255\n"
        + "model = keras.Sequential([layers.Dense(4, input_shape=(784,))])\nmodel.compile(optimizer='adam')\n"
        + "for epoch in range(10):\n    model.fit(x_train, y_train, callbacks=[keras.callbacks.EarlyStopping()])\n"
        + "print(f'{model.evaluate(x_train)[1]:.3f}')\n"
    )  # fmt: skip
    assert codes(made) == ["input: input 784", "dense: dense 4"]
    assert made.notices == ()


def test_a_custom_layer_is_opaque_and_the_rest_is_read() -> None:
    made = read(
        HEAD + "x = keras.Input((8,))\ny = layers.Dense(4)(x)\ny = thirdparty.Thing(3)(y)\n"
        "model = keras.Model(x, layers.Dense(2)(y))\n"
    )
    assert [code.split()[1] for code in codes(made)] == ["input", "dense", "opaque", "dense"]
    assert any(one.grade == "opaque" and "thirdparty.Thing" in one.text for one in made.notices)
    assert not Snapshot.of(made.lines).totals.complete


def test_a_shape_that_a_function_is_not_given() -> None:
    made = read(
        HEAD + "def build(input_shape, classes):\n    x = keras.Input(input_shape)\n"
        "    y = layers.Conv2D(4, 3)(x)\n    return keras.Model(x, y)\n"
    )
    assert codes(made)[0].endswith("input n1xn2x3")
    assert made.notices[0].text == "no line gives input_shape: (None, None, 3) is taken"
