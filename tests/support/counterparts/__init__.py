"""What seatsync talks to, on loopback or in files."""
