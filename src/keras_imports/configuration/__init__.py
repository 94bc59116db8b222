"""What a project asks of `check` and `migrate`: `[tool.keras-imports]`, and the command line."""
