"""What the readers and writers of all frameworks share."""
