"""Everything that decides, as pure functions. No network, disk, clock or randomness."""
