"""The codemod: moves Keras code to another flavour or release."""
