"""Whole collections, and what of them concerns the sets."""
