"""Replay: what other settings would have decided of what was read then. Pure, as `reconcile` is.

Each plan is made again by itself: the next one is of what was really done after it, and not of what
this one would have done.
"""
