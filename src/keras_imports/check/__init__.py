"""Find what is wrong with a tree's use of Keras in an environment.

A file is read once (`files`), resolved to the names that it uses (`module`), and handed to each
rule of `rules`; what a rule finds at a node becomes a finding at a place of the file (`findings`),
which `formats` prints. `across_files` follows names from one file of a program to another.
"""
