"""How one call or name of a Keras is written in the target."""
