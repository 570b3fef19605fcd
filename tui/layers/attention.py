"""attention (to come)."""
