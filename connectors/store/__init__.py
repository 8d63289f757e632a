"""The store: history, ownership, waiting times and the journal. SQLite, or PostgreSQL by URL.

Each module is one idea, and its functions take the engine that `open_database` gives.
"""
