"""Lines with the arguments of the kinds, by family, and the inputs that they are tried on."""

from __future__ import annotations

from typing import Final

IMAGES: Final = ("input 13x11x6", "set data_format=channels_first\ninput 6x13x11", "input HxWx6")
SIZED: Final = IMAGES[:2]
TURNED: Final = (*IMAGES, "input 13x11x6\nconv 6 3")
SEQUENCES: Final = ("input 10x12", "set batch=3\ninput 10x12", "input Tx12", "set counting=pytorch\ninput 10x12")
VECTORS: Final = ("input 12", "set batch=2\ninput 12")
LINES_OF: Final = ("input 13x6", "set data_format=channels_first\ninput 6x13")
VOLUMES: Final = ("input 5x6x7x6", "set data_format=channels_first\ninput 6x5x6x7")
PAIRS: Final = (
    "a: input 9x7x4\nb: input 9x7x4", "set data_format=channels_first\na: input 4x9x7\nb: input 4x9x7",
    "a0: input 9x7x4\na: conv 4 3 padding=same @a0\nb: input 9x7x4", "a: input HxWx4\nb: input HxWx4",
)  # fmt: skip
_PADDINGS: Final = ("valid", "same", "same_lower", "1", "1x2", "0:1x2:0")
_WAYS: Final = ("", "bidirectional=true", "go_backwards=true", *(f"bidirectional=true merge_mode={m}" for m in (
    "sum", "mul", "ave", "none")))  # fmt: skip
_STATES: Final = ("", "return_sequences=true", "return_state=true", "return_sequences=true return_state=true")
_ACTIVATIONS: Final = (
    "relu6", "leakyrelu", "elu", "celu", "selu", "gelu", "silu", "mish", "hardsigmoid", "hardsilu", "logsigmoid",
    "hardtanh", "tanhshrink", "hardshrink", "softshrink", "softplus", "softsign", "softmax", "logsoftmax", "sparsemax",
    "squareplus", "sparseplus", "sparsesigmoid", "exponential", "threshold",
)  # fmt: skip
_JOINS: Final = (
    "add", "subtract", "multiply", "divide", "floordivide", "power", "mod", "average", "maximum", "minimum", "equal",
    "notequal", "greater", "lessorequal", "and", "or", "xor", "bitwiseand", "bitshift", "concat", "cosinesimilarity",
    "pairwisedistance", "stack", "concat axis=1",
)  # fmt: skip

