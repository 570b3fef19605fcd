"""Which objects in a Keras file are Keras's own: layers by their class, models, functions of ``keras.ops``.

A class of somebody else may have the name of one of Keras's; what counts is the module that it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

MODELS: Final = ("Functional", "Model", "Sequential", "Pipeline")
STORED: Final = "layersheet.stored"
"""The module of what is no layer: tensors of the network's own, which read source makes beside its layers."""
CHAINS: Final = ("Sequential", "Pipeline")
"""Models whose layers read each the one before."""
MODULES: Final = ("keras.", "tensorflow.keras.", "tensorflow.python.keras.", "tf.keras.", "tf_keras.")

_RANKED: Final = (
    "AdaptiveAveragePooling AdaptiveMaxPooling AveragePooling AvgPool Conv Convolution Cropping DepthwiseConv "
    "GlobalAveragePooling GlobalAvgPool GlobalMaxPool GlobalMaxPooling MaxPool MaxPooling SeparableConv "
    "SeparableConvolution SpatialDropout UpSampling ZeroPadding ConvLSTM"
)
_PLAIN: Final = (
    "Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention AugMix AutoContrast Average "
    "BatchNormalization BatchNormalizationV1 BatchNormalizationV2 Bidirectional CategoryEncoding CenterCrop "
    "Concatenate ContrastLimitedAdaptiveHistogramEqualization CuDNNGRU CuDNNLSTM CutMix Dense Discretization Dot "
    "Dropout ELU EinsumDense Embedding Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise "
    "GroupNormalization GroupQueryAttention GroupedQueryAttention HashedCrossing Hashing Identity InputLayer "
    "IntegerLookup LSTM LSTMCell LayerNormalization LeakyReLU Masking Maximum Minimum MixUp MultiHeadAttention "
    "Multiply Normalization PReLU Permute RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration "
    "RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur "
    "RandomGrayscale RandomHeight RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation "
    "RandomSaturation RandomSharpness RandomShear RandomTranslation RandomWidth RandomZoom ReLU RepeatVector "
    "Rescaling Reshape Resizing SimpleRNN SimpleRNNCell Softmax Solarization SpectralNormalization StackedRNNCells "
    "StringLookup Subtract SyncBatchNormalization TextVectorization ThresholdedReLU TimeDistributed "
    "UnitNormalization LayerScale CustomScaleLayer ReversibleEmbedding"
)
LAYERS: Final = frozenset((
    *_PLAIN.split(),
    *(f"{name}{rank}D" for name in _RANKED.split() for rank in (1, 2, 3)),
    *(f"{name}{rank}DTranspose" for name in ("Conv", "Convolution") for rank in (1, 2, 3)),
))  # fmt: skip
"""The layers of Keras 2 and 3 that are read. What is not here is opaque: its class may do anything."""

ALIASES: Final = {
    "CustomScaleLayer": "add", "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU", "SyncBatchNormalization": "BatchNormalization",
    "BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization",
    "GroupedQueryAttention": "GroupQueryAttention",
    "ContrastLimitedAdaptiveHistogramEqualization": "Equalization",
}  # fmt: skip
"""Classes that count as another one. InceptionResNetV2's CustomScaleLayer is a sum with a fixed factor."""

IMAGES: Final = frozenset(("Resizing", "CenterCrop", "RandomCrop"))
"""Layers of two spatial axes that do not have them in their names."""


def class_of(layer: Mapping[str, Any]) -> str:
    """The class as a file names it, without the prefixes of old versions."""
    name = str(layer.get("class_name"))
    return name.removeprefix("experimental.preprocessing.").removeprefix("experimental.")


def registered(layer: Mapping[str, Any]) -> str:
    """The name under which somebody registered a class of their own; empty for Keras's own."""
    name = layer.get("registered_name")
    return name if isinstance(name, str) and ">" in name else ""


def is_model(layer: Mapping[str, Any]) -> bool:
    """Whether the configuration holds layers: Keras's models, and subclasses of them that were made of layers."""
    config = layer.get("config")
    if layer.get("class_name") in MODELS:
        return True
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), list):
        return False
    return isinstance(config.get("input_layers"), list | Mapping) and "output_layers" in config


def is_function(layer: Mapping[str, Any]) -> bool:
    """Whether it is a function of ``keras.ops`` that stands as a node of its own."""
    module = layer.get("module")
    return isinstance(module, str) and _from_keras(module) and ".ops." in f"{module}."


def is_own(layer: Mapping[str, Any]) -> bool:
    """Whether it is a layer of Keras that is read; Keras 2 names no modules."""
    module = layer.get("module")
    if registered(layer) or class_of(layer) not in LAYERS:
        return False
    return not isinstance(module, str) or _from_keras(module)


def _from_keras(module: str) -> bool:
    return f"{module}.".startswith(MODULES)
