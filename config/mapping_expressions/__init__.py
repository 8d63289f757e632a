"""Entra's mapping expressions as text: syntax, functions, and what can be said without users.

`reconciler.mapping_expressions` evaluates them.
"""
