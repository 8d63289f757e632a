"""Rows in memory that the reconciler decides about; no network, no disk."""
