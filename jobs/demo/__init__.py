"""The main job on an invented company, against a tenant and a vendor on loopback."""
