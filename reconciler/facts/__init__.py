"""What is the case: directory, vendor and configuration joined."""
