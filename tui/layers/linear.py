"""linear (to come)."""
