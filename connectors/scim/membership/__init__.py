"""Who holds a set: in SCIM groups, or in an attribute of the user."""
