"""Calls: KI007, KI008 and the silent ones KI102, KI103, KI105, KI106, KI107."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.check.rules.subject import Findings, Subject, found
from keras_imports.flavours import root_of
from keras_imports.knowledge.arguments import table
from keras_imports.python.arguments import constant
from keras_imports.python.paths import has_call

_CONVOLUTION = re.compile(r"(?:Separable)?Conv(?:olution)?[23]D(?:Transpose)?")
_KERAS_1_NAMES = ("Convolution", "SeparableConvolution", "Deconvolution")


@dataclass(frozen=True)
class _Call:
    """A call of a class or function that the atlas knows."""

    subject: Subject
    node: ast.Call
    path: str
    entry: Entry
    root: str
    generation: str

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def symbol(self) -> str:
        return self.entry.symbol.removeprefix("compat.v1.")

    @property
    def release(self) -> str:
        return self.subject.known.release(self.path)


def wrong_arguments(subject: Subject) -> Findings:
    """Calls with arguments that fail, are ignored, or mean something else than they look."""
    known = subject.known
    for reference in subject.module.references:
        path = reference.path
        if reference.call is None or len(reference.paths) > 1:
            continue
        if has_call(path) or not known.covers(path):
            continue
        entry, root = known.entry(path), root_of(path)
        kind = known.generation(root) if root else None
        if entry is None or kind is None:
            continue
        call = _Call(subject, reference.call, path, entry, root, kind)
        if entry.note == "raises when called":
            yield from _raises(call)
        else:
            yield from _v1_class(call)
            yield from _positional_normalization(call)
            yield from _kernel_or_stride(call)
            yield from _keywords(call)


def _raises(call: _Call) -> Findings:
    message = f"`{call.path}` imports on {call.release}, but raises when called"
    replacement = None
    for symbol in atlas.symbols(call.name):
        public = call.subject.known.counterpart(call.root, symbol)
        if public is not None and public != call.path and ".legacy." not in public:
            replacement = public
            break
    yield found(call.subject, call.node, "KI107", message, replacement)


def _v1_class(call: _Call) -> Findings:
    env = call.subject.env
    if (
        call.entry.symbol.startswith("compat.v1.")
        and call.symbol.startswith("layers.BatchNormalization")
        and not (env.tensorflow or "").startswith("1.")
    ):
        message = f"`{call.path}` is the V1 class: with trainable=False it uses batch statistics"
        public = call.subject.known.counterpart(call.root, "layers.BatchNormalization")
        yield found(call.subject, call.node, "KI102", message, public)


def _positional_normalization(call: _Call) -> Findings:
    if not call.symbol.startswith("layers.BatchNormalization") or not call.node.args:
        return
    first = call.node.args[0]
    value = constant(first)
    if call.generation == "standalone":
        message = f"{call.release} takes no positional arguments for `{call.name}`"
        yield found(call.subject, first, "KI106", message)
    elif call.generation == "keras1" and isinstance(value, int):
        message = f"the first parameter of `{call.name}` is epsilon in {call.release}, not axis"
        yield found(call.subject, first, "KI106", message, f"axis={value}")
    elif call.generation in ("keras2", "keras3") and isinstance(value, float):
        message = f"the first parameter of `{call.name}` is axis in {call.release}, not epsilon"
        yield found(call.subject, first, "KI106", message, f"epsilon={ast.unparse(first)}")


def _kernel_or_stride(call: _Call) -> Findings:
    """`Conv2D(8, 3, 3)`; the same size twice, or any two where the name is that of Keras 1 too."""
    symbol = call.symbol.rpartition(".")[2]
    if call.generation not in ("keras2", "keras3") or not _CONVOLUTION.fullmatch(symbol):
        return
    sizes = [constant(argument) for argument in call.node.args[1:3]]
    if len(sizes) == 2 and all(type(size) is int for size in sizes) and sizes != [1, 1]:
        rows, columns = sizes
        if rows == columns or call.name.startswith(_KERAS_1_NAMES):
            message = (
                f"kernel {rows}×{rows} with stride {columns} in {call.release}; "
                f"Keras 1 read a kernel of {rows}×{columns}"
            )
            replacement = f"kernel_size={rows}, strides={columns}"
            yield found(call.subject, call.node.args[2], "KI103", message, replacement)


def _keywords(call: _Call) -> Findings:
    signature = call.entry.signature
    if signature is None or not call.node.keywords:
        return
    names = {parameter.name for parameter in signature if not parameter.kind.startswith("*")}
    takes_rest = any(parameter.kind == "**" for parameter in signature)
    for keyword in call.node.keywords:
        given = keyword.arg
        if given is None or given in names:
            continue
        code = _by_rest(call, given, names) if takes_rest else "KI007"
        if code is not None:
            what = {
                "KI007": "takes no argument",
                "KI008": "converts the Keras 1 argument",
                "KI105": "ignores the argument",
            }[code]
            message = f"`{call.name}` of {call.release} {what} `{given}`"
            new = next((n for n in table().renamed.get(given, ()) if n in names), None)
            yield found(call.subject, keyword, code, message, new and f"{new}=")


def _by_rest(call: _Call, given: str, names: set[str]) -> str | None:
    """The code for an argument that only `**` takes, or `None` if it is all right."""
    family = call.symbol.partition(".")[0]
    if call.entry.kind != "class" or family not in ("layers", "optimizers"):
        return None
    accepted = any(
        given in table().accepted.get(key, {}).get(call.generation, ())
        for key in (family, call.symbol)
    )
    if family == "optimizers":
        # Keras 2.11 brought other optimizers, which know `use_ema` and no longer `decay`.
        is_new = call.generation == "keras2" and "use_ema" in names
        if given == "decay" and (is_new or call.generation == "keras3"):
            return "KI007" if is_new else "KI105"
        if given == "lr" and is_new:
            return "KI105"
        return None if accepted else "KI007"
    if accepted:
        return None
    is_known = _was_parameter(call.symbol, given)
    if call.generation == "standalone" and is_known and given in table().renamed:
        return "KI008"
    # In older releases a class may take an argument out of `**` that its base does not know.
    return "KI007" if is_known or call.generation == "keras3" else None


@lru_cache(maxsize=10_000)
def _was_parameter(symbol: str, given: str) -> bool:
    """Whether the symbol has this parameter in some release or flavour."""
    if given in table().renamed:
        return True
    return any(
        parameter.name == given
        for identity in (symbol, f"compat.v1.{symbol}")
        for spans in atlas.history(identity).values()
        for span in spans
        for parameter in span.signature or ()
    )
