"""The arguments of Keras's layers in order, as far as they are given by place. Source: the constructors of Keras 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.formats.frameworks.signatures import signatures

_TABLE: Final = """
Activation: activation
ActivityRegularization: l1 l2
AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D: output_size data_format
AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D: output_size data_format
Add Average Identity Maximum Minimum Multiply PReLU Subtract:
AdditiveAttention: use_scale dropout
AlphaDropout Dropout: rate noise_shape
Attention: use_scale score_mode dropout
AugMix: value_range num_chains chain_depth factor alpha all_ops interpolation seed data_format
AutoContrast: value_range
AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D: pool_size strides padding data_format
AvgPool3D MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D: pool_size strides padding data_format
BatchNormalization: axis momentum epsilon center scale
Bidirectional: layer merge_mode weights backward_layer
CategoryEncoding: num_tokens output_mode sparse
CenterCrop: height width data_format
Concatenate Softmax UnitNormalization: axis
ContrastLimitedAdaptiveHistogramEqualization: value_range clip_limit tile_grid_size data_format
Conv1D Conv2D Conv3D: filters kernel_size strides padding data_format dilation_rate groups activation use_bias
Convolution1D Convolution2D: filters kernel_size strides padding data_format dilation_rate groups activation use_bias
Convolution3D: filters kernel_size strides padding data_format dilation_rate groups activation use_bias
Conv1DTranspose: filters kernel_size strides padding output_padding data_format dilation_rate activation
Conv2DTranspose: filters kernel_size strides padding output_padding data_format dilation_rate activation
Convolution1DTranspose: filters kernel_size strides padding output_padding data_format dilation_rate activation
Convolution2DTranspose: filters kernel_size strides padding output_padding data_format dilation_rate activation
Conv3DTranspose: filters kernel_size strides padding data_format output_padding dilation_rate activation
Convolution3DTranspose: filters kernel_size strides padding data_format output_padding dilation_rate activation
ConvLSTM1D ConvLSTM2D: filters kernel_size strides padding data_format dilation_rate activation recurrent_activation
ConvLSTM3D: filters kernel_size strides padding data_format dilation_rate activation recurrent_activation
Cropping1D: cropping
Cropping2D Cropping3D: cropping data_format
CutMix: factor seed data_format
Dense SimpleRNN SimpleRNNCell: units activation use_bias
DepthwiseConv1D: kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias
DepthwiseConv2D: kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias
Discretization: bin_boundaries num_bins epsilon output_mode sparse
Dot: axes normalize
ELU: alpha
EinsumDense: equation output_shape activation bias_axes
Embedding: input_dim output_dim
Equalization: value_range bins data_format
Flatten: data_format
GRU GRUCell LSTM LSTMCell: units activation recurrent_activation use_bias
GaussianDropout SpatialDropout1D: rate
GaussianNoise: stddev
GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D: data_format keepdims
GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D: data_format keepdims
GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D: data_format keepdims
GroupNormalization: groups axis epsilon center scale
GroupQueryAttention: head_dim num_query_heads num_key_value_heads dropout use_bias sliding_window flash_attention
HashedCrossing: num_bins output_mode sparse
Hashing: num_bins mask_value salt output_mode sparse
IntegerLookup: max_tokens num_oov_indices mask_token oov_token vocabulary vocabulary_dtype idf_weights invert
Lambda: function output_shape mask arguments
LayerNormalization: axis epsilon center scale
LeakyReLU: negative_slope
Masking: mask_value
MaxNumBoundingBoxes: max_number fill_value
MelSpectrogram: fft_length sequence_stride sequence_length window sampling_rate num_mel_bins min_freq max_freq
MixUp: alpha data_format
MultiHeadAttention: num_heads key_dim value_dim dropout use_bias output_shape attention_axes sliding_window
Normalization: axis mean variance invert
Permute: dims
RMSNormalization: axis epsilon
RNN: cell return_sequences return_state go_backwards stateful unroll zero_output_for_mask
RandAugment: value_range num_ops factor interpolation seed data_format
RandomBrightness RandomContrast: factor value_range
RandomColorDegeneration RandomHue RandomPosterization RandomSaturation RandomSharpness: factor value_range data_format
RandomColorJitter: value_range brightness_factor contrast_factor saturation_factor hue_factor seed data_format
RandomCrop: height width seed data_format
RandomElasticTransform: factor scale interpolation fill_mode fill_value value_range seed data_format
RandomErasing: factor scale fill_value value_range seed data_format
RandomFlip: mode seed data_format
RandomGaussianBlur: factor kernel_size sigma value_range data_format
RandomGrayscale: factor data_format
RandomInvert: factor value_range seed data_format
RandomPerspective: factor scale interpolation fill_value seed data_format
RandomRotation: factor fill_mode interpolation seed fill_value data_format
RandomShear: x_factor y_factor interpolation fill_mode fill_value data_format
RandomTranslation RandomZoom: height_factor width_factor fill_mode interpolation seed fill_value data_format
ReLU: max_value negative_slope threshold
RepeatVector: n
Rescaling: scale offset
Reshape: target_shape
Resizing: height width interpolation crop_to_aspect_ratio pad_to_aspect_ratio fill_mode fill_value
ReversibleEmbedding: input_dim output_dim tie_weights
STFTSpectrogram: mode frame_length frame_step fft_length window periodic scaling padding expand_dims data_format
SeparableConv1D: filters kernel_size strides padding data_format dilation_rate depth_multiplier activation
SeparableConv2D: filters kernel_size strides padding data_format dilation_rate depth_multiplier activation
SeparableConvolution1D: filters kernel_size strides padding data_format dilation_rate depth_multiplier activation
SeparableConvolution2D: filters kernel_size strides padding data_format dilation_rate depth_multiplier activation
Solarization: addition_factor threshold_factor value_range
SpatialDropout2D SpatialDropout3D: rate data_format
SpectralNormalization: layer power_iterations
StackedRNNCells: cells
StringLookup: max_tokens num_oov_indices mask_token oov_token vocabulary idf_weights invert output_mode
TextVectorization: max_tokens standardize split ngrams output_mode output_sequence_length pad_to_max_tokens
TimeDistributed: layer
UpSampling1D: size
UpSampling2D: size data_format interpolation
UpSampling3D: size data_format
ZeroPadding1D ZeroPadding2D ZeroPadding3D: padding data_format
"""

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = signatures(_TABLE)
"""The arguments of each class in the order in which its constructor takes them."""
