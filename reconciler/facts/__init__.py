"""What is the case: directory, vendor, configuration and store, joined."""
