"""What an administrator asks and takes over while the job is set up."""
