"""Groups, members and users as Graph lists them, in tables."""
