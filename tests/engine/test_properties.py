"""Any program means the same after it is moved, and one without Keras is not touched at all.

Programs are generated and run, before in a world of all flavours and after in one of the target
alone. What they import there are modules of our own, whose classes only have names.
"""

from __future__ import annotations

import builtins
import re
import symtable
import sysconfig
import tokenize
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Outcome
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

PORTABLE = "digits.keras_flavour"
TARGETS = ("keras", "tensorflow.keras", "tf_keras", "portable")

# What every Keras has, at all paths that a program may import it from.
SYMBOLS = {
    "Model": ("Model", "models.Model"),
    "Sequential": ("Sequential", "models.Sequential"),
    "Input": ("Input", "layers.Input"),
    "Dense": ("layers.Dense",),
    "Conv2D": ("layers.Conv2D",),
    "EarlyStopping": ("callbacks.EarlyStopping",),
    "to_categorical": ("utils.to_categorical",),
    "epsilon": ("backend.epsilon",),
}
# What Keras 2 has in its backend and Keras 3 among its operations, and what is private.
OLD = {"mean": ("backend.mean",), "square": ("backend.square",)}
NEW = {"mean": ("ops.mean",), "square": ("ops.square",)}
PRIVATE = {
    "Dense": ("layers.core.Dense",),
    "Conv2D": ("layers.convolutional.Conv2D",),
    "to_categorical": ("utils.np_utils.to_categorical",),
}
OF_TENSORFLOW = {"l2_loss": ("nn.l2_loss",), "roll": ("roll",)}
THINGS = {
    name: type(name, (), {"__init__": lambda self, *arguments: None})
    for name in (*SYMBOLS, *OLD, *OF_TENSORFLOW)
}

World = dict[str, ModuleType]


def add(world: World, root: str, symbols: dict[str, tuple[str, ...]]) -> None:
    """Put symbols below a root, in modules that are made for them."""
    for name, paths in symbols.items():
        for path in paths:
            *modules, leaf = f"{root}.{path}".split(".")
            for end in range(1, len(modules) + 1):
                whole = ".".join(modules[:end])
                module = world.setdefault(whole, ModuleType(whole))
                if end > 1:
                    setattr(world[".".join(modules[: end - 1])], modules[end - 1], module)
            setattr(world[".".join(modules)], leaf, THINGS[name])


def source_world() -> World:
    world: World = {}
    for root in ("keras", "tensorflow.keras", "tf_keras"):
        add(world, root, SYMBOLS)
        add(world, root, OLD)
    add(world, "keras", PRIVATE)
    add(world, "tensorflow", OF_TENSORFLOW)
    return world


def target_world(to: str) -> World:
    """The target's Keras and TensorFlow; no other Keras can be imported."""
    world: World = {}
    root = "keras" if to == "portable" else to
    add(world, root, SYMBOLS)
    if to != "tf_keras":
        add(world, root, NEW)
    if root != "keras":
        add(world, root, OLD)
    add(world, "tensorflow", OF_TENSORFLOW)
    if to == "portable":
        keras = world["keras"]
        world = {name: module for name, module in world.items() if "keras" not in name}
        keras.keras = keras  # type: ignore[attr-defined]
        world["digits"], world[PORTABLE] = ModuleType("digits"), keras
        world["digits"].keras_flavour = keras  # type: ignore[attr-defined]
    return world


SOURCE = source_world()
WORLDS = {to: target_world(to) for to in TARGETS}


def run(text: str, world: World) -> list[str]:
    """Run a program; the names of all that it passes to `out`."""

    def load(name: str, _: Any, __: Any, names: Any = (), level: int = 0) -> ModuleType:
        if name not in world:
            raise ImportError(name)
        return world[name] if names else world[name.partition(".")[0]]

    def out(value: Any) -> None:
        found.append((value if isinstance(value, type) else type(value)).__name__)

    found: list[str] = []
    scope = {"__builtins__": vars(builtins) | {"__import__": load}, "__name__": "it", "out": out}
    exec(compile(text, "it", "exec", dont_inherit=True), scope)  # noqa: S102
    return found


# Programs


LOCALS = ("keras", "layers", "K", "tf", "ops", "models", "Dense", "other")


def below(module: ModuleType) -> Iterator[tuple[str, Any]]:
    return ((n, v) for n, v in sorted(vars(module).items()) if not n.startswith("__"))


