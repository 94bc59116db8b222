"""KI108: find methods and attributes that the class of an object does not have any more.

What it finds in Keras 3, and what to write instead:

    model = keras.Sequential()
    model.predict_classes(x)
    numpy.argmax(model.predict(x), axis=-1)
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from itertools import chain

from keras_imports import atlas
from keras_imports.atlas import Environment
from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.codes import MEMBER
from keras_imports.engine.findings import Severity
from keras_imports.flavours import FLAVOURS, flavour_of, root_of
from keras_imports.knowledge.methods import instead
from keras_imports.python.paths import after_call, callee
from keras_imports.python.references import Arm
from keras_imports.versions import short, version_key

KI108 = MEMBER

_ATTRIBUTE = re.compile(r"\.\s*(\w+)")
_MAKES_MODEL = re.compile(
    r"applications\.(?:\w+\.)*[A-Z]\w*|(?:models|saving)\.(?:load_model|clone_model|model_from_\w+)"
)
_TOLERATED = ("AttributeError", "Exception", "BaseException")
_BY_FEATURE = re.compile(r"version|hasattr|\bdir\(", re.IGNORECASE)


def removed_members(module: CheckedModule) -> Violations:
    """Find methods and attributes that the class of an object had in another release."""
    env = module.installed.env
    used = set(_ATTRIBUTE.findall(module.source.text))
    if not any(_may_be_gone(env, name) for name in used):
        return
    stored = module.attributes_set
    for reference in module.objects:
        node = reference.node
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        classes = [_classes_of(module, path) for path in reference.paths]
        if not reference.certain or any(map(_is_prepared, reference.context.arms)):
            continue
        if not all(classes) or _is_set(node, stored):
            continue
        owners = list(chain.from_iterable(classes))
        if all(atlas.member(env, owner, node.attr) is None for owner in owners):
            messages = (_why(module, owner, node.attr) for owner in owners)
            message = next(filter(None, messages), "")
            if message:
                yield Violation(KI108, node, message, severity=_severity(env, owners, node.attr))


RULE = Rule(removed_members, (KI108,))


def _classes_of(module: CheckedModule, path: str) -> tuple[str, ...]:
    """Return the classes whose member a path may name; none if they are not known.

    It is `keras.Sequential` for `keras.Sequential().fit`. What is loaded is a `Model` or a
    `Sequential`, and all optimizers of a model are taken for one of the base class.
    """
    owner, rest, root = callee(path), after_call(path), root_of(path)
    if rest is None or not root or not module.installed.covers(owner):
        return ()
    entry = module.installed.entry(owner)
    if entry is None:
        return ()
    owners: tuple[str, ...] = (owner,) if entry.kind == "class" else ()
    if entry.kind == "function" and _MAKES_MODEL.fullmatch(entry.symbol):
        owners = (f"{root}.models.Model", f"{root}.models.Sequential")
    if rest.startswith(".optimizer.") and (entry.symbol.startswith("models.") or owners[1:]):
        owners, rest = (f"{root}.optimizers.Optimizer",), rest.removeprefix(".optimizer")
    return owners if re.fullmatch(r"\.\w+", rest) else ()


def _why(module: CheckedModule, owner: str, name: str) -> str:
    """Return when a member was removed and what to write.

    It is `""` if no class of the kind ever had it: then the program may have set it elsewhere.
    """
    entry = module.installed.entry(owner)
    if entry is None:
        return ""
    release, flavour = module.installed.release(owner), flavour_of(owner)
    package, _, version = release.partition(" ")
    shown = f"{entry.symbol.rpartition('.')[2]}.{name}"
    spans = atlas.member_spans(entry.symbol, name)
    had = any(span.is_known for some in spans.values() for span in some)
    if not had and not _only_other_models_had(module.installed.env, owner, entry.symbol, name):
        return ""
    message = f"{release} has no `{shown}`"
    every = atlas.releases(flavour)
    earlier = (
        span
        for span in spans.get(flavour, ())
        if span.is_known and version_key(span.last) < version_key(version)
    )
    last = next(earlier, None)
    if last is not None:
        removed = every[every.index(last.last) + 1]
        message = f"`{shown}` was removed in {package} {short(removed)}"
    advice = instead(entry.symbol, name)
    return f"{message}; {advice}" if advice else message


def _only_other_models_had(env: Environment, owner: str, symbol: str, name: str) -> bool:
    """Return whether a model never had a member, but other classes of models had, and none has."""
    is_model = symbol.startswith("models.")
    others = any(each.startswith("models.") for each in atlas.classes_with(name))
    return is_model and others and not _others_have(env, f"{root_of(owner)}.{symbol}", name)


@lru_cache(maxsize=1 << 14)
def _others_have(env: Environment, owner: str, name: str) -> bool:
    """Return whether other classes of the kind of one, such as layers, have a member."""
    root = root_of(owner)
    kind = owner[len(root) + 1 :].partition(".")[0]
    others = [each for each in atlas.classes_with(name) if each.startswith(f"{kind}.")]
    paths = filter(None, (atlas.public_path(env, root, other) for other in others))
    return any(atlas.member(env, path, name) is not None for path in paths)


def _severity(env: Environment, owners: list[str], name: str) -> Severity | None:
    """Return "warning" of what is only known to be a layer, where other layers have the name."""
    some_layer = any(owner.endswith(".Layer") for owner in owners)
    return "warning" if some_layer and _others_have(env, owners[0], name) else None


@lru_cache(maxsize=1 << 14)
def _may_be_gone(env: Environment, name: str) -> bool:
    """Return whether some class of the environment had a member in another release."""
    for symbol in atlas.classes_with(name):
        for flavour in FLAVOURS:
            path = atlas.public_path(env, flavour, symbol)
            if path and atlas.member(env, path, name) is None:
                return True
    return False


def _is_set(node: ast.Attribute, stored: dict[str, list[ast.expr]]) -> bool:
    """Return whether the program may have set an attribute itself; its own `self` is another's."""
    text = ast.unparse(node.value)
    return any(
        not (isinstance(owner, ast.Name) and owner.id == "self") or ast.unparse(owner) == text
        for owner in stored.get(node.attr, ())
    )


def _is_prepared(arm: Arm) -> bool:
    """Return whether a statement catches the error, or asks first what there is."""
    if isinstance(arm.node, ast.If):
        return _BY_FEATURE.search(ast.unparse(arm.node.test)) is not None
    if isinstance(arm.node, ast.Try) and arm.part == "body":
        caught = [handler.type for handler in arm.node.handlers]
        return any(
            kind is None or any(name in ast.unparse(kind) for name in _TOLERATED) for kind in caught
        )
    return False
