"""Secrets from where their references point: this machine, its keyring, or a vault."""
