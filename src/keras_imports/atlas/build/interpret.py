"""What every module of a source tree binds, found by running its top level with abstract values.

Each module is executed as Python would execute it — in the order of its statements, importing
others when they are first imported, star imports copying what is bound by then, a submodule
becoming an attribute of its package — except that values are only what the atlas wants to know:
which module, class or function a name is.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

# The backend that a Keras of several backends is read with.
BACKEND = "tensorflow"


@dataclass(frozen=True)
class Value:
    """What a name is bound to.

    `kind` is "module", "class", "function", "external" (something of another distribution) or
    "other"; `target` the module, `module:qualified.name` or dotted path.
    """

    kind: str
    target: str
    constant: Any = None  # of an "other": the text or the mapping that later statements need


OTHER = Value("other", "")


@dataclass
class Definition:
    """A class or function: its kind, its parameters as source text, and what is special."""

    kind: str
    parameters: list[str] | None = None
    bases: list[Value] = field(default_factory=list)
    raises: bool = False
    node: ast.ClassDef | None = None  # of a class


@dataclass
class Module:
    """A module's namespace, and how it came to be."""

    name: str
    paths: list[str]  # the folders its submodules are searched in; none if it is not a package
    names: dict[str, Value] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)  # other distributions' modules, star-imported
    links: dict[str, list[str]] = field(default_factory=dict)  # submodules that live elsewhere
    running: bool = True  # its top level is being executed


class MissingImportError(Exception):
    """An import that would raise ImportError."""


class Interpreter:
    """The modules of one source tree, imported from the package `root` on."""

    def __init__(self, files: dict[str, str], root: str, tf2: bool, partial: bool):
        self.files = files
        self.root = root
        self.tf2 = tf2
        self.partial = partial  # the tree is a part: what is not in it exists nevertheless
        self.folders = {
            file.rpartition("/")[0][:end]
            for file in files
            for end in _prefix_ends(file.rpartition("/")[0])
        }
        self.modules: dict[str, Module] = {}
        self.definitions: dict[str, Definition] = {}
        self.functions: dict[str, tuple[ast.FunctionDef, Module]] = {}
        self.settled = False  # the root is imported: what comes now is imported for its own sake

    def run(self) -> None:
        """Import the root, then every other module that can be found."""
        self.load(self.root)
        self.settled = True
        todo = [self.root]
        while todo:
            package = todo.pop()
            try:
                paths = self.load(package).paths
            except MissingImportError:
                continue  # it cannot be imported: it is not in the atlas
            for folder in paths:
                depth = folder.count("/") + 1
                leaves = set()
                for file in self.files:
                    if file.startswith(folder + "/") and file.endswith(".py"):
                        rest = file.split("/")[depth:]
                        leaves.add(rest[0].removesuffix(".py"))
                todo += sorted(
                    (f"{package}.{leaf}" for leaf in leaves - {"__init__"}), reverse=True
                )

    # Finding and loading

    def find(self, name: str) -> tuple[str | None, list[str]] | None:
        """Return the file of a module (`None` for a folder without one) and its search path."""
        parent, _, leaf = name.rpartition(".")
        folders = self.load(parent).paths if parent else [""]
        namespace = []
        for folder in folders:
            base = f"{folder}/{leaf}" if folder else leaf
            if f"{base}/__init__.py" in self.files:
                return f"{base}/__init__.py", [base]
            if f"{base}.py" in self.files:
                return f"{base}.py", []
            if base in self.folders:
                namespace.append(base)
        return (None, namespace) if namespace else None

    def load(self, name: str) -> Module:
        """Import a module, as `import name` does."""
        if name in self.modules:
            return self.modules[name]
        parent, _, leaf = name.rpartition(".")
        if parent:
            self.load(parent)
            if name in self.modules:  # the parent imported it
                return self.modules[name]
        found = self.find(name)
        if not found:
            raise MissingImportError(f"No module named '{name}'")
        file, paths = found
        module = self.modules[name] = Module(name, paths)
        if file:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # invalid escapes in old sources
                    tree = ast.parse(self.files[file])
            except SyntaxError as error:
                del self.modules[name]
                raise MissingImportError(f"{name}: {error}") from None
            try:
                Frame(self, module, module.names).block(tree.body)
            except MissingImportError:
                del self.modules[name]
                raise
        module.running = False
        # An attribute of the package only if importing the root or the package itself gets here.
        if parent and (not self.settled or self.modules[parent].running):
            self.modules[parent].names[leaf] = Value("module", name)
        return module

    def known(self, name: str) -> bool:
        """Return whether the tree decides about this module path."""
        return name.partition(".")[0] == self.root

    def attribute(self, value: Value, name: str, importing: bool = False) -> Value:
        """`value.name`; with `importing` also the submodule that `from value import name` finds."""
        if value.kind == "external":
            return Value("external", f"{value.target}.{name}")
        if value.kind != "module":
            return OTHER
        try:
            module = self.load(value.target)  # a lazily loaded one is loaded now
        except MissingImportError:
            if not self.partial:
                raise
            return Value("external", f"{value.target}.{name}")
        if name in module.names:
            return module.names[name]
        if importing and self.find(f"{module.name}.{name}"):
            return Value("module", self.load(f"{module.name}.{name}").name)
        if module.stars or self.partial:
            origin = module.stars[-1] if module.stars else module.name
            return Value("external", f"{origin}.{name}")
        raise MissingImportError(f"cannot import name '{name}' from '{module.name}'")

    def signature(self, target: str, seen: frozenset[str] = frozenset()) -> list[str] | None:
        """Return a definition's parameters; a class has those of its first base that has any."""
        definition = self.definitions.get(target)
        if definition is None or target in seen:
            return None
        if definition.parameters is not None or definition.kind == "function":
            return definition.parameters
        for base in definition.bases:
            if base.kind != "class":
                return None  # what another distribution's class takes is not known here
            parameters = self.signature(base.target, seen | {target})
            if parameters is not None:
                return parameters
        return []


