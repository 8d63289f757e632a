"""Seats that nobody uses, by sign-ins that were watched without a gap. Pure."""
