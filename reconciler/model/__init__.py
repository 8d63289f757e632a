"""The values that flow from left to right: snapshots in, a plan out."""