@st.composite
def programs(draw: Callable) -> str:
    """A program that imports and uses Keras in all ways; no name means one thing after another."""
    known: dict[str, Any] = {}
    lines: list[str] = []
    for _ in range(draw(st.integers(2, 7))):
        kinds = [imported, imported, used, used, function, fallback, assigned, block]
        before = dict(known)
        more = draw(st.sampled_from(kinds))(draw, known)
        if all(known[name] is value for name, value in before.items()):
            lines += more
        else:
            known.clear()
            known.update(before)
    return "\n".join([*lines, *used(draw, known)]) + "\n"


def imported(draw: Callable, known: dict[str, Any]) -> list[str]:
    """An import of something, in some form, from some flavour."""
    path = draw(st.sampled_from(sorted(SOURCE)))
    module = SOURCE[path]
    form = draw(st.sampled_from(["import", "import as", "from", "from", "from as", "star"]))
    if form == "import":
        known[path.partition(".")[0]] = SOURCE[path.partition(".")[0]]
        return [f"import {path}"]
    local = draw(st.sampled_from(LOCALS))
    if form == "import as":
        known[local] = module
        return [f"import {path} as {local}"]
    # A star gives names that only some releases have; they must not be others' names, too.
    is_flat = not any(isinstance(value, ModuleType) for _, value in below(module))
    if form == "star" and is_flat and known.keys().isdisjoint(LOCALS):
        known.update(below(module))
        return [f"from {path} import *"]
    name, value = draw(st.sampled_from(list(below(module))))
    if form == "from":
        known[name] = value
        more, other = draw(st.sampled_from(list(below(module))))
        known[more] = other
        one_by_one = [f"from {path} import (", f"    {name},  # one", f"    {more},", ")"]
        return draw(st.sampled_from([[f"from {path} import {name}, {more}"], one_by_one]))
    known[local] = value
    return [f"from {path} import {name} as {local}"]


def expression(draw: Callable, known: dict[str, Any], hidden: tuple[str, ...] = ()) -> str | None:
    """An expression for a class, by some name that stands for it or for a module of it."""
    names = [n for n, v in sorted(known.items()) if v is not None and n not in hidden]
    if not names:
        return None
    text = draw(st.sampled_from(names))
    value = known[text]
    while isinstance(value, ModuleType):
        name, value = draw(st.sampled_from(list(below(value))))
        text = f"{text}.{name}"
    return f"{text}(1)" if value.__name__ in OLD else text


def used(draw: Callable, known: dict[str, Any]) -> list[str]:
    """A use of something that is known."""
    one = expression(draw, known)
    if one is None:
        return ["pass"]
    forms = [
        "out({})",
        "[out(x) for x in [{}]]",
        "(lambda: out({}))()",
        "out([{}][0])",
        'f"{out({})}"',
    ]
    form = draw(st.sampled_from(forms))
    return [form.replace("{}", one)]


def function(draw: Callable, known: dict[str, Any]) -> list[str]:
    """A function that is called at once, with names of its own."""
    hidden = draw(st.sampled_from(LOCALS))
    inner = dict(known) | {hidden: None}
    lines = draw(st.sampled_from([imported, used, used]))(draw, inner)
    one = expression(draw, inner)
    default = expression(draw, known) or "1"
    lines += [f"out({one})"] if one else []
    if any(" import *" in line for line in lines):
        return ["pass"]
    head = f"def f({hidden}={default}):"
    return [head, *(f"    {line}" for line in lines), "f()"]


def block(draw: Callable, known: dict[str, Any]) -> list[str]:
    """Statements in a block that runs."""
    lines = draw(st.sampled_from([imported, used, assigned]))(draw, known)
    head = draw(st.sampled_from(["if True:", "for _ in [1]:", "try:"]))
    tail = ["finally:", "    pass"] if head == "try:" else []
    return [head, *(f"    {line}" for line in lines), *tail]


def assigned(draw: Callable, known: dict[str, Any]) -> list[str]:
    """Another name for something that is known, or for nothing."""
    local = draw(st.sampled_from(LOCALS))
    names = [name for name, value in sorted(known.items()) if value is not None]
    name = draw(st.sampled_from(["3", *names]))
    value = known.get(name)
    if isinstance(value, ModuleType) and draw(st.booleans()):
        inner, value = draw(st.sampled_from(list(below(value))))
        name = f"{name}.{inner}"
    if isinstance(value, type) and value.__name__ in OLD:
        name, value = "3", None  # a function of the backend is another one where it is called
    known[local] = value
    return [f"{local} = {name}"]


