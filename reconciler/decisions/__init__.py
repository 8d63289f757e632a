"""What should follow for each user: the rules, and who is exempt."""
