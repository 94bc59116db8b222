"""One module, moved to another Keras."""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from keras_imports import atlas
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.counterparts import Resolved, counterpart, resolve
from keras_imports.knowledge.keras_names import is_keras_path, tracked
from keras_imports.knowledge.origin import Origin, origins
from keras_imports.knowledge.target import Target
from keras_imports.knowledge.training import training_given
from keras_imports.migrate.job import Job, UsedElsewhere
from keras_imports.migrate.names import BoundName, Names
from keras_imports.migrate.passes import members, strings
from keras_imports.migrate.passes.call_inputs import input_edits
from keras_imports.migrate.passes.captured_tensors import outside_tensors
from keras_imports.migrate.passes.keras_applications import helper_edits
from keras_imports.migrate.passes.layer_names import label_edits
from keras_imports.migrate.passes.layer_weights import is_constant, truth_edits, weight_edits
from keras_imports.migrate.passes.symbolic_tensors import symbolic_edits
from keras_imports.migrate.passes.tensor_attributes import has_tensorflow_2, tensor_edits
from keras_imports.migrate.passes.tensorflow_1 import (
    compat_edits,
    through_backend,
    without_converter,
)
from keras_imports.migrate.passes.unused_imports import (
    collapse,
    defer,
    without_counterpart,
    without_repetition,
)
from keras_imports.migrate.passes.written_functions import code_of, inserted
from keras_imports.migrate.placeholders import InsertedFunction, QualifiedName, TargetName
from keras_imports.migrate.planning.plan import MEMBERS, Call, Plan, plan_call, renamed_definition
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python import bindings, imports
from keras_imports.python.edits import Edit, Piece, Span, Text, apply_and_follow
from keras_imports.python.import_order import in_order
from keras_imports.python.imports import Line, Statement
from keras_imports.python.paths import callee, has_call
from keras_imports.python.references import Binding, Module, Reference
from keras_imports.python.reparse import proof
from keras_imports.python.tree import FUNCTIONS, Tree

_LAYER = re.compile(r"(?:layers|applications|models)\.|(?:Input|Model|Sequential)$")
_OUTER = re.compile(r"\s+([\w, \t]+)")
_NAMES = (TargetName, QualifiedName)
_NOWHERE = UsedElsewhere()
_STAR = ("1.2.2", "2.0.9", "2.2.4", "2.3.1", "2.12.0", "2.15.0")


@dataclass(frozen=True)
class Moved:
    """A module's new text, and what was left in it.

    The text is Python if the `proof` is, which is shorter.
    """

    text: str
    left: tuple[Unfixed, ...] = ()
    proof: str = ""


def migrate_module(text: str, tree: ast.Module, job: Job, used: UsedElsewhere = _NOWHERE) -> Moved:
    """Return a module's text with its use of Keras changed to that of the target.

    `tree` is the syntax tree of the text; `used` are the names that others use.
    """
    module = bindings.resolve(text, tree, tracked(_star, job.portable))
    if not module.references and not strings.mentions_path(text):
        return Moved(text)
    found = origins(module, text, tree, job.target, job.given)
    return _Mover(Text(text), tree, module, job.target, found, used).run()


@lru_cache(maxsize=256)
def _star(module: str) -> frozenset[str]:
    """The names that `from module import *` binds in any of the releases that people used."""
    if module == "tensorflow":
        return frozenset({"keras"})  # and much that is no Keras
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
    """A place whose text is to change, and the names that stand there now."""

    slots: tuple[BoundName, ...]
    edits: tuple[Edit, ...]


