"""Which tracked name every expression of a module stands for, by Python's scoping.

The module is interpreted abstractly: statements in their order, branches apart and joined again,
functions after the scope that holds them. A *binding* says that a local name stands for a dotted
path (see `paths`): `x = keras.layers.Dense(3)(y)` binds `x` to `keras.layers.Dense()()`.
Nothing is imported.

Objects are followed into functions and classes of the module, and out of them (see `definitions`).
A function is walked again when more becomes known of what flows into it.

Only statements that mention a name of interest are walked at all (see `relevance`).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from keras_imports.python.bindings.statements import Statements
from keras_imports.python.bindings.values import own_binding
from keras_imports.python.definitions import Callee, OwnClass, OwnFunction
from keras_imports.python.exports import Exporter, Exports, Surroundings
from keras_imports.python.references import Module
from keras_imports.python.scopes import State
from keras_imports.python.statements import DEFINITIONS
from keras_imports.python.tracking import Tracked

_MOST_TURNS = 4  # that a module is walked


def resolve(
    text: str,
    tree: ast.Module,
    tracked: Tracked,
    *,
    follow_calls: bool = True,
    surroundings: Surroundings | None = None,
) -> Module:
    """Return all references of a parsed module to what is tracked, and the calls of it.

    Without `follow_calls` nothing is known of what calls return, and `Module.calls` is empty: it is
    much faster. `surroundings` are what the other modules of its program tell; with them
    `Module.exports` and `Module.given` are filled, too.
    """
    return _Walker(text, tree, tracked, follow_calls, surroundings).run()


class _Walker(Statements):
    """Walks a module until nothing more becomes known of it."""

    def run(self) -> Module:
        """Walk the module, and return what is known of it in the end."""
        self.find_relevant()
        turns = 0
        while True:
            turns += 1
            self.is_due_again = False
            self.start()
            module = self.task
            known = set(self.globals)
            self.block(self.tree.body)
            bound = dict(self.scope.state)
            self.scope.close()
            self.agenda += module.inner
            for task in self.agenda:  # it grows by those inside, and those to walk again
                self.walk(task)
            if not self.parameters <= self.names:  # their uses were not looked at
                self.relevance.follow(self.parameters)
                self.names = self.relevance.names
                continue
            if self.is_due_again and turns < _MOST_TURNS:  # it reads what methods have set
                continue
            if set(self.globals) == known:  # a `global` may bind what an earlier function uses
                tasks = tuple(module.in_order())
                references = tuple([r for task in tasks for r in task.references])
                calls = tuple([c for task in tasks for c in task.calls])
                return Module(references, calls, *self.for_others(bound))

    def find_relevant(self) -> None:
        """Find the names that may come to stand for a path, and the lines that mention them."""
        words = set(self.tracked.roots)  # an import is of interest for what it rebinds, too
        if self.tracked.stand_in is not None:
            words.add(self.tracked.stand_in.leaf)
        if self.surroundings is not None:
            words |= {"import", "return"}
        self.relevance.find(self.tree.body, words, self.imported, through_calls=self.follow_calls)
        if self.surroundings is not None and self.surroundings.given:
            given = {name for its in self.surroundings.given.values() for name in its}
            self.parameters = given | {f"self.{name}" for name in given}
            self.relevance.follow(self.parameters)
        self.names = self.relevance.names

    def for_others(self, bound: State) -> tuple[Exports, Mapping[str, Mapping[str, Exports]]]:
        """Return what other modules may import, and what is given to them."""
        if self.surroundings is None:
            return {}, {}
        exporter = Exporter(self.surroundings.file, self.result_by_now)
        wanted = self.surroundings.wanted
        exports = {
            name: exporter.value(value)
            for name, value in bound.items()
            if wanted is None or name in wanted
        }
        for name, own in self.all_definitions().items() if wanted != frozenset() else ():
            if name not in bound and (wanted is None or name in wanted):
                exports[name] = exporter.value((own_binding(own, self.tree.body[0]),))
        given = {
            file: {
                name: {parameter: exporter.value(value) for parameter, value in state.items()}
                for name, state in functions.items()
            }
            for file, functions in self.given.items()
        }
        return {name: value for name, value in exports.items() if any(value)}, given

    def all_definitions(self) -> Mapping[str, Callee | OwnClass]:
        """Return the functions and classes at the top of the module, relevant or not."""
        known = self.scope.definitions
        for statement in self.tree.body:
            if isinstance(statement, DEFINITIONS) and statement.name not in known:
                if isinstance(statement, ast.ClassDef):
                    kind = known[statement.name] = OwnClass(statement.name)
                    kind.add_methods(statement)
                else:
                    known[statement.name] = OwnFunction(statement, None)
        return known
