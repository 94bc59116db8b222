"""Give batches to Keras 3 as tuples, which takes no lists in them.

    yield [a, b], y                 yield (a, b), y
    yield [x, y]                    yield (x, y)            of a generator
    return inputs, y                return tuple(inputs), y     where `inputs` is a list

So it is in the `__getitem__` of a `Sequence`, and in a generator that is given to `fit` or one of
its like, or that goes on for ever.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name, own_nodes
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit, Span
from keras_imports.python.expressions import is_own, last_name

_TRAINS = frozenset({"fit", "fit_generator", "evaluate", "evaluate_generator"})
_PREDICTS = frozenset({"predict", "predict_generator"})
_GIVEN = re.compile(rf"\.\s*(?:{'|'.join(sorted(_TRAINS | _PREDICTS))})\s*\(")
_GROWS = frozenset({"append", "extend", "insert"})
_DATA = frozenset({"x", "generator", "validation_data"})
_MOST = 3  # inputs, targets, sample weights


@dataclass(frozen=True)
class _Source:
    """A function that gives batches, and what is known of them."""

    function: Definition
    own: dict[str, Definition]  # the methods that it may call by `self`
    is_generator: bool
    is_for_inputs: bool = False  # `predict` alone asks for them


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and something gives batches."""
    text = module.text.text
    gives = "yield" in text or "__getitem__" in text
    return gives and module.target.generation == "keras3"


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what they give."""
    told: set[ast.AST] = set()
    for source in (*_sequences(module), *_generators(module)):
        for node in _given(source):
            if node not in told:
                told.add(node)
                yield from _as_tuples(module, source, node, told)


def _sequences(module: ModuleInMigration) -> Iterator[_Source]:
    for kind in module.classes("Sequence", "PyDataset"):
        own = methods_by_name(kind)
        if "__getitem__" in own:
            yield _Source(own["__getitem__"], own, is_generator=False)


def _generators(module: ModuleInMigration) -> Iterator[_Source]:
    """Yield the generators whose batches Keras gets, as far as one sees."""
    trained, predicted = _names_given(module, _TRAINS), _names_given(module, _PREDICTS)
    for function in (node for node in module.tree.blocks if isinstance(node, Definition)):
        its = [node for node in own_nodes(function) if isinstance(node, ast.Yield)]
        if not its or function.decorator_list:
            continue
        above = module.tree.parent(function)
        own = methods_by_name(above) if isinstance(above, ast.ClassDef) else {}
        name = function.name
        if name in trained or (_is_endless(function) and name not in predicted):
            yield _Source(function, own, is_generator=True)
        elif name in predicted:
            yield _Source(function, own, is_generator=True, is_for_inputs=True)


def _names_given(module: ModuleInMigration, names: frozenset[str]) -> set[str]:
    """Return the names of the functions whose results are given to some methods."""
    found: set[str] = set()
    for node in module.tree.matching(_GIVEN):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in names:
            given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in _DATA)]
            for value in given:
                values = [value]
                if isinstance(value, ast.Name):
                    assigned = map(module.tree.parent, module.tree.binders(value.id))
                    values += [n.value for n in assigned if isinstance(n, ast.Assign)]
                calls = (each for each in values if isinstance(each, ast.Call))
                found.update(filter(None, (last_name(call.func) for call in calls)))
    return found


def _is_endless(function: Definition) -> bool:
    """Return whether a generator goes on for ever, and gives inputs with targets."""
    loops = [n for n in own_nodes(function) if isinstance(n, ast.While)]
    endless = [n for n in loops if isinstance(n.test, ast.Constant) and n.test.value]
    its = [n.value for n in own_nodes(function) if isinstance(n, ast.Yield)]
    return bool(endless) and all(
        isinstance(value, ast.Tuple) and len(value.elts) <= _MOST for value in its
    )


def _given(source: _Source) -> Iterator[ast.expr]:
    """Yield the expressions that are given as batches."""
    kind = ast.Yield if source.is_generator else ast.Return
    for node in own_nodes(source.function):
        value = node.value if isinstance(node, kind) else None
        if value is not None:
            yield value


def _as_tuples(
    module: ModuleInMigration, source: _Source, batch: ast.expr, told: set[ast.AST]
) -> Iterator[Edit]:
    """Yield the edits that make a batch a tuple without lists in it."""
    match batch:
        case ast.Call(func=called) if is_own(called) and called.attr in source.own:
            returned = _Source(source.own[called.attr], source.own, is_generator=False)
            for node in _given(returned):
                if node not in told:
                    told.add(node)
                    yield from _as_tuples(module, returned, node, told)
        case ast.Tuple(elts=parts):
            for part in parts[:_MOST]:
                yield from _part(module, source, part, told)
        case ast.List(elts=[only]) if source.is_generator and source.is_for_inputs:
            span = module.text.span(batch)
            yield Edit(span.start, span.end, ("(", module.text.span(only), ",)"))
        case ast.List(elts=parts) if source.is_generator and 1 < len(parts) <= _MOST:
            if not source.is_for_inputs:
                yield _brackets(module, batch, "(", ")")
            for part in parts:
                yield from _part(module, source, part, told)
        case ast.Dict() | ast.List():
            return
        case _ if source.is_for_inputs and not _may_be_tuple(source, batch):
            span = module.text.span(batch)
            yield Edit(span.start, span.end, ("(", span, ",)"))


def _may_be_tuple(source: _Source, node: ast.expr) -> bool:
    """Return whether an expression may give a tuple: a name that is assigned one, or any call."""
    if isinstance(node, ast.Name):
        return any(isinstance(v, (ast.Tuple, ast.Call)) for v in _assigned(source, node.id))
    return isinstance(node, (ast.Call, ast.Subscript)) and not _is_array(node)


def _is_array(node: ast.expr) -> bool:
    """Return whether an expression is `np.array(…)` or the like."""
    return isinstance(node, ast.Call) and last_name(node.func) in (
        "array",
        "asarray",
        "ones",
        "zeros",
    )


def _part(
    module: ModuleInMigration, source: _Source, part: ast.expr, told: set[ast.AST]
) -> Iterator[Edit]:
    """Yield the edits that make the inputs, targets or weights of a batch no list."""
    text = module.text
    match part:
        case ast.List(elts=[only]) if not isinstance(only, ast.Starred):
            span = text.span(part)
            yield Edit(span.start, span.end, (text.span(only),))
        case ast.List(elts=[_, _, *_]):
            yield _brackets(module, part, "(", ")")
        case ast.ListComp():
            yield _brackets(module, part, "tuple(", ")")
        case ast.Name(id=name):
            returned = [*_unpacked(source, name)]
            for method, node in returned:
                if node not in told:
                    told.add(node)
                    yield from _part(module, method, node, told)
            if not returned and _is_list(source, name):
                span = text.span(part)
                yield Edit(span.start, span.end, ("tuple(", span, ")"))


def _brackets(module: ModuleInMigration, node: ast.expr, first: str, last: str) -> Edit:
    """Return the edit that puts other brackets around what a list holds."""
    span = module.text.span(node)
    return Edit(span.start, span.end, (first, Span(span.start + 1, span.end - 1), last))


def _assigned(source: _Source, name: str) -> list[ast.expr]:
    """Return what a function assigns to a name."""
    return [
        node.value
        for node in own_nodes(source.function)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def _is_list(source: _Source, name: str) -> bool:
    """Return whether a name is a list and nothing else in a function."""
    values = _assigned(source, name)
    stored = [
        n
        for n in own_nodes(source.function)
        if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)
    ]
    if not values or len(stored) != len(values):
        return False
    is_grown = any(
        isinstance(n, ast.Attribute) and n.attr in _GROWS and getattr(n.value, "id", "") == name
        for n in own_nodes(source.function)
    )
    return all(isinstance(v, ast.List) and (v.elts or is_grown) for v in values)


def _unpacked(source: _Source, name: str) -> Iterator[tuple[_Source, ast.expr]]:
    """Yield what the methods of the class return for a name: `x, y = self.load(index)`."""
    for node in own_nodes(source.function):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Call(func=called)):
                names = [getattr(part, "id", "") for part in parts]
                if not is_own(called) or called.attr not in source.own or name not in names:
                    continue
                method = _Source(source.own[called.attr], source.own, is_generator=False)
                for given in _given(method):
                    if isinstance(given, ast.Tuple) and len(given.elts) == len(names):
                        yield method, given.elts[names.index(name)]
