"""Many tenants of one database: each is worked on as if it were alone."""
