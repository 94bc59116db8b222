"""Find what is wrong with a tree's use of Keras in an environment."""
