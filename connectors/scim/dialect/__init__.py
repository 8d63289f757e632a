"""What this server does its own way: seen, remembered, and heeded."""
