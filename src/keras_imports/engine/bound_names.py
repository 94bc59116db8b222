"""The names of a module that stand for parts of some Keras, and what is to become of them.

The passes fill this in: what import statements and assignments bind, and what the uses of these
names need in the target. The writers read it: `name_writer` for the uses, `import_writer` for the
statements.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.import_statements import Statement
from keras_imports.python.references import Reference
from keras_imports.python.tree import Tree


@dataclass(eq=False)
class BoundName:
    """One local name that stands for something of some Keras, or for TensorFlow.

    `path` is what it stands for now; `target` what it can stand for in the target (a dotted path
    with its root), `None` if there is no such thing. `wanted` are the paths that its uses lead to,
    and `stays` tells that some use of it cannot change, or is no part of a Keras. What
    `keeps_name` is known by it to others, and what `is_fixed` is imported by a line that a comment
    keeps; `twins` are the other parts of `import a.b, a.c`.
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
    is_fixed: bool = False
    twins: list[ast.alias] = field(default_factory=list)

    @property
    def assigned(self) -> ast.expr | None:
        """The name on the left of an assignment."""
        return self.statement.targets[0] if isinstance(self.statement, ast.Assign) else None

    @property
    def is_of_tensorflow(self) -> bool:
        """Whether it stands for TensorFlow or a part of it, and for no Keras."""
        return self.path.startswith("tensorflow") and not is_keras_path(self.path)

    def reaches(self, path: str) -> bool:
        """Return whether a path is what the name is in the target, or an attribute of it."""
        return self.target is not None and (
            path == self.target or path.startswith(self.target + ".")
        )

    @property
    def is_left_elsewhere(self) -> bool:
        """Whether it is a module that does not have all that is used of it any more."""
        return self.is_module and not all(map(self.reaches, self.wanted))

    @property
    def is_kept(self) -> bool:
        """Whether the name is still bound after the migration."""
        if self.stays or self.keeps_name or not self.is_used:
            return True
        return any(map(self.reaches, self.wanted)) if self.is_module else bool(self.wanted)


@dataclass
class BoundNames:
    """All such names of a module, by statement and name, and its import statements of any Keras.

    `stuck` are the uses of names that have no counterpart in the target.
    """

    by_place: dict[tuple[ast.stmt, str], BoundName] = field(default_factory=dict)
    statements: dict[ast.stmt, Statement] = field(default_factory=dict)
    stuck: dict[BoundName, list[Reference]] = field(default_factory=dict)

    def all(self) -> list[BoundName]:
        """Return the names, in the order of their discovery."""
        return [*self.by_place.values()]

    def statement(self, node: ast.stmt, tree: Tree) -> Statement:
        """Return what is known of an import statement, at first nothing but what it is."""
        known = self.statements.get(node)
        if known is None:
            assert isinstance(node, (ast.Import, ast.ImportFrom))  # noqa: S101
            known = self.statements[node] = Statement(node, tree.blocks[node][1])
        return known

    def leave(self, names: tuple[BoundName, ...], reference: Reference) -> None:
        """Note that a use of names stays as it is, since there is nothing for it in the target."""
        for name in names:
            name.stays = True
            self.stuck.setdefault(name, []).append(reference)


def is_star(node: ast.AST) -> bool:
    """Return whether a node is `from module import *`."""
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
