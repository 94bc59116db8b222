"""Say what the classes of an installed Keras have: reads JSON on stdin, prints JSON.

Runs in an environment with Keras, so it uses nothing of this repository. Input: a list of paths of
classes. Output: for each path, each of its names without two underscores in front: "property",
"other", or, of a method, the names of its parameters without the first.
"""

import importlib
import inspect
import json
import sys


def reached(path):
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except ImportError:
        return getattr(reached(module), name)


def described(owner, name):
    thing = inspect.getattr_static(owner, name)
    if isinstance(thing, property):
        return "property"
    bound = isinstance(thing, staticmethod)
    if isinstance(thing, staticmethod | classmethod):
        thing = thing.__func__
    if not inspect.isfunction(thing):
        return "other"
    taken = list(inspect.signature(thing).parameters)
    return taken if bound else taken[1:]


def main():
    found = {}
    for path in json.load(sys.stdin):
        owner = reached(path)
        if not isinstance(owner, type):
            continue
        names = [name for name in dir(owner) if not name.startswith("__")]
        found[path] = {name: described(owner, name) for name in names}
    json.dump(found, sys.stdout)


main()
