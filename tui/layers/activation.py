"""activation (to come)."""
