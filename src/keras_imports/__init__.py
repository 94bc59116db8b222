"""Know and rewrite Keras imports: every flavour, every release."""

__version__ = "0.2.0"
