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
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TypeGuard

from keras_imports.python.definitions import (
    Callee,
    Definition,
    Function,
    OtherFunction,
    Own,
    OwnClass,
    OwnFunction,
    Parts,
    Task,
    added,
    followed,
    has_object,
    objects,
    own_path,
)
from keras_imports.python.exports import Exported, Exporter, Surroundings, imported
from keras_imports.python.expressions import (
    DISPLAYS,
    ITERATORS,
    elements,
    is_own,
    last_name,
    names_of_class,
    parameters,
    quoted_expressions,
)
from keras_imports.python.import_errors import (
    catches_import_error,
    handles_import_error,
    swallows_import_error,
)
from keras_imports.python.imported_values import ImportedValues
from keras_imports.python.paths import has_call, result_of
from keras_imports.python.references import (
    Arm,
    Binding,
    Context,
    Kind,
    Module,
    Reference,
    TrackedCall,
)
from keras_imports.python.relevance import Relevance
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, State, Value, join, union
from keras_imports.python.statements import (
    DEFINITIONS,
    ScopeNames,
    blocks,
    pattern_names,
    scope_names,
    target_names,
)
from keras_imports.python.tracking import Tracked

_DEFINED = re.compile(r"\b(?:def|class)\s+(\w+)")
_MOST_TURNS = 4  # that a module is walked
_OF_SEVERAL = frozenset({"append", "get", "items", "pop", "values"})
_LONGEST_PATH = 240  # `x = x.y()` in generated code would grow without end


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


