"""One release as data: what each module binds, and what each class and function takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from keras_imports.atlas.build import archives
from keras_imports.atlas.build.classes import Class, read_class
from keras_imports.atlas.build.interpret import Interpreter, MissingImportError, Module, Value
from keras_imports.atlas.storage import ROADS, is_road
from keras_imports.flavours import DISTRIBUTIONS, NIGHTLIES

# The parts of TensorFlow that are Keras, beside the modules that lead there.
TENSORFLOW = re.compile(
    r"tensorflow/("
    r"__init__|python/(__init__|tf2)|contrib/__init__"
    r"|(python/)?(keras|layers)/.*"
    r"|contrib/(keras|layers)/.*"
    r"|tools/api/generator/api/(__init__|(keras|layers)/.*)"
    r"|_api/(v\d/)(compat/)?(v\d/)?(__init__|v\d|(keras|layers)/.*)"
    r")\.py"
)
TESTS = re.compile(r"(_test|/conftest)\.py$|/(tests|integration_test)/")


@dataclass
class Release:
    """A release of a package, ready to be compared with others and stored.

    A binding is coded as text: `c` or `f` for a class or function that is defined there under
    that name, `c:module:name` for one of another module, `m:module`, `~path` for something of
    another package and `=` for any other value.
    """

    bindings: dict[str, dict[str, str]]  # by module: the names it binds
    stars: dict[str, list[str]]  # by module: the modules of other packages it star-imports
    links: dict[str, dict[str, list[str]]]  # by module: submodules found elsewhere, and where
    definitions: dict[str, tuple[str, bool]]  # signature as lines (or ""), whether it only raises
    requires: dict[str, str]  # the Keras packages that it needs, and which versions
    classes: dict[str, Class]  # what each class has of its own


Releases = dict[str, list[tuple[str, Release]]]  # by package, oldest first


def read_release(distribution: str, version: str, cache: Path) -> Release:
    """Read a release from its archive, or from what `cache` keeps of it.

    Raises `ArchiveError` if there is no such release, or it cannot be imported.
    """
    package = package_of(distribution)
    files = archives.sources(distribution, version, _wanted(package), cache)
    metadata = "".join(text for name, text in files.items() if not name.endswith(".py"))
    requires = re.findall(
        r"(?mi)^(?:Requires-Dist: )?(keras(?:[-_]\w+)?)\b *\(?([<>=~!][^)\n]*)", metadata
    )
    shell = files["tensorflow/__init__.py"] if "tensorflow_core/__init__.py" in files else ""
    files = _installed(files)
    if package == "tensorflow":
        files, tf2 = _keras_part(files)
        interpreter = Interpreter(files, "tensorflow", tf2, partial=True)
    else:
        files = {name: text for name, text in files.items() if not TESTS.search(name)}
        interpreter = Interpreter(files, package, tf2=True, partial=False)
    try:
        interpreter.run()
    except MissingImportError as error:
        raise archives.ArchiveError(f"{distribution} {version}: {error}") from None
    if "del python" in shell:
        # In 1.15 in vain: what people get is a wrapper, which was made before.
        kept = "DeprecationWrapper" in shell
        python = {"python": Value("module", "tensorflow.python")} if kept else {}
        names = interpreter.modules["tensorflow"].names
        names.pop("python", None)
        names.update(python)
    return _release(interpreter, {k.lower().replace("-", "_"): v for k, v in requires})


def _keras_part(files: dict[str, str]) -> tuple[dict[str, str], bool]:
    """Return TensorFlow's modules that matter, and whether TensorFlow 2 is on when they load."""
    files = {name: text for name, text in files.items() if TENSORFLOW.fullmatch(name)}
    behaviour = files.pop("tensorflow/python/tf2.py", "")
    root = files["tensorflow/__init__.py"]
    # What `tf2.enabled()` says while `tensorflow.python.keras` is being imported: yes where
    # that is the default, and where TensorFlow itself (from 2.15 on) does not import it.
    tf2 = '"TF2_BEHAVIOR", "1"' in behaviour or "_KerasLazyLoader" in root
    if "keras.api._v2" in root and "from tensorflow import keras" not in root:
        # From 2.6 on, what is left of these files is never imported.
        files = {k: v for k, v in files.items() if not k.startswith("tensorflow/keras/")}
    return files, tf2


def package_of(distribution: str) -> str:
    """Return the package that a distribution installs, also for those that are no flavour's."""
    return {**DISTRIBUTIONS, **NIGHTLIES}.get(distribution, distribution.replace("-", "_"))


def _wanted(package: str) -> re.Pattern[str]:
    """Return which members of an archive are read: modules, and what the release requires."""
    metadata = r"|[^/]+\.dist-info/METADATA|[^/]+\.egg-info/requires\.txt"
    if package == "tensorflow":
        place = r"([^/]+\.data/purelib/)?tensorflow(_core)?/"
        return re.compile(TENSORFLOW.pattern.replace("tensorflow/", place, 1) + metadata)
    return re.compile(rf"{package}/.*\.py" + metadata)


def _place(name: str) -> str:
    """Return where a member of an archive is installed; `tensorflow_core` as `tensorflow`."""
    return re.sub(r"^tensorflow_core/", "tensorflow/", re.sub(r"^[^/]+\.data/purelib/", "", name))


def _installed(files: dict[str, str]) -> dict[str, str]:
    """Return the modules of an archive, by the place where they are installed."""
    if "tensorflow_core/__init__.py" in files:
        # `tensorflow` itself is an empty shell there, which forwards to `tensorflow_core`.
        files = {name: text for name, text in files.items() if not name.startswith("tensorflow/")}
    return {_place(name): text for name, text in files.items() if name.endswith(".py")}


def _release(interpreter: Interpreter, requires: dict[str, str]) -> Release:
    """Return what an interpreter found out about a release."""
    release = Release({}, {}, {}, {}, requires, {})
    for name, module in interpreter.modules.items():
        names = {
            leaf: _code(value, module, leaf)
            for leaf, value in module.names.items()
            if not (leaf.startswith("__") and leaf not in ("__version__", "__internal__"))
        }
        if interpreter.partial and is_road(name):
            names = {leaf: code for leaf, code in names.items() if leaf in ROADS}
        elif module.stars:
            release.stars[name] = module.stars
        release.bindings[name] = names
        links = {leaf: list_ for leaf, list_ in module.links.items() if leaf in ROADS}
        if links:
            release.links[name] = links
    for target, definition in interpreter.definitions.items():
        if target.partition(":")[0] in interpreter.modules:
            signature = interpreter.signature(target)
            text = "?" if signature is None else "\n".join(signature)
            release.definitions[target] = (text, definition.raises)
            read = read_class(interpreter, target)
            if read and not TESTS.search(target.partition(":")[0].replace(".", "/") + ".py"):
                release.classes[target] = read
    return release


def _code(value: Value, module: Module, leaf: str) -> str:
    """Return the code of a binding."""
    if value.kind in ("class", "function"):
        own = f"{module.name}:{leaf}"
        return value.kind[0] if value.target == own else f"{value.kind[0]}:{value.target}"
    if value.kind == "module":
        return "m" if value.target == f"{module.name}.{leaf}" else f"m:{value.target}"
    if value.kind == "external":
        return "~" + value.target
    return "="
