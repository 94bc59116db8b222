"""Plan how one call or name of some Keras is written in the target.

The data are the rules of `knowledge/data/renames`. `selection` says which of them hold for a call,
`arguments` and `templates` what they do to it, `fixers` what is special to one symbol, `report`
what is left to a person; `plan` goes through them in order.
"""
