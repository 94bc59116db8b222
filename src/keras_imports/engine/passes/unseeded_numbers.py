"""Draw random numbers as JAX does: in a layer they need a generator that it holds.

    def call(self, x):                  def call(self, x):
        return x + random.normal(s)         return x + random.normal(s, seed=self.seed_generator)

The generator is made in `__init__`. Left to a person is where there is no class of a layer:

    Lambda(lambda x: x + random.normal((3,)))
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import class_around
from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import is_super_init, methods_by_name
from keras_imports.engine.placeholders import TargetName
from keras_imports.python.edits import Edit

_DRAWS = re.compile(
    r"(?:keras\.random\.|(?:tensorflow\.)?keras\.backend\.random_|tensorflow\.(?:random\.|random_))"
    r"(?:normal|uniform|truncated_normal)$"
)
_MOVED = re.compile(r"keras\.random\.\w+$")
_BUILDERS = ("__init__", "build")
_NAME = "seed_generator"
_MADE = (TargetName("random.SeedGenerator"), "()")
_MESSAGE = "JAX draws no random numbers in a layer without a seed generator"
_GIVEN_TO_LAMBDA = re.compile(r"\bLambda\(\s*(?:function\s*=\s*)?(\w+)")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is to run on JAX, too."""
    return module.target.backend in ("any", "jax")


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of each call that draws numbers in a layer, or a finding for it."""
    given = set(_GIVEN_TO_LAMBDA.findall(module.text.text))
    layers: set[ast.ClassDef] = {*module.classes("Layer", "Model")}
    wrong = Wrong.of(NEEDS_TENSORFLOW, _MESSAGE)
    for reference in module.references:
        call = reference.call
        if call is None or not any(map(_DRAWS.match, reference.paths)):
            continue
        if any(keyword.arg in ("seed", None) for keyword in call.keywords):
            continue
        function = module.tree.function_around(call)
        name = getattr(function, "name", "")
        layer = class_around(module.tree, call)
        made = None
        if layer in layers and function in layer.body and name not in _BUILDERS:
            made = _generator(module, layer) if _MOVED.match(reference.path) else None
        if made is None:
            if isinstance(function, ast.Lambda) or name == "call" or name in given:
                advice = "pass `seed=` a `keras.random.SeedGenerator` that the layer holds"
                yield module.unfixed(reference.node, _MESSAGE, advice, NEEDS_TENSORFLOW.name)
            continue
        # Each call brings the generator, which is made once: a comment may keep any of them.
        edits = (_with_seed(module, call), made)
        span = module.text.span(call)
        yield Change(span, span.start, edits, lambda: wrong, is_path=False)


def _with_seed(module: ModuleInMigration, call: ast.Call) -> Edit:
    """Return the edit that passes the generator after the other arguments."""
    given = [*call.args, *call.keywords]
    ends = [module.text.span(each).end for each in given] or [module.text.span(call).end - 1]
    return Edit(max(ends), max(ends), ((", " if given else "") + f"seed=self.{_NAME}",))


def _generator(module: ModuleInMigration, layer: ast.ClassDef) -> Edit | None:
    """Return the edit that makes the generator; `None` where it is not seen how a layer begins."""
    text, own = module.text, methods_by_name(layer)
    if _NAME in text.of(layer):
        return None
    if "__init__" not in own:
        first = next(iter(own.values()))
        if first.decorator_list:
            return None
        start, indent = text.start_of(first.lineno), text.indent(text.span(first).start)
        inner = indent + ("\t" if "\t" in indent else " " * (len(indent) - layer.col_offset))
        head = f"{indent}def __init__(self, **kwargs):\n{inner}super().__init__(**kwargs)\n"
        return Edit(start, start, (f"{head}{inner}self.{_NAME} = ", *_MADE, "\n\n"))
    for statement in own["__init__"].body:
        value = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(value, ast.Call) and is_super_init(value):
            span = text.span(statement)
            end = text.line_around(span)[1]
            return Edit(end, end, (f"{text.indent(span.start)}self.{_NAME} = ", *_MADE, "\n"))
    return None
