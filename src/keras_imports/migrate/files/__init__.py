"""The kinds of files that a migration rewrites."""
