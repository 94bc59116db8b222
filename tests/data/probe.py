"""Compare what is installed with a list of paths: reads JSON on stdin, prints JSON.

Runs in an environment with Keras, so it uses nothing of this repository. Input: `paths`, a list
of [path, kind, object, importable, attribute], and `roots`, whose public names are listed back.
"""

import importlib
import json
import sys
import types


def imported(path):
    package, _, leaf = path.rpartition(".")
    if not package:
        return importlib.import_module(path)
    module = importlib.import_module(package)
    try:
        return getattr(module, leaf)
    except AttributeError:
        return importlib.import_module(path)


def reached(path):
    head, *rest = path.split(".")
    found = importlib.import_module(head)
    for leaf in rest:
        found = getattr(found, leaf)
    return found


def attempt(how, path):
    try:
        return how(path), None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def identity(thing):
    if isinstance(thing, types.ModuleType):
        return "module"
    name = getattr(thing, "__qualname__", None)
    return f"{getattr(thing, '__module__', None)}.{name}" if name else repr(thing)


def public_names(root):
    """Every public attribute of the root's modules, as a path."""
    todo, seen = [(root, importlib.import_module(root))], set()
    while todo:
        path, module = todo.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        for name in dir(module):
            if name.startswith("_"):
                continue
            value = getattr(module, name)
            yield f"{path}.{name}"
            if isinstance(value, types.ModuleType) and "keras" in value.__name__:
                todo.append((f"{path}.{name}", value))


def main():
    given = json.load(sys.stdin)
    wrong = []
    # Attributes first, since each import makes more of them.
    for path, kind, thing, _, attribute in given["paths"]:
        found, error = attempt(reached, path)
        if attribute != (error is None):
            wrong.append([path, "attribute", attribute, error])
        elif attribute and kind in ("class", "function") and identity(found) != thing:
            wrong.append([path, "attribute", thing, identity(found)])
    for path, kind, thing, importable, _ in given["paths"]:
        found, error = attempt(imported, path)
        if importable != (error is None):
            wrong.append([path, "import", importable, error])
        elif importable and kind in ("class", "function") and identity(found) != thing:
            wrong.append([path, "import", thing, identity(found)])
    listed = {root: sorted(public_names(root)) for root in given["roots"]}
    json.dump({"wrong": wrong, "public": listed}, sys.stdout)


main()
