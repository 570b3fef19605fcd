"""Python source of PyTorch and Keras, read and never run."""