LINES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "conv": (IMAGES, (
        *(f"{kind} padding={p} {rest}" for kind in ("conv 4 3", "depthwise 3 2", "separable 5 3 depth_multiplier=2")
          for p in _PADDINGS for rest in ("", "stride=2", "dilation=2", "stride=2x1 dilation=1x2")),
        "conv 4 3 bias=false activation=softmax", "conv 6 3 groups=2", "conv 4 3 dtype=float16",
        *(f"conv 4 3 padding=1 padding_mode={mode}" for mode in ("reflect", "replicate", "circular")),
    )),
    "conv of other ranks": ((*LINES_OF, *VOLUMES), (
        "conv 4 3 stride=2 padding=same", "maxpool 2", "avgpool 2 stride=1", "lppool 2", "globalavgpool", "batchnorm",
        "globalmaxpool keepdims=true", "instancenorm affine=true", "groupnorm 2", "upsample 2", "upsampling 3",
        "upsample 2 mode=linear", "convtranspose 4 3 stride=2 padding=1 output_padding=1", "localresponsenorm 5",
        "adaptiveavgpool 3", "reflectionpad 1", "replicationpad 1", "squeezeexcitation 3", "prelu 6",
        "pad 1 mode=circular",
    )),
    "causal": (LINES_OF, ("conv 4 3 padding=causal", "conv 4 3 padding=causal dilation=2")),
    "transposed": (IMAGES, (
        *(f"convtranspose 4 {k} padding={p} {rest}" for k in (1, 2, 3, 4)
          for p in ("valid", "same", "same_lower", "0:1") for rest in ("", "stride=2", "stride=3x2")
          if not (k == 1 and p == "0:1")),
        *(f"convtranspose 4 3 stride=2 padding={p} output_padding={o}" for p in ("same", "1", "valid") for o in (0, 1)),
        "convtranspose 6 3 groups=2 stride=2", "convtranspose 4 3 padding=1 dilation=2 output_padding=1",
    )),
    "output size": (SIZED, tuple(f"convtranspose 4 3 stride=2 output_size={size}" for size in ("27x23", "26x22"))),
    "pool": (IMAGES, (
        *(f"{kind} padding={p} {rest}" for kind in ("maxpool 3", "avgpool 3", "lppool 3", "avgpool 4x5") for p in
          ("valid", "same", "1", "0:1x1:0") for rest in ("", "stride=2", "ceil_mode=true", "stride=2 ceil_mode=true")),
        "maxpool 3 return_indices=true", "avgpool 2 count_include_pad=false padding=1", "avgpool 2 divisor_override=3",
        "globallppool norm=2", "adaptiveavgpool 3", "adaptivemaxpool 4x3", "adaptiveavgpool 5xkeep",
        "maxpool 3 dilation=2 padding=same",
    )),
    "norm": (SIZED, (
        *(f"batchnorm {rest}" for rest in ("scale=false", "center=false", "affine=false", "track_running_stats=false",
                                           "axis=1", "trainable=false")),
        "instancenorm", "instancenorm track_running_stats=true affine=true", "groupnorm -1", "groupnorm 2 scale=false",
        *(f"layernorm axis={axis}" for axis in ("1", "1,3", "1,2,3", "-1")), "rmsnorm axis=1", "unitnorm axis=1,2",
        "localresponsenorm 5", "normalization axis=1,2", "spectralnorm",
    )),
    "norm of sequences": (SEQUENCES, (
        "layernorm scale=false", "layernorm center=false", "layernorm rms_scaling=true", "rmsnorm", "unitnorm order=1",
        "batchnorm", "normalization axis=none", "groupnorm 2", "meanvariancenorm axis=1", "masking mask_value=-1",
    )),
    "dense": ((*SEQUENCES, *VECTORS), (
        "dense 5 bias=false activation=gelu", "dense 5 lora_rank=2", "dense 5 dtype=float64", "embedding 100 8",
        "embedding 100 8 lora_rank=2", "einsumdense ...x,xy->...y 7", "categoryencoding 10 output_mode=count",
        "categoryencoding 10 output_mode=one_hot", "onehot 10 axis=1", "dense 5 tied=kernel",
    )),
    "each step": (("input 5x8x9x3", "set data_format=channels_first\ninput 5x3x8x9", "input Tx8x9x3"), (
        "conv 4 3 timedistributed=true", "batchnorm timedistributed=true", "maxpool 2 timedistributed=true",
        "dense 4 timedistributed=true", "flatten timedistributed=true",
    )),
    "recurrent": (SEQUENCES[:3], (
        *(f"{kind} 4 {states} {way}" for kind in ("rnn", "gru", "lstm") for states in _STATES for way in _WAYS),
        *(f"{kind} 4 {states} {rest}" for kind in ("gru", "lstm") for states in _STATES for rest in (
            "layers=3 bidirectional=true", "layers=2 states=stacked", "batch_first=false", "direction_axis=true",
            "direction_axis=true batch_first=false bidirectional=true")),
        "lstm 4 peephole=true bidirectional=true layers=2", "gru 4 reset_after=false bias=false",
        "rnn 4 activation=relu",
        "lstm 4 activation=relu recurrent_activation=hardsigmoid bidirectional=true",
        "stackedrnn lstm:4,gru:3:nobias,rnn:2 return_sequences=true go_backwards=true",
        "stackedrnn lstm:4,gru:3 bidirectional=true return_state=true return_sequences=true",
    )),
    "unbatched": (VECTORS, (
        "lstm 4 unbatched=true return_sequences=true return_state=true bidirectional=true layers=2",
        "gru 4 unbatched=true layers=2 states=stacked return_state=true", "transformerencoder 4 16 unbatched=true",
        "multiheadattention 3 unbatched=true return_weights=mean", "lstmcell 4 bias=false",
        "grucell 4 reset_after=false",
    )),
    "first states": (("x: input 5x12\nh: input 4\nc: input 4", "x: input Tx12\nh: input 4\nc: input 4"), (
        "lstm 4 @x @h @c return_state=true", "lstm 4 @x @h @c @h @c bidirectional=true", "lstm 4 @x @h",
        "gru 4 layers=2 @x @h @h",
    )),
    "convlstm": (("input 4x7x8x3", "set data_format=channels_first\ninput 4x3x7x8", "input 4x9x3", "input 1x7x8x3"), (
        *(f"convlstm 5 3 padding=same {rest}" for rest in (*_STATES, *_WAYS)), "convlstm 5 3 stride=2 bias=false",
    )),
    "attention": (SEQUENCES, (
        *(f"multiheadattention {rest}" for rest in (
            "2 key_dim=5 value_dim=3", "4 kv_heads=2", "4 output_shape=2x3",
            "4 add_bias_kv=true add_zero_attn=true causal=true",
            "4 gate=true", "4 return_weights=heads kv_heads=2", "4 batch_first=false return_weights=mean")),
        "attention use_scale=true", "attention score_mode=concat use_scale=true",
        "additiveattention return_scores=true",
        "attention heads=3 return_scores=true return_present=true causal=true",
        "transformerencoder 4 16 3 final_norm=true",
        "transformerencoder 4 16 2 norm_first=true activation=gelu bias=false batch_first=false",
    )),
    "attention over axes": (("input 4x5x6", "input HxWx6"), (
        "multiheadattention 2", "multiheadattention 2 attention_axes=2 return_weights=heads", "attention",
    )),
    "two sequences": (("a: input 5x12\nb: input 7x12", "a: input Tx12\nb: input Sx12"), (
        "multiheadattention 2 @a @b", "multiheadattention 4 kv_heads=1 @a @b @b", "attention @a @b",
        "attention heads=4 @a @b @b return_scores=true return_present=true",
        "transformer 4 16 encoder_layers=2 decoder_layers=1 @a @b", "transformerdecoder 4 16 2 @a @b final_norm=true",
        "bilinear 5 @a @a",
    )),
    "mask and past": (("a: input 5x12\nb: input 7x12\nm: input 5x7\np: input 4x3x3\nn: input 1x5x10",), (
        "attention mask=true @a @b @b @m", "attention mask=true heads=4 @a @b @b @n @p @p return_present=true",
    )),
    "functions": (SIZED, (
        *(f"conv 4 3 activation={name}" for name in _ACTIVATIONS), "relu max_value=6 negative_slope=0.1",
        "relu threshold=1 negative_slope=0.1", "gelu approximate=tanh", "softplus beta=2", "clip max=1",
        "softmin axis=1",
        "softmax axis=1,2", "logsoftmax axis=1,2", "sparsemax axis=1", "softmax2d", "prelu 6",
        "prelu shared_axes=1,2", "cumprod 1 reverse=true exclusive=true", "cumsum 1 reverse=true", "not", "bitwisenot",
    )),
    "reductions": (TURNED, (
        *(f"reduce{name} {rest}" for name in ("mean", "max", "std", "l2", "logsumexp", "any") for rest in (
            "axes=1,2", "axes=1,2 keepdims=false", "axes=-1 keepdims=false", "keepdims=false",
            "noop_with_empty_axes=true")),
        "argmin axis=1 keepdims=false", "topk 3 axis=1 largest=false",
    )),
    "shapes": (TURNED, (
        "flatten", "flatten start=2", "flatten axis=2", "flatten start=0", "unsqueeze 1,2",
        "permute 3,1,2", "permute swap=1,2", "permute", "reshape 6x-1", "reshape -1", "slice start=1 axis=-1 step=2",
        "slice start=1,2 end=-1,7 axis=1,2", "split 2", "tile 1x2x2x1", "tile 2x1x1x1x1", "trilu upper=false k=1",
        "reverse axis=1,2", "pad 1:0x0:2 mode=reflect", "pad 2 mode=circular", "pad -1", "crop 1:2x3:0",
        "pad 0x1x1x2 value=3", "upsample 1.5", "upsample 2x3 mode=bilinear", "upsample size=20x21 mode=bicubic",
        "resizing 7 8 mode=lanczos3", "unfold 3 padding=1 stride=2", "unfold 2x3 dilation=2", "gather 2x3 axis=-1",
        "shape start=1 end=3", "cast int32", "quantize int8", "channelshuffle 3",
    )),
    "sizes": (SIZED, (
        "slice start=8 axis=1 step=-1", "split part=4 axis=1", "centercrop 5 6",
        "centercrop 15 6", "centercrop 30 40", "centercroppad 20x5", "randomcrop 5 5", "layerscale bias=true",
        "squeezeexcitation 3 bias=false", "compress 4 axis=1",
    )),
    "shuffles": (("input 6x4x16", "set data_format=channels_first\ninput 16x6x4", "input 6x16", "input 2x4x6x16"), (
        "pixelshuffle 2", "pixelshuffle 2 mode=CRD", "pixelunshuffle 2", "pixelunshuffle 2 mode=CRD",
    )),
    "joins": (PAIRS, (
        *(f"{name} @a @b" for name in _JOINS), "add @a @b @a", "maximum @a @b @a", "where @a @a @b",
    )),
    "batches lined up": ((
        "set batch=2\na: input 9x7x4\nb: input 4", "a: input 9x7x4\nb: globalavgpool keepdims=true",
    ), ("multiply @a @b",)),
    "products": (("set batch=4\na: input 3x4\nb: input 4x5\nc: input 5\nd: input 5",), (
        "matmul @a @b", "dot @a @b axes=2,1", "dot @c @d", "einsum ...ij,...jk->...ik @a @b", "bilinear 5 @c @d",
        "gemm @c @d transb=true alpha=2", "dot @c @d axes=1 normalize=true",
    )),
}  # fmt: skip
