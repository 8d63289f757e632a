"""A tenant and a vendor on loopback, spoken to over real HTTP, for the demo and the tests."""
