"""Who gets a seat."""