class _Walker:
    """Walks a module; each `visit` method knows one kind of statement or expression."""

    def __init__(
        self,
        text: str,
        tree: ast.Module,
        tracked: Tracked,
        follow_calls: bool,
        surroundings: Surroundings | None,
    ) -> None:
        self.text = text
        self.tree = tree
        self.tracked = tracked
        self.follow_calls = follow_calls
        self.surroundings = surroundings
        self.imported = ImportedValues(text, tracked, surroundings)
        self.relevance = Relevance(text, tracked.has_results)
        self.names: set[str] = set()  # those of interest
        self.is_relevant = self.relevance.is_relevant
        self.returned: dict[ast.AST, Value] = {}  # what each function returns
        self.globals: State = {}  # what functions bind by `global`
        self.parameters: set[str] = set()  # those that something tracked is given to
        self.given: dict[str, dict[str, State]] = {}  # to other files: by function, by parameter
        # What each class sets, and what those derived from it do: kept when all is walked again.
        self.attributes: dict[ast.ClassDef, tuple[State, State]] = {}
        self.is_due_again = False  # whether the module itself has to be walked once more
        self.start()

    def start(self) -> None:
        """Begin with the module's own statements."""
        self.context = Context()
        self.statement: ast.stmt = ast.Pass()
        self.scope = Scope("module", state=dict(self.globals), ever=dict(self.globals))
        self.task = Task(self.scope, self.context, self.statement)
        self.agenda: list[Task] = []
        self.walked: set[Task] = set()  # those that are being walked
        self.own_class: OwnClass | None = None  # that whose body is walked

    def run(self) -> Module:
        """Walk the module until nothing more is known of its globals."""
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

    def for_others(
        self, bound: State
    ) -> tuple[dict[str, Exported], dict[str, dict[str, dict[str, Exported]]]]:
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
                exports[name] = exporter.value((_own_binding(own, self.tree.body[0]),))
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

    # Scopes

    def bind(self, name: str, value: Value) -> None:
        """Let a name stand for a value from now on, in the scope that an assignment here binds."""
        if name not in self.names:
            return
        scope = self.scope.outside_comprehensions()
        owner = scope.outer.get(name)
        if owner is not None:
            scope = owner
            if owner.kind == "module" and value != UNTRACKED:
                self.globals[name] = union(self.globals.get(name, NOTHING), value)
        scope.bind(name, value)

    def define(self, name: str, value: Value) -> None:
        """Let a name stand for a function or class of the program.

        What runs after the module does not see what the name was before, such as an import, unless
        it is defined in a branch alone.
        """
        if self.scope.kind == "module" and not self.context.arms:
            self.scope.ever.pop(name, None)
        self.bind(name, value)

    def bind_target(self, target: ast.expr, value: Value, source: ast.expr | None = None) -> None:
        """Let the names of a target stand for a value, or for the parts of its `source`."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value or UNTRACKED)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if (
                isinstance(source, (ast.Tuple, ast.List))
                and len(source.elts) == len(target.elts)
                and not any(isinstance(e, ast.Starred) for e in (*target.elts, *source.elts))
            ):
                values = list(source.elts)
            for index, (element, given) in enumerate(zip(target.elts, values, strict=True)):
                if given is not None:
                    known = self.value(given)
                else:
                    known = self.part(value, ast.Constant(index))
                self.bind_target(element, self.assigned(known, self.statement), given)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, UNTRACKED)
        elif isinstance(target, ast.Subscript):
            self.expression(target)
            self.add_part(target.value, value)
        elif not self.bind_attribute(target, value):
            self.expression(target)

    def add_part(self, several: ast.expr, value: Value) -> None:
        """Let the parts of a list or dictionary stand for a value, too."""
        value = followed(value)
        if (
            has_object(value)
            and self.follow_calls
            and isinstance(several, (ast.Name, ast.Attribute))
        ):
            known = self.value(several)
            if not any(b is not None and b.is_tracked for b in known):
                self.bind_target(several, self.several(union(self.element(known), value)))

    def bind_attribute(self, target: ast.expr, value: Value) -> bool:
        """Let an attribute of `self` stand for a value in all methods; return whether it is one."""
        if not self.follow_calls or not isinstance(target, ast.Attribute):
            return False
        if is_own(target):
            kind = self.scope.class_of_self()
            if kind is not None:
                self.set_attribute(kind, target.attr, value)
            return kind is not None
        for binding in self.value(target.value) if has_object(objects(value)) else NOTHING:
            if binding is not None and not binding.made and isinstance(binding.own, OwnClass):
                self.set_attribute(binding.own, target.attr, value)
        return False

    def set_attribute(self, kind: OwnClass, name: str, value: Value) -> None:
        """Let an attribute of the instances of a class stand for a value, too."""
        value = objects(value) or UNTRACKED
        for each in kind.lineage():
            if each.file:
                self.give_to_other(each.file, each.name, name, value)
                continue
            state = each.attributes if each is kind else each.inherited
            before = state.get(name, NOTHING)
            after = added(before, value)
            if after is not before:
                state[name] = after
                if has_object(after):
                    self.walk_again(each.readers.get(name, ()))

    def give_to_other(self, file: str, taker: str, name: str, value: Value) -> None:
        """Note what is given to a parameter of a function of another file, or set on a class."""
        if has_object(value):
            state = self.given.setdefault(file, {}).setdefault(taker, {})
            state[name] = added(state.get(name, NOTHING), value)

    def bind_iteration(self, target: ast.expr, iterable: ast.expr) -> None:
        """Let the names of a target stand for what the turns of a loop give."""
        if not self.follow_calls:
            self.bind_target(target, UNTRACKED)
            return
        if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name) and iterable.args:
            name, given = iterable.func.id, iterable.args
            parts = target.elts if isinstance(target, DISPLAYS) else []
            if name == "enumerate" and len(parts) == 2:
                self.bind_target(parts[0], UNTRACKED)
                self.bind_iteration(parts[1], given[0])
                return
            if name == "zip" and len(parts) == len(given):
                for part, each in zip(parts, given, strict=True):
                    self.bind_iteration(part, each)
                return
            if name in ITERATORS:
                self.bind_iteration(target, given[0])
                return
        self.bind_target(target, self.element(self.value(iterable)))

    def element(self, value: Value) -> Value:
        """Return what each of several objects stands for."""
        found = NOTHING
        for binding in value:
            if binding is not None and isinstance(binding.own, Parts):
                found = union(found, binding.own.any())
            else:
                found = union(found, _replaced((binding,), self.tracked.element) or UNTRACKED)
        return found if has_object(found) else NOTHING

    def value(self, node: ast.expr) -> Value:
        """Return what an expression stands for, without reporting its references again."""
        task = self.task
        references, calls, inner = len(task.references), len(task.calls), len(task.inner)
        value = self.expression(node)
        del task.references[references:], task.calls[calls:], task.inner[inner:]
        return value

    def arm(self, body: list[ast.stmt], arm: Arm, typing: bool = False) -> bool:
        """Walk a block that is an alternative to others; return whether its end is reached."""
        outer = self.context
        self.context = Context(outer.function, outer.typing or typing, (*outer.arms, arm))
        live = self.block(body)
        self.context = outer
        return live

    # Statements

    def block(self, body: list[ast.stmt]) -> bool:
        """Walk statements; return whether control reaches their end."""
        for statement in body:
            if self.is_relevant(statement):
                self.statement = statement
                method = _STATEMENTS.get(type(statement))
                if method is None:
                    self.children(statement)
                elif method(self, statement) is False:
                    return False
            elif isinstance(statement, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                return False
        return True

    def visit_return(self, statement: ast.Return) -> bool:
        value = self.expression(statement.value) if statement.value is not None else NOTHING
        running = self.task.function
        if running is not None:
            before = self.returned.get(running, NOTHING)
            self.returned[running] = union(before, value or UNTRACKED)
        return False

    def visit_import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for name in self.imported.of(statement):
            if name.kind is not None:
                self.refer((Binding(name.path, statement),), name.kind, name.alias)
            if name.local:
                self.bind(name.local, name.value)
                if isinstance(name.taker, (OtherFunction, OwnClass)):
                    self.scope.definitions[name.local] = name.taker

    def visit_assign(self, statement: ast.Assign) -> None:
        value = self.assigned(self.expression(statement.value), statement)
        if _is_nothing_yet(statement.value) and all(
            isinstance(target, ast.Name) or is_own(target) for target in statement.targets
        ):
            return  # `keras = None` in a fallback: who uses the name later means the import
        for target in statement.targets:
            self.bind_target(target, value, statement.value)

    def assigned(self, value: Value, statement: ast.stmt) -> Value:
        """Return a value as bound by an assignment."""
        return tuple(
            [b and Binding(b.path, statement, b.symbolic, b.made, b.origin, b.own) for b in value]
        )

    def visit_ann_assign(self, statement: ast.AnnAssign) -> None:
        self.annotation(statement.annotation)
        if statement.value is not None:
            value = self.assigned(self.expression(statement.value), statement)
            self.bind_target(statement.target, value, statement.value)
        elif not isinstance(statement.target, ast.Name):
            self.expression(statement.target)

    def visit_aug_assign(self, statement: ast.AugAssign) -> None:
        self.expression(statement.value)
        if isinstance(statement.target, ast.Name):
            self.bind(statement.target.id, UNTRACKED)
        else:
            self.expression(statement.target)

    def visit_delete(self, statement: ast.Delete) -> None:
        for target in statement.targets:
            if isinstance(target, ast.Name):
                self.scope.state.pop(target.id, None)
            else:
                self.expression(target)

    def visit_if(self, statement: ast.If) -> bool:
        self.expression(statement.test)
        typing = last_name(statement.test) == "TYPE_CHECKING"
        before = self.scope.state
        self.scope.state = dict(before)
        ends = []
        if self.arm(statement.body, Arm(statement, "body"), typing):
            ends.append(self.scope.state)
        self.scope.state = dict(before)
        if self.arm(statement.orelse, Arm(statement, "else")):
            ends.append(self.scope.state)
        self.scope.state = join(ends) if ends else before
        return bool(ends)

    def visit_loop(self, statement: ast.For | ast.AsyncFor | ast.While) -> None:
        if isinstance(statement, ast.While):
            self.expression(statement.test)
        else:
            self.expression(statement.iter)
        before = dict(self.scope.state)
        # From its second turn on the body may see what its end has bound.
        for name in scope_names([statement], self.is_relevant, has_walrus=False).bound:
            if name in before:
                self.scope.state[name] = union(before[name], UNTRACKED)
        if not isinstance(statement, ast.While):
            self.bind_iteration(statement.target, statement.iter)
        live = self.block(statement.body)
        self.scope.state = join([before, self.scope.state] if live else [before])
        self.block(statement.orelse)

    def visit_try(self, statement: ast.Try) -> bool:
        attempt = any(map(handles_import_error, statement.handlers))
        before = dict(self.scope.state)
        live = self.arm(statement.body, Arm(statement, "body", attempt))
        after = self.scope.state
        ends = []
        failed = join([before, dict(after)])
        for handler in statement.handlers:
            self.scope.state = dict(failed)
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name is not None:
                self.bind(handler.name, UNTRACKED)
            arm = Arm(statement, "handler" if catches_import_error(handler) else "other")
            if self.arm(handler.body, arm):
                ends.append(self.scope.state)
        self.scope.state = after
        if live and self.block(statement.orelse):
            ends.insert(0, self.scope.state)
        self.scope.state = join(ends) if ends else after
        return self.block(statement.finalbody) and bool(ends)

    def visit_with(self, statement: ast.With | ast.AsyncWith) -> bool:
        attempt = False
        for item in statement.items:
            value = self.assigned(self.expression(item.context_expr), statement)
            attempt = attempt or swallows_import_error(item.context_expr)
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars, value)
        if not attempt:
            return self.block(statement.body)
        before = dict(self.scope.state)
        self.arm(statement.body, Arm(statement, "body", attempt=True))
        self.scope.state = join([self.scope.state, before])
        return True

    def visit_match(self, statement: ast.Match) -> None:
        self.expression(statement.subject)
        before = self.scope.state
        ends = [before]
        for case in statement.cases:
            self.scope.state = dict(before)
            for node in ast.walk(case.pattern):
                if isinstance(node, ast.MatchValue):
                    self.expression(node.value)
                elif isinstance(node, ast.MatchClass):
                    self.expression(node.cls)
            for name in pattern_names(case.pattern):
                self.bind(name, UNTRACKED)
            if case.guard is not None:
                self.expression(case.guard)
            if self.block(case.body):
                ends.append(self.scope.state)
        self.scope.state = join(ends)

    def visit_function_def(self, node: Definition) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        self.signature(node.args, annotations=True)
        if node.returns is not None:
            self.annotation(node.returns)
        if not self.follow_calls:
            self.define(node.name, UNTRACKED)
            self.defer(node)
            return
        own = OwnFunction(node, self.own_class if self.scope.kind == "class" else None)
        own.parameters = self.declared_parameters(node.args)
        own.declared = self.instance_of(node.returns)
        if own.kind is not None:
            own.kind.methods[node.name] = own
            self.bind(node.name, UNTRACKED)
        else:
            self.scope.definitions[node.name] = own
            self.define(node.name, (_own_binding(own, node),) if own.has_result else UNTRACKED)
        if not self.context.function:
            for name, value in self.given_here(own.name, node).items():
                own.parameters[name] = added(own.parameters.get(name, NOTHING), value)
        self.defer(node, own)

    def given_here(self, name: str, node: Definition | ast.ClassDef) -> State:
        """Return what other files give to a function, or set on a class."""
        if self.surroundings is None:
            return {}
        given = self.surroundings.given.get(name, {})
        return {key: imported(value, node) for key, value in given.items()}

    def declared_parameters(self, arguments: ast.arguments) -> State:
        """Return what the annotations and defaults of parameters say that they are."""
        state: State = {}
        for argument in parameters(arguments):
            if argument.annotation is not None:
                value = self.instance_of(argument.annotation)
                if value:
                    state[argument.arg] = value
        if not any(isinstance(default, ast.Call) for default in arguments.defaults):
            return state
        named = (*arguments.posonlyargs, *arguments.args)
        defaults = dict(zip(reversed(named), reversed(arguments.defaults), strict=False))
        for argument in named:
            if argument.arg not in state and isinstance(defaults.get(argument), ast.Call):
                value = objects(self.value(defaults[argument]))
                if has_object(value):
                    state[argument.arg] = value
                    self.parameters.add(argument.arg)
        return state

    def instance_of(self, annotation: ast.expr | None) -> Value:
        """Return an object of the class that an annotation names."""
        if not isinstance(annotation, (ast.Name, ast.Attribute)):
            return NOTHING
        kinds = self.value(annotation)
        if not kinds or not all(b is not None and self.tracked.is_class(b.path) for b in kinds):
            return NOTHING
        return objects(_extended(kinds, result_of(""), symbolic=False))

    def defer(self, node: Function, own: OwnFunction | None = None) -> None:
        """Put off the body of a function: it sees what its scope has bound by its end."""
        context = replace(self.context, function=True)
        task = Task(self.scope, context, self.statement, node, own)
        if own is not None:
            own.task = task
        self.task.inner.append(task)

    def signature(self, arguments: ast.arguments, annotations: bool) -> None:
        """Walk the defaults of parameters, and their annotations if they have any."""
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.expression(default)
        if annotations:
            for argument in parameters(arguments):
                if argument.annotation is not None:
                    self.annotation(argument.annotation)

    def visit_class_def(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases):
            self.expression(expression)
        for keyword in node.keywords:
            self.expression(keyword.value)
        outer, outer_class = self.scope, self.own_class
        bases = [base for base in map(self.own_base, node.bases) if base is not None]
        attributes, inherited = self.attributes.setdefault(
            node, ({}, self.given_here(node.name, node))
        )
        self.own_class = OwnClass(
            node.name, bases=tuple(bases), attributes=attributes, inherited=inherited
        )
        self.scope = Scope("class", outer)
        self.scope.outer = self.declared(self.own_names(node), outer)
        self.block(node.body)
        for name, value in self.scope.ever.items():
            if has_object(objects(value)):
                self.own_class.attributes[name] = objects(value)
        self.scope.close()
        own = outer.definitions[node.name] = self.own_class
        own.add_methods(node)
        self.scope, self.own_class = outer, outer_class
        derived = self.derived(node, own) if self.follow_calls else UNTRACKED
        if derived[0] is not None and not derived[0].path.startswith(":"):
            own.names = names_of_class("\n".join(self.lines[node.lineno : node.end_lineno]))
        self.define(node.name, derived)

    def own_base(self, node: ast.expr) -> OwnClass | None:
        """Return the class of the program that a class is derived from."""
        for binding in self.value(node) if self.follow_calls else ():
            if binding is not None and isinstance(binding.own, OwnClass):
                return binding.own
        definition = self.scope.definition(node.id) if isinstance(node, ast.Name) else None
        return definition if isinstance(definition, OwnClass) else None

    def derived(self, node: ast.ClassDef, own: OwnClass) -> Value:
        """Return what a class of the program's own stands for: it makes what its base makes."""
        if len(node.bases) == 1 and not node.keywords:
            bases = self.value(node.bases[0])
            if len(bases) == 1 and bases[0] is not None:
                base = bases[0]
                path = base.path if base.made else result_of(base.path)
                if not path.startswith(":") and (base.made or self.tracked.is_class(base.path)):
                    return (Binding(path, node, made=True, origin=base.origin, own=own),)
        return (_own_binding(own, node),)

    # Functions

    def walk(self, task: Task) -> None:
        """Walk the body of a function, if that is due."""
        if not task.may_be_walked or task in self.walked:
            return
        before = self.returned_by(task)
        task.references, task.calls, task.inner = [], [], []
        task.is_due = False
        task.turns += 1
        self.function(task)
        self.agenda += task.inner
        after = added(before, self.returned_by(task))
        if task.own is not None and after is not before and has_object(after):
            self.walk_again(task.own.users)

    def returned_by(self, task: Task) -> Value:
        """Return the objects that a function returns, as far as it was walked."""
        return objects(self.returned.get(task.function, NOTHING)) if task.function else NOTHING

    def walk_again(self, tasks: Iterable[Task]) -> None:
        """Have bodies walked once more, as more is known now of what flows into them."""
        for task in tasks:
            if task.function is None:
                self.is_due_again = True
            elif not task.is_due:
                task.is_due = True
                self.agenda.append(task)

    def function(self, task: Task) -> None:
        """Walk the body of a function, whatever else is being walked."""
        outer = (self.task, self.scope, self.context, self.statement, self.own_class)
        self.task, self.context, self.statement = task, task.context, task.statement
        self.walked.add(task)
        node, parent = task.function, task.scope
        if node is None:
            return
        own = {argument.arg for argument in parameters(node.args)}
        if isinstance(node, ast.Lambda):
            self.scope = Scope("function", parent, frozenset(own))
            self.expression(node.body)
        else:
            self.returned[node] = NOTHING
            names = self.own_names(node)
            declared = self.declared(names, parent)
            local = (own | names.bound) - declared.keys()
            self.scope = Scope("function", parent, frozenset(local), declared)
            if task.own is not None:
                for name, value in task.own.parameters.items():
                    given = tuple([b and replace(b, node=node) for b in value])
                    self.scope.state[name] = self.scope.ever[name] = given
                if task.own.instance == "self":
                    self.scope.kind_of_self = task.own.kind
            if self.block(node.body):
                self.returned[node] = union(self.returned[node], UNTRACKED)
        self.scope.close()
        self.walked.discard(task)
        self.task, self.scope, self.context, self.statement, self.own_class = outer

    def own_callee(self, function: ast.expr) -> Callee | None:
        """Return the function of the module that is called, `__init__` for a class."""
        if isinstance(function, ast.Name):
            definition = self.scope.definition(function.id)
            if isinstance(definition, OwnClass):
                return definition.method("__init__")
            return definition
        kind = self.scope.class_of_self() if isinstance(function, ast.Attribute) else None
        if kind is not None and is_own(function):
            return kind.method(function.attr)
        if kind is not None and _is_of_super(function):
            bases = (base.method(function.attr) for base in kind.bases)
            return next((method for method in bases if method is not None), None)
        return None

    def follow_parameters(self, call: ast.Call, values: dict[ast.expr, Value]) -> None:
        """Note the parameters of a function that nothing of interest was seen in so far."""
        name = call.func.attr if is_own(call.func) else getattr(call.func, "id", "")
        for own in self.unseen.get(name, ()) if name in self.defined else ():
            for parameter, argument in own.takes.given(call):
                if has_object(objects(values.get(argument, NOTHING))):
                    self.parameters.add(parameter)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the module."""
        return self.text.split("\n")

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of all functions and classes of the module."""
        return frozenset(_DEFINED.findall(self.text))

    @cached_property
    def unseen(self) -> dict[str, list[OwnFunction]]:
        """All functions of the module by the name that they are called by, relevant or not."""
        functions: dict[str, list[OwnFunction]] = {}
        stack: list[tuple[list[ast.stmt], str]] = [(self.tree.body, "")]
        while stack:
            block, name = stack.pop()
            for statement in block:
                if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    own = OwnFunction(statement, OwnClass(name) if name else None)
                    called = name if name and statement.name == "__init__" else statement.name
                    functions.setdefault(called, []).append(own)
                inside = statement.name if isinstance(statement, ast.ClassDef) else ""
                stack.extend((inner, inside) for inner in blocks(statement))
        return functions

    def give(self, own: Callee, call: ast.Call, values: dict[ast.expr, Value]) -> None:
        """Let the parameters of a function stand for what a call gives to it."""
        for name, argument in own.takes.given(call):
            value = objects(values.get(argument, NOTHING))
            if isinstance(own, OtherFunction):
                self.give_to_other(own.file, own.name, name, value)
                continue
            before = own.parameters.get(name, NOTHING)
            if not has_object(value) and not before:
                continue
            after = added(before, value or UNTRACKED)
            if after is not before:
                own.parameters[name] = after
                self.parameters.add(name)
                if own.task is not None:
                    self.walk_again((own.task,))

    def result(self, own: Callee) -> Value:
        """Return the objects that a function of the program returns."""
        if isinstance(own, OtherFunction):
            return own.returned
        task, name = own.task, own.node.name
        if (name if own.kind is None else f"self.{name}") not in self.names:
            return NOTHING
        if task is None or not own.has_result:
            return NOTHING
        own.users[self.task] = None
        if task.is_in_closed_scopes:
            self.walk(task)
        elif task not in self.walked and own.tried != own.parameters:
            # It is walked once more when all is known of what it sees.
            own.tried = dict(own.parameters)
            self.walked.add(task)
            self.function(replace(task, references=[], calls=[], inner=[]))
            self.walked.discard(task)
        return self.result_by_now(own)

    def result_by_now(self, own: OwnFunction) -> Value:
        """Return the objects that a function is known to return."""
        if own.task is None or not own.has_result:
            return NOTHING
        returned = self.returned_by(own.task)
        return returned if has_object(returned) else own.declared

    def own_names(self, node: Definition | ast.ClassDef) -> ScopeNames:
        return scope_names(node.body, self.is_relevant, self.relevance.has_walrus)

    def declared(self, names: ScopeNames, parent: Scope) -> dict[str, Scope]:
        """Return the names declared `global` or `nonlocal`, and the scopes that they live in."""
        declared: dict[str, Scope] = {}
        for name, is_global in names.declared.items():
            scope = parent
            while scope.parent is not None and (
                is_global or scope.kind != "function" or name not in scope.local
            ):
                scope = scope.parent
            if name in self.names:
                declared[name] = scope
        return declared

    # Expressions

    def children(self, node: ast.AST) -> None:
        """Walk all expressions of a statement or expression that needs nothing of its own."""
        for name in node._fields:
            child = getattr(node, name)
            if type(child) is list:
                for element in child:
                    if isinstance(element, ast.expr):
                        self.expression(element)
                    elif isinstance(element, ast.AST):
                        self.children(element)
            elif isinstance(child, ast.expr):
                self.expression(child)
            elif isinstance(child, ast.AST) and child._fields:
                self.children(child)

    def expression(self, node: ast.expr, call: ast.Call | None = None) -> Value:
        """Report the references in an expression, and return what it stands for.

        `call` is the call whose function the expression is.
        """
        if isinstance(node, ast.Constant):
            return NOTHING
        if isinstance(node, ast.Name):
            if node.id not in self.names:
                return NOTHING
            value = self.scope.find(node.id)
            self.refer(value, "name", node, call)
            return value
        method = _EXPRESSIONS.get(type(node))
        if method is not None:
            return method(self, node, call)
        self.children(node)
        return NOTHING

    def annotation(self, node: ast.expr) -> None:
        """Report the references in an annotation, and in what it says in quotes."""
        self.expression(node)
        context = self.context
        self.context = replace(context, typing=True)
        for quoted in quoted_expressions(node):
            self.expression(quoted)
        self.context = context

    def visit_attribute(self, node: ast.Attribute, call: ast.Call | None) -> Value:
        names = [node.attr]
        base = node.value
        while isinstance(base, ast.Attribute):
            names.append(base.attr)
            base = base.value
        if isinstance(base, ast.Name):
            if base.id == "self" and f"self.{names[-1]}" in self.names:
                value = self.own_attribute(names.pop())
                if not names and has_object(value) and isinstance(node.ctx, ast.Load):
                    self.refer(value, "attribute", node, call)
            elif base.id not in self.names:
                return NOTHING
            else:
                value = self.scope.find(base.id)
        else:
            value = self.expression(base)
        if value in (NOTHING, UNTRACKED):
            return NOTHING
        value = self.imported.members(value, names)
        if value in (NOTHING, UNTRACKED) or not names:
            return value
        while any(b is not None and b.own is not None for b in value):
            value = self.member(value, names.pop())
            if not names or value in (NOTHING, UNTRACKED):
                if isinstance(node.ctx, ast.Load):
                    self.refer(value, "attribute", node, call)
                return value
        suffix = "." + ".".join(reversed(names))
        extended = _extended(value, suffix, symbolic=node.attr in self.tracked.symbolic_attributes)
        self.refer(value, "attribute", node, call, suffix)
        return extended

    def member(self, value: Value, name: str) -> Value:
        """Return what an attribute of objects stands for, of which some are the program's own."""
        found = NOTHING
        symbolic = name in self.tracked.symbolic_attributes
        for binding in value:
            own = binding.own if binding is not None else None
            its = self.member_of(own, name) if isinstance(own, OwnClass) else NOTHING
            if binding and binding.is_tracked and its == NOTHING and not _has(own, name):
                its = _extended((binding,), f".{name}", symbolic)
            found = union(found, its or UNTRACKED)
        return found if has_object(found) else NOTHING

    def member_of(self, kind: OwnClass, name: str) -> Value:
        """Return what an attribute of an instance stands for; nothing if it is not its own."""
        method = kind.method(name)
        if method is None:
            return kind.attribute(name, self.task)
        if method.is_property:
            return self.result(method) or UNTRACKED
        return (_own_binding(method, self.statement),)

    def own_attribute(self, name: str) -> Value:
        """Return what an attribute of `self` stands for."""
        kind = self.scope.class_of_self() if self.follow_calls else None
        if kind is None:
            return NOTHING
        method = kind.method(name)
        if method is None:
            return kind.attribute(name, self.task)
        return self.result(method) if method.is_property else NOTHING

    def visit_subscript(self, node: ast.Subscript, _: ast.Call | None) -> Value:
        value = self.expression(node.value)
        self.expression(node.slice)
        if not self.follow_calls or not has_object(value):
            return NOTHING
        if isinstance(node.slice, ast.Slice):  # as many objects as there are, or fewer
            return value if has_object(self.element(value)) else NOTHING
        return self.part(value, node.slice)

    def part(self, value: Value, key: ast.expr) -> Value:
        """Return what stands at an index or key of an object."""
        own = value[0].own if len(value) == 1 and value[0] is not None else None
        return own.at(key) if isinstance(own, Parts) else self.element(value)

    def visit_display(self, node: ast.Tuple | ast.List | ast.Dict, _: ast.Call | None) -> Value:
        if isinstance(node, ast.Dict):
            keys: list[object] = [getattr(key, "value", key) for key in node.keys]
            items = node.values
            for key in node.keys:
                if key is not None:
                    self.expression(key)
        else:
            items = node.elts
            keys = [*range(len(items))]
        values = [followed(self.expression(item)) for item in items]
        if not self.follow_calls or not any(map(has_object, values)):
            return NOTHING
        if None in keys or any(isinstance(item, ast.Starred) for item in items):
            return self.several(union(*values, UNTRACKED))
        return self.several(*values, keys=keys)

    def several(self, *values: Value, keys: Iterable[object] = (None,)) -> Value:
        """Return what stands for several objects, by their indices or keys."""
        parts = Parts(dict(zip(keys, values, strict=True)))
        return (Binding(parts.path, self.statement, own=parts),)

    def visit_call(self, node: ast.Call, _: ast.Call | None) -> Value:
        function = self.expression(node.func, node)
        if not self.follow_calls:
            for argument in node.args:
                self.expression(argument)
            for keyword in node.keywords:
                self.expression(keyword.value)
            return NOTHING
        if node.args and not function and last_name(node.func) == "cast":  # of `typing`
            self.annotation(node.args[0])
        arguments: list[tuple[ast.expr, tuple[Binding, ...]]] = []
        given: dict[ast.expr, Value] = {}
        for argument in (*node.args, *[keyword.value for keyword in node.keywords]):
            if isinstance(argument, ast.Constant):
                continue
            for element in elements(argument) if isinstance(argument, DISPLAYS) else (argument,):
                value = self.expression(element)
                known = tuple([b for b in value if b is not None and b.is_tracked])
                if known and not (known[0].origin and None in value):
                    arguments.append((element, known))
                if has_object(value):
                    given[element] = value
        if any(b is not None and b.made for b in function):
            return union(*[self.result_of_own(b, node, given) for b in function])
        if not has_object(function):
            return self.result_of_other(node, given)
        bindings = [b if b and self.tracked.has_results(b.path) else None for b in function]
        paths = tuple([b.path for b in bindings if b is not None])
        if not paths:
            return NOTHING
        origin = next(b.origin for b in bindings if b is not None)
        self.task.calls.append(
            TrackedCall(paths, tuple(arguments), node, self.statement, self.context, origin)
        )
        symbolic = any(b.symbolic for _, known in arguments for b in known)
        symbolic = symbolic or self.tracked.gives_symbolic(paths[0])
        return self.called(_extended(tuple(bindings), result_of(""), symbolic), tuple(bindings))

    def result_of_own(
        self, function: Binding | None, call: ast.Call, given: dict[ast.expr, Value]
    ) -> Value:
        """Return what a call of a function or class of the program gives."""
        if function is None or not function.made:
            return UNTRACKED
        if isinstance(function.own, OwnClass):
            method = function.own.method("__init__")
            if method is not None:
                self.give(method, call, given)
            return (replace(function, made=False),)
        if isinstance(function.own, (OwnFunction, OtherFunction)):
            self.give(function.own, call, given)
            return self.result(function.own)
        return UNTRACKED

    def result_of_other(self, call: ast.Call, given: dict[ast.expr, Value]) -> Value:
        """Return what a call gives of which nothing tracked is known, but what it is given."""
        own = self.own_callee(call.func)
        if own is not None:
            self.give(own, call, given)
            return NOTHING if own.name.endswith("__init__") else self.result(own)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _OF_SEVERAL:
            return self.result_of_several(call.func, call.args, given)
        if given and last_name(call.func) == "partial":
            return tuple([b for b in given.get(call.args[0], NOTHING) if b and b.made])
        if given:
            self.follow_parameters(call, given)
        return NOTHING

    def result_of_several(
        self, function: ast.Attribute, arguments: list[ast.expr], given: dict[ast.expr, Value]
    ) -> Value:
        """Return what a method of a list or dictionary gives; what is appended is taken in."""
        name = function.attr
        if name == "append":
            for argument in arguments:
                self.add_part(function.value, given.get(argument, NOTHING))
            return NOTHING
        owner = self.value(function.value)
        its = self.element(owner)
        if not has_object(its):
            return NOTHING
        if name == "items":
            return self.several(self.several(UNTRACKED, its, keys=(0, 1)))
        if name == "values":
            return self.several(its)
        return self.part(owner, arguments[0]) if arguments else its

    def called(self, result: Value, function: Value) -> Value:
        """Return what a call gives, as an object of its class where that is known."""
        made: list[Binding | None] = []
        for binding, callee in zip(result, function, strict=True):
            path = None if callee is None else self.tracked.made_by(callee.path)
            made.append(replace(binding, path=path) if binding and path else binding)
        return tuple(made)

    def visit_lambda(self, node: ast.Lambda, _: ast.Call | None) -> Value:
        self.signature(node.args, annotations=False)
        self.defer(node)
        return NOTHING

    def visit_comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        _: ast.Call | None,
    ) -> Value:
        self.expression(node.generators[0].iter)
        outer = self.scope
        targets = frozenset(n for g in node.generators for n in target_names(g.target))
        self.scope = Scope("comprehension", outer, targets)
        for index, generator in enumerate(node.generators):
            if index:
                self.expression(generator.iter)
            if self.follow_calls:
                self.bind_in_comprehension(generator)
            for condition in generator.ifs:
                self.expression(condition)
        if isinstance(node, ast.DictComp):
            self.expression(node.key)
            value = self.expression(node.value)
        else:
            value = self.expression(node.elt)
        self.scope = outer
        value = followed(value)
        return self.several(value) if self.follow_calls and has_object(value) else NOTHING

    def bind_in_comprehension(self, generator: ast.comprehension) -> None:
        """Let the names of a comprehension stand for objects that it goes through."""
        bound = self.scope
        outside = Scope("function", bound.parent, bound.local, state=bound.state, ever=bound.ever)
        names = set(target_names(generator.target))
        new = names - self.names
        self.names |= new  # all their uses are in this statement
        self.scope = outside
        self.bind_iteration(generator.target, generator.iter)
        self.scope = bound
        if not any(has_object(bound.state.get(name, NOTHING)) for name in names):
            self.names -= new

    def visit_bool_op(self, node: ast.BoolOp, _: ast.Call | None) -> Value:
        values = [self.expression(value) for value in node.values]
        if not self.follow_calls or not any(map(has_object, values)):
            return NOTHING
        return union(*[objects(value) or UNTRACKED for value in values])

    def visit_yield(self, node: ast.Yield | ast.YieldFrom, _: ast.Call | None) -> Value:
        if self.task.own is not None:
            self.task.own.is_generator = True
        self.children(node)
        return NOTHING

    def visit_named_expr(self, node: ast.NamedExpr, _: ast.Call | None) -> Value:
        value = self.expression(node.value)
        self.bind_target(node.target, value)
        return value

    def visit_if_exp(self, node: ast.IfExp, _: ast.Call | None) -> Value:
        self.expression(node.test)
        body = self.expression(node.body) or UNTRACKED
        return union(body, self.expression(node.orelse) or UNTRACKED)

    def refer(
        self,
        value: Value,
        kind: Kind,
        node: ast.expr | ast.alias,
        call: ast.Call | None = None,
        suffix: str = "",
    ) -> None:
        """Report a reference, if it may be to something tracked."""
        bindings = tuple([b for b in value if b is not None and b.is_tracked])
        if kind == "name" and not bindings:
            bindings = _symbolic_parts(value)
        if bindings and bindings[0].origin and not has_call(bindings[0].path + suffix):
            return  # what another file imports is written there
        if bindings:
            self.task.references.append(
                Reference(
                    paths=tuple([binding.path + suffix for binding in bindings]),
                    kind=kind,
                    node=node,
                    statement=self.statement,
                    context=self.context,
                    call=call,
                    bindings=bindings,
                    certain=len(bindings) == len(value),
                )
            )


