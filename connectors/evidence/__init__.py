"""What was planned, approved and done, as signed statements that others can verify."""
