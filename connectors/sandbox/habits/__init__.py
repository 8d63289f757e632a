"""What SCIM vendors were seen to do their own way, as switches on the sandbox's vendor."""
