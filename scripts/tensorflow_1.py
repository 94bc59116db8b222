"""Write tensorflow_1.txt: the names and arguments that TensorFlow 2 has below `compat.v1` alone.

A line is a name that is gone from `tf`, and the one by which `tf` has the very same object now, if
it has it; or `name(argument)` where only the argument is gone. Run it with the newest TensorFlow
installed:

    python scripts/tensorflow_1.py > src/keras_imports/knowledge/data/tensorflow_1.txt
"""

import inspect
import os
from collections.abc import Iterator
from operator import attrgetter
from types import ModuleType

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

OTHERS = ("compat", "keras", "estimator")  # not TensorFlow's own, or in the atlas


def parameters(function: object) -> set[str]:
    """Return the names of what a function takes; none where it does not tell, or takes all."""
    try:
        found = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return set()
    return {p.name for p in found if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}


def moved(name: str, was: object, tf: ModuleType) -> str:
    """Return a space and the path of something of `compat.v1` in TensorFlow 2; "" without one.

    Of several paths it is the one that ends with the same name.
    """
    from tensorflow.python.util import tf_decorator

    _, undecorated = tf_decorator.unwrap(was)
    paths = getattr(undecorated, "_tf_api_names", ())
    for path in sorted(paths, key=lambda path: path.rpartition(".")[2] != name):
        try:
            if attrgetter(path)(tf) is was:
                return f" {path}"
        except AttributeError:
            continue
    return ""


def gone(old: ModuleType, new: ModuleType, tf: ModuleType, prefix: str = "") -> Iterator[str]:
    """Yield the lines for a module of `compat.v1` beside that of TensorFlow 2."""
    for name in dir(old):
        if name.startswith("_") or (not prefix and name in OTHERS):
            continue
        path, was = f"{prefix}{name}", getattr(old, name)
        if not hasattr(new, name):
            yield path + moved(name, was, tf)
        elif isinstance(was, ModuleType):
            yield from gone(was, getattr(new, name), tf, f"{path}.")
        elif callable(was):
            now = getattr(new, name)
            if now is not was and parameters(now):
                yield from (f"{path}({p})" for p in sorted(parameters(was) - parameters(now)))


def main() -> None:
    """Print the file."""
    import tensorflow as tf

    print("\n".join(sorted(gone(tf.compat.v1, tf, tf))))


if __name__ == "__main__":
    main()
