"""What is decided while a plan is applied: whether it may be, in which order, and when to stop."""
