"""What an administrator writes: one YAML file and the seat inventory, read and checked."""
