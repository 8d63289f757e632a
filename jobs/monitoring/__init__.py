"""How things stand, for whoever watches: one word, metrics, telemetry."""
