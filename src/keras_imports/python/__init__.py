"""Python code and files, with no knowledge of Keras."""
