"""Plan how one call or name of some Keras is written in the target.

The data are the rules of `knowledge/data/renames`. `plan` goes through them in order, from one
`draft` of the call to the next:

    selection    which rules hold for the call, and whether any can
    binding      what it passes for which parameter, with the `defaults` of its release
    arguments    what a rule makes of its name and arguments, and of their `literals`
    templates    calls that become other expressions
    fixers       what is special to one symbol
    signatures   what the target has other defaults for, takes or lacks
    report       what is left to a person
"""
