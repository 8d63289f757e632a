"""What is worth telling people of runs that nobody looks at, and how they are told."""
