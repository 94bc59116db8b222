"""Which Keras or TensorFlow name every expression of a module stands for, by Python's scoping.

The module is interpreted abstractly: statements in their order, branches apart and joined again,
functions after the scope that holds them. A *binding* says that a local name stands for a dotted
path; `()` in a path is a call, so `x = keras.layers.Dense(3)(y)` binds `x` to
`keras.layers.Dense()()`. Nothing is imported.

Only statements that mention a name of interest are walked at all; this is what makes it fast.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate

from keras_imports.flavours import PACKAGES
from keras_imports.python.outline import (
    Names,
    Outline,
    names_of,
    outline,
    pattern_names,
    target_names,
)

ROOTS = frozenset(PACKAGES)

_SHORTEST_ROOTS = ("keras", "tensorflow")  # which are in all others
_ROOT_IMPORT = re.compile(r"\b(?:import|from)\b[^#]*?\b(?:" + "|".join(sorted(ROOTS)) + r")\b")
_WORDS = re.compile(r"[^\W\d]\w*")
_KERAS_PATH = re.compile(
    rf"(?:{'|'.join(package for package, root in PACKAGES.items() if package == root)})\b"
    rf"|(?:{'|'.join(package for package, root in PACKAGES.items() if package != root)})"
    r"\.(?:\w+\.)*?(?:keras|layers)\b"
)
_LONGEST_PATH = 240  # `x = x.y()` in generated code would grow without end
_DISPLAYS = (ast.List, ast.Tuple)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SYMBOLIC_ATTRIBUTES = frozenset({"input", "inputs", "output", "outputs"})
_IMPORT_ERRORS = frozenset(
    {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
)


@lru_cache(maxsize=100_000)
def is_keras_path(path: str) -> bool:
    """Whether a dotted path below one of `ROOTS` belongs to some Keras (`tensorflow.nn`: no)."""
    return _KERAS_PATH.match(path) is not None


@dataclass(frozen=True, eq=False, slots=True)
class Binding:
    """A local name stands for `path` since `node`, an import statement or an assignment.

    `symbolic` tells a tensor of a functional model, which comes from some `Input`, from others.
    `made` tells a function, or a class of the program's own, that gives `path` when it is called.
    `origin` is the file of the program that it was imported from.
    """

    path: str
    node: ast.AST
    symbolic: bool = False
    made: bool = False
    origin: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Arm:
    """One of the alternative parts of a `try`, `if` or `with` that a reference lies in.

    `part` is "body", "else", "handler" (one that catches a failed import) or "other" (a handler
    of anything else). `attempt` is true for a body whose failed import is caught.
    """

    node: ast.stmt
    part: str
    attempt: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a reference stands."""

    function: bool = False  # runs later, or never
    typing: bool = False  # under `if TYPE_CHECKING`
    arms: tuple[Arm, ...] = ()  # outermost first


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """One use or import of a tracked name, with its exact place.

    `kind` is "import" (`import a.b`), "from" (`from a import b`), "star" (`from a import *`),
    "name" or "attribute". `paths` are all the dotted paths it may stand for, in source order;
    there are several after `if`/`else` or `try`/`except`. `certain` is false when the name may
    also be something else altogether. `bindings` are, path by path, the imports and assignments of
    the local name that it starts with. For an import, `node` is its `ast.alias` and `statement`
    the whole statement.
    """

    paths: tuple[str, ...]
    kind: str
    node: ast.expr | ast.alias
    statement: ast.stmt
    context: Context
    call: ast.Call | None = None
    bindings: tuple[Binding, ...] = ()
    certain: bool = True

    @property
    def path(self) -> str:
        """The first of `paths`."""
        return self.paths[0]


@dataclass(frozen=True, slots=True)
class Passed:
    """A call whose function or arguments are known: what flows into what.

    `function` are the paths of what is called; `arguments` pairs each argument, or each element
    of one that is a list, with what it stands for. `origin` is that of the function.
    """

    function: tuple[str, ...]
    arguments: tuple[tuple[ast.expr, tuple[Binding, ...]], ...]
    call: ast.Call
    statement: ast.stmt
    context: Context
    origin: str | None = None


