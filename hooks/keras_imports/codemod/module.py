"""One module, moved to another Keras."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from keras_imports import atlas, bindings
from keras_imports.bindings import Binding, Reference, is_keras_path
from keras_imports.codemod import imports
from keras_imports.codemod.aim import Aim
from keras_imports.codemod.calls import METHODS, Call, Plan, plan_call, renamed_definition
from keras_imports.codemod.compat import compat_edits
from keras_imports.codemod.edits import Edit, Left, Span, Symbol, Text, apply
from keras_imports.codemod.imports import Line, Statement
from keras_imports.codemod.names import Names, Slot
from keras_imports.codemod.origin import Origin, flavour_of, origins
from keras_imports.codemod.targets import Known, known, target
from keras_imports.codemod.tensors import has_tensorflow_2, tensor_edits, weight_edits

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_METHOD_WORDS = re.compile(r"\.(?:" + "|".join(sorted(METHODS)) + r")\b")
_STAR = ("1.2.2", "2.0.9", "2.2.4", "2.3.1", "2.12.0", "2.15.0")


@dataclass(frozen=True)
class Moved:
    """A module's new text, and what was left in it."""

    text: str
    left: tuple[Left, ...] = ()


def move(
    source: str,
    tree: ast.Module,
    aim: Aim,
    given: Iterable[Origin] = (),
    portable: str | None = None,
    exports: bool = False,
) -> Moved:
    """The text of a module whose use of Keras is moved to the aim.

    `given` are the releases that it is known to be written for; `portable` a module of the project
    that hands out Keras. `exports` tells that others import names from this module, unused here.
    """
    module = bindings.resolve(source, tree, _star, portable)
    if not module.references:
        return Moved(source)
    mover = _Mover(Text(source), tree, module, aim, origins(module, tree, given), exports)
    return mover.run()


