"""What goes wrong, and where it is made to."""
