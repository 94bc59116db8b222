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
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from keras_imports.python.definitions import (
    Definition,
    Function,
    OwnClass,
    OwnFunction,
    Task,
    added,
    has_object,
    objects,
)
from keras_imports.python.expressions import (
    DISPLAYS,
    ITERATORS,
    elements,
    is_own,
    last_name,
    parameters,
    quoted_expressions,
)
from keras_imports.python.import_errors import (
    catches_import_error,
    handles_import_error,
    swallows_import_error,
)
from keras_imports.python.imported_values import ImportedValues, Program
from keras_imports.python.paths import result_of
from keras_imports.python.references import (
    Arm,
    Binding,
    Context,
    Export,
    Exports,
    Kind,
    Module,
    Reference,
    TrackedCall,
)
from keras_imports.python.relevance import Relevance
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, State, Value, join, union
from keras_imports.python.statements import (
    ScopeNames,
    blocks,
    pattern_names,
    scope_names,
    target_names,
)
from keras_imports.python.tracking import Tracked

_DEFINED = re.compile(r"\b(?:def|class)\s+(\w+)")
_LONGEST_PATH = 240  # `x = x.y()` in generated code would grow without end


def resolve(
    text: str,
    tree: ast.Module,
    tracked: Tracked,
    *,
    follow_calls: bool = True,
    program: Program | None = None,
) -> Module:
    """Return all references of a parsed module to what is tracked, and the calls of it.

    Without `follow_calls` nothing is known of what calls return, and `Module.calls` is empty: it is
    much faster. `program` gives the exports of a module that belongs to the same program; with it
    `Module.exports` is filled, too.
    """
    return _Walker(text, tree, tracked, follow_calls, program).run()


