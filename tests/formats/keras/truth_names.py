"""The models that ``truth.py`` builds, by name, for tests that must not import Keras."""

from __future__ import annotations

APPLICATIONS = (
    "ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionResNetV2", "MobileNet",
    "MobileNetV2", "MobileNetV3Small", "NASNetMobile", "ResNet50V2",
)  # fmt: skip
OWN = ("branching", "sequences", "transfer", "quantized")
NAMES = (*APPLICATIONS, *OWN)
