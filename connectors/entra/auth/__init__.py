"""Tokens for the app, and ID tokens of people who sign in."""