Exports = Mapping[str, tuple[Binding, ...]]


@dataclass(frozen=True, slots=True)
class Module:
    """What one module says about Keras and TensorFlow.

    `exports` is what its names stand for to other modules of its program.
    """

    references: tuple[Reference, ...] = ()
    calls: tuple[Passed, ...] = ()
    exports: Exports = field(default_factory=dict)


def mentions_import(text: str) -> bool:
    """Whether `text` may import one of `ROOTS`: a quick test that is never wrongly false."""
    for root in _SHORTEST_ROOTS:
        place = text.find(root)
        while place >= 0:
            start = text.rfind("\n", 0, place)
            while start > 0 and text[start - 1] == "\\":
                start = text.rfind("\n", 0, start)
            end = text.find("\n", place)
            while end > 0 and text[end - 1] == "\\":
                end = text.find("\n", end + 1)
            line = text[start + 1 : end if end >= 0 else None]
            if "import" in line and _ROOT_IMPORT.search(line):
                return True
            place = text.find(root, end) if end >= 0 else -1
    return False


def resolve(
    text: str,
    tree: ast.Module,
    star: Callable[[str], Iterable[str]] = lambda _: (),
    portable: str | None = None,
    results: bool = True,
    program: Callable[[str], Exports | None] | None = None,
) -> Module:
    """All references of a parsed module to `ROOTS` and what is imported from them.

    `star` gives the names that `from module import *` binds. `portable` is a module that hands out
    the names of `keras` as its own. Without `results` nothing is known of what calls return, and
    `Module.calls` is empty: it is much faster. `program` gives the exports of a module that belongs
    to the same program, named as in an import statement; with it `Module.exports` is filled, too.
    """
    walker = _Walker(text, tree, star, portable, results, program)
    return walker.run()


_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

# A value is what an expression may stand for: bindings, and `None` for anything else.
_Value = tuple["Binding | None", ...]
_NOTHING: _Value = ()
_OTHER: _Value = (None,)


@dataclass(slots=True, eq=False)
class _Scope:
    kind: str  # "module", "class", "function" or "comprehension"
    parent: _Scope | None = None
    local: frozenset[str] = frozenset()
    outer: dict[str, _Scope] = field(default_factory=dict)  # global and nonlocal names
    state: dict[str, _Value] = field(default_factory=dict)
    ever: dict[str, _Value] = field(default_factory=dict)  # all that a name was bound to


def _union(*values: _Value) -> _Value:
    merged: dict[str | None, Binding | None] = {}
    for value in values:
        for binding in value:
            merged.setdefault(None if binding is None else binding.path, binding)
    return tuple(merged.values())


def _join(states: list[dict[str, _Value]]) -> dict[str, _Value]:
    """The state after several branches; a name that one of them does not bind keeps the others'."""
    if len(states) == 1:
        return states[0]
    joined: dict[str, _Value] = {}
    for state in states:
        for name, value in state.items():
            before = joined.get(name)
            joined[name] = value if before is None or before is value else _union(before, value)
    return joined


