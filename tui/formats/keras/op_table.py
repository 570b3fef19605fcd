"""Functions of ``keras.ops`` that need no rule: what each is called here."""

from __future__ import annotations

from typing import Final

_BY_THEIR_NAMES: Final = (
    "Abs Absolute Sign Floor Ceil Round Reciprocal Sqrt Rsqrt Square Log Log1p Expm1 Erf Exp Sin Cos Tan Sinh Cosh "
    "Arcsin Arccos Arctan Arcsinh Arccosh Arctanh Tanh Isnan Isinf Relu Relu6 Sigmoid Softplus Softsign Silu "
    "HardSilu HardSigmoid HardTanh TanhShrink LogSigmoid SparsePlus SparseSigmoid Squareplus Selu Gelu Celu Elu "
    "SoftShrink HardShrink Threshold LeakyRelu Glu"
)
SAME: Final = {
    **{name: name.lower() for name in _BY_THEIR_NAMES.split()},
    "Fabs": "abs", "Negative": "neg", "LogicalNot": "not", "BitwiseNot": "bitwisenot", "BitwiseInvert": "bitwisenot",
    "Copy": "identity", "StopGradient": "identity", "ConvertToTensor": "identity", "Array": "identity",
    "Conj": "identity", "Conjugate": "identity", "Real": "identity", "View": "identity",
    "ZerosLike": "like", "OnesLike": "like", "EmptyLike": "like", "FullLike": "like",
    "ScatterUpdate": "scatter", "SliceUpdate": "scatter", "Size": "size",
}  # fmt: skip
"""Functions of one tensor that one kind is; the arguments that the kind knows go with it."""

_WITHOUT_A_KIND: Final = (
    "Angle Cbrt Deg2rad Rad2deg Exp2 Erfc Erfinv I0 Imag Isfinite Isneginf Isposinf Isreal Log10 Log2 NanToNum "
    "Signbit Sinc Trunc BatchNorm LayerNorm RMSNorm AffineTransform PerspectiveTransform GaussianBlur "
    "ElasticTransform RGBToHSV HSVToRGB Arctan2 Heaviside Gcd Lcm Hypot Isclose Ldexp Logaddexp Logaddexp2 "
    "Nextafter DivideNoNan Digitize Argsort Argpartition Sort Select Cross BinaryCrossentropy Inv Cholesky"
)
NAMED: Final = frozenset(_WITHOUT_A_KIND.split())
"""Functions that keep the shape of their first tensor, or broadcast two, and that have no kind of their own."""

PAIRS: Final = {
    "Add": "add", "Subtract": "subtract", "Multiply": "multiply", "Divide": "divide", "TrueDivide": "divide",
    "FloorDivide": "floordivide", "Power": "power", "Mod": "mod", "Fmod": "mod", "Maximum": "maximum",
    "Fmax": "maximum", "Minimum": "minimum", "Fmin": "minimum", "Equal": "equal", "NotEqual": "notequal",
    "Greater": "greater", "GreaterEqual": "greaterorequal", "Less": "less", "LessEqual": "lessorequal",
    "LogicalAnd": "and", "LogicalOr": "or", "LogicalXor": "xor", "BitwiseAnd": "bitwiseand",
    "BitwiseOr": "bitwiseor", "BitwiseXor": "bitwisexor", "LeftShift": "bitshift", "RightShift": "bitshift",
    "BitwiseLeftShift": "bitshift", "BitwiseRightShift": "bitshift",
}  # fmt: skip

REDUCTIONS: Final = {
    "Mean": "reducemean", "Sum": "reducesum", "Max": "reducemax", "Min": "reducemin", "Prod": "reduceprod",
    "Std": "reducestd", "Var": "reducevar", "All": "reduceall", "Any": "reduceany", "Amax": "reducemax",
    "Amin": "reducemin", "Logsumexp": "reducelogsumexp", "Nanmax": "reducemax", "Nanmin": "reducemin",
    "Nanmean": "reducemean", "Nansum": "reducesum", "Nanprod": "reduceprod", "Nanstd": "reducestd",
    "Nanvar": "reducevar", "CountNonzero": "reducesum", "Median": "reducemedian",
    "Nanmedian": "reducemedian", "Average": "reducemean",
}  # fmt: skip
