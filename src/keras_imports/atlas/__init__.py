"""The atlas: where every Keras symbol lives in every release, read from `data/atlas.bin`.

Nothing is imported from Keras or TensorFlow: an *environment* is a set of releases, and every
question about it (does this path import, what is it, what may be passed to it) is answered from
the stored data.
"""

from __future__ import annotations

import functools
import json
import os
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from keras_imports.flavours import DISTRIBUTIONS, FLAVOURS, NIGHTLIES, canonical, flavour_of
from keras_imports.versions import satisfies, version_key

TYPE_CHECKING = False  # `typing` would be a tenth of the time of a look-up
if TYPE_CHECKING:
    from typing import Any

PATH = os.path.join(os.path.dirname(__file__), "data", "atlas.bin")
FORMAT = 1


class AtlasError(Exception):
    """The stored atlas is missing, damaged or of another format; the text is one clear line."""


@dataclass(frozen=True)
class Environment:
    """The releases that are installed together; `None` where a distribution is not.

    `legacy_env` is `TF_USE_LEGACY_KERAS=1`: `tensorflow.keras` is then `tf_keras`.
    """

    keras: str | None = None
    tensorflow: str | None = None
    tf_keras: str | None = None
    keras_core: str | None = None
    legacy_env: bool = False

    def release(self, flavour: str) -> str | None:
        """Return the installed release of a flavour's package, `None` if it is not installed."""
        release: str | None = getattr(self, FLAVOURS[flavour].package)
        return release


@dataclass(frozen=True)
class Parameter:
    """One parameter of a signature; `default` is its source text, `None` if it must be given."""

    name: str
    default: str | None
    kind: str  # "positional", "keyword", "*" (the rest, by position), "**" (the rest, by name)


Signature = tuple[Parameter, ...]


@dataclass(frozen=True)
class Entry:
    """What a dotted path is in one environment."""

    path: str
    kind: str  # "module", "class", "function" or "other"
    symbol: str  # one identity across releases and flavours: "layers.BatchNormalization"
    object: str  # defining module and name: "keras.src.layers.core.dense.Dense"
    public: bool  # the path is one that people are meant to write
    symbol_public: bool  # the symbol has such a path in this environment
    importable: bool  # `from a import b` works
    module_path: bool  # `import a.b` works, too
    attribute: bool  # `a.b` works after `import a` alone
    signature: Signature | None
    note: str | None  # e.g. "raises when called"


@dataclass(frozen=True)
class Span:
    """A path of a symbol, and the releases (first and last, inclusive) in which it is valid."""

    path: str
    first: str
    last: str
    public: bool
    signature: Signature | None


# Modules in whose names only these lead to a Keras; of others the atlas knows nothing.
ROADS = frozenset(
    {
        *("keras", "layers", "losses", "metrics", "optimizers", "initializers"),
        *("python", "contrib", "compat", "v1", "v2", "_api"),
    }
)
_ROAD = re.compile(
    r"tensorflow(\.(python|contrib|tools(\.api(\.generator(\.api)?)?)?))?"
    r"|tensorflow(\._api)?(\.(v\d|compat))*"
)
_CONTAINERS = frozenset(
    {
        *("src", "api", "_v1", "_v2", "keras", "_tf_keras", "python", "_impl", "contrib"),
        *("_api", "compat", "v1", "v2", "layers", "backend"),
    }
)


def is_road(module: str) -> bool:
    """Whether a module of TensorFlow is stored only for the Keras modules that it leads to."""
    return bool(_ROAD.fullmatch(module))


def shard_of(distribution: str, module: str) -> str:
    """The part of the atlas that holds a module: one for each of a Keras's larger packages."""
    parts = module.split(".")
    end = next((i for i, part in enumerate(parts[1:], 1) if part not in _CONTAINERS), len(parts))
    return f"{distribution}/{'.'.join(parts[: end + 1])}"


