"""Every layer and operator of the frameworks that these families cover goes by its name there."""

from __future__ import annotations

from importlib import import_module

import pytest

from tui.core.kind import Kind
from tui.formats.line import parse_line
from tui.layers import FAMILIES, KINDS, kind_named

TORCH = """
    Identity Linear Bilinear LazyLinear Flatten Unflatten Embedding EmbeddingBag CosineSimilarity PairwiseDistance
    ELU Hardshrink Hardsigmoid Hardtanh Hardswish LeakyReLU LogSigmoid PReLU ReLU ReLU6 RReLU SELU CELU GELU Sigmoid
    SiLU Mish Softplus Softshrink Softsign Tanh Tanhshrink Threshold GLU Softmin Softmax Softmax2d LogSoftmax
    BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d GroupNorm SyncBatchNorm
    InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LayerNorm
    LocalResponseNorm RMSNorm Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout
"""
KERAS = """
    Dense EinsumDense Embedding Masking Activation ReLU LeakyReLU PReLU ELU Softmax Add Subtract Multiply Average
    Maximum Minimum Concatenate Dot Flatten Reshape Permute RepeatVector Identity BatchNormalization
    LayerNormalization GroupNormalization RMSNormalization UnitNormalization SpectralNormalization Normalization
    Dropout AlphaDropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D SpatialDropout3D
    ActivityRegularization Rescaling CategoryEncoding Discretization Hashing IntegerLookup StringLookup
    RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomErasing RandomFlip
    RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom RandAugment AugMix AutoContrast CutMix
    MixUp Equalization Solarization RandomElasticTransform
"""
ONNX = """
    Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh BatchNormalization Bernoulli BitShift BitwiseAnd
    BitwiseNot BitwiseOr BitwiseXor Cast CastLike Ceil Celu Clip Compress Concat Constant ConstantOfShape Cos Cosh
    CumSum DequantizeLinear Div Dropout Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor Gather GatherElements
    GatherND Gelu Gemm Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Hardmax Identity
    InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
    LpNormalization MatMul MatMulInteger Max Mean MeanVarianceNormalization Min Mish Mod Mul Neg NonZero Not OneHot Or
    PRelu Pow QuantizeLinear RMSNormalization RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range
    Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
    ReduceSumSquare Relu Reshape ReverseSequence Round ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin
    Sinh Size Slice Softmax Softplus Softsign Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile TopK
    Transpose Trilu Unsqueeze Where Xor
"""

ARGUMENTS = [
    ("Linear", "in_features out_features bias"),
    ("Bilinear", "in1_features in2_features out_features bias"),
    ("Dense", "units activation use_bias lora_rank"),
    ("EinsumDense", "equation output_shape activation bias_axes lora_rank"),
    ("Embedding", "num_embeddings embedding_dim padding_idx input_dim output_dim mask_zero lora_rank"),
    ("EmbeddingBag", "num_embeddings embedding_dim mode padding_idx include_last_offset"),
    ("BatchNorm2d", "num_features eps momentum affine track_running_stats"),
    ("BatchNormalization", "axis momentum epsilon center scale"),
    ("LayerNorm", "normalized_shape eps elementwise_affine bias"),
    ("LayerNormalization", "axis epsilon center scale"),
    ("GroupNorm", "num_groups num_channels eps affine"),
    ("GroupNormalization", "groups axis epsilon center scale"),
    ("InstanceNorm2d", "num_features eps momentum affine track_running_stats"),
    ("RMSNorm", "normalized_shape eps elementwise_affine axis epsilon"),
    ("LRN", "size alpha beta bias k"),
    ("SpectralNormalization", "power_iterations"),
    ("LpNormalization", "axis p order"),
    ("MeanVarianceNormalization", "axes"),
    ("Flatten", "start_dim end_dim axis"),
    ("Unflatten", "dim unflattened_size"),
    ("Reshape", "target_shape allowzero"),
    ("Permute", "dims"),
    ("Transpose", "perm"),
    ("RepeatVector", "n"),
    ("Concatenate", "axis"),
    ("cat", "dim"),
    ("Dot", "axes normalize"),
    ("Gemm", "transA transB alpha beta"),
    ("Dropout", "rate p ratio"),
    ("GaussianNoise", "stddev"),
    ("ReLU", "max_value negative_slope threshold"),
    ("LeakyReLU", "negative_slope alpha"),
    ("ELU", "alpha"),
    ("PReLU", "num_parameters shared_axes"),
    ("Softmax", "axis dim"),
    ("GLU", "dim"),
    ("Split", "axis num_outputs split"),
    ("Slice", "starts ends axes steps"),
    ("ReduceMean", "axes keepdims keepdim dim noop_with_empty_axes"),
    ("ArgMax", "axis keepdims select_last_index"),
    ("TopK", "axis largest sorted k"),
    ("OneHot", "depth axis"),
    ("Trilu", "upper"),
    ("CumSum", "exclusive reverse"),
    ("CosineSimilarity", "dim"),
    ("PairwiseDistance", "p keepdim"),
    ("Cast", "to"),
    ("Rescaling", "scale offset"),
]


@pytest.mark.parametrize("names", [TORCH, KERAS, ONNX], ids=["torch", "keras", "onnx"])
def test_every_class_and_operator_is_a_kind(names: str) -> None:
    assert [name for name in names.split() if kind_named(name) is None] == []


@pytest.mark.parametrize(("name", "arguments"), ARGUMENTS)
def test_the_arguments_go_by_their_names_too(name: str, arguments: str) -> None:
    named = kind_named(name)
    assert named is not None
    assert [argument for argument in arguments.split() if argument not in named[0].by_name] == []


def test_no_name_means_two_kinds() -> None:
    """The catalogue keeps the last of two kinds with one name; the other could not be written."""
    owners: dict[str, set[str]] = {}
    for family in FAMILIES:
        module = import_module(f"tui.layers.{family}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Kind) and kind.name and kind.__module__ == module.__name__:
                for name in (kind.name, *kind.aliases):
                    owners.setdefault(name, set()).add(kind.name)
    assert {name: kinds for name, kinds in owners.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_the_example_of_every_kind_reads_and_is_of_that_kind(kind: type[Kind]) -> None:
    line = parse_line(kind.example)
    assert line.error is None, line.error
    assert line.spec is not None
    assert line.spec.kind is kind
    assert parse_line(line.text).text == line.text
