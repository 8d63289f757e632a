"""Tables of declared columns, and joins of them by position."""