def letter(name: str) -> str:
    """The part of the atlas that lists a name's symbols."""
    return f"symbols/{name[:1].lower() if name[:1].isalpha() else '_'}"


# Reading the file


class _DamagedError(AtlasError):
    def __init__(self, reason: object) -> None:
        again = "`keras-imports atlas build` makes it again"
        super().__init__(f"{PATH}: the atlas cannot be read ({reason}); {again}")


@functools.cache
def _directory() -> tuple[dict[str, list[int]], int]:
    """Where each part of the file begins and how long it is, and where the first one begins."""
    try:
        with open(PATH, "rb") as file:
            line = file.readline()
            return json.loads(line), len(line)
    except (OSError, ValueError) as error:
        raise _DamagedError(error) from None


@functools.cache
def _part(name: str) -> Any:
    """One part of the atlas, `None` if there is none of that name."""
    directory, start = _directory()
    if name not in directory:
        return None
    try:
        offset, length = directory[name]
        with open(PATH, "rb") as file:
            file.seek(start + offset)
            return json.loads(zlib.decompress(file.read(length)))
    except (OSError, ValueError, TypeError, zlib.error) as error:
        raise _DamagedError(error) from None


@functools.cache
def _meta() -> dict[str, Any]:
    meta = _part("meta")
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise _DamagedError(f"it is not of format {FORMAT}")
    return meta


def _holds(spans: list[int], index: int) -> bool:
    firsts = bisect_right(spans, index)  # and lasts, in turn, that are not above the index
    return firsts % 2 == 1 or (firsts > 0 and spans[firsts - 1] == index)


def _at(values: Any, index: int) -> Any:
    """The value of the release of that index; a value without releases holds for all."""
    if isinstance(values, str):
        return values
    for span in values:
        *value, spans = _split(span)
        if not spans or _holds(spans, index):
            return value[0]
    return None


def _split(span: list[Any]) -> tuple[Any, list[int]]:
    return span[0], span[1:]


# Environments


def environment(installed: Iterable[str], legacy: bool = False) -> Environment:
    """The environment of requirements such as `keras==2.3.1`, `tensorflow==2.1.4`.

    A version stands for the atlas's nearest release of the same minor release. A Keras that
    TensorFlow itself requires is added as pip would. `ValueError`, in one line, if unknown.
    """
    packages = {**DISTRIBUTIONS, **NIGHTLIES}
    found: dict[str, str] = {}
    for requirement in installed:
        name, equals, version = requirement.replace(" ", "").partition("==")
        package = packages.get(canonical(name))
        if not package or not equals:
            known = ", ".join(packages)
            raise ValueError(f"{requirement!r} is not NAME==VERSION with a NAME of {known}")
        found[package] = nearest(flavour_of(package), version)
    if "keras" not in found and "tensorflow" in found:
        required = _meta()["requires"].get("tensorflow", {}).get(found["tensorflow"], {})
        spec = required.get("keras") or required.get("keras_nightly")
        fitting = [release for release in _releases("keras") if spec and satisfies(release, spec)]
        if fitting:
            found["keras"] = fitting[-1]
    if "tensorflow" not in found and found.get("keras", "").startswith("2.4."):
        found["tensorflow"] = nearest(
            "tensorflow.keras", "2.4"
        )  # this Keras is an empty shell over it
    return Environment(**found, legacy_env=legacy)


def nearest(flavour: str, version: str) -> str:
    """The atlas's release that stands for a version; `ValueError` if there is none."""
    wanted = version_key(version)
    known = releases(flavour)
    same = [release for release in known if version_key(release)[:2] == wanted[:2]]
    if len(wanted) < 2 or not same:
        package = FLAVOURS[flavour].package
        raise ValueError(
            f"{package} {version} is not in the atlas, which has {known[0]} to {known[-1]}"
        )
    later = [release for release in same if version_key(release) >= wanted]
    return later[0] if later and len(wanted) > 2 else same[-1]


