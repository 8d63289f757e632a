"""Seats over time: what there was, when they run out, what to order, and who uses none."""
