"""Run in a process of its own: builds models in real Keras and prints their JSON with what Keras says of them.

Shapes that the JSON states for results are taken out, so that what is read must be computed. The NumPy backend
knows shapes without making weights of random numbers matter; importing Keras costs seconds, hence the process.
"""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "numpy"
sys.path.insert(0, str(Path(__file__).parent.parent.parent.parent))

import keras
from keras import layers, ops

from tests.formats.keras.nets import without_shapes
from tests.formats.keras.truth_names import APPLICATIONS, OWN


def elements(weights: Any) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def said(model: Any) -> dict[str, Any]:
    """Every layer by its full name: its class, the shapes of each call's outputs, its parameters."""
    found: list[Any] = []

    def walk(inner: Any, prefix: str) -> None:
        for layer in inner.layers:
            if isinstance(layer, keras.Model):
                walk(layer, f"{prefix}{layer.name}.")
                continue
            calls = [[list(tensor.shape) for tensor in node.output_tensors] for node in layer._inbound_nodes]
            counts = elements(layer.trainable_weights), elements(layer.non_trainable_weights)
            found.append([prefix + layer.name, type(layer).__name__, calls, *counts])

    walk(model, "")
    layered = {layer.name for layer in model.layers}
    functions = [[operation.name, [list(tensor.shape) for tensor in operation._inbound_nodes[0].output_tensors]]
                 for operation in getattr(model, "operations", []) if operation.name not in layered]  # fmt: skip
    totals = [elements(model.trainable_weights), elements(model.non_trainable_weights)]
    return {"layers": found, "functions": functions, "totals": totals}


def branching() -> Any:
    """Shared, frozen and nested models, layers of several lines called twice, functions of keras.ops."""
    image = keras.Input((16, 16, 3), name="image")
    tower = keras.Sequential([layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization()], name="tower")
    normed = layers.SpectralNormalization(layers.Conv2D(4, 3, padding="same"), name="normed")
    turned = layers.Conv2D(16, 3, padding="same", data_format="channels_first", name="turned")
    inner_image = keras.Input((16, 16, 4), name="inner_image")
    made = [layers.Conv2D(4, 1, name="c")(inner_image), layers.MaxPooling2D()(inner_image)]
    inner = keras.Model(inner_image, made, name="inner")
    inner.trainable = False
    a, b = tower(image), tower(ops.flip(image, 1))
    kept, pooled = inner(a)
    again, _ = inner(b)
    x = normed(normed(kept + 2.0 * again))
    x = turned(turned(x))[:, 2:-2, ::2]
    x = ops.concatenate([ops.mean(x, axis=(1, 2)), ops.max(pooled, axis=(1, 2))], axis=-1)
    return keras.Model(image, layers.Dense(3)(x))


def sequences() -> Any:
    """States, masks, attention by names, wrappers around models."""
    words, video = keras.Input((7,), dtype="int32", name="words"), keras.Input((7, 8, 8, 3), name="video")
    cnn = keras.Sequential([layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()], name="cnn")
    frames = layers.TimeDistributed(cnn, name="frames")(video)
    text = layers.Embedding(20, 6, mask_zero=True, name="table")(words)
    out = layers.Bidirectional(layers.LSTM(5, return_sequences=True, return_state=True), name="both")(text)
    seen = layers.MultiHeadAttention(2, 3, name="look")(key=frames, value=frames, query=out[0])
    decoded = layers.GRU(5, return_sequences=True, name="decoder")(seen, initial_state=out[1])
    scores = ops.softmax(ops.matmul(decoded, ops.transpose(decoded, (0, 2, 1))), axis=-1)
    return keras.Model([words, video], layers.Dense(2)(ops.einsum("bij,bjk->bik", scores, decoded)[:, -1]))


def transfer() -> Any:
    """A frozen backbone below a new head, as in Keras's guide to transfer learning."""
    backbone = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(96, 96, 3))
    backbone.trainable = False
    return keras.Sequential([
        keras.Input((96, 96, 3)), layers.RandomFlip(), layers.Rescaling(1 / 127.5, offset=-1), backbone,
        layers.GlobalAveragePooling2D(), layers.Dropout(0.2), layers.Dense(5),
    ])  # fmt: skip


def quantized() -> Any:
    words = keras.Input((7,), dtype="int32")
    model = keras.Sequential([words, layers.Embedding(9, 4), layers.Flatten(), layers.Dense(6)])
    model.quantize("int8")
    return model


def main() -> None:
    for name in APPLICATIONS:
        emit(name, getattr(keras.applications, name)(weights=None))
    for name in OWN:
        emit(name, globals()[name]())


def emit(name: str, model: Any) -> None:
    print(json.dumps({"name": name, "model": without_shapes(json.loads(model.to_json())), **said(model)}))
    keras.utils.clear_session()


if __name__ == "__main__":
    sys.exit(main())
