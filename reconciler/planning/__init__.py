"""What was decided, written down as operations, with objections and findings."""
