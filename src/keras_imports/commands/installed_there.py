"""Say as JSON what an interpreter has installed, and what its imports give.

`doctor` runs this text in the interpreter that it is about: it needs Python 3.6, and nothing but
the standard library. Nothing of the current folder is imported.
"""

import sys

STARTED = frozenset(sys.modules)  # what no file can hide any more

import email  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import site  # noqa: E402
from contextlib import suppress  # noqa: E402
from importlib import import_module  # noqa: E402
from importlib.machinery import PathFinder  # noqa: E402
from typing import Callable, Iterator  # noqa: E402, UP035

MARK = "keras-imports-answer:"  # imports print, too


def places() -> "list[str]":
    """Return where modules are looked for by a program that is run elsewhere than here."""
    here = os.path.realpath(os.curdir)
    told = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    is_alone = sys.prefix != sys.base_prefix or os.environ.get("PYTHONNOUSERSITE")
    of_user = [] if is_alone else [site.getusersitepackages()]
    return [path for path in told + sys.path + of_user if path and os.path.realpath(path) != here]


def describe(wanted: str) -> "dict[str, object]":
    """Return the copies of distributions, and the files that imports of modules would load."""
    asked = json.loads(wanted)
    elsewhere = places()
    here = os.getcwd()
    hiding = {name: origin(name, [here]) for name in asked["watched"] if name not in STARTED}
    own = set(asked["own"])  # Python's own modules
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "copies": list(copies(asked["distributions"], elsewhere)),
        "files": {name: location(name, [here, *elsewhere]) for name in asked["modules"]},
        "elsewhere": {name: location(name, elsewhere) for name in asked["modules"]},
        "hiding": {
            name: file
            for name, file in hiding.items()
            if file and (name in own or origin(name, elsewhere))
        },
    }


def origin(module: str, path: "list[str]") -> "str | None":
    """Return the file that an import would load; `None` for a folder that is no package."""
    spec = PathFinder.find_spec(module, path)
    return spec.origin if spec else None


def location(module: str, path: "list[str]") -> "str | None":
    """Return the file or the folder that an import would load."""
    spec = PathFinder.find_spec(module, path)
    if spec is None:
        return None
    return spec.origin or next(iter(spec.submodule_search_locations or ()), None)


def copies(names: "list[str]", path: "list[str]") -> "Iterator[dict[str, object]]":
    """Yield every installed copy of some distributions, in the order of their names."""
    found: dict[str, dict[str, dict[str, object]]] = {name: {} for name in names}
    for place in path:
        for entry in os.listdir(place) if os.path.isdir(place) else ():
            name = re.sub(r"[-_.]+", "-", entry.split("-")[0]).lower()
            if name not in found or not entry.endswith((".dist-info", ".egg-info")):
                continue
            for file in ("METADATA", "PKG-INFO", ""):
                metadata = os.path.join(place, entry, file).rstrip(os.sep)
                if os.path.isfile(metadata):
                    with open(metadata, encoding="utf-8", errors="replace") as stream:
                        about = email.message_from_file(stream)
                    copy = {
                        "name": name,
                        "version": about["Version"] or "unknown",
                        "place": place,
                        "requires": about.get_all("Requires-Dist") or [],
                    }
                    found[name].setdefault(os.path.realpath(place), copy)
                    break
    for name in names:
        yield from found[name].values()


def keras() -> "dict[str, object]":
    """Return what `import keras` gives."""
    module = import_module("keras")
    answer = {"version": module.__version__, "file": module.__file__}
    with suppress(AttributeError):
        answer["backend"] = module.backend.backend()
    return answer


def tensorflow_keras() -> "dict[str, object]":
    """Return what `tensorflow.keras` is."""
    tf = import_module("tensorflow")
    answer = {"module": tf.keras.layers.Layer.__module__}
    if hasattr(tf.keras, "__version__"):  # that of Keras 2.15 has none
        answer["version"] = tf.keras.__version__
    return answer


def devices(backend: str) -> "dict[str, object]":
    """Return what a backend can compute on."""
    if backend == "jax":
        names = [str(device) for device in import_module("jax").devices()]
    elif backend == "torch":
        torch = import_module("torch")
        names = ["cpu"]
        for number in range(torch.cuda.device_count()):
            names.append(f"cuda:{number} {torch.cuda.get_device_name(number)}")
        mps = getattr(torch.backends, "mps", None)
        if mps is not None and mps.is_available():
            names.append("mps")
    elif backend == "tensorflow":
        tf = import_module("tensorflow")
        names = [device.name for device in tf.config.list_physical_devices()]
    else:
        names = ["cpu"]
    return {"devices": names}


def together(questions: str) -> "dict[str, object]":
    """Return the answers to several questions with their arguments; nothing is imported twice."""
    asked = json.loads(questions)
    return {name: QUESTIONS[name](*arguments) for name, arguments in asked.items()}


QUESTIONS: "dict[str, Callable[..., dict[str, object]]]" = {
    "describe": describe,
    "keras": keras,
    "tensorflow.keras": tensorflow_keras,
    "devices": devices,
    "together": together,
}

if __name__ == "__main__":
    sys.path[:] = places()
    answer = QUESTIONS[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(f"\n{MARK}{json.dumps(answer)}\n")
