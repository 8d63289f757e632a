"""What a person or a scheduler starts. A job wires connectors to the reconciler, no more."""
