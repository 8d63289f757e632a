"""Entra's mapping expressions, evaluated on columns of users."""
