"""The table of kinds: what each is in Keras. One kind is one line; a name of a class may hold the number of axes.

Sources: the constructors of ``keras.layers`` and the functions of ``keras.ops`` of Keras 3.15.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.formats.keras import write_attention as attention
from tui.formats.keras import write_blocks as blocks
from tui.formats.keras import write_frames as frames
from tui.formats.keras import write_images as images
from tui.formats.keras import write_norms as norms
from tui.formats.keras import write_plain as plain
from tui.formats.keras import write_pools as pools
from tui.formats.keras import write_recurrent as recurrent
from tui.formats.keras import write_shapes as shapes
from tui.formats.keras import write_sources as sources
from tui.formats.keras import write_sums as sums
from tui.formats.keras import write_windows as windows
from tui.formats.keras.write_plain import activation, by, clip, function, refused, softmax, with_numbers
from tui.formats.keras.write_refused import REFUSED
from tui.formats.keras.write_row import Row

_WINDOW: Final = "strides=1 padding=valid dilation_rate=1"
_ENDS: Final = "activation=linear use_bias=true"
_RUN: Final = "return_sequences=false return_state=false go_backwards=false"
_CELL: Final = "units! activation=tanh"
_GATES: Final = "recurrent_activation=sigmoid"
_BIAS: Final = "use_bias=true dropout=0 recurrent_dropout=0"
_LAYOUT: Final = "layers bidirectional merge_mode bias_vectors input_size batch_first unbatched states direction_axis"

LAYERS: Final[Mapping[str, Row]] = {
    "input": by(sources.inputs, everything=True),
    "conv": Row("Conv{n}D", f"filters! kernel_size! {_WINDOW} groups=1 {_ENDS}", "padding_mode in_channels",
                windows.convolution),
    "depthwise": Row("DepthwiseConv{n}D", f"kernel_size! {_WINDOW} depth_multiplier=1 {_ENDS}",
                     how=windows.convolution),
    "separable": Row("SeparableConv{n}D", f"filters! kernel_size! {_WINDOW} depth_multiplier=1 {_ENDS}",
                     how=windows.convolution),
    "convtranspose": Row("Conv{n}DTranspose", f"filters! kernel_size! {_WINDOW} output_padding=none {_ENDS}",
                         "groups output_size padding_mode in_channels", windows.transposed),
    "maxpool": Row("MaxPooling{n}D", "pool_size! strides=none padding=valid", "dilation ceil_mode return_indices",
                   pools.pool),
    "avgpool": Row("AveragePooling{n}D", "pool_size! strides=none padding=valid",
                   "dilation ceil_mode count_include_pad", pools.pool),
    "lppool": by(sums.lppool, everything=True),
    "globalmaxpool": Row("GlobalMaxPooling{n}D", "keepdims=false"),
    "globalavgpool": Row("GlobalAveragePooling{n}D", "keepdims=false"),
    "globallppool": by(sums.globallppool, everything=True),
    "adaptiveavgpool": Row("AdaptiveAveragePooling{n}D", "output_size!", how=pools.adaptive),
    "adaptivemaxpool": Row("AdaptiveMaxPooling{n}D", "output_size!", "return_indices", pools.adaptive),
    "dense": Row("Dense", f"units! {_ENDS} lora_rank=none", "in_features", sources.dense),
    "einsumdense": Row("EinsumDense", "equation! output_shape bias_axes=none activation=linear lora_rank=none",
                       how=sources.einsumdense),
    "embedding": Row("Embedding", "input_dim! output_dim! mask_zero=false lora_rank=none", "padding_idx",
                     sums.embedding),
    "embeddingbag": by(sums.embeddingbag, everything=True),
    "bilinear": by(sums.bilinear, everything=True),
    "batchnorm": Row("BatchNormalization", "axis=-1 momentum epsilon center=true scale=true",
                     "num_features affine track_running_stats", norms.batchnorm),
    "layernorm": Row("LayerNormalization", "axis=-1 epsilon center=true scale=true",
                     "normalized_shape affine rms_scaling", norms.layernorm),
    "groupnorm": Row("GroupNormalization", "groups! axis=-1 epsilon center=true scale=true", "num_channels affine",
                     norms.groupnorm),
    "instancenorm": Row("GroupNormalization", "groups axis=-1 epsilon center=true scale=true",
                        "num_features affine track_running_stats momentum", norms.instancenorm),
    "rmsnorm": Row("RMSNormalization", "axis=-1 epsilon", "normalized_shape affine", norms.rmsnorm),
    "unitnorm": Row("UnitNormalization", "axis=-1", "order", norms.unitnorm),
    "normalization": Row("Normalization", "axis=-1", "fixed", norms.normalization),
    "spectralnorm": by(norms.spectralnorm, everything=True),
    "meanvariancenorm": by(sums.meanvariance, everything=True),
    "localresponsenorm": by(sums.localresponse, everything=True),
    "dropout": Row("Dropout", "rate!"),
    "spatialdropout": Row("SpatialDropout{n}D", "rate!", how=images.spatialdropout),
    "alphadropout": Row("AlphaDropout", "rate!"),
    "featurealphadropout": by(images.rate_of_shape("AlphaDropout", "space"), "rate"),
    "gaussiandropout": Row("GaussianDropout", "rate!"),
    "gaussiannoise": Row("GaussianNoise", "stddev!"),
    "droppath": by(images.rate_of_shape("Dropout", "all"), "rate"),
    "activityregularization": Row("ActivityRegularization", "l1=0 l2=0"),
    "add": Row("Add", how=images.merge),
    "subtract": Row("Subtract", how=images.merge),
    "multiply": Row("Multiply", how=images.merge),
    "average": Row("Average", how=images.merge),
    "maximum": Row("Maximum", how=images.merge),
    "minimum": Row("Minimum", how=images.merge),
    "concat": Row("Concatenate", "axis=-1", how=images.concat),
    "dot": Row("Dot", "axes! normalize=false", how=sums.dot),
    "flatten": by(shapes.flatten, everything=True),
    "reshape": by(shapes.to_output, everything=True),
    "unflatten": by(shapes.to_output, everything=True),
    "permute": by(shapes.permute, everything=True),
    "repeatvector": Row("RepeatVector", "n!"),
    "pad": by(frames.pad, everything=True),
    "reflectionpad": by(frames.pad, everything=True),
    "replicationpad": by(frames.pad, everything=True),
    "circularpad": by(frames.pad, everything=True),
    "crop": by(frames.crop, everything=True),
    "upsample": Row("UpSampling{n}D", "size! interpolation=nearest", "scale mode", images.upsample),
    "upsampling": Row("UpSampling{n}D", "size! interpolation=nearest", "mode", images.upsample),
    "resizing": Row("Resizing", "height! width! interpolation=bilinear", how=images.resizing),
    "centercrop": Row("CenterCrop", "height! width!"),
    "centercroppad": by(images.centercroppad, everything=True),
    "rescaling": Row("Rescaling", "scale! offset=0"),
    "masking": Row("Masking", "mask_value=0"),
    "identity": Row("Identity"),
    "categoryencoding": Row("CategoryEncoding", "num_tokens output_mode=multi_hot"),
    "rnn": Row("SimpleRNN", f"{_CELL} {_BIAS} {_RUN}", _LAYOUT, recurrent.recurrent),
    "lstm": Row("LSTM", f"{_CELL} {_GATES} {_BIAS} {_RUN}", f"{_LAYOUT} proj_size peephole", recurrent.recurrent),
    "gru": Row("GRU", f"{_CELL} {_GATES} {_BIAS} {_RUN} reset_after", _LAYOUT, recurrent.recurrent),
    "stackedrnn": Row("RNN", _RUN, "cells bidirectional merge_mode bias input_size", recurrent.stacked_cells),
    "rnncell": Row("SimpleRNN", f"{_CELL} {_BIAS}", "bias_vectors input_size", recurrent.cell),
    "lstmcell": Row("LSTM", f"{_CELL} {_GATES} {_BIAS}", "bias_vectors input_size", recurrent.cell),
    "grucell": Row("GRU", f"{_CELL} {_GATES} {_BIAS} reset_after", "bias_vectors input_size", recurrent.cell),
    "convlstm": Row("ConvLSTM{n}D", f"filters! kernel_size! {_WINDOW} activation=tanh {_GATES} {_BIAS} {_RUN}",
                    "bidirectional merge_mode", recurrent.convlstm),
    "multiheadattention": by(attention.multihead, everything=True),
    "attention": Row("Attention", "use_scale=false score_mode=dot dropout=0",
                     "heads kv_heads mask return_scores return_present causal", attention.weighed),
    "additiveattention": Row("AdditiveAttention", "use_scale=true dropout=0", "mask return_scores causal",
                             attention.weighed),
    "transformerencoder": by(blocks.transformer, everything=True),
    "transformerdecoder": by(blocks.transformer, everything=True),
    "transformer": by(blocks.transformer, everything=True),
    "positionembedding": by(blocks.positionembedding, everything=True),
    "classtoken": by(blocks.classtoken, everything=True),
    "parameter": by(blocks.parameter, everything=True),
    "layerscale": by(sums.layerscale, everything=True),
    "squeezeexcitation": by(sums.squeezeexcitation, everything=True),
}  # fmt: skip
"""Kinds that are layers, or are built of them."""

ACTIVATIONS: Final[Mapping[str, Row]] = {
    "activation": Row("Activation", "activation!"),
    "relu": Row("ReLU", "max_value=none negative_slope=0 threshold=0"),
    "relu6": by(sources.relu6),
    "leakyrelu": Row("LeakyReLU", "negative_slope", how=sources.leakyrelu),
    "elu": Row("ELU", "alpha=1"),
    "prelu": by(norms.prelu, everything=True),
    "thresholdedrelu": by(sources.thresholded, everything=True),
    "softmax": by(softmax("Softmax", "softmax"), "axis"),
    "softmax2d": by(norms.softmax_of_channels),
    "softmin": by(plain.softmin, "axis"),
    "logsoftmax": by(softmax("log_softmax", "log_softmax"), "axis"),
    "sparsemax": by(softmax("sparsemax", "sparsemax"), "axis"),
    "hardmax": by(plain.hardmax, "axis"),
    "rrelu": refused("a slope that is random while training", "write leakyrelu with the mean of both slopes"),
    "threshold": function("threshold", "threshold default_value"),
    "celu": with_numbers("celu", "celu", alpha="alpha"),
    "selu": by(plain.selu, everything=True),
    "gelu": by(plain.gelu, "approximate"),
    "silu": activation("silu"),
    "mish": activation("mish"),
    "sigmoid": activation("sigmoid"),
    "hardsigmoid": by(plain.hard_sigmoid, everything=True),
    "hardsilu": activation("hard_silu"),
    "logsigmoid": activation("log_sigmoid"),
    "tanh": activation("tanh"),
    "hardtanh": by(clip("min_val", "max_val", "hard_tanh"), everything=True),
    "tanhshrink": activation("tanh_shrink"),
    "hardshrink": with_numbers("hard_shrink", "hard_shrink", threshold="lambd"),
    "softshrink": with_numbers("soft_shrink", "soft_shrink", threshold="lambd"),
    "shrink": by(plain.shrink, everything=True),
    "softplus": by(plain.softplus, everything=True),
    "softsign": activation("softsign"),
    "squareplus": with_numbers("squareplus", "squareplus", b="b"),
    "sparseplus": activation("sparse_plus"),
    "sparsesigmoid": activation("sparse_sigmoid"),
    "exponential": activation("exponential"),
    "glu": function("glu", "axis"),
}  # fmt: skip

_ONE_FUNCTION: Final = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan",
    "atanh": "arctanh", "bitwisenot": "bitwise_not", "neg": "negative", "not": "logical_not", "divide": "divide",
    "floordivide": "floor_divide", "power": "power", "mod": "mod", "equal": "equal", "notequal": "not_equal",
    "greater": "greater", "greaterorequal": "greater_equal",
    "less": "less", "lessorequal": "less_equal", "and": "logical_and",
    "or": "logical_or", "xor": "logical_xor", "bitwiseand": "bitwise_and", "bitwiseor": "bitwise_or",
    "bitwisexor": "bitwise_xor", "bitshift": "bitwise_left_shift", "matmul": "matmul", "where": "where",
    **{name: name for name in (
        "ceil", "cos", "cosh", "erf", "expm1", "floor", "isinf", "isnan", "log", "log1p", "reciprocal", "round",
        "rsqrt", "sign", "sin", "sinh", "sqrt", "square", "tan",
    )},
}  # fmt: skip
"""Kinds that are one function of ``keras.ops``, without arguments."""

OPERATIONS: Final[Mapping[str, Row]] = {
    **{kind: function(name) for kind, name in _ONE_FUNCTION.items()},
    "clip": by(clip("min", "max"), everything=True),
    "cast": by(sources.cast, everything=True),
    "stack": by(sources.stack, everything=True),
    "einsum": by(sums.einsum, everything=True),
    "pointwise": by(sources.pointwise, everything=True),
    "gemm": by(sums.gemm, everything=True),
    "cosinesimilarity": by(sums.cosine, everything=True),
    "pairwisedistance": by(sums.distance, everything=True),
    **{f"reduce{name}": by(sums.reduction(name), everything=True) for name in (
        "mean", "sum", "max", "min", "prod", "std", "var", "median", "any", "all")},
    "reducel1": by(sums.reduction("sum", "absolute"), everything=True),
    "reducel2": by(sums.reduction("sum", "square", "sqrt"), everything=True),
    "reducelogsum": by(sums.reduction("sum", after="log"), everything=True),
    "reducelogsumexp": by(sums.reduction("logsumexp"), everything=True),
    "reducesumsquare": by(sums.reduction("sum", "square"), everything=True),
    "argmax": by(sums.arg("argmax"), everything=True),
    "argmin": by(sums.arg("argmin"), everything=True),
    "topk": by(sums.topk, everything=True),
    "cumsum": by(sums.running("cumsum", "subtract"), everything=True),
    "cumprod": by(sums.running("cumprod", "divide"), everything=True),
    "squeeze": by(shapes.squeeze, everything=True),
    "unsqueeze": by(shapes.unsqueeze, everything=True),
    "expand": by(shapes.expand, everything=True),
    "slice": by(shapes.slices, everything=True),
    "split": by(shapes.split, everything=True),
    "tile": by(shapes.tile, everything=True),
    "trilu": by(shapes.trilu, everything=True),
    "reverse": by(shapes.reverse, everything=True),
    "gather": by(shapes.taken("take"), everything=True),
    "gatherelements": by(shapes.taken("take_along_axis"), everything=True),
    "onehot": by(shapes.onehot, everything=True),
    "pixelshuffle": by(frames.pixelshuffle, everything=True),
    "pixelunshuffle": by(frames.pixelunshuffle, everything=True),
    "channelshuffle": by(frames.channelshuffle, everything=True),
    "unfold": by(frames.unfold, everything=True),
    "fold": by(frames.fold, everything=True),
}  # fmt: skip

TABLE: Final[Mapping[str, Row]] = {**LAYERS, **sources.AUGMENTATIONS, **ACTIVATIONS, **OPERATIONS, **REFUSED}
"""Every kind; those that Keras cannot say are told why."""
