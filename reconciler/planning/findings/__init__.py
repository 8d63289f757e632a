"""What is said about an evaluation: one finding per situation worth a word."""
