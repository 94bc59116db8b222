"""A module on its way to the target: what all passes know of it, and ask of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from keras_imports import atlas
from keras_imports.engine.around import value_of
from keras_imports.engine.bound_names import BoundNames
from keras_imports.engine.changes import Change, is_still_there, wrong_with
from keras_imports.engine.codes import BEHAVIOUR, BY_HAND, NOT_THERE
from keras_imports.engine.findings import Finding
from keras_imports.engine.job import UsedElsewhere
from keras_imports.engine.noqa import Noqa
from keras_imports.engine.placeholders import QualifiedName, TargetName
from keras_imports.engine.planning.plan import MEMBERS, Call, Plan, plan_call
from keras_imports.engine.planning.report import no_counterpart
from keras_imports.engine.symbolic import SymbolicTensors, calls_on_tensors
from keras_imports.engine.tensorflow_settings import settings
from keras_imports.engine.told import Told
from keras_imports.engine.weights import Weights
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.counterparts import Resolved, counterpart, resolve
from keras_imports.knowledge.detection import Evidence
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.methods import kind_of
from keras_imports.knowledge.origin import Origin, parse_origin
from keras_imports.knowledge.packages import MorePackages
from keras_imports.knowledge.rules import advice_for
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit, Text
from keras_imports.python.paths import has_call
from keras_imports.python.references import Reference, TrackedCall
from keras_imports.python.tree import Tree

# The last release whose backend takes the tensors of a model.
_LAST_WITH_BACKEND = parse_origin("tensorflow.keras==2.15.1")

# What a pass says of a place: how it is written, or why that is left.
Fix = Edit | Change | Finding


@dataclass(frozen=True, eq=False)
class ModuleInMigration:
    """What passes read. Only `bound_names`, the bookkeeping for imports, is filled by them.

    `origins` has, for each flavour that the module uses, the release that it was written for,
    and `evidence` what told that. With `modernize` what works and is only older becomes what the
    target has instead, too. With `stays` the module keeps its flavours, of which only the target's
    is in `references`. What has an `ignored` code stays as it is. `told` is what other files of
    the program tell.
    """

    text: Text
    tree: Tree
    references: tuple[Reference, ...]
    calls: tuple[TrackedCall, ...]
    target: Target
    origins: Mapping[str, Origin]
    used: UsedElsewhere
    modernize: bool = False
    line_length: int | None = None
    stays: bool = False
    ignored: frozenset[str] = frozenset()
    packages: MorePackages = ()
    evidence: Evidence = field(default_factory=Evidence)
    told: Told = field(default_factory=Told)
    bound_names: BoundNames = field(default_factory=BoundNames)

    @cached_property
    def noqa(self) -> Noqa:
        """The codes that comments of the module name, to keep their lines as they are."""
        return Noqa.of(self.text.text, self.ignored)

    def is_kept(self, line: int, code: str = "KI") -> bool:
        """Return whether the statement on a line is kept from what has a code, or any."""
        return self.noqa.keep(self.tree, line, code)

    @property
    def is_surely_keras_3(self) -> bool:
        """Whether someone said that the code is for Keras 3, so that nothing old is in it."""
        return all(o.exact and o.generation == "keras3" for o in self.origins.values())

    @cached_property
    def keras_classes(self) -> dict[ast.ClassDef, str]:
        """The classes derived from one of Keras, directly or not, and the path of that one."""
        paths: dict[str, str] = {}
        for reference in self.references:
            statement, path = reference.statement, reference.path
            is_class = is_keras_path(path) and not has_call(path)
            if isinstance(statement, ast.ClassDef) and reference.node in statement.bases:
                paths.update({statement.name: path} if is_class else {})
        if not paths:
            return {}
        classes = [node for node in self.tree.blocks if isinstance(node, ast.ClassDef)]
        for node in sorted(classes, key=lambda node: node.lineno):
            for base in node.bases:
                if isinstance(base, ast.Name) and base.id in paths:
                    paths.setdefault(node.name, paths[base.id])
        return {node: paths[node.name] for node in classes if node.name in paths}

    def classes(self, *kinds: str) -> Iterator[ast.ClassDef]:
        """Yield the classes that are of one of these kinds of Keras's, such as Layer and Model."""
        for node, path in self.keras_classes.items():
            if kind_of(path) in kinds:
                yield node

    def symbol(self, node: ast.AST) -> str:
        """Return the atlas's identity of what a name of the code stands for, "" if of nothing."""
        reference = self.reference_of.get(node)
        if reference is None or has_call(reference.path) or not is_keras_path(reference.path):
            return ""
        resolved = self.resolve(reference.path)
        return resolved.symbol if resolved is not None and not resolved.rest else ""

    @cached_property
    def reference_of(self) -> dict[ast.AST, Reference]:
        """The reference that a node is, of each that is one."""
        return {reference.node: reference for reference in self.references}

    def value_of(self, node: ast.expr) -> ast.expr:
        """Return what a name is assigned if nothing else binds it; else the node as it is."""
        return value_of(self.tree, node)

    @cached_property
    def calls_on_tensors(self) -> frozenset[ast.Call]:
        """The calls that are given the tensors of a model of Keras 3, and take none.

        They are of functions of TensorFlow and of the old backend.
        """
        if self.target.generation != "keras3" or "tensorflow" not in self.text.text:
            return frozenset()
        return calls_on_tensors(self.symbolic)

    @cached_property
    def weights(self) -> Weights:
        """Which expressions are weights of layers and models."""
        return Weights(self.tree, self.reference_of)

    @cached_property
    def calls_on_weights(self) -> frozenset[ast.Call]:
        """The calls of the old backend that are given weights of Keras 3, and take none."""
        if self.target.generation != "keras3" or "tensorflow" not in self.text.text:
            return frozenset()
        return self.weights.refused()

    @cached_property
    def symbolic(self) -> SymbolicTensors:
        """Which expressions are tensors of a functional model."""
        return SymbolicTensors(self.tree, self.references)

    @cached_property
    def settings(self) -> frozenset[ast.stmt]:
        """The statements that only set up TensorFlow, where the code is to run without it."""
        return settings(self.tree, self.references) if self.target.backend else frozenset()

    def is_in_settings(self, node: ast.AST) -> bool:
        """Return whether a node is a part of what only sets up TensorFlow."""
        return bool(self.settings) and any(n in self.settings for n in self.tree.above(node))

    @cached_property
    def own_members(self) -> frozenset[str]:
        """The paths below some Keras that the module itself sets: `keras.metrics.mine = f`."""
        return frozenset(
            reference.path
            for reference in self.references
            if isinstance(getattr(reference.node, "ctx", None), ast.Store)
            and is_keras_path(reference.path)
            and not has_call(reference.path)
            and self.resolve(reference.path) is None
        )

    # What names mean

    def resolve(self, path: str) -> Resolved | None:
        """Return what a path of some Keras means where the code was written for; `None` if nothing.

        `path` may lead to an attribute of a class or function.
        """
        return resolve(path, self._origin(flavour_of(path)))

    def _origin(self, flavour: str) -> Origin:
        """Return the release of a flavour that the code was written for, the last if none tells."""
        return self.origins.get(flavour) or Origin(flavour, atlas.releases(flavour)[-1])

    def counterpart(self, resolved: Resolved) -> str | None:
        """Return the dotted path of the same in the target, with its root; `None` without one.

        As a last resort it is one of another root.
        """
        path = counterpart(resolved, self.target)
        return _in_tensorflow(resolved, self.target) if path is None else self.below_root(path)

    def below_root(self, path: str) -> str:
        """Return the dotted path of something that has a path relative to the target's root."""
        return f"{self.target.root}.{path}" if path else self.target.root

    def qualified(self, name: TargetName | QualifiedName) -> str:
        """Return the dotted path of a name, with its root."""
        return name.path if isinstance(name, QualifiedName) else self.below_root(name.path)

    # What becomes of calls

    def call(self, resolved: Resolved, path: str, node: ast.expr, call: ast.Call | None) -> Call:
        """Return a call (or a bare name, without `call`) of something that a path resolves to."""
        origin = self._origin(flavour_of(path))
        is_refused = call in self.calls_on_tensors or call in self.calls_on_weights
        if origin.generation == "keras3" and is_refused:
            origin = _LAST_WITH_BACKEND  # it never worked, and is meant as before
        entry = resolved.entry
        return self._call(resolved.path, entry.symbol, entry.signature, origin, node, call)

    def plan_method(self, path: str, node: ast.expr, call: ast.Call | None) -> Plan | None:
        """Plan what a method or attribute becomes; `None` if nothing does.

        `path` is that of something that some Keras made, `?` stands for anything.
        """
        method = self.method(path, node, call)
        plan = plan_call(method, self.target) if method is not None else Plan()
        if method and plan != Plan() and not self.modernize and self._is_only_older(method):
            return None
        return plan if plan.edits or plan.left else None

    def _is_only_older(self, call: Call) -> bool:
        """Return whether the target still has a method, and takes what is given to it."""
        is_there = call.method is not None and is_still_there(call.method, self.target)
        return is_there and wrong_with(call, self.target) is None

    def method(self, path: str, node: ast.expr, call: ast.Call | None) -> Call | None:
        """Return a method or attribute as a call; `None` if nothing may become of it."""
        if path.rpartition(".")[2] not in MEMBERS:
            return None
        flavour = "keras" if path.startswith("?") else flavour_of(path)
        origin = self.origins.get(flavour) or next(iter(self.origins.values()), None)
        return None if origin is None else self._call(path, "", None, origin, node, call)

    def _call(
        self,
        path: str,
        symbol: str,
        signature: atlas.Signature | None,
        origin: Origin,
        node: ast.expr,
        call: ast.Call | None,
    ) -> Call:
        return Call(
            text=self.text,
            function=node,
            node=call,
            path=path,
            symbol=symbol,
            signature=signature,
            origin=origin,
            above=self.tree.parent,
            texts=self.told.texts,
        )

    # Reports

    def unfixed(
        self, node: ast.AST, message: str, advice: str, code: str = BY_HAND.name
    ) -> Finding:
        """Return the finding for a node: what fails there, and what to write."""
        return Finding.at(self.text, node, message, advice, code)

    def differs(self, node: ast.AST, message: str, advice: str) -> Finding:
        """Return the finding for a node that runs in the target, and means something else there."""
        return Finding.at(self.text, node, message, advice, BEHAVIOUR.name, BEHAVIOUR.reason)

    def unmoved(self, node: ast.AST, message: str, advice: str) -> Finding:
        """Return the finding for a node that works where it is, and only cannot be moved."""
        return Finding.at(self.text, node, message, advice, reason="style")

    def without_counterpart(self, node: ast.AST, path: str) -> Finding:
        """Return the finding for a node that stands for something that the target does not have."""
        message, advice = no_counterpart(path, self.target)
        resolved = self.resolve(path) if flavour_of(path) else None
        known = advice_for(resolved.symbol) if resolved else ""
        if resolved and resolved.is_module:
            advice = "remove it, once what is used of it is replaced"
        elif known:
            message, advice = f"`{path}` is not in {self.target}", known
        return self.unfixed(node, message, advice, NOT_THERE.name)


def always(_: ModuleInMigration) -> bool:
    """Return True, for passes that hold for all modules and targets."""
    return True


def to_keras_3(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3."""
    return module.target.generation == "keras3"


def old_to_keras_3(module: ModuleInMigration) -> bool:
    """Return whether code that may be old is moved to Keras 3."""
    return to_keras_3(module) and not module.is_surely_keras_3


@lru_cache(maxsize=4096)
def _in_tensorflow(resolved: Resolved, target: Target) -> str | None:
    """Return where `tensorflow.keras` alone still has something of Keras 3's own package.

    Only what has nothing to do with tensors: the functions of the backend there do not take those
    of Keras. Without TensorFlow it is the private module behind it.
    """
    if target.flavour != "keras" or target.generation != "keras3" or target.root != "keras":
        return None
    env = atlas.flavour_environment("tensorflow.keras", atlas.releases("tensorflow.keras")[-1])
    path = atlas.public_path(env, "tensorflow.keras", resolved.symbol)
    if not path or not path.startswith("tensorflow.keras.preprocessing."):
        return None
    if not target.backend:
        return path
    private = path.replace("tensorflow.keras.", "keras.src.legacy.", 1)
    return private if atlas.lookup(target.env, private) else None
