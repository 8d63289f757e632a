"""What is said to whoever started a command, and the code that it ends with."""
