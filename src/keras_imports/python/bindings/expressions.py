"""Walk expressions: report the references in them, and tell what they stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from keras_imports.python.bindings.targets import Targets
from keras_imports.python.bindings.values import extend
from keras_imports.python.definitions import (
    OtherFunction,
    OwnClass,
    OwnFunction,
    has_object,
    objects,
)
from keras_imports.python.expressions import (
    DISPLAYS,
    dotted,
    elements,
    last_name,
    quoted_expressions,
)
from keras_imports.python.paths import result_of
from keras_imports.python.references import Binding, TrackedCall
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, Value, union
from keras_imports.python.statements import target_names

_OF_SEVERAL = frozenset({"append", "get", "items", "pop", "values"})


class Expressions(Targets):
    """Walks expressions; each `visit` method knows one kind of them."""

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
        """Look up a chain of attributes as a whole."""
        base, names = dotted(node)
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
        extended = extend(value, suffix, symbolic=node.attr in self.tracked.symbolic_attributes)
        self.refer(value, "attribute", node, call, suffix)
        return extended

    def visit_subscript(self, node: ast.Subscript, _: ast.Call | None) -> Value:
        """Look up what stands at an index or key."""
        value = self.expression(node.value)
        self.expression(node.slice)
        if not self.follow_calls or not has_object(value):
            return NOTHING
        if isinstance(node.slice, ast.Slice):  # as many objects as there are, or fewer
            return value if has_object(self.element(value)) else NOTHING
        return self.part(value, node.slice)

    def visit_display(self, node: ast.Tuple | ast.List | ast.Dict, _: ast.Call | None) -> Value:
        """Return the parts of a tuple, list or dictionary."""
        if isinstance(node, ast.Dict):
            keys: list[object] = [getattr(key, "value", key) for key in node.keys]
            items = node.values
            for key in node.keys:
                if key is not None:
                    self.expression(key)
        else:
            items = node.elts
            keys = [*range(len(items))]
        values = [self.as_part(self.expression(item)) for item in items]
        if not self.follow_calls or not any(map(has_object, values)):
            return NOTHING
        if None in keys or any(isinstance(item, ast.Starred) for item in items):
            return self.several(union(*values, UNTRACKED))
        return self.several(*values, keys=keys)

    def visit_call(self, node: ast.Call, _: ast.Call | None) -> Value:
        """Report a call of something tracked, and return what it gives."""
        function = self.expression(node.func, node)
        if isinstance(node.func, (ast.Subscript, ast.Call)) and any(
            b and b.is_part for b in function
        ):
            self.refer(function, "part", node.func, node)
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
        symbolic = self.tracked.gives_symbolic(paths[0])
        if not self.tracked.is_class(paths[0]):
            symbolic = symbolic or any(b.symbolic for _, known in arguments for b in known)
        return self.called(extend(tuple(bindings), result_of(""), symbolic), tuple(bindings))

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
        """Put off the body of a lambda."""
        self.signature(node.args, annotations=False)
        self.defer(node)
        return NOTHING

    def visit_comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        _: ast.Call | None,
    ) -> Value:
        """Walk a comprehension in a scope of its own."""
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
        value = self.as_part(value)
        return self.several(value) if self.follow_calls and has_object(value) else NOTHING

    def visit_bool_op(self, node: ast.BoolOp, _: ast.Call | None) -> Value:
        """Return what any of the operands stands for."""
        values = [self.expression(value) for value in node.values]
        if not self.follow_calls or not any(map(has_object, values)):
            return NOTHING
        return union(*[objects(value) or UNTRACKED for value in values])

    def visit_yield(self, node: ast.Yield | ast.YieldFrom, _: ast.Call | None) -> Value:
        """Note that the function that is walked is a generator."""
        if self.task.own is not None:
            self.task.own.is_generator = True
        self.children(node)
        return NOTHING

    def visit_named_expr(self, node: ast.NamedExpr, _: ast.Call | None) -> Value:
        """Bind the target of a walrus."""
        value = self.expression(node.value)
        self.bind_target(node.target, value)
        return value

    def visit_if_exp(self, node: ast.IfExp, _: ast.Call | None) -> Value:
        """Return what either branch stands for."""
        self.expression(node.test)
        body = self.expression(node.body) or UNTRACKED
        return union(body, self.expression(node.orelse) or UNTRACKED)


_EXPRESSIONS: dict[type, Callable[..., Value]] = {
    ast.Attribute: Expressions.visit_attribute,
    ast.Call: Expressions.visit_call,
    ast.Lambda: Expressions.visit_lambda,
    ast.ListComp: Expressions.visit_comprehension,
    ast.SetComp: Expressions.visit_comprehension,
    ast.DictComp: Expressions.visit_comprehension,
    ast.GeneratorExp: Expressions.visit_comprehension,
    ast.NamedExpr: Expressions.visit_named_expr,
    ast.IfExp: Expressions.visit_if_exp,
    ast.Subscript: Expressions.visit_subscript,
    ast.Tuple: Expressions.visit_display,
    ast.List: Expressions.visit_display,
    ast.Dict: Expressions.visit_display,
    ast.BoolOp: Expressions.visit_bool_op,
    ast.Yield: Expressions.visit_yield,
    ast.YieldFrom: Expressions.visit_yield,
}