class _Walker:
    """Walks a module; each `visit` method knows one kind of statement or expression."""

    def __init__(
        self,
        text: str,
        tree: ast.Module,
        tracked: Tracked,
        follow_calls: bool,
        program: Program | None,
    ) -> None:
        self.text = text
        self.tree = tree
        self.tracked = tracked
        self.follow_calls = follow_calls
        self.is_in_program = program is not None
        self.imported = ImportedValues(text, tracked, program)
        self.relevance = Relevance(text, tracked.has_results)
        self.names: set[str] = set()  # those of interest
        self.is_relevant = self.relevance.is_relevant
        self.returned: dict[ast.AST, Value] = {}  # what each function returns
        self.globals: State = {}  # what functions bind by `global`
        self.parameters: set[str] = set()  # those that something tracked is given to
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
        while True:
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
            if set(self.globals) == known:  # a `global` may bind what an earlier function uses
                exports = self.exports(bound) if self.is_in_program else {}
                tasks = tuple(module.in_order())
                references = tuple([r for task in tasks for r in task.references])
                return Module(references, tuple([c for t in tasks for c in t.calls]), exports)

    def find_relevant(self) -> None:
        """Find the names that may come to stand for a path, and the lines that mention them."""
        words = set(self.tracked.roots)  # an import is of interest for what it rebinds, too
        if self.tracked.stand_in is not None:
            words.add(self.tracked.stand_in.leaf)
        if self.is_in_program:
            words |= {"import", "return", "class"}
        self.relevance.find(self.tree.body, words, self.imported, through_calls=self.follow_calls)
        self.names = self.relevance.names

    def exports(self, bound: State) -> Exports:
        """Return what other modules may import: the names that are tracked in any case."""
        exports = {name: _exported(value) for name, value in bound.items()}
        for statement in self.tree.body:
            if (
                isinstance(statement, ast.FunctionDef)
                and not statement.decorator_list
                and not any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(statement))
            ):
                returned = _exported(self.returned.get(statement, NOTHING))
                exports[statement.name] = tuple(
                    [Export(e.path, e.symbolic, made=True) for e in returned]
                )
        return {name: value for name, value in exports.items() if value}

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
            for element, given in zip(target.elts, values, strict=True):
                known = UNTRACKED
                if given is not None:
                    known = self.assigned(self.value(given), self.statement)
                self.bind_target(element, known, given)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, UNTRACKED)
        elif not self.bind_attribute(target, value):
            self.expression(target)

    def bind_attribute(self, target: ast.expr, value: Value) -> bool:
        """Let an attribute of `self` stand for a value in all methods; return whether it is one."""
        if not self.follow_calls or not is_own(target):
            return False
        kind = self.scope.class_of_self()
        if kind is None:
            return False
        before = kind.attributes.get(target.attr, NOTHING)
        after = added(before, objects(value) or UNTRACKED)
        if after is not before:
            kind.attributes[target.attr] = after
            if has_object(after):
                self.walk_again(kind.readers.get(target.attr, ()))
        return True

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
        if isinstance(iterable, DISPLAYS):
            value = union(*[objects(self.value(each)) or UNTRACKED for each in iterable.elts])
        else:
            value = self.element(self.value(iterable))
        self.bind_target(target, value)

    def element(self, value: Value) -> Value:
        """Return what each of several objects stands for."""
        return _replaced(value, self.tracked.element) if has_object(value) else NOTHING

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

    def visit_assign(self, statement: ast.Assign) -> None:
        value = self.assigned(self.expression(statement.value), statement)
        if (
            isinstance(statement.value, ast.Constant)
            and statement.value.value is None
            and all(isinstance(t, ast.Name) or is_own(t) for t in statement.targets)
        ):
            return  # `keras = None` in a fallback: who uses the name later means the import
        for target in statement.targets:
            self.bind_target(target, value, statement.value)

    def assigned(self, value: Value, statement: ast.stmt) -> Value:
        """Return a value as bound by an assignment."""
        return tuple(
            [b and Binding(b.path, statement, b.symbolic, b.made, b.origin) for b in value]
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
        self.bind(node.name, UNTRACKED)
        if not self.follow_calls:
            self.defer(node)
            return
        own = OwnFunction(node, self.own_class if self.scope.kind == "class" else None)
        own.parameters = self.declared_parameters(node.args)
        own.declared = self.instance_of(node.returns)
        if own.kind is not None:
            own.kind.methods[node.name] = own
        else:
            self.scope.definitions[node.name] = own
        self.defer(node, own)

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
        bases = (outer.definition(b.id) for b in node.bases if isinstance(b, ast.Name))
        self.own_class = OwnClass(tuple([b for b in bases if isinstance(b, OwnClass)]))
        self.scope = Scope("class", outer)
        self.scope.outer = self.declared(self.own_names(node), outer)
        self.block(node.body)
        for name, value in self.scope.ever.items():
            if has_object(objects(value)):
                self.own_class.attributes[name] = objects(value)
        self.scope.close()
        outer.definitions[node.name] = self.own_class
        self.scope, self.own_class = outer, outer_class
        self.bind(node.name, self.derived(node))

    def derived(self, node: ast.ClassDef) -> Value:
        """Return what a class of the program's own stands for: it makes what its base makes."""
        if not self.is_in_program or len(node.bases) != 1 or node.decorator_list:
            return UNTRACKED
        base = self.value(node.bases[0])
        if any(b is not None and b.made for b in base):
            return base
        return _extended(base, result_of(""), symbolic=False, made=True) or UNTRACKED

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
            if not task.is_due and task.function is not None:
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

    def own_callee(self, function: ast.expr) -> OwnFunction | None:
        """Return the function of the module that is called, `__init__` for a class."""
        if isinstance(function, ast.Name):
            definition = self.scope.definition(function.id)
            if isinstance(definition, OwnClass):
                return definition.method("__init__")
            return definition
        if is_own(function):
            kind = self.scope.class_of_self()
            return kind.method(function.attr) if kind is not None else None
        return None

    def follow_parameters(self, call: ast.Call, values: dict[ast.expr, Value]) -> None:
        """Note the parameters of a function that nothing of interest was seen in so far."""
        name = call.func.attr if is_own(call.func) else getattr(call.func, "id", "")
        for own in self.unseen.get(name, ()) if name in self.defined else ():
            for parameter, argument in own.given(call):
                if has_object(objects(values.get(argument, NOTHING))):
                    self.parameters.add(parameter)

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
                    own = OwnFunction(statement, OwnClass() if name else None)
                    called = name if name and statement.name == "__init__" else statement.name
                    functions.setdefault(called, []).append(own)
                inside = statement.name if isinstance(statement, ast.ClassDef) else ""
                stack.extend((inner, inside) for inner in blocks(statement))
        return functions

    def give(self, own: OwnFunction, call: ast.Call, values: dict[ast.expr, Value]) -> None:
        """Let the parameters of a function stand for what a call gives to it."""
        for name, argument in own.given(call):
            value = objects(values.get(argument, NOTHING))
            before = own.parameters.get(name, NOTHING)
            if not has_object(value) and not before:
                continue
            after = added(before, value or UNTRACKED)
            if after is not before:
                own.parameters[name] = after
                self.parameters.add(name)
                if own.task is not None:
                    self.walk_again((own.task,))

    def result(self, own: OwnFunction) -> Value:
        """Return the objects that a function of the module returns."""
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
        returned = self.returned_by(task)
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
        suffix = "." + ".".join(reversed(names))
        extended = _extended(value, suffix, symbolic=node.attr in self.tracked.symbolic_attributes)
        self.refer(value, "attribute", node, call, suffix)
        return extended

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
        return self.element(value)

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
                known = tuple([b for b in value if b is not None])
                if known:
                    arguments.append((element, known))
                    given[element] = value
        if not has_object(function):
            own = self.own_callee(node.func)
            if own is None:
                if given:
                    self.follow_parameters(node, given)
                return NOTHING
            self.give(own, node, given)
            return NOTHING if own.node.name == "__init__" else self.result(own)
        bindings = [b if b and self.tracked.has_results(b.path) else None for b in function]
        if any(b is not None and b.made for b in bindings):
            return tuple([replace(b, made=False) if b and b.made else None for b in bindings])
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
            if node.value is not None:
                self.expression(node.value)
        else:
            self.expression(node.elt)
        self.scope = outer
        return NOTHING

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
        bindings = tuple([binding for binding in value if binding is not None])
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


def _exported(value: Value) -> tuple[Export, ...]:
    """Return a value for other modules; nothing if it may be untracked."""
    bindings = [b for b in value if b is not None]
    if len(bindings) < len(value):
        return ()
    return tuple([Export(b.path, b.symbolic, b.made, b.origin) for b in bindings])


def _extended(value: Value, suffix: str, symbolic: bool, made: bool = False) -> Value:
    """Return a value with something added to its paths, unless they get too long."""
    return tuple(
        [
            None
            if b is None or b.made or len(b.path) > _LONGEST_PATH
            else Binding(b.path + suffix, b.node, symbolic, made, b.origin)
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
    ast.BoolOp: _Walker.visit_bool_op,
    ast.Yield: _Walker.visit_yield,
    ast.YieldFrom: _Walker.visit_yield,
}
