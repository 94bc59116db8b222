"""Name the files that Keras 3 does not write or read, by how their names end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from keras_imports.engine.planning.call import Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.file_names import LATEST, ending_of, endings_of, is_whole
from keras_imports.engine.planning.literals import literal
from keras_imports.knowledge.rules import Rule
from keras_imports.python.edits import Edit

_MODELS = (".keras", ".h5")
_HDF5 = (".h5", ".hdf5")
_WEIGHTS = (".weights.h5",)
_SHARDS = ".weights.json"
_HUBS = ("hf://", "kaggle://")
_OF_WEIGHTS = re.compile(r"\.(?:h5|hdf5|ckpt|tf)$|ckpt|^[^.{]+$")
_ANY = re.compile("")
_BY_SHORT_NAME = re.compile(r"""(["'])(?:mse|mae|mape|msle)\1""")  # of a loss or metric


def checkpoint_file(draft: Draft, rule: Rule) -> Draft:
    """Name the file of a `ModelCheckpoint` that it refuses."""
    only_weights = draft.given.get("save_weights_only")
    value = literal(only_weights) if only_weights else False
    if not isinstance(value, bool):
        return _checked(draft, rule, (*_MODELS, *_WEIGHTS))
    return _checked(draft, rule, _WEIGHTS if value else _MODELS)


def saved_file(draft: Draft, rule: Rule) -> Draft:
    """Name the file of a model that is not written, or cannot be read back."""
    file = draft.given.get("filepath")
    name = ending_of(draft.call.around, file.node) if file and file.node else ""
    if file and name.endswith(_HDF5) and draft.mentions(_BY_SHORT_NAME.pattern):
        message = "a model that was compiled with 'mse' or 'mae' does not load from such a file"
        return draft.remarked(
            "end it in `.keras`, or load it with `compile=False`", message, file.node
        )
    return _checked(draft, rule, (".keras", *_HDF5))


def loaded_file(draft: Draft, rule: Rule) -> Draft:
    """Name the file or directory of a model that is not read; those of Orbax are."""
    return draft if draft.mentions("Orbax") else _checked(draft, rule, (".keras", *_HDF5))


def weights_file(draft: Draft, rule: Rule) -> Draft:
    """Name the file of weights that is not written."""
    shards = (_SHARDS,) if "max_shard_size" in draft.given else ()
    return _checked_weights(draft, rule, (*_WEIGHTS, *shards))


def loaded_weights(draft: Draft, rule: Rule) -> Draft:
    """Name the file of weights that is not read: a checkpoint of TensorFlow."""
    file = draft.given.get("filepath")
    if file and file.node and LATEST in ending_of(draft.call.around, file.node):
        message = f"`{LATEST}` finds checkpoints of TensorFlow, which {draft.target} does not load"
        return draft.remarked(rule.note, message, file.node)
    return _checked_weights(draft, rule, (".keras", _SHARDS, *_HDF5))


def after_load_weights(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Remove what is called of the result of `load_weights`, which is `None`."""
    call = draft.call
    function = call.function
    made = function.value if isinstance(function, ast.Attribute) else None
    is_loaded = isinstance(made, ast.Call) and getattr(made.func, "attr", "") == "load_weights"
    if made is None or call.node is None or not is_loaded:
        return draft
    start, end = call.text.span(made).end, call.text.span(call.node).end
    return Plan((Edit(start, end, ()),))


def _is_of_unknown(draft: Draft) -> bool:
    """Return whether only the name of a method tells that Keras is meant."""
    method = draft.call.method
    return method is not None and method.owner is None


def _checked_weights(draft: Draft, rule: Rule, endings: Iterable[str]) -> Draft:
    """Remark on a file of weights, of an unknown object only if its name is that of such a file."""
    return _checked(draft, rule, endings, _OF_WEIGHTS if _is_of_unknown(draft) else _ANY)


def _checked(
    draft: Draft, rule: Rule, endings: Iterable[str], looks_so: re.Pattern[str] = _ANY
) -> Draft:
    """Remark on a file whose name is known to end in none of what is taken.

    `looks_so` is what a name has to match to be taken for that of such a file.
    """
    file = draft.given.get("filepath")
    if file is None or not file.node:
        return draft
    names = endings_of(draft.call.around, file.node, draft.call.texts)
    wrong = {name for name in names if looks_so.search(name) and _is_refused(name, endings)}
    if len(names) == 1 and not is_whole(draft.call.around, file.node):
        # Of a name of which only the end is known, that may be a part of the ending.
        wrong -= {name for name in names if any(ending.endswith(name) for ending in endings)}
    ends = sorted({name[max(name.rfind("."), name.rfind("/"), 0) :] for name in wrong})
    if not ends:
        return draft
    kinds = " or ".join(f"`{end}`" for end in ends)
    message = f"`{draft.shown}` does not take a file that ends in {kinds} in {draft.target}"
    return draft.remarked(rule.note, message, file.node)


def _is_refused(name: str, endings: Iterable[str]) -> bool:
    return not name.startswith(_HUBS) and not name.endswith(tuple(endings))