def fallback(draw: Callable, known: dict[str, Any]) -> list[str]:
    """An import that is tried from one flavour, and else from another."""
    path = draw(st.sampled_from([path for path in sorted(SOURCE) if path.startswith("keras")]))
    name, value = draw(st.sampled_from(list(below(SOURCE[path]))))
    known[name] = value
    other = draw(st.sampled_from(["tensorflow.keras", "tf_keras"])) + path.removeprefix("keras")
    return [
        "try:",
        f"    from {path} import {name}",
        "except ImportError:",
        f"    from {other} import {name}",
    ]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(programs(), st.sampled_from(TARGETS))
def test_a_program_means_the_same(text: str, to: str) -> None:
    meant = run(text, SOURCE)
    outcome = moved(text, to)
    assert outcome.problem is None
    assert undefined(outcome.text) <= undefined(text)
    assert moved(outcome.text, to).text == outcome.text
    if not outcome.left:
        assert run(outcome.text, WORLDS[to]) == meant


@settings(max_examples=50, deadline=None, derandomize=True)
@given(programs(), st.sampled_from(TARGETS))
def test_a_program_with_modules_of_its_own_is_not_touched(text: str, to: str) -> None:
    own = re.sub(r"^( *)from (?=\w)", r"\1from .", text, flags=re.MULTILINE)
    own = re.sub(r"^( *)import ", r"\1import mine.", own, flags=re.MULTILINE)
    outcome = moved(f"import os\n{own}import keras as unused\n", "keras")
    assert outcome == Outcome(f"import os\n{own}import keras as unused\n")


def sources() -> list[Path]:
    """The modules of the standard library and of what is installed here."""
    folders = {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}
    return sorted({path for folder in folders for path in folder.rglob("*.py")})


def with_keras(text: str) -> str:
    """The same code with Keras in the place of other modules."""
    for old, new in (("os", "keras"), ("sys", "tensorflow"), ("typing", "tf_keras")):
        text = re.sub(rf"^( *)import {old}$", rf"\1import {new} as {old}", text, flags=re.MULTILINE)
        text = re.sub(rf"^( *)from {old} import", rf"\1from {new} import", text, flags=re.MULTILINE)
    return text.replace("os.path.join(", "os.callbacks.CSVLogger(").replace(
        "sys.argv", "sys.keras.Model"
    )


def survives(path: Path) -> None:
    text = path.read_text("utf-8", errors="ignore")
    try:
        before = undefined(text)
    except SyntaxError:  # tests of the compiler
        return
    for to in ("tf_keras", "keras"):
        if "keras" not in text:
            assert moved(text, to) == Outcome(text)
        code = with_keras(text)
        outcome = moved(code, to)
        assert outcome.problem is None, path
        assert undefined(outcome.text) <= before, path
        assert lost_comments(code, outcome) == [], path
        assert moved(outcome.text, to).text == outcome.text, path


def comments(text: str) -> list[tuple[int, str]]:
    """The comments with their lines."""
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def lost_comments(text: str, outcome: Outcome) -> list[str]:
    """The comments that are gone, but for those beside something that the report names.

    An unused import that the target lacks goes with what stands beside it, and is named.
    """
    reported = {left.line for left in outcome.left}
    kept = iter([comment for _, comment in comments(outcome.text)])
    expected = next(kept, None)
    lost = []
    for line, comment in comments(text):
        if comment == expected:
            expected = next(kept, None)
        elif line not in reported:
            lost.append(comment)
    return lost if expected is None else [*lost, f"new: {expected}"]


def test_real_code() -> None:
    for path in sources()[::400]:
        survives(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.rest) for part in range(1, 4))]
)
def test_more_real_code(part: int) -> None:
    for path in sources()[10 * part :: 40]:
        survives(path)


def moved(text: str, to: str) -> Outcome:
    return migrate_text(text, Job(parse_target(to, portable=PORTABLE), portable=PORTABLE))


def undefined(text: str) -> set[str]:
    """The global names that a module uses and nowhere binds."""
    tables = [symtable.symtable(text, "it", "exec")]
    used: set[str] = set()
    bound = set(dir(builtins))
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            is_global = table.get_type() == "module" or symbol.is_global()
            if is_global and (symbol.is_assigned() or symbol.is_imported()):
                bound.add(symbol.get_name())
            elif is_global and symbol.is_referenced():
                used.add(symbol.get_name())
    return used - bound
