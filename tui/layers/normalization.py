"""normalization (to come)."""
