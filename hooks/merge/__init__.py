"""Merge what both the user and the template changed, closer than git does."""
