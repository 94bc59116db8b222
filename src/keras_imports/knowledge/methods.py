"""Tell a method or attribute of an object from its path, and find the rules for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from keras_imports import atlas
from keras_imports.knowledge.rules import (
    chains_anywhere,
    methods_anywhere,
    methods_of_rules,
    sections,
)
from keras_imports.python.paths import after_call, callee

_UNKNOWN = "?."  # how a path starts whose receiver is not known
_MODELS = (
    *("Model", "Sequential", "Functional", "Container", "Network"),
    *("load_model", "clone_model", "multi_gpu_model"),  # wherever these functions are
)
_SHOWN_KINDS = frozenset({"model", "layer", "optimizer", "metric", "callback", "node"})
_KINDS = {
    "models": "Model",
    "applications": "Model",
    "optimizers": "Optimizer",
    "mixed_precision": "Optimizer",
    "layers": "Layer",
    "metrics": "Metric",
    "callbacks": "Callback",
    "losses": "Loss",
    "constraints": "Constraint",
    "regularizers": "Regularizer",
}


@dataclass(frozen=True)
class Method:
    """A method or attribute of an object: `keras.Sequential().fit`, or `?.fit` of any object.

    `owner` is the dotted path of the class or function whose call made the object, `None` where
    nothing tells; `name` is what is used of it, such as `fit` or `optimizer.lr`.
    """

    owner: str | None
    name: str

    @cached_property
    def key(self) -> str:
        """The key of its rules: `Model().fit` for `keras.Sequential().fit`, "" without an owner."""
        if self.owner is None:
            return ""
        leaf = self.owner.rpartition(".")[2]
        keys = [f"{leaf}().{self.name}", f"{kind_of(self.owner)}().{self.name}"]
        if leaf == "Layer":  # of a model, it may be a model itself
            keys.append(f"Model().{self.name}")
        keys += [key for key in chains_anywhere() if self.name.endswith(after_call(key) or "")]
        return next((key for key in keys if key in methods_of_rules()), keys[1])

    @property
    def shown(self) -> str:
        """How people write it: `Sequential.fit`, or only `fit` where nothing tells of what.

        Of what a function made it is that of the base class: `Optimizer.lr` of `optimizers.get`.
        """
        if self.owner is None:
            return self.name
        if self.name.startswith("()"):  # of what the object gives, as a layer a tensor
            return self.name.rpartition("().")[2]
        leaf = self.owner.rpartition(".")[2]
        owner = leaf if leaf[:1].isupper() else self.key.partition("()")[0]
        return f"{owner}.{self.name}"


@lru_cache(maxsize=1 << 12)
def kind_of(path: str) -> str:
    """Return of which kind a class of Keras is: `Model` for `keras.Sequential`, or `Layer`."""
    leaf = path.rpartition(".")[2]
    if leaf in _MODELS:
        return "Model"
    if leaf == "Layer":
        return leaf
    flavour, inside = atlas.split_flavour(path)
    if not flavour:  # a private path, as below `tensorflow.python.keras`
        inside = path.rpartition("keras.")[2]
    inside = inside.removeprefix("src.").removeprefix("tensorflow.python.keras.")
    return _KINDS.get(inside.partition(".")[0], leaf)


@lru_cache(maxsize=1 << 12)
def method_of(path: str) -> Method | None:
    """Return the method that a path names, `None` for a path of modules, classes and functions."""
    if path.startswith(_UNKNOWN):
        return Method(None, path.removeprefix(_UNKNOWN))
    rest = after_call(path)
    return None if rest is None else Method(callee(path), rest.removeprefix("."))


@lru_cache
def kind_anywhere(name: str) -> str:
    """Return what a name that means Keras whatever it is of is one of: `model`, `optimizer`."""
    owners = (key.split(".")[-2] for key in methods_anywhere() if key.endswith(f".{name}"))
    kinds = {owner.removesuffix("()").lower() for owner in owners}
    return " or ".join(sorted(kinds & _SHOWN_KINDS)) or "object"


def instead(symbol: str, name: str) -> str:
    """Return what to write for a method or attribute of a class that is gone, `""` if unknown."""
    key = Method(f"keras.{symbol}", name).key
    for section in ("keras3", "keras2", "standalone"):
        for rule in sections()[section].get(key, ()):
            if rule.to:
                return f"use `{rule.to[0]}`"
            if rule.left:
                return rule.left
    return ""
