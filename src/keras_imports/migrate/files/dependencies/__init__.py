"""Migrate dependency files with the code, to what the new flavour requires."""
