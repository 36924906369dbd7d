"""Disclosure control as of a date: allow-list, masking, review, and checks of the built output."""
