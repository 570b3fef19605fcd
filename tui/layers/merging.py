"""merging (to come)."""