@lru_cache(maxsize=256)
def _star(module: str) -> frozenset[str]:
    """The names that `from module import *` binds in any of the releases that people used."""
    if not is_keras_path(module):
        return frozenset()
    flavour = flavour_of(module)
    releases = atlas.releases(flavour)
    if flavour == "keras":
        releases = (*_STAR, releases[-1])
    found: set[str] = set()
    for release in releases if flavour == "keras" else releases[:: max(1, len(releases) // 6)]:
        env = atlas.flavour_environment(flavour, release)
        for name in atlas.names(env, module):
            entry = atlas.lookup(env, f"{module}.{name}")
            if entry is not None and entry.kind != "other" and is_keras_path(entry.object):
                found.add(name)
    return frozenset(found)


@dataclass(frozen=True)
class _Use:
    """A place whose text is to change: edits with symbols of the target, and whose names they use."""

    slots: tuple[Slot, ...]
    edits: tuple[Edit, ...]


class _Mover:
    def __init__(
        self,
        text: Text,
        tree: ast.Module,
        module: bindings.Module,
        aim: Aim,
        found: dict[str, Origin],
        exports: bool,
    ) -> None:
        self.text = text
        self.tree = tree
        self.module = module
        self.aim = aim
        self.origins = found
        self.exports = exports
        self.left: list[Left] = []
        self.uses: list[_Use] = []
        self.edits: list[Edit] = []
        self.slots: dict[tuple[ast.stmt, str], Slot] = {}
        self.statements: dict[ast.stmt, Statement] = {}
        self.stuck: dict[Slot, list[Reference]] = {}  # uses of what has no counterpart
        self.seen: set[ast.AST] = set()  # what some reference has told
        self.layers: list[ast.ClassDef] = []  # classes derived from one of Keras
        self.parents: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node

    def run(self) -> Moved:
        references = self.module.references
        for reference in references:
            if reference.kind in ("import", "from"):
                self.add_slot(reference)
            elif reference.kind == "star":
                self.statements[reference.statement] = self.statement(reference.statement)
        stars = [r for r in references if r.kind == "star"]
        for reference in references:
            if reference.kind in ("name", "attribute"):
                self.use(reference)
        self.methods()
        self.definitions()
        if not all(o.exact and o.generation == "keras3" for o in self.origins.values()):
            for found in tensor_edits(self.text, self.tree, self.aim):
                (self.left if isinstance(found, Left) else self.edits).append(found)
            self.edits += weight_edits(self.text, self.layers, self.aim)
        if has_tensorflow_2(self.aim):
            self.edits += compat_edits(self.text, references)
        for reference in stars:
            self.star(reference)
        slots = list(self.slots.values())
        names = Names(self.tree, self.aim, slots, self.statements)
        self.names = names
        for use in self.uses:
            self.edits += [self.written(edit, use.slots) for edit in use.edits]
        names.lines()
        self.defer()
        self.without_repetition()
        collapsed = self.collapse()
        for node, statement in self.statements.items():
            if node not in collapsed and statement.is_changed:
                self.edits += imports.edits(self.text, statement)
        result = apply(self.text.text, self.edits, lambda symbol: symbol.path)
        self.left.sort(key=lambda left: (left.line, left.column))
        return Moved(result, tuple(dict.fromkeys(self.left)))

    # Imports

    def statement(self, node: ast.stmt) -> Statement:
        found = self.statements.get(node)
        if found is None:
            found = self.statements[node] = Statement(node, self.block(node))
        return found

    def block(self, node: ast.stmt) -> list[ast.stmt]:
        """The statements among which one stands."""
        parent = self.parents[node]
        for part in ("body", "orelse", "finalbody"):
            block = getattr(parent, part, None)
            if isinstance(block, list) and node in block:
                return block
        return [node]

    def add_slot(self, reference: Reference) -> None:
        """The name that one part of an import statement binds."""
        alias, node = reference.node, reference.statement
        assert isinstance(alias, ast.alias)
        path = reference.path
        if not alias.asname and isinstance(node, ast.Import) and "." in alias.name:
            path = path.partition(".")[0]
        is_tensorflow = path == "tensorflow" or not is_keras_path(path)
        local = alias.asname or alias.name.partition(".")[0]
        if reference.kind == "from":
            local = alias.asname or alias.name
        found = None if is_tensorflow else self.known(path)
        where = "tensorflow" if path == "tensorflow" else found and self.target(found)
        if is_tensorflow and path != "tensorflow":
            where = path
        is_module = is_tensorflow or found is None or found.is_module
        if found is not None and not found.is_module:
            renamed = self.renamed(path, found, alias)
            where = renamed or where
        at_top = node in self.tree.body and not reference.context.arms
        key = (node, local)
        if key in self.slots:
            if not isinstance(node, ast.Import):  # the same name twice in one list
                self.statements[node].lines[alias] = []
            return
        slot = Slot(node, alias, local, path, where, is_module, at_top)
        self.slots[key] = slot
        self.statement(node)

    def known(self, path: str) -> Known | None:
        return known(path, self.origins.get(flavour_of(path)) or Origin(flavour_of(path), ""))

    def target(self, found: Known) -> str | None:
        """The dotted path to write for something, with its root; another root as a last resort."""
        path = target(found, self.aim)
        if path is None:
            return _in_tensorflow(found, self.aim)
        return self.aim.root + (f".{path}" if path else "")

    def renamed(self, path: str, found: Known, alias: ast.alias) -> str | None:
        """What a symbol that is imported is called in the target, if a rule says so."""
        name = ast.copy_location(ast.Name(alias.name, ast.Load()), alias)
        name.end_col_offset = alias.end_col_offset or 0
        plan = plan_call(self.call(path, found, name, None), self.aim)
        for edit in plan.edits:
            if len(edit.pieces) == 1 and isinstance(edit.pieces[0], Symbol):
                return f"{self.aim.root}.{edit.pieces[0].path}"
        return None

    # Uses

    def use(self, reference: Reference) -> None:
        """Find out what one use of a name becomes."""
        node = reference.node
        assert isinstance(node, ast.expr)
        self.seen.add(node)
        meanings = _meanings(reference)
        # Of `a.b()` and `a.b().c` it is the first that says what becomes of `a`.
        of_names = meanings if "(" not in reference.path else ()
        slots = tuple(self.slot(binding, node) for _, binding in of_names)
        plans = [self.plan(path, reference) for path, _ in meanings]
        known_slots = tuple(slot for slot in slots if slot is not None)
        for slot in known_slots:
            slot.is_used = True
        if all(plan is None for plan in plans):
            for slot in known_slots:
                slot.stays = True
            return
        if len({self.named(plan, node) for plan in plans}) > 1 or plans[0] is None:
            for slot in known_slots:
                slot.stays = True
            message = f"`{self.text.of(node)}` may be {' or '.join(p for p, _ in meanings)}"
            self.report(node, reference.path, message, "keep one of the imports")
            return
        plan = plans[0]
        self.assigned(reference)
        self.left += plan.left
        if not plan.edits:
            for slot in known_slots:
                slot.stays = True
                self.stuck.setdefault(slot, []).append(reference)
            return
        self.want(known_slots, plan.edits)

    def named(self, plan: Plan | None, node: ast.expr) -> object:
        """What a plan makes of the name itself."""
        if plan is None or not plan.edits:
            return plan and plan.left
        span = self.text.span(node)
        return next((edit for edit in plan.edits if _replaces(edit, span)), None)

    def assigned(self, reference: Reference) -> None:
        """`keras = tf.keras`: a name for what is assigned, whether it is used here or not."""
        node, binding = reference.statement, reference.bindings[0]
        if not isinstance(node, ast.Assign) or node.value is not reference.node:
            return
        name = node.targets[0]
        if len(node.targets) == 1 and isinstance(name, ast.Name) and "(" not in reference.path:
            if (node, name.id) not in self.slots:
                path = replace(binding, path=reference.path)
                self.other_slot(path, node, name.id)

    def want(self, slots: tuple[Slot, ...], edits: tuple[Edit, ...]) -> None:
        for edit in edits:
            for piece in edit.pieces:
                if isinstance(piece, Symbol):
                    for slot in slots:
                        slot.wanted[self.absolute(piece)] = None
        self.uses.append(_Use(slots, edits))

    def absolute(self, symbol: Symbol) -> str:
        if symbol.path.startswith("="):
            return symbol.path[1:]
        return self.aim.root + (f".{symbol.path}" if symbol.path else "")

    def slot(self, binding: Binding, node: ast.expr) -> Slot | None:
        """The name that a use starts with."""
        while isinstance(node, (ast.Attribute, ast.Call)):
            node = node.value if isinstance(node, ast.Attribute) else node.func
        if not isinstance(node, ast.Name):
            return None
        local, statement = node.id, binding.node
        assert isinstance(statement, ast.stmt)
        slot = self.slots.get((statement, local))
        if slot is None and "(" not in binding.path:
            slot = self.other_slot(binding, statement, local)
        return slot

    def other_slot(self, binding: Binding, statement: ast.stmt, local: str) -> Slot | None:
        """A name that a star or an assignment binds."""
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            alias = statement.names[0]
            if alias.name != "*":
                return None
        else:
            alias = None
        path = binding.path
        found = self.known(path) if is_keras_path(path) else None
        where = self.target(found) if found is not None else None
        if not is_keras_path(path):
            where = path
        is_module = found.is_module if found is not None else not is_keras_path(path)
        at_top = statement in self.tree.body
        slot = Slot(statement, alias, local, path, where, is_module, at_top)
        self.slots[statement, local] = slot
        return slot

    def plan(self, path: str, reference: Reference) -> Plan | None:
        """What one meaning of a use becomes; `None` if it is no part of a Keras."""
        node, call = reference.node, reference.call
        assert isinstance(node, ast.expr)
        if "(" in path:
            if not is_keras_path(path):
                return None
            return self.method(path, node, call)
        if not is_keras_path(path):
            return None
        found = self.known(path)
        if found is None:
            return self.unknown(path, node)
        for _ in range(found.rest):
            node = node.value if isinstance(node, ast.Attribute) else node
            call = None
        span = self.text.span(node)
        if not found.is_module:
            plan = plan_call(self.call(path, found, node, call), self.aim)
            if any(_replaces(edit, span) for edit in plan.edits):
                return plan
            where = self.target(found)
            if where is None and plan.edits:
                return plan
        else:
            plan, where = Plan(), self.target(found)
        if where is None:
            if plan.left:
                return plan
            return self.unknown(path, node)
        symbol = Symbol(f"={where}")
        return Plan((*plan.edits, Edit(span.start, span.end, (symbol,))), plan.left)

    def call(self, path: str, found: Known, node: ast.expr, call: ast.Call | None) -> Call:
        origin = self.origins[flavour_of(path)]
        entry = found.entry
        return Call(
            text=self.text,
            function=node,
            node=call,
            path=found.path,
            symbol=entry.symbol,
            signature=entry.signature,
            generation=origin.generation,
            release=origin.release,
            exact=origin.exact,
            parent=self.parents.get(call or node),
        )

    def method(self, path: str, node: ast.expr, call: ast.Call | None) -> Plan | None:
        """A method or attribute of something that a Keras made; `?` stands for anything."""
        flavour = "keras" if path.startswith("?") else flavour_of(path)
        origin = self.origins.get(flavour) or next(iter(self.origins.values()), None)
        if origin is None:
            return None
        plan = plan_call(
            Call(
                text=self.text,
                function=node,
                node=call,
                path=path,
                symbol="",
                signature=None,
                generation=origin.generation,
                release=origin.release,
                exact=origin.exact,
                parent=self.parents.get(call or node),
            ),
            self.aim,
        )
        return plan if plan.edits or plan.left else None

    def unknown(self, path: str, node: ast.expr) -> Plan:
        span = self.text.span(node)
        line, column = self.text.place(span.start)
        message = f"`{path}` has no counterpart in {self.aim}"
        advice = _advice(path)
        return Plan(left=(Left(line, column, self.text.of(node), message, advice),))

    def report(self, node: ast.AST, path: str, message: str, advice: str) -> None:
        line, column = self.text.place(self.text.span(node).start)
        code = self.text.of(node).partition("\n")[0]
        self.left.append(Left(line, column, code, message, advice))

    # Methods, and what classes define for Keras to call

    def methods(self) -> None:
        """Methods of objects that the code alone does not tell, of which Keras has the only ones."""
        if METHODS and _METHOD_WORDS.search(self.text.text):
            for node in ast.walk(self.tree):
                if isinstance(node, ast.Attribute) and node.attr in METHODS:
                    if node not in self.seen:
                        self.method_use(f"?.{node.attr}", node)

    def method_use(self, path: str, node: ast.Attribute) -> None:
        self.seen.add(node)
        parent = self.parents.get(node)
        call = parent if isinstance(parent, ast.Call) and parent.func is node else None
        plan = self.method(path, node, call)
        if plan is not None:
            self.left += plan.left
            self.want((), plan.edits)

    def definitions(self) -> None:
        """Classes derived from one of Keras: their `self`, and the names of their methods."""
        kinds: dict[str, str] = {}
        for reference in self.module.references:
            statement = reference.statement
            if isinstance(statement, ast.ClassDef) and reference.node in statement.bases:
                if is_keras_path(reference.path) and "(" not in reference.path:
                    kinds[statement.name] = reference.path
        if not kinds:
            return
        classes = [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]
        for node in classes:
            for base in node.bases:
                if isinstance(base, ast.Name) and base.id in kinds:
                    kinds.setdefault(node.name, kinds[base.id])
        for node in classes:
            if node.name in kinds:
                self.layers.append(node)
                self.define(node, kinds[node.name])

    def define(self, node: ast.ClassDef, path: str) -> None:
        for method in node.body:
            if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            name = renamed_definition(path, method.name, self.aim)
            if name is not None:
                start = self.text.offset(method.lineno, method.col_offset)
                at = self.text.text.index(method.name, start + len("def"))
                self.edits.append(Edit(at, at + len(method.name), (name,)))
            for inner in ast.walk(method):
                if (
                    isinstance(inner, ast.Attribute)
                    and isinstance(inner.value, ast.Name)
                    and inner.value.id == "self"
                    and inner not in self.seen
                ):
                    self.method_use(f"{path}().{inner.attr}", inner)

    # Stars

    def star(self, reference: Reference) -> None:
        """`from module import *` becomes the import of what is used; in a package it stays."""
        statement = self.statements[reference.statement]
        alias = statement.node.names[0]
        slots = [slot for slot in self.slots.values() if slot.alias is alias]
        found = self.known(reference.path) if is_keras_path(reference.path) else None
        where = found and self.target(found)
        statement.lines[alias] = []
        if not slots or self.exports:
            if where and not self.names_one_level:
                statement.lines[alias] = [Line(where, "*", "*")]
            else:
                statement.lines[alias] = [statement.old(alias)]
                if where is None and is_keras_path(reference.path):
                    message = f"`{reference.path}` has no counterpart in {self.aim}"
                    self.report(alias, reference.path, message, "import what is used of it by name")

    @property
    def names_one_level(self) -> bool:
        return self.aim.root not in atlas.FLAVOURS

    # Names

    def written(self, edit: Edit, slots: tuple[Slot, ...]) -> Edit:
        """An edit with the target's names as this module writes them."""
        pieces = []
        for piece in edit.pieces:
            if isinstance(piece, Symbol):
                path = self.absolute(piece)
                texts = [self.names.write(path, slot) for slot in slots or (None,)]
                pieces.append(texts[0])
            else:
                pieces.append(piece)
        assigned = self.assignment(edit, pieces)
        return assigned or replace(edit, pieces=tuple(pieces))

    def assignment(self, edit: Edit, pieces: list) -> Edit | None:
        """`keras = tf.keras` is an import where TensorFlow is not the target."""
        node = self.assignments.get(Span(edit.start, edit.end))
        name = node and node.targets[0]
        if node is None or not isinstance(name, ast.Name) or pieces != [name.id]:
            return None
        span = self.text.span(node)
        return Edit(span.start, span.end, (str(self.names.root_line(name.id)),))

    @cached_property
    def assignments(self) -> dict[Span, ast.Assign]:
        """The assignments at the top, by the places of their values."""
        found = (node for node in self.tree.body if isinstance(node, ast.Assign))
        return {self.text.span(node.value): node for node in found if len(node.targets) == 1}

    # Imports that have no counterpart

    def defer(self) -> None:
        """Move the import of what has no counterpart to where it is used, if that is in functions.

        So the module can be imported, and fails only where it has to. What is used nowhere goes.
        """
        for slot in list(self.slots.values()):
            statement = self.statements.get(slot.statement)
            if slot.alias is None or statement is None or slot.alias.name == "*":
                continue
            old = statement.old(slot.alias)
            lines = statement.lines.get(slot.alias, [old])
            if old not in lines or not self.is_broken(slot, old):
                continue
            message = f"`{old.module + '.' if old.module else ''}{old.name}` has no counterpart"
            if not slot.is_used:
                self.report(slot.alias, slot.path, f"{message} in {self.aim}", _advice(slot.path))
                if not self.exports and slot.at_top:
                    lines.remove(old)
                    statement.lines[slot.alias] = lines
                continue
            places = [self.place(reference) for reference in self.stuck.get(slot, ())]
            if not slot.at_top or None in places or not places:
                continue
            lines.remove(old)
            statement.lines[slot.alias] = lines
            for node in dict.fromkeys(places):
                assert node is not None
                start = self.text.span(node).start
                indent = self.text.text[self.text.text.rfind("\n", 0, start) + 1 : start]
                self.edits.append(Edit(start, start, (f"{old}\n{indent}",)))

    def is_broken(self, slot: Slot, old: Line) -> bool:
        """Whether an import that stays would fail in the target."""
        if slot.target is not None or not is_keras_path(slot.path):
            return False
        entry = atlas.lookup(self.aim.env, slot.path)
        return entry is None or not (entry.importable or entry.module_path)

    def place(self, reference: Reference) -> ast.stmt | None:
        """The statement before which an import can stand, in the function of a use."""
        node = reference.statement
        if not reference.context.function:
            return None
        inside: ast.AST = reference.node
        while inside in self.parents and not isinstance(inside, ast.stmt):
            inside = self.parents[inside]
        node = inside if isinstance(inside, ast.stmt) else node
        above: ast.AST | None = self.parents.get(node)
        while above is not None and not isinstance(above, _FUNCTIONS):
            above = self.parents.get(above)
        if above is None or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return None
        start = self.text.span(node).start
        line = self.text.text[self.text.text.rfind("\n", 0, start) + 1 : start]
        return node if not line.strip() and not self.text.of(node).startswith("elif") else None

    # Repetitions

    def without_repetition(self) -> None:
        """Import at the top once what several statements have come to import."""
        seen: set[Line] = set()
        for node in self.tree.body:
            statement = self.statements.get(node)
            if statement is None:
                continue
            for alias in statement.node.names:
                old = statement.old(alias)
                lines = statement.lines.get(alias, [old])
                statement.lines[alias] = [line for line in lines if line == old or line not in seen]
                seen.update(lines)
            statement.more = [line for line in statement.more if line not in seen]
            seen.update(statement.more)
        for node in self.tree.body:
            statement = self.statements.get(node)
            if statement is not None and statement.more:
                own = set(statement.all_lines()) - set(statement.more)
                kept = {
                    line
                    for n, s in self.statements.items()
                    if s is not statement and n in self.tree.body
                    for alias in s.node.names
                    for line in s.lines.get(alias, [s.old(alias)])
                }
                statement.more = [m for m in statement.more if m not in kept or m in own]

    def collapse(self) -> set[ast.stmt]:
        """`try: import a; except ImportError: import b` where both have become the same."""
        done: set[ast.stmt] = set()
        tries = {
            arm.node
            for reference in self.module.references
            for arm in reference.context.arms
            if isinstance(arm.node, ast.Try)
        }
        for node in tries:
            arms = [node.body, *(handler.body for handler in node.handlers)]
            if node.orelse or node.finalbody or not all(map(self.is_ours, arms)):
                continue
            results = [self.bound(arm) for arm in arms]
            if any(result != results[0] for result in results[1:]) or not results[0]:
                continue
            if not any(self.statements[s].is_changed for arm in arms for s in arm):
                continue
            done.update(statement for arm in arms for statement in arm)
            span = self.text.span(node)
            start = self.text.text.rfind("\n", 0, span.start) + 1
            indent = self.text.text[start : span.start]
            lines = [line for s in node.body for line in self.statements[s].all_lines()]
            texts = imports.grouped(dict.fromkeys(lines))
            self.edits.append(Edit(span.start, span.end, (f"\n{indent}".join(texts),)))
        return done

    def is_ours(self, body: list[ast.stmt]) -> bool:
        return all(statement in self.statements for statement in body)

    def bound(self, body: list[ast.stmt]) -> set[Line]:
        return {line for statement in body for line in self.statements[statement].all_lines()}


def _meanings(reference: Reference) -> list[tuple[str, Binding]]:
    """What a use may stand for; what a star may bind counts only where nothing else does."""
    rows = list(zip(reference.paths, reference.bindings, strict=True))
    named = [row for row in rows if not _is_star(row[1].node)]
    return named or rows


def _is_star(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _replaces(edit: Edit, span: Span) -> bool:
    """Whether an edit decides what becomes of a span, which it does not keep as it is."""
    if not (edit.start <= span.start and span.end <= edit.end):
        return False
    return not any(
        isinstance(piece, Span) and piece.start <= span.start and span.end <= piece.end
        for piece in edit.pieces
    )


@lru_cache(maxsize=4096)
def _in_tensorflow(found: Known, aim: Aim) -> str | None:
    """Where `tensorflow.keras` alone still has something of Keras 3's own package.

    Only what has nothing to do with tensors: the functions of the backend there do not take those
    of Keras.
    """
    if aim.flavour != "keras" or aim.generation != "keras3" or aim.root != "keras":
        return None
    env = atlas.flavour_environment("tensorflow.keras", atlas.releases("tensorflow.keras")[-1])
    path = atlas.public_path(env, "tensorflow.keras", found.symbol)
    return path if path and path.startswith("tensorflow.keras.preprocessing.") else None


def _advice(path: str) -> str:
    root = path.partition(".")[0]
    return f"`keras-imports where {path}` says in which releases of {root} it is"
