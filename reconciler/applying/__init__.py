"""What `apply` decides: whether a plan may be applied, in which order, and when to stop."""
