"""What a run reads: the directory, the vendor, and the seats."""