def _releases(distribution: str) -> list[str]:
    return _meta()["releases"].get(distribution, [])


def releases(flavour: str) -> tuple[str, ...]:
    """All releases of a flavour in the atlas, oldest first (TensorFlow's for tensorflow.keras)."""
    if flavour not in FLAVOURS:
        raise ValueError(f"{flavour!r} is not a flavour; they are {', '.join(FLAVOURS)}")
    return tuple(_releases(FLAVOURS[flavour].package))


@functools.lru_cache(maxsize=256)
def flavour_environment(flavour: str, release: str) -> Environment:
    """The environment that installing a release of a flavour alone gives."""
    return environment([f"{FLAVOURS[flavour].distribution}=={release}"])


# Looking up


@dataclass(frozen=True)
class _Thing:
    """What a path leads to.

    `kind` is an Entry's, "external" for something of another library, which exists but of which
    the atlas knows no more, or "unknown" where not even that is known. `where` is a module,
    `module:name` of a definition, or a dotted path outside the atlas.
    """

    kind: str
    distribution: str
    where: str


@functools.lru_cache(maxsize=64)
def _index(env: Environment, distribution: str) -> int:
    """The place of the installed release among the distribution's, -1 if it is not installed."""
    if distribution in ("keras_applications", "keras_preprocessing"):
        needed = [
            _meta()["requires"].get(name, {}).get(getattr(env, name) or "", {})
            for name in ("keras", "tensorflow")
        ]
        return 0 if any(distribution in names for names in needed) else -1
    release = getattr(env, distribution, None)
    return _releases(distribution).index(release) if release else -1


@functools.lru_cache(maxsize=1 << 16)
def _record(env: Environment, module: str) -> tuple[dict[str, Any], int] | None:
    """What the atlas knows of a module that exists in the environment, and the release's index."""
    distribution = module.partition(".")[0]
    index = _index(env, distribution)
    record = (_part(shard_of(distribution, module)) or {}).get(module) if index >= 0 else None
    return (record, index) if record and _holds(record["i"], index) else None


@functools.lru_cache(maxsize=1 << 16)
def _module(env: Environment, path: str) -> _Thing | None:
    """The module that `import path` gives."""
    head, *rest = path.split(".")
    if head == "tensorflow_core":
        hidden = env.tensorflow and (1, 15) <= version_key(env.tensorflow)[:2] <= (2, 1)
        head = "tensorflow" if hidden else head
    thing = _Thing("module", head, head) if _record(env, head) else None
    if thing is None and head == "tensorflow_core":
        return None
    for leaf in rest:
        if thing is None or thing.kind != "module":
            break
        thing = _submodule(env, thing.where, leaf)
    return thing


def _submodule(env: Environment, module: str, leaf: str) -> _Thing | None:
    """The module that `import module.leaf` finds."""
    found = _record(env, module)
    if not found:
        return None
    record, index = found
    name = f"{module}.{leaf}"
    if _record(env, name):
        return _Thing("module", module.partition(".")[0], name)
    links = _at(record.get("l", {}).get(leaf, ()), index)
    for target in links.split() if links else ():
        if target.startswith("tf_keras.") != env.legacy_env and "_tf_keras" not in target:
            continue
        thing = _module(env, target)
        if thing:
            return thing
    return _Thing("unknown", "", name) if is_road(module) and leaf not in ROADS else None


def _member(env: Environment, module: str, leaf: str) -> _Thing | None:
    """What `module.leaf` is once the module is imported."""
    found = _record(env, module)
    if not found:
        return None
    record, index = found
    code = _at(record.get("n", {}).get(leaf, ()), index)
    if code:
        return _decode(env, code, module, leaf)
    if not leaf.startswith("_"):
        for star in reversed(
            [span[0] for span in record.get("s", ()) if _holds(span[1:] or [index, index], index)]
        ):
            thing = _outside(env, f"{star}.{leaf}")
            if thing:
                return thing
    return (
        _Thing("unknown", "", f"{module}.{leaf}") if is_road(module) and leaf not in ROADS else None
    )


