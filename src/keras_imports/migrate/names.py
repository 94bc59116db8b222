"""How each module writes the names of the target: by the imports it has, or by new ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from keras_imports import atlas
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.target import Target
from keras_imports.python.imports import Line, Statement, imported
from keras_imports.python.tree import Tree

_ROOT = "keras"  # what a root is called where the module has no name for it yet


@dataclass(eq=False)
class BoundName:
    """One local name that stands for something of some Keras, or for TensorFlow.

    `path` is what it stands for now; `target` what it can stand for in the target (a dotted path
    with its root), `None` if there is no such thing. `wanted` are the paths that its uses lead to,
    and `stays` tells that some use of it cannot be moved, or is no part of a Keras. What
    `keeps_name` is known by it to others; `twins` are the other parts of `import a.b, a.c`.
    """

    statement: ast.stmt
    alias: ast.alias | None  # None for what an assignment binds
    local: str
    path: str
    target: str | None
    is_module: bool
    at_top: bool  # whether the whole module sees it
    wanted: dict[str, None] = field(default_factory=dict)
    stays: bool = False
    is_used: bool = False
    keeps_name: bool = False
    twins: list[ast.alias] = field(default_factory=list)

    @property
    def assigned(self) -> ast.expr | None:
        """The name on the left of an assignment."""
        return self.statement.targets[0] if isinstance(self.statement, ast.Assign) else None

    def reaches(self, path: str) -> bool:
        """Whether a path is that of the slot, or an attribute of it."""
        return self.target is not None and (
            path == self.target or path.startswith(self.target + ".")
        )

    @property
    def is_left_elsewhere(self) -> bool:
        """Whether it is a module that does not have all that is used of it any more."""
        return self.is_module and not all(map(self.reaches, self.wanted))

    @property
    def is_kept(self) -> bool:
        """Whether the name is still bound after the move."""
        if self.stays or self.keeps_name or not self.is_used:
            return True
        return any(map(self.reaches, self.wanted)) if self.is_module else bool(self.wanted)


@dataclass(frozen=True)
class _Name:
    """What the whole module sees under a name, from some line on."""

    path: str
    local: str
    line: int


class Names:
    """The names of one module. `statements` are its import statements of any Keras."""

    def __init__(
        self,
        tree: Tree,
        target: Target,
        slots: list[BoundName],
        statements: dict[ast.stmt, Statement],
    ) -> None:
        self.tree = tree
        self.target = target
        self.slots = slots
        self.statements = statements
        self.binders = {slot.alias or slot.assigned for slot in slots}
        self.new: dict[str, _Name] = {}  # what new imports at the top bind, by their paths

    def is_taken(self, name: str) -> bool:
        """Whether anything but an import of some Keras binds a name."""
        return any(node not in self.binders for node in self.tree.binders(name))

    def is_certain(self, name: str, path: str) -> bool:
        """Whether a name stands for nothing but a path, wherever it is bound."""
        same = (slot for slot in self.slots if slot.local == name)
        return all(slot.target == path for slot in same) and not self.is_taken(name)

    @cached_property
    def modules(self) -> list[_Name]:
        """The modules of the target that have a name at the top."""
        return [
            _Name(slot.target, slot.local, slot.statement.lineno)
            for slot in self.slots
            if slot.at_top
            and slot.is_module
            and slot.target
            and slot.is_kept
            and not self.is_below(slot.target)
            # What an assignment binds is written with these names itself.
            and (slot.alias is not None or slot.target == self.target.root)
            and self.is_certain(slot.local, slot.target)
        ]

    @cached_property
    def symbols(self) -> dict[str, _Name]:
        """The classes and functions of the target that have a name at the top, by their paths."""
        return {
            slot.target: _Name(slot.target, self.local(slot), slot.statement.lineno)
            for slot in self.slots
            if slot.at_top and not slot.is_module and slot.target and slot.target in slot.wanted
            if self.is_certain(slot.local, slot.target)
        }

    def local(self, slot: BoundName) -> str:
        """What the name of a class or function becomes: it follows that of the symbol."""
        target, leaf = slot.target or "", (slot.target or "").rpartition(".")[2]
        is_own = slot.alias is not None and slot.alias.asname is None and not slot.keeps_name
        follows = is_own and slot.is_used and slot.local == slot.path.rpartition(".")[2]
        return leaf if target and follows and self.is_certain(leaf, target) else slot.local

    def write(self, path: str, slot: BoundName | None, line: int) -> str:
        """The expression for a path of the target on a line where `slot` was used before."""
        if (
            slot is not None
            and slot.is_module
            and slot.reaches(path)
            and not self.is_below(slot.target)
        ):
            return slot.local + path[len(slot.target or "") :]
        if slot is not None and not slot.is_module:
            return self._beside_symbol(path, slot, line)
        return self._below_module(path, slot, line)

    def _beside_symbol(self, path: str, slot: BoundName, line: int) -> str:
        """Where names are imported one by one, so is this."""
        module, _, leaf = path.rpartition(".")
        if slot.alias is None and path == slot.target:
            return slot.local
        if slot.alias is None or self.is_below(path):
            return self._below_module(path, slot, line)
        if path == slot.target:
            local = self.local(slot)
        elif path in self.symbols and self.symbols[path].line <= line:
            return self.symbols[path].local
        else:
            local = self.free(leaf, path, slot)
        self._add(slot, Line(module, leaf, local))
        return local

    def _below_module(self, path: str, slot: BoundName | None, line: int) -> str:
        """The name of a module at the top, or of a new one, and the rest of the path."""
        fitting = [
            name
            for name in (*self.modules, *self.new.values())
            if name.line <= line and f"{path}.".startswith(name.path + ".")
        ]
        best = max(fitting, key=lambda name: len(name.path), default=None)
        is_chain = slot is not None and slot.path.startswith("tensorflow") and slot.is_module
        relative = (
            path[len(self.target.root) + 1 :] if path.startswith(self.target.root + ".") else ""
        )
        first = relative.partition(".")[0]
        by_root = is_chain or not relative or first == relative
        if best is not None and (by_root or best.path != self.target.root):
            return best.local + path[len(best.path) :]
        if by_root or self.free(first, f"{self.target.root}.{first}") != first:
            return self._new_root(path, slot)
        if first == "src":  # what is private: its module says what it is
            module, _, leaf = path.rpartition(".")
            parent, _, name = module.rpartition(".")
            local = self.free(name, module)
            self._import(slot, Line(parent, name, local), module)
            return f"{local}.{leaf}"
        self._import(slot, Line(self.target.root, first, first), f"{self.target.root}.{first}")
        return relative

    def _new_root(self, path: str, slot: BoundName | None) -> str:
        root = self.target.root
        if not f"{path}.".startswith(root + "."):  # what another root has alone
            module, _, leaf = path.rpartition(".")
            local = self.free(leaf, path)
            self._import(slot, Line(module, leaf, local), path)
            return local
        local = "tf_keras" if self.target.root == "tf_keras" else _ROOT
        local = self.free(local, root)
        self._import(slot, self.root_line(local), root)
        return local + path[len(root) :]

    def free(self, name: str, path: str, own: BoundName | None = None) -> str:
        """A name that stands for nothing else in the module but `own`, which it replaces."""
        slots = (slot for slot in self.slots if slot is not own or slot.stays)
        others = {s.local for s in slots if s.target != path and (s.is_kept or not s.alias)}
        others |= {other.local for other in self.new.values() if other.path != path}
        while self.is_taken(name) or name in others:
            name = f"keras_{name}"
        return name

    def root_line(self, local: str) -> Line:
        """What imports the target's root under a name."""
        root = self.target.root
        if self.target.is_one_level:
            return Line(root, "keras", local)
        if "." in root:
            return Line(*root.rsplit(".", 1), local)
        return Line("", root, local)

    def _import(self, slot: BoundName | None, line: Line, path: str) -> None:
        """Import something beside the slot, under a name that may be used from there on."""
        statement = self.statements.get(slot.statement) if slot is not None else None
        statement = statement or self._first()
        if line not in statement.more:
            statement.more.append(line)
        if self.tree.is_at_top(statement.node) and path not in self.new:
            self.new[path] = _Name(path, line.local, statement.node.lineno)

    def _add(self, slot: BoundName, line: Line) -> None:
        """Import something in the place of the slot."""
        statement = self.statements.get(slot.statement)
        if statement is None or slot.alias is None:
            self._import(slot, line, f"{line.module}.{line.name}")
            return
        lines = statement.lines.setdefault(slot.alias, [])
        is_in_star = line.name == line.local and Line(line.module, "*", "*") in lines
        if line not in lines and not is_in_star:
            lines.append(line)

    def _first(self) -> Statement:
        for node in self.tree.module.body:
            if node in self.statements:
                return self.statements[node]
        return next(iter(self.statements.values()))

    def lines(self) -> None:
        """Say what each slot's own import becomes, once all names are written."""
        for slot in self.slots:
            statement = self.statements.get(slot.statement)
            if statement is None or slot.alias is None:
                continue
            old, lines = statement.old(slot.alias), statement.lines.setdefault(slot.alias, [])
            if slot.is_module:
                lines += self._module_lines(slot, old)
            elif slot.stays or (not slot.is_used and slot.target is None):
                if all(line.local != old.local for line in lines):
                    lines.insert(0, old)
            elif self.is_below(slot.target):
                lines += [old] if slot.keeps_name else []
            elif not slot.is_used:
                module, _, leaf = (slot.target or "").rpartition(".")
                is_renamed = slot.alias.asname is not None or slot.keeps_name
                lines.append(Line(module, leaf, slot.local if is_renamed else leaf))
            for twin in slot.twins:
                if lines != [old] or (is_keras_path(twin.name) and not self._imports(twin.name)):
                    statement.lines[twin] = []

    def is_below(self, path: str | None) -> bool:
        """Whether the target hands out a path by no import, only as an attribute."""
        module = (path or "").rpartition(".")[0]
        return self.target.is_one_level and module.startswith(f"{self.target.root}.")

    def _module_lines(self, slot: BoundName, old: Line) -> Iterator[Line]:
        if not slot.is_kept:
            return
        if slot.target is None or slot.path == slot.target == old.name:
            yield old
            return
        if slot.path == "tensorflow":
            yield from self._tensorflow_lines(slot, old)
            return
        if slot.target == self.target.root:
            is_same = not old.module and old.name.startswith(self.target.root + ".")
            yield old if is_same and self._imports(old.name) else self.root_line(slot.local)
            return
        module, _, leaf = slot.target.rpartition(".")
        if self.is_below(slot.target):
            if slot.keeps_name or slot.stays:
                yield old
        elif not old.module and self._imports(slot.target):
            yield imported(slot.target, slot.local)
        else:
            yield Line(module, leaf, slot.local)

    def _tensorflow_lines(self, slot: BoundName, old: Line) -> Iterator[Line]:
        """`import tensorflow.keras.layers` binds `tensorflow`."""
        is_keras = is_keras_path(old.name) and not old.module
        if is_keras and self.target.root != "tensorflow.keras":
            root = self.root_line(self.free(_ROOT, self.target.root))
            yield Line("", "tensorflow", "tensorflow") if slot.stays else root
        else:
            yield old

    def _imports(self, path: str) -> bool:
        """Whether `import path` works in the target."""
        entry = atlas.lookup(self.target.env, path)
        return entry is not None and entry.module_path and not self.target.is_one_level