class Frame:
    """The execution of a block of statements in one namespace."""

    def __init__(self, interpreter: Interpreter, module: Module, names: dict[str, Value]):
        self.interpreter = interpreter
        self.module = module
        self.names = names
        self.mappings: dict[str, dict[str, Value]] = {}

    def block(self, statements: Iterable[ast.stmt]) -> None:
        """Execute statements in order."""
        for statement in statements:
            method = getattr(self, "_do_" + type(statement).__name__.lower(), None)
            if method:
                method(statement)

    # Imports

    def _do_import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = _ours(alias.name)
            head = name.partition(".")[0]
            if self.interpreter.known(name):
                value = self._import(name)
                first = value if alias.asname else self._import(head)
            else:
                first = Value("external", name if alias.asname else head)
            self.names[alias.asname or head] = first

    def _import(self, name: str) -> Value:
        try:
            return Value("module", self.interpreter.load(name).name)
        except MissingImportError:
            # A copy of TensorFlow's own `__init__` in `_api` looks beside itself, in vain.
            if not self.interpreter.partial or re.match(r"tensorflow\._api\..*\bpython\b", name):
                raise
            return Value("external", name)

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        if node.module == "__future__":
            return
        source = _ours(node.module or "")
        if node.level:
            package = self.module.name.split(".")
            package = package[: len(package) - node.level + (1 if self.module.paths else 0)]
            source = ".".join([*package, *([node.module] if node.module else [])])
        if not self.interpreter.known(source):
            origin = Value("external", source)
        else:
            origin = self._import(source)
        for alias in node.names:
            if alias.name == "*":
                self._star(origin)
            else:
                value = self.interpreter.attribute(origin, alias.name, importing=True)
                self.names[alias.asname or alias.name] = value

    def _star(self, origin: Value) -> None:
        if origin.kind == "external":
            self.module.stars.append(origin.target)
            return
        module = self.interpreter.modules[origin.target]
        self.module.stars += [star for star in module.stars if star not in self.module.stars]
        for name in exported(module):
            if name in module.names:
                self.names[name] = module.names[name]
            elif self.interpreter.find(f"{module.name}.{name}"):
                self.names[name] = self.interpreter.attribute(origin, name, importing=True)

    # Definitions

    def _do_classdef(self, node: ast.ClassDef) -> None:
        target = f"{self.module.name}:{node.name}"
        methods = {
            item.name: item for item in _flat(node.body) if isinstance(item, ast.FunctionDef)
        }
        bases = [self.evaluate(base) for base in node.bases]
        definition = Definition("class", bases=bases, node=node)
        constructor = methods.get("__init__") or methods.get("__new__")
        if constructor:
            definition.parameters = parameters(constructor.args)[1:]
            definition.raises = _only_raises(constructor)
        self.interpreter.definitions[target] = definition
        self.names[node.name] = self._decorated(Value("class", target), node.decorator_list)

    def _do_functiondef(self, node: ast.FunctionDef) -> None:
        target = f"{self.module.name}:{node.name}"
        definition = Definition("function", parameters(node.args), raises=_only_raises(node))
        self.interpreter.definitions[target] = definition
        self.interpreter.functions[target] = (node, self.module)
        if node.name == "__getattr__":
            self._lazy_names(node)
        self.names[node.name] = self._decorated(Value("function", target), node.decorator_list)

    _do_asyncfunctiondef = _do_functiondef

    def _lazy_names(self, node: ast.FunctionDef) -> None:
        """Bind what a module's `__getattr__` returns for the names that it compares with."""
        for branch in ast.walk(node):
            if not isinstance(branch, ast.If) or not isinstance(branch.test, ast.Compare):
                continue
            listed = self.constant(branch.test.comparators[0])
            for statement in branch.body:
                if isinstance(statement, ast.Return) and statement.value:
                    for name in (listed,) if isinstance(listed, str) else listed or ():
                        self.names.setdefault(name, self.evaluate(statement.value))

    def _decorated(self, value: Value, decorators: list[ast.expr]) -> Value:
        """Return the wrapper that an undisguised decorator puts in place of a function."""
        for decorator in decorators:
            wrapper = self.evaluate(decorator)
            function = self.interpreter.functions.get(wrapper.target)
            if function and value.kind == "function":
                inner = _undisguised_wrapper(function[0])
                if inner:
                    where = wrapper.target.partition(":")[0]
                    target = f"{where}:{function[0].name}.<locals>.{inner.name}"
                    own = parameters(inner.args)
                    self.interpreter.definitions[target] = Definition("function", own)
                    value = Value("function", target)
        return value

    # Assignments

    def _do_assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self._assign(target, node.value, value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self._assign(node.target, node.value, self.evaluate(node.value))

    def _assign(self, target: ast.expr, expression: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            parts = expression.elts if isinstance(expression, ast.Tuple | ast.List) else []
            for index, item in enumerate(target.elts):
                part = parts[index] if len(parts) == len(target.elts) else None
                self._assign(item, part or target, self.evaluate(part) if part else OTHER)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value)
            if target.attr == "__path__":
                pass
            elif owner.kind == "module":
                self.interpreter.modules[owner.target].names[target.attr] = value
            elif isinstance(value.constant, dict):
                self.mappings[ast.unparse(target)] = value.constant
        elif isinstance(target, ast.Subscript):
            mapping = self._mapping(target.value)
            key = self.constant(target.slice)
            if mapping is not None and isinstance(key, str):
                mapping[key] = value

    def _mapping(self, node: ast.expr) -> dict[str, Value] | None:
        """Return a mapping that is being filled, known by the text of the expression."""
        text = ast.unparse(node)
        if text == "globals()":
            return self.module.names
        if isinstance(node, ast.Name):
            mapping: object = self.value(node.id).constant
            if isinstance(mapping, dict):
                return mapping
        return self.mappings.get(text)

    def _do_augassign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            old, new = self.value(node.target.id), self.evaluate(node.value)
            both = _joined(old.constant, new.constant)
            self.names[node.target.id] = OTHER if both is None else Value("other", "", both)

    def _do_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.names.pop(target.id, None)

    # Control flow

    def _do_if(self, node: ast.If) -> None:
        truth = self.truth(node.test)
        if truth is None:  # both happen somewhere: the first branch has the last word
            self.block(node.orelse)
            self.block(node.body)
        else:
            self.block(node.body if truth else node.orelse)

    def _do_try(self, node: ast.Try) -> None:
        try:
            self.block(node.body)
        except MissingImportError:
            if not node.handlers:
                raise
            self.block(node.handlers[0].body)
        else:
            self.block(node.orelse)
        finally:
            self.block(node.finalbody)

    def _do_with(self, node: ast.With) -> None:
        self.block(node.body)

    def _do_while(self, node: ast.While) -> None:
        self.block(node.body)

    def _do_for(self, node: ast.For) -> None:
        items = None
        if (
            isinstance(node.iter, ast.Call)
            and isinstance(node.iter.func, ast.Attribute)
            and node.iter.func.attr == "items"
        ):
            items = self._mapping(node.iter.func.value)
        names = [getattr(part, "id", "_") for part in getattr(node.target, "elts", ())]
        if items is None or len(names) != 2:
            self.block(node.body)
            return
        key_name, value_name = names
        for key, value in list(items.items()):
            self.names[key_name] = Value("other", "", key)
            self.names[value_name] = value
            self.block(node.body)

    # Expressions

    def _do_expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.evaluate(node.value)

    def value(self, name: str) -> Value:
        """Return what a name is bound to here."""
        if name in self.names:
            return self.names[name]
        return self.module.names.get(name, OTHER)

    def evaluate(self, node: ast.expr) -> Value:
        """Return the abstract value of an expression."""
        if isinstance(node, ast.Name):
            return self.value(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Dict):
            keys = [key and self.constant(key) for key in node.keys]
            if all(isinstance(key, str) for key in keys):
                values = [self.evaluate(value) for value in node.values]
                return Value("other", "", dict(zip(keys, values, strict=True)))
        if isinstance(node, ast.Subscript):
            if ast.unparse(node) in ("_sys.modules[__name__]", "sys.modules[__name__]"):
                return Value("module", self.module.name)
            mapping = self._mapping(node.value)
            if mapping is not None:
                return mapping.get(self.constant(node.slice), OTHER)
        if isinstance(node, ast.IfExp):
            return self.evaluate(node.orelse if self.truth(node.test) is False else node.body)
        if isinstance(node, ast.BinOp | ast.List | ast.Tuple):
            for part in ast.iter_child_nodes(node):  # for what calls in it do
                if isinstance(part, ast.expr):
                    self.evaluate(part)
        constant = self.constant(node)
        return OTHER if constant is None else Value("other", "", constant)

    def _attribute(self, node: ast.Attribute) -> Value:
        owner = self.evaluate(node.value)
        try:
            return self.interpreter.attribute(owner, node.attr)
        except MissingImportError:
            return OTHER

    def _call(self, node: ast.Call) -> Value:
        called = ast.unparse(node.func)
        leaf = called.rpartition(".")[2]
        if leaf in _CALLS:
            result = _CALLS[leaf](self, node)
            if result:
                return result
        # `export(...)(thing)` and `deprecated(...)(thing)` return the thing.
        if isinstance(node.func, ast.Call) and len(node.args) == 1:
            return self.evaluate(node.args[0])
        function = self.interpreter.functions.get(self.evaluate(node.func).target)
        if function and not node.args and not node.keywords and isinstance(node.func, ast.Name):
            inner = Frame(self.interpreter, function[1], {})
            inner.mappings = self.mappings
            inner.block(function[0].body)
        return OTHER

    def constant(self, node: ast.expr) -> Any:
        """Return the text, number or tuple of texts that an expression is, `None` if unknown."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            if node.id == "__name__":
                return self.module.name
            if node.id == "_BACKEND":
                return BACKEND
            return self.value(node.id).constant
        if isinstance(node, ast.List | ast.Tuple):
            return tuple(self.constant(item) for item in node.elts)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            both = _joined(self.constant(node.left), self.constant(node.right))
            if both is not None:
                return both
        if isinstance(node, ast.Call):
            leaf = ast.unparse(node.func).rpartition(".")[2]
            if leaf == "backend":
                return BACKEND
            if leaf in ("get", "getenv") and "env" in ast.unparse(node.func):
                return self.constant(node.args[1]) if len(node.args) == 2 else None  # not set
            if leaf == "to_snake_case" and node.args:
                text = self.constant(node.args[0])
                return _snake(text) if isinstance(text, str) else None
        return None

    def truth(self, node: ast.expr) -> bool | None:
        """Return whether a condition holds, `None` if that is not known."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            truth = self.truth(node.operand)
            return None if truth is None else not truth
        if isinstance(node, ast.BoolOp):
            truths = [self.truth(value) for value in node.values]
            decisive = isinstance(node.op, ast.Or)
            if decisive in truths:
                return decisive
            return None if None in truths else not decisive
        text = ast.unparse(node)
        if text.endswith("TYPE_CHECKING") or text.endswith("six.PY2"):
            return False
        if text.endswith("tf2.enabled()"):
            return self.interpreter.tf2
        if "sys.version" in text or "_version_info" in text:
            return _python_version(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = self.constant(node.left), self.constant(node.comparators[0])
            if left is None or right is None:
                return None
            if isinstance(node.ops[0], ast.Eq):
                return bool(left == right)
            if isinstance(node.ops[0], ast.NotEq):
                return bool(left != right)
            if isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(right, tuple):
                return (left in right) == isinstance(node.ops[0], ast.In)
            return None
        constant = self.constant(node)
        return None if constant is None else bool(constant)


def _joined(left: object, right: object) -> str | tuple[object, ...] | None:
    """Return two texts or two tuples as one, `None` if they are something else."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return left + right
    return None


# Calls whose effect on a namespace is known, by the last part of the function's name.


def _update(frame: Frame, node: ast.Call) -> Value | None:
    """`globals().update(mapping)`."""
    if isinstance(node.func, ast.Attribute) and node.args:
        mapping, new = frame._mapping(node.func.value), frame._mapping(node.args[0])
        if mapping is not None and new is not None:
            mapping.update(new)
    return None


def _append(frame: Frame, node: ast.Call) -> Value | None:
    """`__path__.append(folder beside the file)`, `__all__.append(name)`."""
    owner = ast.unparse(node.func).rpartition(".")[0]
    if owner == "__path__":
        leaf = [str(item.value) for item in ast.walk(node) if isinstance(item, ast.Constant)][-1:]
        if leaf and frame.module.paths:
            frame.module.paths.append(f"{frame.module.paths[0]}/{leaf[0]}")
        elif frame.module.paths and "_tf_api_dir" in ast.unparse(node):
            root = frame.module.paths[0]
            apis = (f"{root}/_api/v2", f"{root}/_api/v1")
            frame.module.paths += [api for api in apis if api in frame.interpreter.folders][:1]
    elif owner == "__all__" and node.args:
        old, new = frame.value("__all__").constant, frame.constant(node.args[0])
        if isinstance(old, tuple) and isinstance(new, str):
            frame.names["__all__"] = Value("other", "", (*old, new))
    return None


def _setattr(frame: Frame, node: ast.Call) -> Value | None:
    """`setattr(module, "name", value)`."""
    if len(node.args) == 3:
        owner, name = frame.evaluate(node.args[0]), frame.constant(node.args[1])
        if owner.kind == "module" and isinstance(name, str):
            module = frame.interpreter.modules[owner.target]
            module.names[name] = frame.evaluate(node.args[2])
    return None


def _lazy(frame: Frame, node: ast.Call) -> Value | None:
    """`LazyLoader(name, globals(), "module")`."""
    target = frame.constant(node.args[2]) if len(node.args) >= 3 else None
    if not isinstance(target, str):
        return None
    return Value("module" if frame.interpreter.known(target) else "external", target)


def _keras_lazy(frame: Frame, node: ast.Call) -> Value:
    """Return TensorFlow's loader of the Keras that the environment chooses: `@v1` or `@v2`."""
    given = {item.arg: frame.constant(item.value) for item in node.keywords}
    submodule = given.get("submodule")
    return Value(
        "external", f"@{given.get('mode') or 'v2'}" + (f".{submodule}" if submodule else "")
    )


def _parent_dir(frame: Frame, node: ast.Call) -> Value | None:
    """Put a folder in front of `__path__`: its package is a submodule from then on."""
    value = frame.evaluate(node.args[0])
    target = value.constant if isinstance(value.constant, str) else value.target
    leaf = target.rpartition(".")[2]
    if target != f"{frame.module.name}.{leaf}":
        frame.module.links.setdefault(leaf, []).insert(0, target)
    return None


def _populate(frame: Frame, node: ast.Call) -> Value | None:
    """`populate_dict_with_module_objects(mapping, [modules], filter)`: their classes by name."""
    mapping = frame._mapping(node.args[0]) if len(node.args) >= 2 else None
    if mapping is not None and isinstance(node.args[1], ast.List | ast.Tuple):
        for item in node.args[1].elts:
            module = frame.evaluate(item)
            if module.kind == "module":
                bound = frame.interpreter.modules[module.target].names
                mapping.update((k, v) for k, v in bound.items() if v.kind == "class")
    return None


_CALLS: dict[str, Callable[[Frame, ast.Call], Value | None]] = {
    "update": _update,
    "append": _append,
    "setattr": _setattr,
    "LazyLoader": _lazy,
    "_LazyLoader": _lazy,
    "_KerasLazyLoader": _keras_lazy,
    "get_parent_dir": _parent_dir,
    "get_parent_dir_for_name": _parent_dir,
    "populate_dict_with_module_objects": _populate,
}


def exported(module: Module) -> list[str]:
    """Return the names that a star import of the module copies."""
    listed = module.names["__all__"].constant if "__all__" in module.names else None
    if isinstance(listed, tuple):
        return [name for name in listed if isinstance(name, str)]
    return [name for name in module.names if not name.startswith("_")]


def parameters(args: ast.arguments) -> list[str]:
    """Return a signature as source texts: `name`, `name=default`, `/`, `*`, `*name`, `**name`."""
    positional = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(positional) - len(args.defaults)) + list(args.defaults)
    texts = [_parameter(*pair) for pair in zip(positional, defaults, strict=True)]
    if args.posonlyargs:
        texts.insert(len(args.posonlyargs), "/")
    if args.vararg:
        texts.append("*" + args.vararg.arg)
    elif args.kwonlyargs:
        texts.append("*")
    texts += [_parameter(*pair) for pair in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    if args.kwarg:
        texts.append("**" + args.kwarg.arg)
    return texts


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    return argument.arg if default is None else f"{argument.arg}={ast.unparse(default)}"


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a class body, those under a condition included."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _flat(statement.body)


def _only_raises(node: ast.FunctionDef) -> bool:
    body = [item for item in node.body if not isinstance(item, ast.Expr)]
    return bool(body) and isinstance(body[0], ast.Raise)


def _undisguised_wrapper(decorator: ast.FunctionDef) -> ast.FunctionDef | None:
    """Return the inner function that a decorator returns as it is, so that its own name shows."""
    inner = {item.name: item for item in decorator.body if isinstance(item, ast.FunctionDef)}
    for statement in decorator.body:
        if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Name):
            found = inner.get(statement.value.id)
            renamed = any(
                isinstance(item, ast.Attribute) and item.attr == "__name__"
                for item in ast.walk(decorator)
            )
            if found and not found.decorator_list and not renamed:
                return found
    return None


def _python_version(node: ast.expr) -> bool | None:
    """Return whether a condition on the version of Python holds, which is a recent 3."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Gt | ast.GtE):
        return True
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
        right = node.comparators[0]
        return isinstance(right, ast.Constant) and right.value in (3, "3")
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.LtE):
        return False
    return None


def _snake(text: str) -> str:
    text = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", text)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", text).lower()


def _ours(name: str) -> str:
    """Return a module's name as if TensorFlow 1.15 to 2.1 had not hidden its modules."""
    head, dot, rest = name.partition(".")
    return ("tensorflow" if head == "tensorflow_core" else head) + dot + rest


def _prefix_ends(folder: str) -> Iterator[int]:
    yield from (index for index, char in enumerate(folder) if char == "/")
    yield len(folder)
