"""What replaced what, and what a project says of its Keras."""
