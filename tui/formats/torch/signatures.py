"""The arguments of PyTorch's modules in order. Source: the constructors in the documentation of ``torch.nn`` (2.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.formats.frameworks.signatures import signatures

_TABLE: Final = """
AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d: output_size
AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d: output_size return_indices
AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout: p inplace
AvgPool1d: kernel_size stride padding ceil_mode count_include_pad
AvgPool2d AvgPool3d: kernel_size stride padding ceil_mode count_include_pad divisor_override
BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d: num_features eps momentum affine track_running_stats
InstanceNorm2d InstanceNorm3d: num_features eps momentum affine track_running_stats
Bilinear: in1_features in2_features out_features bias
CELU ELU: alpha inplace
ChannelShuffle: groups
CircularPad1d CircularPad2d CircularPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d: padding
ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d: padding
ConstantPad1d ConstantPad2d ConstantPad3d: padding value
Conv1d Conv2d Conv3d: in_channels out_channels kernel_size stride padding dilation groups bias padding_mode
ConvTranspose1d: in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode
ConvTranspose2d: in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode
ConvTranspose3d: in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode
CosineSimilarity: dim eps
Embedding: num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq sparse _weight _freeze
EmbeddingBag: num_embeddings embedding_dim max_norm norm_type scale_grad_by_freq mode sparse _weight include_last_offset
Flatten: start_dim end_dim
Fold: output_size kernel_size dilation padding stride
FractionalMaxPool2d FractionalMaxPool3d: kernel_size output_size output_ratio return_indices _random_samples
GELU: approximate
GLU LogSoftmax Softmax Softmin: dim
GRU: input_size hidden_size num_layers bias batch_first dropout bidirectional
GRUCell LSTMCell: input_size hidden_size bias
GroupNorm: num_groups num_channels eps affine
Hardshrink Softshrink: lambd
Hardsigmoid Hardswish Mish ReLU ReLU6 SELU SiLU: inplace
Hardtanh: min_val max_val inplace min_value max_value
Identity LogSigmoid Sigmoid Softmax2d Softsign Tanh:
LPPool1d LPPool2d LPPool3d: norm_type kernel_size stride ceil_mode
LSTM: input_size hidden_size num_layers bias batch_first dropout bidirectional proj_size
LayerNorm: normalized_shape eps elementwise_affine bias
LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyInstanceNorm1d: eps momentum affine track_running_stats
LazyInstanceNorm2d LazyInstanceNorm3d: eps momentum affine track_running_stats
LazyConv1d LazyConv2d LazyConv3d: out_channels kernel_size stride padding dilation groups bias padding_mode
LazyConvTranspose1d: out_channels kernel_size stride padding output_padding groups bias dilation padding_mode
LazyConvTranspose2d: out_channels kernel_size stride padding output_padding groups bias dilation padding_mode
LazyConvTranspose3d: out_channels kernel_size stride padding output_padding groups bias dilation padding_mode
LazyLinear: out_features bias
LeakyReLU: negative_slope inplace
Linear: in_features out_features bias
LocalResponseNorm: size alpha beta k
MaxPool1d MaxPool2d MaxPool3d: kernel_size stride padding dilation return_indices ceil_mode
MaxUnpool1d MaxUnpool2d MaxUnpool3d: kernel_size stride padding
MultiheadAttention: embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim batch_first
PReLU: num_parameters init
PairwiseDistance: p eps keepdim
PixelShuffle: upscale_factor
PixelUnshuffle: downscale_factor
RMSNorm: normalized_shape eps elementwise_affine
RNN: input_size hidden_size num_layers nonlinearity bias batch_first dropout bidirectional
RNNCell: input_size hidden_size bias nonlinearity
RReLU: lower upper inplace
Softplus: beta threshold
SyncBatchNorm: num_features eps momentum affine track_running_stats process_group
Tanhshrink: *args
Threshold: threshold value inplace
Transformer: d_model nhead num_encoder_layers num_decoder_layers dim_feedforward dropout activation custom_encoder
TransformerDecoder: decoder_layer num_layers norm
TransformerDecoderLayer: d_model nhead dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias
TransformerEncoderLayer: d_model nhead dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias
TransformerEncoder: encoder_layer num_layers norm enable_nested_tensor mask_check
Unflatten: dim unflattened_size
Unfold: kernel_size dilation padding stride
Upsample: size scale_factor mode align_corners recompute_scale_factor
UpsamplingBilinear2d UpsamplingNearest2d: size scale_factor
"""

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = signatures(_TABLE)
"""The arguments of each class in the order in which its constructor takes them."""
