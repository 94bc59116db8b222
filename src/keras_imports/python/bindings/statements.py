"""Walk statements in their order, branches apart and joined again."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from keras_imports.python.bindings.expressions import Expressions
from keras_imports.python.bindings.values import is_nothing_yet, own_binding
from keras_imports.python.definitions import (
    Definition,
    OtherFunction,
    OwnClass,
    OwnFunction,
    added,
    has_object,
    objects,
)
from keras_imports.python.expressions import is_own, last_name, names_of_class
from keras_imports.python.import_errors import (
    catches_import_error,
    handles_import_error,
    swallows_import_error,
)
from keras_imports.python.references import Arm, Binding, Context
from keras_imports.python.scopes import NOTHING, UNTRACKED, Changes, Scope, union
from keras_imports.python.statements import pattern_names, scope_names


class Statements(Expressions):
    """Walks statements; each `visit` method knows one kind of them."""

    def arm(self, body: list[ast.stmt], arm: Arm, typing: bool = False) -> bool:
        """Walk a block that is an alternative to others; return whether its end is reached."""
        outer = self.context
        self.context = Context(outer.function, outer.typing or typing, (*outer.arms, arm))
        live = self.block(body)
        self.context = outer
        return live

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
        """Note what the function that is walked returns."""
        value = self.expression(statement.value) if statement.value is not None else NOTHING
        running = self.task.function
        if running is not None:
            before = self.returned.get(running, NOTHING)
            self.returned[running] = union(before, value or UNTRACKED)
        return False

    def visit_import(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Bind the names that an import brings, and report what it imports."""
        for name in self.imported.of(statement):
            if name.kind is not None:
                self.refer((Binding(name.path, statement),), name.kind, name.alias)
            if name.local:
                self.bind(name.local, name.value)
                if isinstance(name.taker, (OtherFunction, OwnClass)):
                    self.scope.definitions[name.local] = name.taker

    def visit_assign(self, statement: ast.Assign) -> None:
        """Bind the targets of an assignment."""
        value = self.assigned(self.expression(statement.value), statement)
        if is_nothing_yet(statement.value) and all(
            isinstance(target, ast.Name) or is_own(target) for target in statement.targets
        ):
            return  # `keras = None` in a fallback: who uses the name later means the import
        for target in statement.targets:
            self.bind_target(target, value, statement.value)

    def visit_ann_assign(self, statement: ast.AnnAssign) -> None:
        """Bind the target of an assignment with an annotation."""
        self.annotation(statement.annotation)
        if statement.value is not None:
            value = self.assigned(self.expression(statement.value), statement)
            self.bind_target(statement.target, value, statement.value)
        elif not isinstance(statement.target, ast.Name):
            self.expression(statement.target)

    def visit_aug_assign(self, statement: ast.AugAssign) -> None:
        """Forget what a name stood for that is changed in place."""
        self.expression(statement.value)
        if isinstance(statement.target, ast.Name):
            self.bind(statement.target.id, UNTRACKED)
        else:
            self.expression(statement.target)

    def visit_delete(self, statement: ast.Delete) -> None:
        """Forget what is deleted."""
        for target in statement.targets:
            if isinstance(target, ast.Name):
                self.scope.set(target.id, None)
            else:
                self.expression(target)

    def visit_if(self, statement: ast.If) -> bool:
        """Walk both branches, and join what they leave; return whether the end is reached."""
        self.expression(statement.test)
        typing = last_name(statement.test) == "TYPE_CHECKING"
        scope = self.scope
        arms = (
            scope.branch(partial(self.arm, statement.body, Arm(statement, "body"), typing)),
            scope.branch(partial(self.arm, statement.orelse, Arm(statement, "else"))),
        )
        ends = [changes for live, changes in arms if live]
        scope.leave(scope.join(ends) if ends else {})
        return bool(ends)

    def visit_loop(self, statement: ast.For | ast.AsyncFor | ast.While) -> None:
        """Walk a loop, whose body may run any number of times."""
        if isinstance(statement, ast.While):
            self.expression(statement.test)
        else:
            self.expression(statement.iter)
        scope = self.scope
        # From its second turn on the body may see what its end has bound.
        bound = scope_names([statement], self.is_relevant, has_walrus=False).bound
        again: Changes = {
            name: union(scope.state[name], UNTRACKED) for name in bound if name in scope.state
        }

        def turn() -> bool:
            if not isinstance(statement, ast.While):
                self.bind_iteration(statement.target, statement.iter)
            return self.block(statement.body)

        live, changes = scope.branch(turn, again)
        scope.leave(scope.join([{}, changes]) if live else {})
        self.block(statement.orelse)

    def visit_try(self, statement: ast.Try) -> bool:
        """Walk a `try`, whose handlers see any part of its body done."""
        attempt = any(map(handles_import_error, statement.handlers))
        scope = self.scope
        body = Arm(statement, "body", attempt)
        live, after = scope.branch(partial(self.arm, statement.body, body))
        failed = scope.join([{}, after])
        handled = [
            scope.branch(partial(self._handler, statement, h), failed) for h in statement.handlers
        ]
        ends = [changes for is_live, changes in handled if is_live]
        if live:
            live, after = scope.branch(partial(self.block, statement.orelse), after)
            ends[:0] = [after] if live else []
        scope.leave(scope.join(ends) if ends else after)
        return self.block(statement.finalbody) and bool(ends)

    def _handler(self, statement: ast.Try, handler: ast.ExceptHandler) -> bool:
        """Walk a handler of a `try`; return whether its end is reached."""
        if handler.type is not None:
            self.expression(handler.type)
        if handler.name is not None:
            self.bind(handler.name, UNTRACKED)
        arm = Arm(statement, "handler" if catches_import_error(handler) else "other")
        return self.arm(handler.body, arm)

    def visit_with(self, statement: ast.With | ast.AsyncWith) -> bool:
        """Walk a `with`, which may swallow what its body raises."""
        attempt = False
        for item in statement.items:
            value = self.assigned(self.expression(item.context_expr), statement)
            attempt = attempt or swallows_import_error(item.context_expr)
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars, value)
        if not attempt:
            return self.block(statement.body)
        scope, arm = self.scope, Arm(statement, "body", attempt=True)
        _, changes = scope.branch(partial(self.arm, statement.body, arm))
        scope.leave(scope.join([changes, {}]))
        return True

    def visit_match(self, statement: ast.Match) -> None:
        """Walk the cases of a `match` as alternatives."""
        self.expression(statement.subject)
        scope = self.scope
        cases = [scope.branch(partial(self._case, case)) for case in statement.cases]
        scope.leave(scope.join([{}, *(changes for live, changes in cases if live)]))

    def _case(self, case: ast.match_case) -> bool:
        """Walk a case of a `match`; return whether its end is reached."""
        for node in ast.walk(case.pattern):
            if isinstance(node, ast.MatchValue):
                self.expression(node.value)
            elif isinstance(node, ast.MatchClass):
                self.expression(node.cls)
        for name in pattern_names(case.pattern):
            self.bind(name, UNTRACKED)
        if case.guard is not None:
            self.expression(case.guard)
        return self.block(case.body)

    def visit_function_def(self, node: Definition) -> None:
        """Bind a function's name, and put off its body."""
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
            self.define(node.name, (own_binding(own, node),) if own.has_result else UNTRACKED)
        if not self.context.function:
            for name, value in self.given_here(own.name, node).items():
                own.parameters[name] = added(own.parameters.get(name, NOTHING), value)
        self.defer(node, own)

    def visit_class_def(self, node: ast.ClassDef) -> None:
        """Walk the body of a class, and bind its name."""
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


_STATEMENTS: dict[type, Callable[..., bool | None]] = {
    ast.Import: Statements.visit_import,
    ast.ImportFrom: Statements.visit_import,
    ast.Assign: Statements.visit_assign,
    ast.AnnAssign: Statements.visit_ann_assign,
    ast.AugAssign: Statements.visit_aug_assign,
    ast.Delete: Statements.visit_delete,
    ast.If: Statements.visit_if,
    ast.For: Statements.visit_loop,
    ast.AsyncFor: Statements.visit_loop,
    ast.While: Statements.visit_loop,
    ast.Try: Statements.visit_try,
    ast.With: Statements.visit_with,
    ast.AsyncWith: Statements.visit_with,
    ast.Match: Statements.visit_match,
    ast.FunctionDef: Statements.visit_function_def,
    ast.AsyncFunctionDef: Statements.visit_function_def,
    ast.ClassDef: Statements.visit_class_def,
    ast.Return: Statements.visit_return,
    ast.Raise: lambda walker, node: walker.children(node) or False,
}
if hasattr(ast, "TryStar"):  # Python 3.11
    _STATEMENTS[ast.TryStar] = Statements.visit_try
