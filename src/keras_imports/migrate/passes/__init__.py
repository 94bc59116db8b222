"""The passes over a module, each with one kind of change."""
