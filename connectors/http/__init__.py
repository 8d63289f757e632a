"""What every HTTP client here keeps to: the way, deadlines, sizes, and what is JSON.

Graph (through httpx) and SCIM (through requests) share it, and know nothing of each other.
"""
