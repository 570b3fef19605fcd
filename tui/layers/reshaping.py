"""reshaping (to come)."""
