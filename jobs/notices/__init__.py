"""What people are told of runs that nobody looks at, once, and in one message."""