_KINDS = {"c": "class", "f": "function", "m": "module"}


def _decode(env: Environment, code: str, module: str, leaf: str) -> _Thing | None:
    distribution = module.partition(".")[0]
    if code == "=":
        return _Thing("other", distribution, f"{module}.{leaf}")
    if code[0] == "~":
        if distribution == "tensorflow" and code.startswith("~tensorflow."):
            return _Thing("external", "", code[1:])  # or the atlas would have the module
        thing = _outside(env, code[1:])
        return replace(thing, kind="external") if thing and thing.kind == "unknown" else thing
    own = f"{module}.{leaf}" if code[0] == "m" else f"{module}:{leaf}"
    where = code[2:] or own
    if code[0] == "m" and not _record(env, where):
        return None
    return _Thing(_KINDS[code[0]], distribution, where)


def _outside(env: Environment, path: str) -> _Thing | None:
    """What a path of another distribution is; unknown where the atlas does not reach."""
    if path.startswith("@"):
        version, _, rest = path[1:].partition(".")
        if env.legacy_env:
            root = f"tf_keras.api._{version}.keras"
        elif env.keras and version_key(env.keras) >= (3,):
            root = "keras._tf_keras.keras"
        else:
            root = f"keras.api._{version}.keras"
        path = f"{root}.{rest}" if rest else root
    if path.partition(".")[0] not in _meta()["releases"]:
        return _Thing("unknown", "", path)
    return _import(env, path) or _attribute(env, path)


def _import(env: Environment, path: str) -> _Thing | None:
    """What `import path` or `from path[:-1] import path[-1]` gives."""
    package, _, leaf = path.rpartition(".")
    if not package:
        return _module(env, path)
    module = _module(env, package)
    if module is None or module.kind != "module":
        return module
    return _member(env, module.where, leaf) or _submodule(env, module.where, leaf)


def _attribute(env: Environment, path: str) -> _Thing | None:
    """What the attributes after `import root` alone lead to."""
    head, *rest = path.split(".")
    return _follow(env, _module(env, head), rest)


