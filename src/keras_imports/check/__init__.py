"""Find what is wrong with a tree's use of Keras in an environment.

A file is read once (`files`), resolved to the names that it uses (`module`), and handed to each
rule of `rules`. What `migrate` would change for the releases that are installed is added
(`target_findings`). `engine` makes one list of both, and `formats` prints it.
"""
