"""Follow objects into the functions and classes of a program, and out of them."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cached_property

from keras_imports.python.bindings.values import extend, has_own, is_of_super, own_binding
from keras_imports.python.bindings.walk import Walk
from keras_imports.python.definitions import (
    Callee,
    Definition,
    Function,
    OtherFunction,
    OwnClass,
    OwnFunction,
    Task,
    added,
    has_object,
    objects,
)
from keras_imports.python.exports import imported
from keras_imports.python.expressions import is_own, parameters
from keras_imports.python.paths import result_of
from keras_imports.python.references import Binding
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, State, Value, union
from keras_imports.python.statements import blocks


class Functions(Walk):
    """Walks bodies of functions, once more when more is known of what flows into them."""

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
        return objects(extend(kinds, result_of(""), symbolic=False))

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
        return (own_binding(own, node),)

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

    def function(self, task: Task) -> None:
        """Walk the body of a function, whatever else is being walked."""
        node, parent = task.function, task.scope
        if node is None:  # it is the module's
            return
        outer = (self.task, self.scope, self.context, self.statement, self.own_class)
        self.task, self.context, self.statement = task, task.context, task.statement
        self.walked.add(task)
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
        if kind is not None and is_of_super(function):
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

    def member(self, value: Value, name: str) -> Value:
        """Return what an attribute of objects stands for, of which some are the program's own."""
        found = NOTHING
        symbolic = name in self.tracked.symbolic_attributes
        for binding in value:
            own = binding.own if binding is not None else None
            its = self.member_of(own, name) if isinstance(own, OwnClass) else NOTHING
            if binding and binding.is_tracked and its == NOTHING and not has_own(own, name):
                its = extend((binding,), f".{name}", symbolic)
            found = union(found, its or UNTRACKED)
        return found if has_object(found) else NOTHING

    def member_of(self, kind: OwnClass, name: str) -> Value:
        """Return what an attribute of an instance stands for; nothing if it is not its own."""
        method = kind.method(name)
        if method is None:
            return kind.attribute(name, self.task)
        if method.is_property:
            return self.result(method) or UNTRACKED
        return (own_binding(method, self.statement),)

    def own_attribute(self, name: str) -> Value:
        """Return what an attribute of `self` stands for."""
        kind = self.scope.class_of_self() if self.follow_calls else None
        if kind is None:
            return NOTHING
        method = kind.method(name)
        if method is None:
            return kind.attribute(name, self.task)
        return self.result(method) if method.is_property else NOTHING
