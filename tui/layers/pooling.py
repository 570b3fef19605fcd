"""pooling (to come)."""
