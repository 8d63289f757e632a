"""Groups, members and users as Graph tells them, in tables."""