def _mixed(env: Environment, path: str) -> _Thing | None:
    """What the attributes of the longest module that can be imported lead to."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        thing = _module(env, ".".join(parts[:end]))
        if thing:
            return _follow(env, thing, parts[end:])
    return None


def _known(thing: _Thing | None) -> _Thing | None:
    return None if thing and thing.kind == "unknown" else thing


def _follow(env: Environment, thing: _Thing | None, leaves: list[str]) -> _Thing | None:
    """What attributes of a thing lead to; nothing is known of those of a class."""
    for leaf in leaves:
        if thing is None:
            return None
        if thing.kind == "function" or (thing.kind == "external" and leaf in ROADS):
            return None  # TensorFlow 1.4 has a `compat`, but no `compat.v1`
        if thing.kind == "module":
            thing = _member(env, thing.where, leaf)
        else:
            kind = "unknown" if thing.kind in ("unknown", "external") else "other"
            thing = _Thing(kind, thing.distribution, f"{thing.where}.{leaf}")
    return thing


def covers(env: Environment, path: str) -> bool:
    """Whether the atlas can say anything about `path` (`tensorflow.nn.relu`: no)."""
    if path.partition(".")[0] not in (*_meta()["releases"], "tensorflow_core"):
        return False
    thing = _import(env, path) or _attribute(env, path)
    return thing is None or thing.kind != "unknown"


@functools.lru_cache(maxsize=1 << 16)
def lookup(env: Environment, path: str) -> Entry | None:
    """What `path`, a dotted path as written in code, is in `env`; `None` if nothing is there.

    Members of classes are not recorded: `keras.Model.fit` is an entry of kind "other".
    """
    imported = _known(_import(env, path))
    reached = _known(_attribute(env, path))
    thing = imported or reached or _known(_mixed(env, path))
    if thing is None:
        return None
    symbol, signature, note = _symbol(env, thing)
    flavour, rest = split_flavour(path)
    tree = _tree(env, flavour) if flavour else None
    if tree and thing.kind != "module":
        symbol = symbol or _symbol_of_path(env, tree, rest)
    symbol = symbol or _relative(path)
    symbols_ = _paths(symbol)
    public = bool(tree) and (not rest or _listed(env, symbols_, tree, rest))
    return Entry(
        path=path,
        kind="other" if thing.kind == "external" else thing.kind,
        symbol=symbol,
        object=thing.where.replace(":", "."),
        public=public,
        symbol_public=public or any(_listed(env, symbols_, name) for name in _trees(env)),
        importable=imported is not None,
        module_path=_known(_module(env, path)) is not None,
        attribute=reached is not None,
        signature=signature,
        note=note,
    )


def _symbol(env: Environment, thing: _Thing) -> tuple[str, Signature | None, str | None]:
    """A thing's identity ("" if only its path tells), parameters and note."""
    if thing.kind == "module":
        return _relative(thing.where), None, None
    if thing.kind not in ("class", "function"):
        return "", None, None
    module, _, name = thing.where.partition(":")
    found = _record(env, module)
    if found:
        for (symbol, text), spans in map(_split, found[0].get("d", {}).get(name, ())):
            if not spans or _holds(spans, found[1]):
                note = "raises when called" if text.startswith("!") else None
                return symbol, _signature(text.lstrip("!")), note
    return "", None, None


def _symbol_of_path(env: Environment, tree: str, path: str) -> str:
    """The symbol that an API has under a path, "" if the path is not public."""
    part = _part(letter(path.rpartition(".")[2]))
    for symbol in part["names"].get(path.rpartition(".")[2], ()) if part else ():
        if _listed(env, _paths(symbol), tree, path):
            return symbol
    return ""


def _relative(where: str) -> str:
    """A place without what differs between flavours: `keras.src.layers` is `layers`."""
    return re.sub(
        r"^(tensorflow\.(contrib\.|python\.)?|tf_)?(keras(_core)?(\.|$))?"
        r"(_impl\.keras\.|src\.|(api\._v\d|_tf_keras|api)\.(keras(\.|$))?)?",
        "",
        where.replace(":", "."),
    )


def _signature(text: str) -> Signature | None:
    if text == "?":
        return None
    found, kind = [], "positional"
    for line in text.split("\n") if text else ():
        if line == "/":
            continue
        name, equals, default = line.partition("=")
        if name.startswith("**"):
            found.append(Parameter(name[2:], None, "**"))
        elif name.startswith("*"):
            if name != "*":
                found.append(Parameter(name[1:], None, "*"))
            kind = "keyword"
        else:
            found.append(Parameter(name, default if equals else None, kind))
    return tuple(found)


def modules(env: Environment, distribution: str) -> tuple[str, ...]:
    """Every module of an installed distribution that can be imported, private ones included."""
    parts = [part for part in _directory()[0] if part.startswith(distribution + "/")]
    found = {module for part in parts for module in _part(part)}
    return tuple(sorted(module for module in found if _record(env, module)))


def names(env: Environment, module: str) -> tuple[str, ...]:
    """The names that `from module import *` binds in `env`."""
    thing = _module(env, module)
    found = _record(env, thing.where) if thing and thing.kind == "module" else None
    if not found:
        return ()
    record, index = found
    bound = {leaf for leaf, values in record.get("n", {}).items() if _at(values, index)}
    for star, spans in map(_split, record.get("s", ())):
        if not spans or _holds(spans, index):
            bound.update(names(env, star))
    return tuple(sorted(name for name in bound if not name.startswith("_")))


