"""A tenant, a vendor and a store together, with commands run on them."""
