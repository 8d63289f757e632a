"""Runs that nobody looks at: planned, applied as far as policy allows, and told of."""
