"""Runs that nobody looks at: what watches them is told, and whoever should know of them."""