class _Walker:
    def __init__(
        self,
        text: str,
        tree: ast.Module,
        star: Callable[[str], Iterable[str]],
        portable: str | None,
        results: bool,
        program: Callable[[str], Exports | None] | None,
    ) -> None:
        self.text = text
        self.tree = tree
        self.star = star
        self.portable = portable
        self.results = results
        self.program = program
        self.returned: dict[ast.AST, _Value] = {}  # what each function returns
        self.running: ast.AST | None = None
        self.walrus = ":=" in text
        self.names: set[str] = set()  # all that may come to stand for a path
        self.flags = bytearray(text.count("\n") + 2)  # the lines that mention one of them
        self.counts: list[int] = []  # how many of them there are up to each line
        self.references: list[Reference] = []
        self.calls: list[Passed] = []
        self.globals: dict[str, _Value] = {}  # what functions bind by `global`
        self.context = Context()
        self.statement: ast.stmt = ast.Pass()
        self.later: list[tuple[_Function, _Scope, Context, ast.stmt]] = []
        self.scope = _Scope("module")

    def run(self) -> Module:
        self.track()
        while True:
            self.references, self.calls, self.later = [], [], []
            self.context = Context()
            self.scope = _Scope("module", state=dict(self.globals), ever=dict(self.globals))
            known = set(self.globals)
            self.block(self.tree.body)
            bound = dict(self.scope.state)
            self.close(self.scope)
            position = 0
            while position < len(self.later):
                self.function(*self.later[position])
                position += 1
            if set(self.globals) == known:  # a `global` may bind what an earlier function uses
                exports = self.exports(bound) if self.program is not None else {}
                return Module(tuple(self.references), tuple(self.calls), exports)

    def exports(self, bound: dict[str, _Value]) -> Exports:
        """What other modules may import: names that stand for one thing or another in any case."""
        for statement in self.tree.body:
            if (
                isinstance(statement, ast.FunctionDef)
                and not statement.decorator_list
                and not any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(statement))
            ):
                value = self.returned.get(statement, _NOTHING)
                bound[statement.name] = tuple(
                    [b and Binding(b.path, b.node, b.symbolic, made=True) for b in value]
                )
        return {name: value for name, value in bound.items() if value and None not in value}

    # Which names, and so which lines, are of interest

    def track(self) -> None:
        """Find the names that may come to stand for a path, and the lines that mention them."""
        added = set(ROOTS)  # an import is of interest for what it binds to nothing, too
        if self.portable is not None:
            added.add(self.portable.rpartition(".")[2])
        if self.program is not None:
            added |= {"import", "return", "class"}
        found = Outline()
        while added:
            self.counts = list(accumulate(self.search(added)))  # of new lines alone, for now
            more = outline(self.tree.body, self.interesting, self.walrus, self.results)
            found.imports += more.imports
            found.flows += more.flows
            names = found.reach(self.names | self.imported_names(more.imports))
            added = names - self.names
            self.names = names
        self.counts = list(accumulate(self.flags))

    def imported_names(self, imports: list[ast.Import | ast.ImportFrom]) -> set[str]:
        names: set[str] = set()
        for statement in imports:
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    root = alias.name.partition(".")[0]
                    known = self.module(alias.name if alias.asname else root, statement)
                    if self.imported(alias.name) is not None or known != _OTHER:
                        names.add(alias.asname or root)
            elif (module := self.origin(statement)) is None:
                for name, alias in self.given_names(statement):
                    if self.given(_dotted(statement), name, statement) != _OTHER:
                        names.add(alias)
                names.update(a.asname or a.name for a in self.handed_out(statement))
            else:
                for alias in statement.names:
                    if alias.name != "*":
                        names.add(alias.asname or alias.name)
                    else:
                        names.update(set(_WORDS.findall(self.text)).intersection(self.star(module)))
        return names

    def search(self, names: set[str]) -> bytearray:
        """Mark the lines that mention one of the names; those that were not marked before."""
        text = self.text
        places = []
        for name in names:
            place = text.find(name)
            while place >= 0:
                end = place + len(name)
                before, after = text[place - 1 : place], text[end : end + 1]
                if before.isalnum() or before == "_" or after.isalnum() or after == "_":
                    place = text.find(name, end)  # a part of a longer name
                    continue
                places.append(place)
                end = text.find("\n", end)
                place = text.find(name, end) if end >= 0 else -1
        new = bytearray(len(self.flags))
        line, last = 1, 0
        for place in sorted(places):
            line += text.count("\n", last, place)
            last = place
            if not self.flags[line]:
                self.flags[line] = new[line] = 1
        return new

    def interesting(self, node: ast.stmt) -> bool:
        """Whether a statement has a line that mentions a name of interest."""
        first = node.lineno
        if type(node) in _DEFINITIONS and node.decorator_list:
            first = node.decorator_list[0].lineno  # they stand above the line of the definition
        return self.counts[node.end_lineno or first] > self.counts[first - 1]

    # Scopes

    def close(self, scope: _Scope) -> None:
        """Later code sees every value that a name of this scope ever had."""
        scope.state = scope.ever

    def find(self, name: str) -> _Value:
        scope: _Scope | None = self.scope
        first = True
        while scope is not None:
            if first or scope.kind != "class":
                owner = scope.outer.get(name)
                if owner is not None:
                    return owner.state.get(name, _NOTHING)
                value = scope.state.get(name)
                if value is not None:
                    return value
                if name in scope.local:
                    return _NOTHING
            # A comprehension in a class body does not see the names of the class either.
            first = False
            scope = scope.parent
        return _NOTHING

    def bind(self, name: str, value: _Value) -> None:
        if name not in self.names:
            return
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent  # only `:=` binds in a comprehension, and that outside of it
        owner = scope.outer.get(name)
        if owner is not None:
            scope = owner
            if owner.kind == "module" and value != _OTHER:
                self.globals[name] = _union(self.globals.get(name, _NOTHING), value)
        if scope.state is not scope.ever:  # the scope is still being walked
            scope.state[name] = value
        scope.ever[name] = _union(scope.ever.get(name, _NOTHING), value)

    def bind_target(self, target: ast.expr, value: _Value, source: ast.expr | None = None) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value or _OTHER)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if (
                isinstance(source, (ast.Tuple, ast.List))
                and len(source.elts) == len(target.elts)
                and not any(isinstance(e, ast.Starred) for e in (*target.elts, *source.elts))
            ):
                values = list(source.elts)
            for element, given in zip(target.elts, values, strict=True):
                known = _OTHER
                if given is not None:
                    known = self.assigned(self.value(given), self.statement)
                self.bind_target(element, known, given)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, _OTHER)
        else:
            self.expression(target)

    def value(self, node: ast.expr) -> _Value:
        """What an expression stands for, without reporting its references again."""
        references, calls, later = len(self.references), len(self.calls), len(self.later)
        value = self.expression(node)
        del self.references[references:], self.calls[calls:], self.later[later:]
        return value

    def arm(self, body: list[ast.stmt], arm: Arm, typing: bool = False) -> bool:
        """Walk a block that is an alternative to others; false when its end is never reached."""
        outer = self.context
        self.context = Context(outer.function, outer.typing or typing, (*outer.arms, arm))
        live = self.block(body)
        self.context = outer
        return live

    # Statements

    def block(self, body: list[ast.stmt]) -> bool:
        """Walk statements; false when control never reaches their end."""
        for statement in body:
            if self.interesting(statement):
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
        value = self.expression(statement.value) if statement.value is not None else _NOTHING
        if self.running is not None:
            before = self.returned.get(self.running, _NOTHING)
            self.returned[self.running] = _union(before, value or _OTHER)
        return False

    def visit_import(self, statement: ast.Import) -> None:
        for alias in statement.names:
            root = alias.name.partition(".")[0]
            path = self.imported(alias.name)
            if path is None:
                known = self.module(alias.name if alias.asname else root, statement)
                self.bind(alias.asname or root, known)
                continue
            self.refer((Binding(path, statement),), "import", alias)
            if path == alias.name and not alias.asname:
                path = root
            # `import package.keras_flavour` alone binds the package, not Keras.
            is_bound = alias.asname or alias.name.partition(".")[0] in ROOTS
            self.bind(alias.asname or root, (Binding(path, statement),) if is_bound else _OTHER)

    def visit_import_from(self, statement: ast.ImportFrom) -> None:
        module = self.origin(statement)
        if module is None:
            for name, alias in self.given_names(statement):
                self.bind(alias, self.given(_dotted(statement), name, statement))
            for alias in self.handed_out(statement):
                value = (Binding("keras", statement),)
                self.refer(value, "from", alias)
                self.bind(alias.asname or alias.name, value)
            return
        for alias in statement.names:
            if alias.name == "*":
                self.refer((Binding(module, statement),), "star", alias)
                for name in self.names.intersection(self.star(module)):
                    self.bind(name, (Binding(f"{module}.{name}", statement),))
            else:
                is_itself = alias.name == "keras" and module != statement.module
                path = module if is_itself else f"{module}.{alias.name}"
                value = (Binding(path, statement),)
                self.refer(value, "from", alias)
                self.bind(alias.asname or alias.name, value)

    def imported(self, name: str) -> str | None:
        """The path that `import name` leads to, `None` if it is not of interest."""
        if name == self.portable:
            return "keras"
        return name if name.partition(".")[0] in ROOTS else None

    def origin(self, statement: ast.ImportFrom) -> str | None:
        """The path of the module that names are imported from, `None` if not of interest."""
        module = statement.module
        if module is None:
            return None
        if self.portable is not None:
            leaf = self.portable.rpartition(".")[2]
            if module == (leaf if statement.level else self.portable):
                return "keras"
        return module if statement.level == 0 and module.partition(".")[0] in ROOTS else None

    def handed_out(self, statement: ast.ImportFrom) -> Iterator[ast.alias]:
        """The names by which the module that hands out Keras is imported from its package."""
        package, _, leaf = (self.portable or "").rpartition(".")
        if leaf and statement.module == (None if statement.level else package):
            yield from (alias for alias in statement.names if alias.name == leaf)

    # Other modules of the same program; what stands for one has a path that begins with a colon

    def module(self, name: str, node: ast.AST) -> _Value:
        """What a module that is not of `ROOTS` stands for."""
        if self.program is None or self.program(name) is None:
            return _OTHER
        return (Binding(f":{name}", node),)

    def given(self, module: str, name: str, node: ast.AST) -> _Value:
        """What `from module import name` gives."""
        exports = self.program(module) if self.program is not None else None
        if exports is not None and name in exports:
            return tuple(
                [Binding(b.path, node, b.symbolic, b.made, b.origin) for b in exports[name]]
            )
        return self.module(module + name if module.endswith(".") else f"{module}.{name}", node)

    def given_names(self, statement: ast.ImportFrom) -> Iterator[tuple[str, str]]:
        """The names that an import from such a module takes, and those that it binds."""
        for alias in statement.names:
            if alias.name != "*":
                yield alias.name, alias.asname or alias.name
            elif self.program is not None:
                for name in self.program(_dotted(statement)) or ():
                    yield name, name

    def members(self, value: _Value, names: list[str]) -> _Value:
        """What attributes of such a module lead to; those that are left stay in `names`."""
        while names and value and value[0] is not None and value[0].path.startswith(":"):
            value = self.given(value[0].path[1:], names.pop(), value[0].node)
        return value

    def visit_assign(self, statement: ast.Assign) -> None:
        value = self.assigned(self.expression(statement.value), statement)
        if (
            isinstance(statement.value, ast.Constant)
            and statement.value.value is None
            and all(isinstance(target, ast.Name) for target in statement.targets)
        ):
            return  # `keras = None` in a fallback: who uses the name later means the import
        for target in statement.targets:
            self.bind_target(target, value, statement.value)

    def assigned(self, value: _Value, statement: ast.stmt) -> _Value:
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
            self.bind(statement.target.id, _OTHER)
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
        typing = _is_type_checking(statement.test)
        before = self.scope.state
        ends = []
        for part, body in (("body", statement.body), ("else", statement.orelse)):
            self.scope.state = dict(before)
            if self.arm(body, Arm(statement, part), typing and part == "body"):
                ends.append(self.scope.state)
        self.scope.state = _join(ends) if ends else before
        return bool(ends)

    def visit_loop(self, statement: ast.For | ast.AsyncFor | ast.While) -> None:
        if isinstance(statement, ast.While):
            self.expression(statement.test)
        else:
            self.expression(statement.iter)
        before = dict(self.scope.state)
        # From its second turn on the body may see what its end has bound.
        for name in names_of([statement], self.interesting, walrus=False).bound:
            if name in before:
                self.scope.state[name] = _union(before[name], _OTHER)
        if not isinstance(statement, ast.While):
            self.bind_target(statement.target, _OTHER)
        live = self.block(statement.body)
        self.scope.state = _join([before, self.scope.state] if live else [before])
        self.block(statement.orelse)

    def visit_try(self, statement: ast.Try) -> bool:
        attempt = any(map(_handles_import_error, statement.handlers))
        before = dict(self.scope.state)
        live = self.arm(statement.body, Arm(statement, "body", attempt))
        after = self.scope.state
        ends = []
        failed = _join([before, dict(after)])
        for handler in statement.handlers:
            self.scope.state = dict(failed)
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name is not None:
                self.bind(handler.name, _OTHER)
            part = "handler" if _catches_import_error(handler) else "other"
            if self.arm(handler.body, Arm(statement, part)):
                ends.append(self.scope.state)
        self.scope.state = after
        if live and self.block(statement.orelse):
            ends.insert(0, self.scope.state)
        self.scope.state = _join(ends) if ends else after
        return self.block(statement.finalbody) and bool(ends)

    def visit_with(self, statement: ast.With | ast.AsyncWith) -> bool:
        attempt = False
        for item in statement.items:
            value = self.assigned(self.expression(item.context_expr), statement)
            attempt = attempt or _swallows_import_error(item.context_expr)
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars, value)
        if not attempt:
            return self.block(statement.body)
        before = dict(self.scope.state)
        self.arm(statement.body, Arm(statement, "body", attempt=True))
        self.scope.state = _join([self.scope.state, before])
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
                self.bind(name, _OTHER)
            if case.guard is not None:
                self.expression(case.guard)
            if self.block(case.body):
                ends.append(self.scope.state)
        self.scope.state = _join(ends)

    def visit_function_def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        self.signature(node.args, annotations=True)
        if node.returns is not None:
            self.annotation(node.returns)
        self.bind(node.name, _OTHER)
        self.later.append((node, self.scope, replace(self.context, function=True), self.statement))

    def signature(self, arguments: ast.arguments, annotations: bool) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.expression(default)
        if annotations:
            for argument in _parameters(arguments):
                if argument.annotation is not None:
                    self.annotation(argument.annotation)

    def visit_class_def(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases):
            self.expression(expression)
        for keyword in node.keywords:
            self.expression(keyword.value)
        outer = self.scope
        self.scope = _Scope("class", outer)
        self.scope.outer = self.declared(self.own_names(node), outer)
        self.block(node.body)
        self.close(self.scope)
        self.scope = outer
        self.bind(node.name, self.derived(node))

    def derived(self, node: ast.ClassDef) -> _Value:
        """A class of the program's own makes what its base makes."""
        if self.program is None or len(node.bases) != 1 or node.decorator_list:
            return _OTHER
        base = self.value(node.bases[0])
        if any(b is not None and b.made for b in base):
            return base
        return _extended(base, "()", symbolic=False, made=True) or _OTHER

    def function(
        self, node: _Function, parent: _Scope, context: Context, statement: ast.stmt
    ) -> None:
        parameters = {argument.arg for argument in _parameters(node.args)}
        if isinstance(node, ast.Lambda):
            self.scope = _Scope("function", parent, frozenset(parameters))
        else:
            names = self.own_names(node)
            outer = self.declared(names, parent)
            local = (parameters | names.bound) - outer.keys()
            self.scope = _Scope("function", parent, frozenset(local), outer)
        self.context, self.statement = context, statement
        if isinstance(node, ast.Lambda):
            self.expression(node.body)
        else:
            self.running = node
            if self.block(node.body):
                self.returned[node] = _union(self.returned.get(node, _NOTHING), _OTHER)
        self.close(self.scope)

    def own_names(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Names:
        return names_of(node.body, self.interesting, self.walrus)

    def declared(self, names: Names, parent: _Scope) -> dict[str, _Scope]:
        """The names that a scope declares `global` or `nonlocal`, and the scopes they live in."""
        found: dict[str, _Scope] = {}
        for name, is_global in names.declared.items():
            scope = parent
            while scope.parent is not None and (
                is_global or scope.kind != "function" or name not in scope.local
            ):
                scope = scope.parent
            if name in self.names:
                found[name] = scope
        return found

    # Expressions

    def children(self, node: ast.AST) -> None:
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

    def expression(self, node: ast.expr, call: ast.Call | None = None) -> _Value:
        """Report the references in an expression; what it stands for."""
        kind = type(node)
        if kind is ast.Constant:
            return _NOTHING
        if kind is ast.Name:
            if node.id not in self.names:  # type: ignore[attr-defined]
                return _NOTHING
            value = self.find(node.id)  # type: ignore[attr-defined]
            self.refer(value, "name", node, call)
            return value
        method = _EXPRESSIONS.get(kind)
        if method is not None:
            return method(self, node, call)
        self.children(node)
        return _NOTHING

    def annotation(self, node: ast.expr) -> None:
        """Report the references in an annotation, and in what it says in quotes."""
        self.expression(node)
        context = self.context
        self.context = replace(context, typing=True)
        for quoted in _quoted(node):
            self.expression(quoted)
        self.context = context

    def visit_attribute(self, node: ast.Attribute, call: ast.Call | None) -> _Value:
        names = [node.attr]
        base = node.value
        while type(base) is ast.Attribute:
            names.append(base.attr)
            base = base.value
        if type(base) is ast.Name:
            if base.id not in self.names:
                return _NOTHING
            value = self.find(base.id)
        else:
            value = self.expression(base)
        if value in (_NOTHING, _OTHER):
            return _NOTHING
        value = self.members(value, names)
        if value in (_NOTHING, _OTHER) or not names:
            return value
        suffix = "." + ".".join(reversed(names))
        extended = _extended(value, suffix, symbolic=node.attr in _SYMBOLIC_ATTRIBUTES)
        self.refer(value, "attribute", node, call, suffix)
        return extended

    def visit_call(self, node: ast.Call, _: ast.Call | None) -> _Value:
        function = self.expression(node.func, node)
        if not self.results:
            for argument in node.args:
                self.expression(argument)
            for keyword in node.keywords:
                self.expression(keyword.value)
            return _NOTHING
        if node.args and not function and _last_name(node.func) == "cast":  # of `typing`
            self.annotation(node.args[0])
        arguments: list[tuple[ast.expr, tuple[Binding, ...]]] = []
        for argument in (*node.args, *[keyword.value for keyword in node.keywords]):
            kind = type(argument)
            if kind is ast.Constant:
                continue
            for element in _elements(argument) if kind in _DISPLAYS else (argument,):
                value = self.expression(element)
                if value:
                    known = tuple([binding for binding in value if binding is not None])
                    if known:
                        arguments.append((element, known))
        if not function:
            return _NOTHING
        function = tuple([b if b is not None and is_keras_path(b.path) else None for b in function])
        if any(b is not None and b.made for b in function):
            return tuple([(b and b.made and replace(b, made=False)) or None for b in function])
        paths = tuple([b.path for b in function if b is not None])
        if not paths:
            return _NOTHING
        origin = next((b.origin for b in function if b is not None), None)
        self.calls.append(
            Passed(paths, tuple(arguments), node, self.statement, self.context, origin)
        )
        symbolic = any(b.symbolic for _, known in arguments for b in known)
        return _extended(function, "()", symbolic or paths[0].endswith(".Input"))

    def visit_lambda(self, node: ast.Lambda, _: ast.Call | None) -> _Value:
        self.signature(node.args, annotations=False)
        self.later.append((node, self.scope, replace(self.context, function=True), self.statement))
        return _NOTHING

    def visit_comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        _: ast.Call | None,
    ) -> _Value:
        self.expression(node.generators[0].iter)
        outer = self.scope
        targets = frozenset(n for g in node.generators for n in target_names(g.target))
        self.scope = _Scope("comprehension", outer, targets)
        for index, generator in enumerate(node.generators):
            if index:
                self.expression(generator.iter)
            for condition in generator.ifs:
                self.expression(condition)
        if isinstance(node, ast.DictComp):
            self.expression(node.key)
            if node.value is not None:
                self.expression(node.value)
        else:
            self.expression(node.elt)
        self.scope = outer
        return _NOTHING

    def visit_named_expr(self, node: ast.NamedExpr, _: ast.Call | None) -> _Value:
        value = self.expression(node.value)
        self.bind_target(node.target, value)
        return value

    def visit_if_exp(self, node: ast.IfExp, _: ast.Call | None) -> _Value:
        self.expression(node.test)
        body = self.expression(node.body) or _OTHER
        return _union(body, self.expression(node.orelse) or _OTHER)

    def refer(
        self,
        value: _Value,
        kind: str,
        node: ast.expr | ast.alias,
        call: ast.Call | None = None,
        suffix: str = "",
    ) -> None:
        bindings = tuple([binding for binding in value if binding is not None])
        if bindings:
            self.references.append(
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


def _dotted(statement: ast.ImportFrom) -> str:
    """The module of an import, as it is written."""
    return "." * statement.level + (statement.module or "")


def _extended(value: _Value, suffix: str, symbolic: bool, made: bool = False) -> _Value:
    return tuple(
        [
            None
            if b is None or b.made or len(b.path) > _LONGEST_PATH
            else Binding(b.path + suffix, b.node, symbolic, made, b.origin)
            for b in value
        ]
    )


def _elements(node: ast.expr) -> Iterator[ast.expr]:
    """The elements of a (nested) list or tuple display, or the expression itself."""
    if isinstance(node, _DISPLAYS):
        for element in node.elts:
            yield from _elements(element)
    else:
        yield node


def _quoted(annotation: ast.expr) -> Iterator[ast.expr]:
    """The expressions that an annotation has in quotes, with their places in the module."""
    stack: list[ast.AST] = [annotation]
    while stack:
        node = stack.pop()
        name = _last_name(node.value) if isinstance(node, ast.Subscript) else ""
        if name == "Literal":
            continue
        if name == "Annotated" and isinstance(node.slice, ast.Tuple):  # the rest is data
            stack.append(node.slice.elts[0])
            continue
        stack.extend(ast.iter_child_nodes(node))
        text = node.value if isinstance(node, ast.Constant) else None
        # Without escapes, a prefix or three quotes, so that the places can be told.
        if isinstance(text, str) and (
            (node.end_lineno, (node.end_col_offset or 0) - node.col_offset)
            == (node.lineno, len(text.encode("utf-8", "surrogatepass")) + 2)
        ):
            try:
                quoted = ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            for inner in ast.walk(quoted):
                if hasattr(inner, "lineno"):
                    inner.lineno = inner.end_lineno = node.lineno
                    inner.col_offset += node.col_offset + 1
                    inner.end_col_offset += node.col_offset + 1
            yield quoted


def _parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from arguments.posonlyargs
    yield from arguments.args
    yield from arguments.kwonlyargs
    if arguments.vararg is not None:
        yield arguments.vararg
    if arguments.kwarg is not None:
        yield arguments.kwarg


def _last_name(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _is_type_checking(test: ast.expr) -> bool:
    return _last_name(test) == "TYPE_CHECKING"


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last_name(kind) in _IMPORT_ERRORS for kind in types)


def _handles_import_error(handler: ast.ExceptHandler) -> bool:
    """Whether a failed import ends here, and the handler does not give up itself."""
    last = handler.body[-1]
    gives_up = isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and _last_name(last.value.func) in ("exit", "_exit", "quit")
    )
    return _catches_import_error(handler) and not gives_up


def _swallows_import_error(manager: ast.expr) -> bool:
    """`contextlib.suppress(ImportError)`, `pytest.raises(AttributeError)`."""
    return (
        isinstance(manager, ast.Call)
        and _last_name(manager.func) in ("suppress", "raises", "assertRaises", "assertRaisesRegex")
        and any(_last_name(argument) in _IMPORT_ERRORS for argument in manager.args)
    )


_STATEMENTS: dict[type, Callable[..., bool | None]] = {
    ast.Import: _Walker.visit_import,
    ast.ImportFrom: _Walker.visit_import_from,
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

_EXPRESSIONS: dict[type, Callable[..., _Value]] = {
    ast.Attribute: _Walker.visit_attribute,
    ast.Call: _Walker.visit_call,
    ast.Lambda: _Walker.visit_lambda,
    ast.ListComp: _Walker.visit_comprehension,
    ast.SetComp: _Walker.visit_comprehension,
    ast.DictComp: _Walker.visit_comprehension,
    ast.GeneratorExp: _Walker.visit_comprehension,
    ast.NamedExpr: _Walker.visit_named_expr,
    ast.IfExp: _Walker.visit_if_exp,
}
