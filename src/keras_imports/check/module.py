"""Define the module that rules look at: what its names stand for, and what its calls do."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cached_property

from keras_imports.check.calls import KerasCall, keras_calls
from keras_imports.check.installed import Installed, installed
from keras_imports.check.legacy import switch_of
from keras_imports.check.setting import Setting
from keras_imports.engine.findings import Finding
from keras_imports.engine.noqa import Noqa
from keras_imports.engine.told import Told
from keras_imports.flavours import generation
from keras_imports.knowledge.declarations import Declarations
from keras_imports.knowledge.detection import detect_origins
from keras_imports.knowledge.legacy_switch import Switch, steps_of, takes_keras_by_import
from keras_imports.knowledge.target import targets_in
from keras_imports.python.bindings import resolve
from keras_imports.python.edits import Text
from keras_imports.python.paths import has_call
from keras_imports.python.references import Module, Reference, TrackedCall
from keras_imports.python.sources import Source
from keras_imports.python.tracking import Tracked
from keras_imports.python.tree import Tree, walk

# What a rule can point at: a node that has a line and a column.
Node = ast.expr | ast.stmt | ast.alias | ast.keyword


@dataclass(frozen=True)
class CheckedModule:
    """One module, what it is checked against, and what is known of it.

    A rule asks for one of three things, which cannot be taken for each other:

    - `names`: the uses of what is imported, up to the first call. `keras.Sequential` is among
      them, the method in `keras.Sequential().fit` never is.
    - `named_calls`: the calls of such a name, with its signature: `keras.layers.Dense(3)`.
    - `calls`: also those of what a call returned, and of its methods: `model.fit(x)`.
    """

    source: Source
    setting: Setting
    told: Told | None = None  # what the other files of its program tell

    @cached_property
    def installed(self) -> Installed:
        """What the atlas says about the environment."""
        env = self.setting.env
        if not env.legacy_env and env.tf_keras and self._asks_for_legacy:
            env = replace(env, legacy_env=True)
        return installed(env)

    @cached_property
    def switch(self) -> Switch:
        """Where the module, or one that it imports before TensorFlow, sets the legacy Keras."""
        return switch_of(self.source, self.setting.roots)

    @cached_property
    def takes_keras_from_tensorflow(self) -> bool:
        """Whether it imports from `tensorflow.keras`, which is what it was when TensorFlow was."""
        return takes_keras_by_import(steps_of(self.source.tree))

    @property
    def _asks_for_legacy(self) -> bool:
        """Whether `tf.keras` is the legacy Keras by what the module sets.

        Too late for `from tensorflow.keras import …`, it still is in time for `tf.keras.…`.
        """
        if self.switch.too_late is not None:
            return not self.takes_keras_from_tensorflow
        return self.switch.in_time

    @cached_property
    def text(self) -> Text:
        """The text, which knows the places of its syntax tree."""
        return Text(self.source.text)

    @cached_property
    def noqa(self) -> Noqa:
        """The codes that its comments name."""
        return Noqa.of(self.source.text, self.setting.ignored)

    @cached_property
    def tree(self) -> Tree:
        """The syntax tree, to be searched by lines and upwards."""
        return Tree(self.source.tree, self.text)

    def offset(self, finding: Finding) -> int:
        """Return where in the text a finding is, which may be in a cell of a notebook."""
        first = dict(self.source.cells).get(finding.cell or 0, 1)
        return self.text.start_of(first + finding.line - 1) + finding.column - 1

    def is_surely_keras_3(self, flavour: str) -> bool:
        """Return whether the project or the module itself tells that a flavour is Keras 3."""
        declaration = Declarations().of(self.source.file)
        declared = declaration.releases(flavour) if declaration else ()
        if declared and all(generation(flavour, each) == "keras3" for each in declared):
            return True
        target = next(iter(targets_in(self.installed.env, frozenset({flavour}))), None)
        if target is None:
            return False
        source = self.source
        detected = detect_origins(self.followed, source.text, source.tree, target)
        return flavour in detected.evidence.new

    @cached_property
    def names(self) -> tuple[Reference, ...]:
        """The uses and imports of names whose paths hold no call, where the names stand."""
        references = (each for each in self._resolved.references if each.kind != "part")
        return tuple(filter(None, map(_without_results, references)))

    @cached_property
    def named_calls(self) -> tuple[KerasCall, ...]:
        """The calls of names that stand for exactly one class or function of Keras.

        Those that only raise an error are left out: all else is lost on them.
        """
        return tuple([call for call in self._keras_calls if not call.raises])

    @property
    def placeholder_calls(self) -> tuple[KerasCall, ...]:
        """The calls of names that only raise an error."""
        return tuple([call for call in self._keras_calls if call.raises])

    @property
    def calls(self) -> tuple[TrackedCall, ...]:
        """All calls of which something is known, with what is given to them."""
        return self.followed.calls

    @cached_property
    def imported(self) -> frozenset[str]:
        """What some statement imports, and all modules above it."""
        modules: set[str] = set()
        for reference in self.names:
            if reference.kind in ("import", "from", "star"):
                modules.add(reference.path)
        for module in tuple(modules):
            while "." in module:
                module = module.rpartition(".")[0]
                modules.add(module)
        return frozenset(modules)

    @cached_property
    def attributes_set(self) -> dict[str, list[ast.expr]]:
        """The objects that the module sets attributes of, by the names of the attributes."""
        objects: dict[str, list[ast.expr]] = {}
        for node in walk(self.source.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                objects.setdefault(node.attr, []).append(node.value)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
                name = node.args[1] if len(node.args) == 3 else None
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    objects.setdefault(name.value, []).append(node.args[0])
        return objects

    @property
    def is_stub(self) -> bool:
        """Whether only type checkers read it: then all that matters is which names exist."""
        return self.source.file.endswith(".pyi")

    @cached_property
    def _keras_calls(self) -> tuple[KerasCall, ...]:
        return tuple(keras_calls(self.installed, self.names))

    @cached_property
    def _resolved(self) -> Module:
        """The module as `names` needs it: in a stub no calls have to be followed."""
        if not self.is_stub:
            return self.followed
        source = self.source
        return resolve(source.text, source.tree, self.installed.tracked, follow_calls=False)

    @cached_property
    def followed(self) -> Module:
        """All that the module says about what is tracked, with what calls return."""
        return self.following(self.installed.tracked)

    def following(self, tracked: Tracked) -> Module:
        """Return the same where something else is tracked."""
        source = self.source
        return resolve(source.text, source.tree, tracked, surroundings=self.told)


def _without_results(reference: Reference) -> Reference | None:
    """Return what a use may stand for that is no result of a call; `None` if it is nothing else."""
    if not any(map(has_call, reference.paths)):
        return reference
    meanings = zip(reference.paths, reference.bindings, strict=True)
    named = [(path, binding) for path, binding in meanings if not has_call(path)]
    if not named:
        return None
    paths, bindings = zip(*named, strict=True)
    return replace(reference, paths=paths, bindings=bindings, certain=False)