def _replaced(value: Value, path_of: Callable[[str], str | None]) -> Value:
    """Return a value with other paths, without those that there is no other for."""
    replaced: list[Binding | None] = []
    for binding in value:
        path = None if binding is None else path_of(binding.path)
        replaced.append(replace(binding, path=path, symbolic=False) if binding and path else None)
    return tuple(replaced) if has_object(tuple(replaced)) else NOTHING


def _own_binding(own: Callee | OwnClass, node: ast.stmt) -> Binding:
    """Return what stands for a function or class of the program that is nothing tracked."""
    return Binding(own_path(own.name), node, made=True, own=own)


def _has(own: Own | None, name: str) -> bool:
    """Return whether a class of the program has an attribute of its own."""
    return isinstance(own, OwnClass) and any(name in kind.names for kind in own.lineage())


def _symbolic_parts(value: Value) -> tuple[Binding, ...]:
    """Return what the parts of a list or tuple are, if all are symbolic."""
    own = value[0].own if len(value) == 1 and value[0] is not None else None
    parts = own.any() if isinstance(own, Parts) else NOTHING
    found = tuple([b for b in parts if b is not None and b.is_tracked and b.symbolic])
    return found if len(found) == len(parts) else ()


def _is_nothing_yet(node: ast.expr) -> bool:
    """Return whether a value only stands in for one that is yet to come: `None`, `[]`, `{}`."""
    match node:
        case ast.Constant(value=None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


def _is_of_super(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Return whether an expression is `super().x`."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Call):
        return False
    return last_name(node.value.func) == "super"


def _extended(value: Value, suffix: str, symbolic: bool) -> Value:
    """Return a value with something added to its paths, unless they get too long."""
    return tuple(
        [
            None
            if b is None or b.made or len(b.path) > _LONGEST_PATH
            else Binding(b.path + suffix, b.node, symbolic, origin=b.origin)
            for b in value
        ]
    )


_STATEMENTS: dict[type, Callable[..., bool | None]] = {
    ast.Import: _Walker.visit_import,
    ast.ImportFrom: _Walker.visit_import,
    ast.Assign: _Walker.visit_assign,
    ast.AnnAssign: _Walker.visit_ann_assign,
    ast.AugAssign: _Walker.visit_aug_assign,
    ast.Delete: _Walker.visit_delete,
    ast.If: _Walker.visit_if,
    ast.For: _Walker.visit_loop,
    ast.AsyncFor: _Walker.visit_loop,
    ast.While: _Walker.visit_loop,
    ast.Try: _Walker.visit_try,
    ast.With: _Walker.visit_with,
    ast.AsyncWith: _Walker.visit_with,
    ast.Match: _Walker.visit_match,
    ast.FunctionDef: _Walker.visit_function_def,
    ast.AsyncFunctionDef: _Walker.visit_function_def,
    ast.ClassDef: _Walker.visit_class_def,
    ast.Return: _Walker.visit_return,
    ast.Raise: lambda walker, node: walker.children(node) or False,
}
if hasattr(ast, "TryStar"):  # Python 3.11
    _STATEMENTS[ast.TryStar] = _Walker.visit_try

_EXPRESSIONS: dict[type, Callable[..., Value]] = {
    ast.Attribute: _Walker.visit_attribute,
    ast.Call: _Walker.visit_call,
    ast.Lambda: _Walker.visit_lambda,
    ast.ListComp: _Walker.visit_comprehension,
    ast.SetComp: _Walker.visit_comprehension,
    ast.DictComp: _Walker.visit_comprehension,
    ast.GeneratorExp: _Walker.visit_comprehension,
    ast.NamedExpr: _Walker.visit_named_expr,
    ast.IfExp: _Walker.visit_if_exp,
    ast.Subscript: _Walker.visit_subscript,
    ast.Tuple: _Walker.visit_display,
    ast.List: _Walker.visit_display,
    ast.Dict: _Walker.visit_display,
    ast.BoolOp: _Walker.visit_bool_op,
    ast.Yield: _Walker.visit_yield,
    ast.YieldFrom: _Walker.visit_yield,
}