class _Mover:
    def __init__(
        self,
        text: Text,
        tree: ast.Module,
        module: Module,
        target: Target,
        found: dict[str, Origin],
        used: UsedElsewhere,
    ) -> None:
        self.text = text
        self.tree = Tree(tree, text)
        self.module = module
        self.target = target
        self.origins = found
        self.used = used
        self.left: list[Unfixed] = []
        self.uses: list[_Use] = []
        self.edits: list[Edit] = []
        self.slots: dict[tuple[ast.stmt, str], BoundName] = {}
        self.statements: dict[ast.stmt, Statement] = {}
        self.stuck: dict[BoundName, list[Reference]] = {}  # uses of what has no counterpart
        self.functions: dict[str, str] = {}  # those that are written in, and their names
        self.code: list[Piece] = []
        self.first_use = sys.maxsize
        self.seen: set[ast.AST] = set()  # what some reference has told

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
        self.members()
        if has_tensorflow_2(self.target):
            self.edits += compat_edits(self.text, references)
        others = (
            *label_edits(self.tree, self.module, self.target),
            *helper_edits(self.tree, self.target),
        )
        for found in others:
            (self.left if isinstance(found, Unfixed) else self.edits).append(found)
        if self.target.generation == "keras3":
            self.training()
        for reference in stars:
            self.star(reference)
        slots = list(self.slots.values())
        names = Names(self.tree, self.target, slots, self.statements)
        self.names = names
        for use in self.uses:
            self.edits += [self.written(edit, use.slots) for edit in use.edits]
        for found in strings.paths(self.tree, self.target, self.origins):
            (self.left if isinstance(found, Unfixed) else self.edits).append(found)
        names.lines()
        for slot in slots:
            if slot.keeps_name and slot.alias is not None and names.is_below(slot.target):
                message = f"`{slot.local}` cannot be imported from {self.target.root}"
                self.report(slot.alias, message, "assign it, for those who import it")
            elif (
                slot.local in self.used.imported
                and slot.alias is not None
                and slot.is_left_elsewhere
            ):
                message = f"`{slot.local}` is imported by other files, which use it as it was"
                self.report(slot.alias, message, "import it there from its Keras, and move them")
        deferred = defer(
            self.tree, self.target, self.statements, self.stuck, slots, self.used.is_open
        )
        self.edits += deferred.edits
        self.left += deferred.left
        without_repetition(self.tree, self.statements)
        done: set[ast.AST] = set()
        for node, edit in collapse(self.text, self.module, self.statements):
            done.add(node)
            self.edits.append(edit)
        for nodes, edit in in_order(self.text, self.tree.module.body, self.statements):
            done.update(nodes)
            self.edits.append(edit)
        for node, statement in self.statements.items():
            if statement.is_changed and done.isdisjoint((node, self.tree.blocks[node][0])):
                self.edits += imports.edits(self.text, statement, self.statements)
        if self.functions:
            self.edits.insert(0, inserted(self.tree, self.code, self.first_use, self.edits))
        result, followed = apply_and_follow(self.text.text, self.edits)
        self.left.sort(key=lambda left: (left.line, left.column))
        left = tuple(dict.fromkeys(self.left))
        if left:
            left = self.with_new_lines(left, result, followed)
        if result == self.text.text:
            return Moved(result, left)
        return Moved(result, left, proof(self.text, self.tree.module, self.edits))

    def with_new_lines(
        self, left: tuple[Unfixed, ...], result: str, followed: list[tuple[int, int]]
    ) -> tuple[Unfixed, ...]:
        """What was left, with the lines where it is now."""
        new = Text(result)
        found = []
        for place in left:
            offset = self.text.start_of(place.line) + place.column - 1
            index = bisect_right(followed, (offset, len(result)))
            before, after = followed[index - 1]
            behind = followed[index][1] if index < len(followed) else len(result)
            now = min(after + offset - before, behind)  # within an edit that may have made it short
            found.append(replace(place, line_now=new.place(now)[0]))
        return tuple(found)

    # Imports

    def statement(self, node: ast.stmt) -> Statement:
        found = self.statements.get(node)
        if found is None:
            found = Statement(node, self.tree.blocks[node][1])  # type: ignore[arg-type]
            self.statements[node] = found
        return found

    def add_slot(self, reference: Reference) -> None:
        """The name that one part of an import statement binds."""
        alias: ast.alias = reference.node  # type: ignore[assignment]
        node = reference.statement
        path = reference.path
        is_whole = reference.kind == "import" and not alias.asname
        if is_whole and is_keras_path(path) and not is_keras_path(alias.name):
            # `import package.keras_flavour` binds the package
            message = f"`{alias.name}` is used by its full name"
            self.report(alias, message, "import it from its package by `from`")
            return
        if not alias.asname and isinstance(node, ast.Import) and "." in alias.name:
            path = path.partition(".")[0]
        is_tensorflow = path == "tensorflow" or not is_keras_path(path)
        local = alias.asname or alias.name.partition(".")[0]
        if reference.kind == "from":
            local = alias.asname or alias.name
        found = None if is_tensorflow else self.known(path)
        where = "tensorflow" if path == "tensorflow" else found and self.counterpart(found)
        if is_tensorflow and path != "tensorflow":
            where = path
        is_module = is_tensorflow or found is None or found.is_module
        if found is not None and not found.is_module:
            renamed = self.renamed(path, found, alias)
            where = renamed or where
        at_top = self.tree.is_at_top(node) and not reference.context.arms
        key = (node, local)
        if key in self.slots:
            if isinstance(node, ast.Import):  # `import keras.layers, keras.models`
                self.slots[key].twins.append(alias)
            else:  # the same name twice in one list
                self.statements[node].lines[alias] = []
            return
        slot = BoundName(node, alias, local, path, where, is_module, at_top)
        slot.keeps_name = local in self.public or (self.used.is_open and not is_module)
        self.slots[key] = slot
        self.statement(node)

    @cached_property
    def public(self) -> frozenset[str]:
        """The names that something else than the code here uses, or binds."""
        found = {*self.used.imported, *self.used.mentioned}
        for node in self.tree.module.body:
            targets = (
                node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            )
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                found.update(n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
        for word in ("global", "nonlocal"):
            for place in self.text.places(word):
                if names := _OUTER.match(self.text.text, place + len(word)):
                    found.update(name.strip() for name in names[1].split(","))
        return frozenset(found)

    def known(self, path: str) -> Resolved | None:
        return resolve(path, self.origins.get(flavour_of(path)) or Origin(flavour_of(path), ""))

    def counterpart(self, found: Resolved) -> str | None:
        """The dotted path to write for something, with its root; another root as a last resort."""
        path = counterpart(found, self.target)
        if path is None:
            return _in_tensorflow(found, self.target)
        return self.target.root + (f".{path}" if path else "")

    def renamed(self, path: str, found: Resolved, alias: ast.alias) -> str | None:
        """What a symbol that is imported is called in the target, if a rule says so."""
        name = ast.copy_location(ast.Name(alias.name, ast.Load()), alias)
        name.end_col_offset = alias.end_col_offset or 0
        plan = plan_call(self.call(path, found, name, None), self.target)
        for edit in plan.edits:
            if len(edit.pieces) == 1 and isinstance(edit.pieces[0], TargetName):
                return f"{self.target.root}.{edit.pieces[0].path}"
        return None

    # Uses

    def use(self, reference: Reference) -> None:
        """Find out what one use of a name becomes."""
        node: ast.expr = reference.node  # type: ignore[assignment]
        self.seen.add(node)
        meanings = self.possible(_meanings(reference))
        # Of `a.b()` and `a.b().c` it is the first that says what becomes of `a`.
        of_names = meanings if not has_call(reference.path) else ()
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
            if slots and all(map(partial(self.is_as_imported, node), slots, plans)):
                for slot, plan in zip(slots, plans, strict=True):
                    self.keep_name(slot, plan)
                return
            for slot in known_slots:
                slot.stays = True
                self.stuck.setdefault(slot, []).append(reference)
            message = f"`{self.text.of(node)}` may be {' or '.join(p for p, _ in meanings)}"
            self.report(node, message, "keep one of the imports")
            return
        plan = plans[0]
        start, suffix = _parts(node)
        if of_names and not isinstance(start, ast.Name):  # moved by itself: `(a := tf.keras).Model`
            if not any(str(piece).endswith(suffix) for piece in self.named(plan, node)):
                self.report(node, f"`{self.text.of(node)}` starts with no name", "give it one")
            return
        if not self.has_import_at_top and any(
            isinstance(piece, InsertedFunction) for edit in plan.edits for piece in edit.pieces
        ):
            plan = self.unknown(reference.path, node)
        self.assigned(reference)
        self.left += plan.left
        if not plan.edits:
            for slot in known_slots:
                slot.stays = True
                self.stuck.setdefault(slot, []).append(reference)
            return
        self.want(known_slots, plan.edits)

    def possible(self, meanings: list[tuple[str, Binding]]) -> list[tuple[str, Binding]]:
        """The meanings that some release has, all if none does."""
        if len(meanings) < 2:
            return meanings
        return [
            (path, binding)
            for path, binding in meanings
            if has_call(path) or not is_keras_path(path) or self.known(path) is not None
        ] or meanings

    def named(self, plan: Plan | None, node: ast.expr) -> tuple:
        """What a plan makes of the name itself."""
        if plan is None or not plan.edits:
            return (plan and plan.left,)
        span = self.text.span(node)
        pieces = next((edit.pieces for edit in plan.edits if _replaces(edit, span)), ())
        return tuple(self.qualified(p) if isinstance(p, _NAMES) else p for p in pieces)

    def is_as_imported(self, node: ast.expr, slot: BoundName | None, plan: Plan | None) -> bool:
        """Whether a use of a class or function stays as it is, since its import says what it is."""
        if slot is None or plan is None:
            return slot is not None
        module = (slot.target or "").rpartition(".")[0]
        if plan.left or not isinstance(node, ast.Name):
            return False
        if self.target.is_one_level and module != self.target.root:
            return False
        return len(plan.edits) == 1 and self.named(plan, node) == (slot.target,)

    def keep_name(self, slot: BoundName, plan: Plan | None) -> None:
        """Let a name be whatever one of several imports gives."""
        slot.keeps_name = True
        if plan is None:
            slot.stays = True
        else:
            self.want((slot,), plan.edits)

    def assigned(self, reference: Reference) -> None:
        """`keras = tf.keras`: a name for what is assigned, whether it is used here or not."""
        node, binding = reference.statement, reference.bindings[0]
        if not isinstance(node, ast.Assign) or node.value is not reference.node:
            return
        name = node.targets[0]
        if len(node.targets) > 1 or not isinstance(name, ast.Name) or has_call(reference.path):
            return
        if (node, name.id) not in self.slots:
            self.other_slot(replace(binding, path=reference.path), node, name.id)

    def want(self, slots: tuple[BoundName, ...], edits: tuple[Edit, ...]) -> None:
        for edit in edits:
            for piece in edit.pieces:
                if isinstance(piece, _NAMES):
                    for slot in slots:
                        slot.wanted[self.qualified(piece)] = None
        self.uses.append(_Use(slots, edits))

    def qualified(self, name: TargetName | QualifiedName) -> str:
        """Return the dotted path of a name, with its root."""
        if isinstance(name, QualifiedName):
            return name.path
        return self.target.root + (f".{name.path}" if name.path else "")

    def slot(self, binding: Binding, node: ast.expr) -> BoundName | None:
        """The name that a use starts with."""
        start, _ = _parts(node)
        if not isinstance(start, ast.Name):
            return None
        local, statement = start.id, binding.node
        if _is_star(statement):
            same = self.named_before(local, binding.path, node)
            if same is not None:
                return same
        slot = self.slots.get((statement, local))
        if slot is None and not has_call(binding.path):
            slot = self.other_slot(binding, statement, local)
        return slot

    def named_before(self, local: str, path: str, node: ast.expr) -> BoundName | None:
        """What imports the same by its name before a use, for the whole module."""
        for slot in self.slots.values():
            if (slot.local, slot.path) != (local, path) or _is_star(slot.statement):
                continue
            scopes = (*FUNCTIONS, ast.ClassDef)
            is_inside = any(isinstance(above, scopes) for above in self.tree.above(slot.statement))
            if slot.statement.lineno < node.lineno and not is_inside:
                return slot
        return None

    def other_slot(self, binding: Binding, statement: ast.AST, local: str) -> BoundName | None:
        """A name that a star or an assignment binds."""
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            alias = statement.names[0]
            if alias.name != "*":
                return None
        else:
            alias = None
        path = binding.path
        found = self.known(path) if is_keras_path(path) else None
        where = self.counterpart(found) if found is not None else None
        if not is_keras_path(path):
            where = path
        is_module = found.is_module if found is not None else not is_keras_path(path)
        at_top = self.tree.is_at_top(statement)
        slot = BoundName(statement, alias, local, path, where, is_module, at_top)
        self.slots[statement, local] = slot
        return slot

    def plan(self, path: str, reference: Reference) -> Plan | None:
        """What one meaning of a use becomes; `None` if it is no part of a Keras."""
        node: ast.expr = reference.node  # type: ignore[assignment]
        call = reference.call
        if not is_keras_path(path):
            return None
        if has_call(path):
            return self.method(path, node, call)
        gone = without_converter(self.tree, path, node) if has_tensorflow_2(self.target) else None
        if gone is not None:
            return gone
        found = self.known(path)
        if found is None:
            return through_backend(self.text, path, node) or self.unknown(path, node)
        if found.symbol == "backend.variable" and is_constant(self.tree, call, self.target):
            found = self.known(path.replace("variable", "constant")) or found
        for _ in range(found.rest):
            node = node.value if isinstance(node, ast.Attribute) else node
            call = None
        span = self.text.span(node)
        if not found.is_module:
            plan = plan_call(self.call(path, found, node, call), self.target)
            if any(_replaces(edit, span) for edit in plan.edits):
                return plan
            where = self.counterpart(found)
            if where is None and plan.edits:
                return plan
        else:
            plan, where = Plan(), self.counterpart(found)
        if where is None:
            if plan.left:
                return plan
            return self.unknown(path, node)
        name = QualifiedName(where)
        return Plan((*plan.edits, Edit(span.start, span.end, (name,))), plan.left)

    def call(self, path: str, found: Resolved, node: ast.expr, call: ast.Call | None) -> Call:
        origin = self.origins[flavour_of(path)]
        entry = found.entry
        return Call(
            text=self.text,
            function=node,
            node=call,
            path=found.path,
            symbol=entry.symbol,
            signature=entry.signature,
            origin=origin,
            above=self.tree.parent,
        )

    def method(self, path: str, node: ast.expr, call: ast.Call | None) -> Plan | None:
        """A method or attribute of something that a Keras made; `?` stands for anything."""
        if path.rpartition(".")[2] not in MEMBERS:
            return None
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
                origin=origin,
                above=self.tree.parent,
            ),
            self.target,
        )
        return plan if plan.edits or plan.left else None

    def unknown(self, path: str, node: ast.expr) -> Plan:
        return Plan(left=(without_counterpart(self.text, node, path, self.target),))

    def report(self, node: ast.AST, message: str, advice: str) -> None:
        place = self.text.place(self.text.span(node).start)
        self.left.append(Unfixed(*place, self.text.of(node).partition("\n")[0], message, advice))

    # Methods, and what classes define for Keras to call

    def members(self) -> None:
        """What is used of objects that no name tells."""
        layers = members.classes(self.tree, self.module)
        for path, node in (*members.own(self.tree, layers), *members.anywhere(self.tree)):
            if node not in self.seen:
                self.seen.add(node)
                parent = self.tree.parent(node)
                call = parent if isinstance(parent, ast.Call) and parent.func is node else None
                plan = self.method(path, node, call)
                if plan is not None:
                    self.left += plan.left
                    self.want((), plan.edits)
        for node, path in layers.items():
            found = self.known(path)
            for call in members.base_calls(node) if found and not found.is_module else ():
                self.base(call, self.call(path, found, call.func, call))
            for method in members.methods(node):
                name = renamed_definition(path, method.name, self.target)
                if name is not None:
                    start = self.text.offset(method.lineno, method.col_offset)
                    at = self.text.text.index(method.name, start + len("def"))
                    self.edits.append(Edit(at, at + len(method.name), (name,)))
        if not all(o.exact and o.generation == "keras3" for o in self.origins.values()):
            for found in (
                *tensor_edits(self.tree, self.target),
                *input_edits(self.text, layers, self.target),
            ):
                (self.left if isinstance(found, Unfixed) else self.edits).append(found)
            for found in symbolic_edits(self.tree, self.module, self.target):
                if isinstance(found, Unfixed):
                    self.left.append(found)
                else:
                    self.want((), (found,))
            self.edits += weight_edits(self.text, layers, self.target)
            self.edits += truth_edits(self.text, layers, self.target)
        self.left += outside_tensors(self.tree, self.module, layers, self.target)

    def base(self, node: ast.Call, call: Call) -> None:
        """Move what a class passes to the class of Keras that it is derived from."""
        plan, function = plan_call(call, self.target), self.text.span(node.func)
        edits = [edit for edit in plan.edits if edit.start >= function.end]
        self.left += plan.left
        if any(edit.end > function.end for edit in plan.edits if edit not in edits):
            self.left.append(without_counterpart(self.text, node, call.path, self.target))
        else:
            self.want((), tuple(edits))

    def training(self) -> None:
        """Report `layer(x, training=…)` in what may be a functional model: fit overrides it."""
        for given in training_given(self.module.calls, self.text.text):
            path = callee(given.call.paths[0])
            found = self.known(path) if is_keras_path(path) else None
            is_layer = found is not None and _LAYER.match(found.symbol)
            origin = self.origins.get(flavour_of(path))
            if is_layer and origin and not (origin.exact and origin.generation == "keras3"):
                message = f"`training={given.value}` holds in no functional model of {self.target}"
                advice = "fit passes True and predict False; `trainable = False` freezes a layer"
                self.report(given.keyword, message, advice)

    # Stars

    def star(self, reference: Reference) -> None:
        """`from module import *` becomes the import of what is used; in a package it stays."""
        statement = self.statements[reference.statement]
        alias = statement.node.names[0]
        if not is_keras_path(reference.path):
            statement.lines[alias] = [statement.old(alias)]
            return
        slots = [slot for slot in self.slots.values() if slot.alias is alias]
        found = self.known(reference.path)
        where = found and self.counterpart(found)
        statement.lines[alias] = []
        if slots and not self.used.is_open:
            return
        if where and not self.target.is_one_level:
            statement.lines[alias] = [Line(where, "*", "*")]
            return
        if self.used.is_open:
            statement.lines[alias] = [statement.old(alias)]
        message = f"`{reference.path}` has no counterpart in {self.target}"
        self.report(alias, message, "import what is used of it by name")

    # Names

    def written(self, edit: Edit, slots: tuple[BoundName, ...]) -> Edit:
        """An edit with the target's names as this module writes them."""
        pieces = []
        for piece in edit.pieces:
            if isinstance(piece, InsertedFunction):
                line, _ = self.text.place(edit.start)
                pieces.append(self.own(piece.name, slots, line))
            elif isinstance(piece, _NAMES):
                path = self.qualified(piece)
                line, _ = self.text.place(edit.start)
                texts = [self.names.write(path, slot, line) for slot in slots or (None,)]
                pieces.append(texts[0])
            else:
                pieces.append(piece)
        assigned = self.assignment(edit, pieces)
        return assigned or replace(edit, pieces=tuple(pieces))

    @cached_property
    def has_import_at_top(self) -> bool:
        """Whether a function at the top can use what is imported of Keras."""
        return any(map(self.tree.is_at_top, self.statements))

    def own(self, function: str, slots: tuple[BoundName, ...], line: int) -> str:
        """The name of a function that is written into the module."""
        if function not in self.functions:
            local = self.names.free(function, f".{function}")
            self.functions[function] = local
            slot = next((slot for slot in slots if slot.at_top), None)
            for piece in code_of(function, local, self.target):
                if isinstance(piece, _NAMES):
                    piece = self.names.write(self.qualified(piece), slot, line)
                self.code.append(piece)
        self.first_use = min(self.first_use, line)
        return self.functions[function]

    def assignment(self, edit: Edit, pieces: list) -> Edit | None:
        """`keras = tf.keras` is an import where TensorFlow is not the target."""
        node = self.assignments.get(Span(edit.start, edit.end))
        name = node and node.targets[0]
        if node is None or not isinstance(name, ast.Name) or pieces != [name.id]:
            return None
        if edit.pieces != (QualifiedName(self.target.root),):
            return None
        span = self.text.span(node)
        return Edit(span.start, span.end, (str(self.names.root_line(name.id)),))

    @cached_property
    def assignments(self) -> dict[Span, ast.Assign]:
        """The assignments at the top, by the places of their values."""
        found = (node for node in self.tree.module.body if isinstance(node, ast.Assign))
        return {self.text.span(node.value): node for node in found if len(node.targets) == 1}


