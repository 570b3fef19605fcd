"""PyTorch: exported programs read, modules written."""