# Symbols

_ROOTS = (*(root for flavour in FLAVOURS.values() for root in flavour.other_roots), *FLAVOURS)


def split_flavour(path: str) -> tuple[str, str]:
    """The public root that a path begins with ("" if none), and the rest.

    TensorFlow 2 has some of Keras's modules under its own name too: `tensorflow.losses`.
    """
    if re.match(r"tensorflow\.(losses|metrics|optimizers|initializers)\b", path):
        return "tensorflow.keras", path.removeprefix("tensorflow.")
    for root in _ROOTS:
        if path == root or path.startswith(root + "."):
            return root, path[len(root) + 1 :]
    return "", path


@functools.lru_cache(maxsize=1024)
def _tree(env: Environment, root: str) -> str | None:
    """The public API that a root shows in the environment."""
    if not root.startswith("tensorflow."):
        return root if _record(env, root) else None
    thing = _import(env, root) or _attribute(env, root)
    if not thing or thing.kind != "module":
        return None
    version = re.search(r"\bapi\._(v\d)\b", thing.where)
    if thing.distribution == "tensorflow":
        name = re.search(r"compat\.(v\d)", root)
        return f"tensorflow._{name[1]}" if name else "tensorflow"
    if "_tf_keras" in thing.where:
        return "keras._tf_keras"
    if thing.distribution == "tf_keras" and version and version[1] == "v2":
        return "tf_keras"
    return f"{thing.distribution}._{version[1]}" if version else thing.distribution


def _trees(env: Environment) -> Iterator[str]:
    for root in _ROOTS:
        tree = _tree(env, root)
        if tree:
            yield tree


def _paths(symbol: str) -> dict[str, dict[str, list[int]]]:
    """The public paths of a symbol in each API, with the releases of its distribution."""
    part = _part(letter(symbol.rpartition(".")[2]))
    return part["symbols"].get(symbol, {}) if part else {}


def _listed(env: Environment, paths: dict, tree: str, path: str | None = None) -> bool:
    """Whether an API has one of a symbol's paths (or the one given) in the environment."""
    index = _index(env, tree.partition(".")[0])
    found = paths.get(tree, {})
    chosen = found.values() if path is None else [found.get(path, [])]
    return any(_holds(spans, index) for spans in chosen)


def public_path(env: Environment, flavour: str, symbol: str) -> str | None:
    """The path that a person should write for `symbol` in `flavour`, e.g. `keras.layers.Dense`."""
    tree = _tree(env, flavour)
    if not tree or not symbol:
        return flavour if tree else None
    index = _index(env, tree.partition(".")[0])
    fitting = [path for path, spans in _paths(symbol).get(tree, {}).items() if _holds(spans, index)]
    if not fitting:
        return None
    leaf = symbol.rpartition(".")[2]
    best = min(
        fitting,
        key=lambda path: (path != symbol, path.rpartition(".")[2] != leaf, path.count("."), path),
    )
    return f"{flavour}.{best}"


def api(env: Environment, flavour: str) -> dict[str, str]:
    """The public paths of a flavour in `env`, each with its symbol."""
    tree = _tree(env, flavour)
    if not tree:
        return {}
    index = _index(env, tree.partition(".")[0])
    found = {}
    for part in sorted({letter(name) for name in _part("names") or ()}):
        for symbol, trees in _part(part)["symbols"].items():
            for path, spans in trees.get(tree, {}).items():
                if _holds(spans, index):
                    found[f"{flavour}.{path}"] = symbol
    return found


