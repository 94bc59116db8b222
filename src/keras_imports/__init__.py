"""Know and rewrite Keras imports: every flavour, every release."""
