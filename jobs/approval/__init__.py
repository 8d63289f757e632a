"""Who lets a plan pass, and the proof of it."""
