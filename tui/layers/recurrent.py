"""recurrent (to come)."""
