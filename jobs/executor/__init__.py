"""Carries out the operations of an approved plan at the vendor, and reads them back."""
