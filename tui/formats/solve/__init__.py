"""Questions solved backwards, as they are written and answered: the unknown, its limits and the answer in words."""
