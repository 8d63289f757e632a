"""Rules of every HTTP client here: proxy, certificates, deadlines, sizes, and what counts as JSON.

Graph (through httpx) and SCIM (through requests) share it, and know nothing of each other.
"""
