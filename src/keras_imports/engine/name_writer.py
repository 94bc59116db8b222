"""Write the names of the target in a module: by the imports it has, or by new ones."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from keras_imports import atlas
from keras_imports.engine.bound_names import BoundName
from keras_imports.engine.inserted_functions import code_of, inserted
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.placeholders import (
    InsertedFunction,
    NameOfUse,
    QualifiedName,
    TargetName,
)
from keras_imports.python.edits import Edit, Piece, Span
from keras_imports.python.import_statements import Line, Statement

_ABOVE = ("tensorflow", "tensorflow.keras")  # `tf.keras.x` names its module by a chain
ROOT = "keras"  # what a root is called where the module has no name for it yet


@dataclass(frozen=True)
class _Name:
    """What the whole module sees under a name, from some line on."""

    path: str
    local: str
    line: int


class NameWriter:
    """Writes the names of one module, and notes in its statements what has to be imported."""

    def __init__(self, module: ModuleInMigration) -> None:
        self.module = module
        self.tree = module.tree
        self.target = module.target
        self.names = module.bound_names.all()
        self.statements = module.bound_names.statements
        self.by_local: dict[str, dict[str | None, list[BoundName]]] = {}  # and by their targets
        for bound in self.names:
            self.by_local.setdefault(bound.local, {}).setdefault(bound.target, []).append(bound)
        self.taken: dict[str, bool] = {}
        self.binders = {bound.alias or bound.assigned for bound in self.names}
        self.new: dict[str, _Name] = {}  # what new imports at the top bind, by their paths
        self.functions: dict[str, str] = {}  # those that are inserted, and their names
        self.code: list[Piece] = []  # theirs
        self.first_use = sys.maxsize  # the line of the first use of one

    # Edits

    def written(self, edit: Edit) -> Edit:
        """Return an edit with the target's names as this module writes them."""
        line, _ = self.module.text.place(edit.start)
        pieces = tuple(self._text(piece, line) for piece in edit.pieces)
        if pieces == edit.pieces:
            return edit
        return self._import_of_assignment(edit, pieces) or replace(edit, pieces=pieces)

    def _text(self, piece: Piece, line: int, bound: tuple[BoundName, ...] = ()) -> Piece:
        """Return what a piece is written as on a line, where names were used before."""
        if isinstance(piece, NameOfUse):
            return self._text(piece.name, line, piece.bound)
        if isinstance(piece, InsertedFunction):
            return self._function(piece.name, line, bound)
        if isinstance(piece, (TargetName, QualifiedName)):
            path = self.module.qualified(piece)
            texts = [self.write(path, name, line) for name in bound or (None,)]
            return texts[0]
        return piece

    def _function(self, function: str, line: int, bound: tuple[BoundName, ...]) -> str:
        """Return the name of a function that is inserted into the module."""
        if function not in self.functions:
            local = self.functions[function] = self.free(function, f".{function}")
            at_top = tuple(name for name in bound if name.at_top)[:1]
            code = code_of(function, local, self.target)
            self.code += ["\n\n"] if self.code else []
            self.code += [self._text(piece, line, at_top) for piece in code]
        self.first_use = min(self.first_use, line)
        return self.functions[function]

    def inserted(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Yield the edit that inserts the functions that the written ones of the edits call."""
        if self.functions:
            yield inserted(self.tree, self.code, self.first_use, edits)

    def _import_of_assignment(self, edit: Edit, pieces: tuple[Piece, ...]) -> Edit | None:
        """Return an import for `keras = tf.keras`, where TensorFlow is not the target."""
        node = self._assignments.get(Span(edit.start, edit.end))
        name = node and node.targets[0]
        if node is None or not isinstance(name, ast.Name) or pieces != (name.id,):
            return None
        (piece,) = edit.pieces
        if not isinstance(piece, NameOfUse) or piece.name != QualifiedName(self.target.root):
            return None
        span = self.module.text.span(node)
        return Edit(span.start, span.end, (str(self.root_line(name.id)),))

    @cached_property
    def _assignments(self) -> dict[Span, ast.Assign]:
        """The assignments at the top, by the places of their values."""
        nodes = (node for node in self.tree.module.body if isinstance(node, ast.Assign))
        return {self.module.text.span(node.value): node for node in nodes if len(node.targets) == 1}

    # Names

    def is_taken(self, name: str) -> bool:
        """Return whether anything but an import of some Keras binds a name."""
        if name not in self.taken:
            binders = self.tree.binders(name)
            self.taken[name] = any(node not in self.binders for node in binders)
        return self.taken[name]

    def is_certain(self, name: str, path: str) -> bool:
        """Return whether a name stands for nothing but a path, wherever it is bound."""
        return not self.by_local.get(name, {}).keys() - {path} and not self.is_taken(name)

    @cached_property
    def modules(self) -> dict[str, list[_Name]]:
        """The names at the top of modules of the target, by the paths of these."""
        modules: dict[str, list[_Name]] = {}
        for bound in self.names:
            if (
                bound.at_top
                and bound.is_module
                and bound.target
                and bound.is_kept
                and not self.is_below(bound.target)
                # What an assignment binds is written with these names itself.
                and (bound.alias is not None or bound.target == self.target.root)
                and self.is_certain(bound.local, bound.target)
            ):
                name = _Name(bound.target, bound.local, bound.statement.lineno)
                modules.setdefault(bound.target, []).append(name)
        return modules

    def _best_module(self, path: str, line: int) -> _Name | None:
        """Return the name that leads to a path by the fewest attributes, seen from a line."""
        while path:
            names = self.modules.get(path, [])
            for name in [*names, self.new[path]] if path in self.new else names:
                if name.line <= line:
                    return name
            path = path.rpartition(".")[0]
        return None

    @cached_property
    def _of_tensorflow(self) -> dict[str, list[BoundName]]:
        """The names of TensorFlow and its parts, by their paths, until these are written."""
        names: dict[str, list[BoundName]] = {}
        for bound in self.names:
            if bound.is_of_tensorflow and bound.target:
                names.setdefault(bound.target, []).append(bound)
        return names

    @cached_property
    def symbols(self) -> dict[str, _Name]:
        """The classes and functions of the target that have a name at the top, by their paths."""
        return {
            bound.target: _Name(bound.target, self.local(bound), bound.statement.lineno)
            for bound in self.names
            if bound.at_top
            and not bound.is_module
            and bound.target
            and bound.target in bound.wanted
            if self.is_certain(bound.local, bound.target)
        }

    def local(self, bound: BoundName) -> str:
        """Return what the name of a class or function becomes: it follows that of the symbol."""
        target, leaf = bound.target or "", (bound.target or "").rpartition(".")[2]
        is_own = bound.alias is not None and bound.alias.asname is None and not bound.keeps_name
        follows = is_own and bound.is_used and bound.local == bound.path.rpartition(".")[2]
        return leaf if target and follows and self.is_certain(leaf, target) else bound.local

    def write(self, path: str, bound: BoundName | None, line: int) -> str:
        """Return the expression for a path of the target in the place of a use of `bound`."""
        if (
            bound is not None
            and bound.is_module
            and bound.reaches(path)
            and not self.is_below(bound.target)
        ):
            return bound.local + path[len(bound.target or "") :]
        if bound is not None and not bound.is_module:
            return self._beside_symbol(path, bound, line)
        return self._below_module(path, bound, line)

    def _beside_symbol(self, path: str, bound: BoundName, line: int) -> str:
        """Return the name of a path, imported as it is: where names are imported one by one."""
        module, _, leaf = path.rpartition(".")
        if bound.alias is None and path == bound.target:
            return bound.local
        if bound.alias is None or self.is_below(path):
            return self._below_module(path, bound, line)
        if path == bound.target:
            local = self.local(bound)
        elif path in self.symbols and self.symbols[path].line <= line:
            return self.symbols[path].local
        else:
            local = self.free(leaf, path, bound)
        self._add(bound, Line(module, leaf, local))
        return local

    def _below_module(self, path: str, bound: BoundName | None, line: int) -> str:
        """Return the name of a module at the top, or of a new one, and the rest of the path."""
        best = self._best_module(path, line)
        is_chain = bound is not None and (
            bound.path in _ABOVE or (bound.alias is None and bound.path.startswith(_ABOVE))
        )
        relative = (
            path[len(self.target.root) + 1 :] if path.startswith(self.target.root + ".") else ""
        )
        first = relative.partition(".")[0]
        by_root = is_chain or not relative or first == relative
        is_above = best is not None and f"{self.target.root}.".startswith(f"{best.path}.")
        if best is not None and (by_root or not is_above):
            for each in self._of_tensorflow.pop(best.path, ()):
                each.is_used = each.stays = True  # what is written names it: its import stays
            return best.local + path[len(best.path) :]
        beside = None if bound or best else self._beside_others(path)
        if beside is not None:
            self._import(bound, beside, path)
            return beside.local
        if by_root or self.free(first, f"{self.target.root}.{first}") != first:
            return self._new_root(path, bound)
        if first == "src":  # what is private: its module says what it is
            module, _, leaf = path.rpartition(".")
            parent, _, name = module.rpartition(".")
            local = self.free(name, module)
            self._import(bound, Line(parent, name, local), module)
            return f"{local}.{leaf}"
        self._import(bound, Line(self.target.root, first, first), f"{self.target.root}.{first}")
        return relative

    def _beside_others(self, path: str) -> Line | None:
        """Return what imports a class or function from a module that others are imported from.

        `None` if no such module has it, under a name that is free.
        """
        entry, leaf = atlas.lookup(self.target.env, path), path.rpartition(".")[2]
        if entry is None or entry.module_path or self.free(leaf, path) != leaf:
            return None
        for bound in self.names:
            module = (bound.target or "").rpartition(".")[0]
            is_other = bound.is_module or bound.alias is None or bound.alias.asname
            if is_other or not bound.at_top or module == self.target.root:
                continue
            other = atlas.lookup(self.target.env, f"{module}.{leaf}") if module else None
            if (
                other is not None
                and other.symbol == entry.symbol
                and not self.is_below(f"{module}.{leaf}")
            ):
                return Line(module, leaf, leaf)
        return None

    def _new_root(self, path: str, bound: BoundName | None) -> str:
        """Return the expression for a path below a root that is imported for it."""
        root = self.target.root
        if not f"{path}.".startswith(root + "."):  # what another root has alone
            module, _, leaf = path.rpartition(".")
            local = self.free(leaf, path)
            self._import(bound, Line(module, leaf, local), path)
            return local
        local = "tf_keras" if self.target.root == "tf_keras" else ROOT
        local = self.free(local, root)
        self._import(bound, self.root_line(local), root)
        return local + path[len(root) :]

    def free(self, name: str, path: str, own: BoundName | None = None) -> str:
        """Return a name that stands for nothing else in the module but `own`, which it replaces."""
        while self.is_taken(name) or self._is_of_another(name, path, own):
            name = f"keras_{name}"
        return name

    def _is_of_another(self, name: str, path: str, own: BoundName | None) -> bool:
        """Return whether a name will stand for something of some Keras that has another path."""
        return any(
            bound.is_kept or not bound.alias
            for target, names in self.by_local.get(name, {}).items()
            for bound in (names if target != path else ())
            if bound is not own or bound.stays
        ) or any(each.local == name and each.path != path for each in self.new.values())

    def root_line(self, local: str) -> Line:
        """Return what imports the target's root under a name."""
        root = self.target.root
        if self.target.is_one_level:
            return Line(root, "keras", local)
        if "." in root:
            parent, _, leaf = root.rpartition(".")
            return Line(parent, leaf, local)
        return Line("", root, local)

    def _import(self, bound: BoundName | None, line: Line, path: str) -> None:
        """Import something beside a bound name, under a name that may be used from there on."""
        statement = self.statements.get(bound.statement) if bound is not None else None
        statement = statement or self._first()
        if line not in statement.more:
            statement.more.append(line)
        if self.tree.is_at_top(statement.node) and path not in self.new:
            self.new[path] = _Name(path, line.local, statement.node.lineno)

    def _add(self, bound: BoundName, line: Line) -> None:
        """Import something in the place of a bound name."""
        statement = self.statements.get(bound.statement)
        if statement is None or bound.alias is None:
            self._import(bound, line, f"{line.module}.{line.name}")
            return
        lines = statement.lines.setdefault(bound.alias, [])
        is_in_star = line.name == line.local and Line(line.module, "*", "*") in lines
        if line not in lines and not is_in_star:
            lines.append(line)

    def _first(self) -> Statement:
        """Return the first import statement of some Keras, at the top if there is one."""
        for node in self.tree.module.body:
            if node in self.statements:
                return self.statements[node]
        return next(iter(self.statements.values()))

    def is_below(self, path: str | None) -> bool:
        """Return whether the target hands out a path by no import, only as an attribute."""
        module = (path or "").rpartition(".")[0]
        return self.target.is_one_level and module.startswith(f"{self.target.root}.")
