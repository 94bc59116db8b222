"""Rewrite files and trees of files as the engine says."""
