"""Everything outside: each connector speaks snapshots and operations, and knows no policy."""
