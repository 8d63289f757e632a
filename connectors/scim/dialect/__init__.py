"""What this server does in its own way: seen, remembered, and allowed for."""