def _meanings(reference: Reference) -> list[tuple[str, Binding]]:
    """What a use may stand for; what a star may bind counts only where nothing before it does."""
    rows = list(zip(reference.paths, reference.bindings, strict=True))
    named = [row for row in rows if not _is_star(row[1].node)]
    first = min((binding.node.lineno for _, binding in named), default=0)  # type: ignore
    return named if 0 < first <= reference.node.lineno else rows


def _parts(node: ast.expr) -> tuple[ast.expr, str]:
    """What an expression starts with, and the attributes that follow: `.layers.Dense`."""
    suffix = ""
    while isinstance(node, ast.Attribute):
        node, suffix = node.value, f".{node.attr}{suffix}"
    return node, suffix


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
def _in_tensorflow(found: Resolved, target: Target) -> str | None:
    """Where `tensorflow.keras` alone still has something of Keras 3's own package.

    Only what has nothing to do with tensors: the functions of the backend there do not take those
    of Keras.
    """
    if target.flavour != "keras" or target.generation != "keras3" or target.root != "keras":
        return None
    env = atlas.flavour_environment("tensorflow.keras", atlas.releases("tensorflow.keras")[-1])
    path = atlas.public_path(env, "tensorflow.keras", found.symbol)
    return path if path and path.startswith("tensorflow.keras.preprocessing.") else None
