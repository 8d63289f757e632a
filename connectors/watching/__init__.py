"""Who watches from outside: people who get messages, and a dead-man's switch."""
