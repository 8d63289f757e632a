"""Check: whether configuration, tenant and vendor are as they should be."""