@functools.lru_cache(maxsize=256)
def history(symbol: str) -> dict[str, tuple[Span, ...]]:
    """For each flavour the public paths of `symbol`, newest first, each with its releases.

    A path whose signature changes has one span for each signature.
    """
    found: dict[str, tuple[Span, ...]] = {}
    known = _paths(symbol)
    for flavour in FLAVOURS:
        spans: dict[str, list[Span]] = {}
        for release in releases(flavour):
            env = flavour_environment(flavour, release)
            tree = _tree(env, flavour)
            for path in known.get(tree, {}):
                if not _listed(env, known, tree, path):
                    continue
                whole = f"{flavour}.{path}"
                thing = _import(env, whole) or _attribute(env, whole)
                signature = _symbol(env, thing)[1] if thing else None
                so_far = spans.setdefault(whole, [])
                before = so_far[-1] if so_far else None
                follows = before and _follows(flavour, before.last, release)
                if before and follows and before.signature == signature:
                    so_far[-1] = replace(before, last=release)
                else:
                    so_far.append(Span(whole, release, release, True, signature))
        if spans:
            flat = [span for of_path in spans.values() for span in of_path]
            flat.sort(key=lambda span: (version_key(span.last), span.path == f"{flavour}.{symbol}"))
            found[flavour] = tuple(reversed(flat))
    return found


def _follows(flavour: str, before: str, after: str) -> bool:
    all_ = releases(flavour)
    return all_.index(before) + 1 == all_.index(after)


def written_out(name: str) -> str:
    """A name without the usual abbreviations `K` and `tf`."""
    return re.sub(r"^K\.", "backend.", re.sub(r"^tf\.", "tensorflow.", name))


def symbols(name: str) -> tuple[str, ...]:
    """The symbols that `name` (a leaf, `layers.Dense`, `K.mean`, any historical path) may mean."""
    name = written_out(name)
    rest = split_flavour(name)[1]
    if name in _ROOTS:
        return ("",)
    part = _part(letter(rest.rpartition(".")[2]))
    candidates = part["names"].get(rest.rpartition(".")[2], []) if part else []
    if "." not in name:
        return tuple(candidates)
    wanted = []
    for symbol in candidates:
        paths = {path for tree in _paths(symbol).values() for path in tree}
        if rest == symbol or rest in paths or any(path.endswith("." + rest) for path in paths):
            wanted.append(symbol)
    return tuple(wanted) or _private(name)


def _private(path: str) -> tuple[str, ...]:
    """The symbols that a path which is public nowhere stands for, in whatever release has it."""
    found: dict[str, None] = {}
    flavour = flavour_of(path)
    for release in reversed(releases(flavour)) if flavour else ():
        entry = lookup(flavour_environment(flavour, release), path)
        if entry:
            found.setdefault(entry.symbol)
    return tuple(found)


def suggest(name: str) -> tuple[str, ...]:
    """Names that resemble an unknown one."""
    import difflib

    leaf = name.rpartition(".")[2]
    folded = {known.lower(): known for known in reversed(_part("names") or [])}
    close = difflib.get_close_matches(leaf.lower(), folded, n=4, cutoff=0.7)
    return tuple(folded[match] for match in close)


# Which Keras a root is


def which_keras(env: Environment, root: str) -> str | None:
    """The package whose classes `root` hands out, such as `tensorflow.python.keras`."""
    for probe in (
        "layers.Dense",
        "layers.Layer",
        "models.Sequential",
        "Model",
        "Sequential",
        "Dense",
    ):
        thing = _import(env, f"{root}.{probe}") or _attribute(env, f"{root}.{probe}")
        if thing and thing.kind == "class":
            where = thing.where
            return re.split(r"\.(?:src|_impl|layers|engine|models|legacy)\b", where)[0]
    return None


def same_classes(env: Environment, root_a: str, root_b: str) -> bool:
    """Whether two roots (`keras`, `tensorflow.keras`, …) hand out classes of one Keras.

    Then they can be mixed in one model. (`tensorflow.python.keras` and `compat.v1` still have
    another BatchNormalization than `tensorflow.keras`, of the same base class.)
    """
    first, second = which_keras(env, root_a), which_keras(env, root_b)
    return first is not None and first == second
