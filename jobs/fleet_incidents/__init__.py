"""What shows in many tenants of a fleet and has one cause: shared losses, servers that fail."""
