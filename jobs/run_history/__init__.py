"""What the history of runs says: which of them count, and whether they keep failing. Pure."""
