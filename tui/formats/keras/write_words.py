"""What Keras has which argument for: types, names of functions, classes without weights or with a ``data_format``."""

from __future__ import annotations

import re
from typing import Final

FLOATS: Final = ("float32", "float16", "bfloat16", "float64")
"""What a Keras layer can keep its weights in."""

FUNCTION_WORDS: Final = {
    "leakyrelu": "leaky_relu", "hardsigmoid": "hard_sigmoid", "hardsilu": "hard_silu", "logsigmoid": "log_sigmoid",
    "hardtanh": "hard_tanh", "tanhshrink": "tanh_shrink", "hardshrink": "hard_shrink", "softshrink": "soft_shrink",
    "logsoftmax": "log_softmax", "sparseplus": "sparse_plus", "sparsesigmoid": "sparse_sigmoid",
}  # fmt: skip
"""The functions of ``keras.activations`` whose names have an underscore."""

NO_WEIGHTS: Final = re.compile(
    r"(Zero|Max|Average|Adaptive|Global|Up|Crop|Spatial|Gaussian|Alpha|Random)\w*|Add|Subtract|Multiply|Average|Maximum"
    r"|Minimum|Concatenate|Dot|Flatten|Reshape|Permute|RepeatVector|Activation|ReLU|LeakyReLU|ELU|Softmax|Dropout"
    r"|Identity|InputLayer"
)
"""The classes for which ``trainable`` says nothing."""

FORMATTED: Final = re.compile(
    r"(Conv|DepthwiseConv|SeparableConv|ConvLSTM)[123]D(Transpose)?|ZeroPadding[123]D|Flatten|Resizing|CenterCrop"
    r"|(Max|Average|AdaptiveMax|AdaptiveAverage|GlobalMax|GlobalAverage)Pooling[123]D"
    r"|(Cropping|UpSampling|SpatialDropout)[23]D|Random(?!Contrast|Brightness)\w+|MixUp|CutMix|RandAugment|AugMix"
    r"|Equalization"
)
"""The classes that have a ``data_format``."""

EACH_ELEMENT: Final = frozenset((
    "absolute", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "bitwise_not", "ceil", "clip",
    "cos", "cosh", "exp", "expm1", "floor", "isinf", "isnan", "log", "log1p", "negative", "logical_not",
    "reciprocal", "round", "sign", "sin", "sinh", "sqrt", "square", "tan", "erf", "rsqrt", "gelu", "hard_shrink",
    "soft_shrink", "threshold", "celu", "softplus", "squareplus", "add", "subtract", "multiply", "divide", "power",
    "cast", "sigmoid", "relu",
))  # fmt: skip
"""The functions that treat each step of a sequence by itself without being told so."""
