"""Fix functions of the backend."""

from __future__ import annotations

import ast
from dataclasses import replace

from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.placeholders import InsertedFunction, TargetName
from keras_imports.engine.planning.call import Plan
from keras_imports.engine.planning.draft import Draft, Remark
from keras_imports.engine.planning.fixers.releases import is_before
from keras_imports.engine.planning.literals import NO_LITERAL, literal, new_value
from keras_imports.engine.planning.report import gone, unfixed, unsure
from keras_imports.knowledge.rules import Change, Rule, sections
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.tree import FUNCTIONS

_ONCE = ("__init__", "build")  # methods that Keras calls once
_SINCE_BATCH_DOT = {"keras": "2.2.5", "tensorflow.keras": "2.0.0"}
# Axes of tensors of more than three dimensions
_MORE_AXES = r"batch_dot\((?:[^()]|\([^()]*\))*[\[(=,]\s*[3-9]\s*[\]),]"


def batch_dot(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Multiply tensors of more than three dimensions as keras before 2.2.5 did.

    The function of `functions.yml` does; Keras 2 needs it only where more dimensions are visible.
    """
    call, target = draft.call, draft.target
    if not is_before(call, _SINCE_BATCH_DOT):
        return draft
    if target.generation != "keras3" and not draft.mentions(_MORE_AXES):
        return draft.remarked(
            "tensors of more than three dimensions are multiplied otherwise since keras 2.2.5"
        )
    span = call.text.span(call.function)
    edit = Edit(span.start, span.end, (InsertedFunction("batch_dot"),))
    if call.origin.exact:
        return Plan((edit,))
    advice = (
        "it multiplies tensors of more than three dimensions as before keras 2.2.5; if the code "
        "is for a later one, name it by `--from`"
    )
    return Plan((edit,), (unfixed(draft, Remark(call.function, advice)),))


def batch_dot_axes(draft: Draft, rule: Rule) -> Draft:
    """Tell that `batch_dot` without axes fails for a matrix now."""
    return draft.remarked(rule.note) if draft.given.keys() == {"x", "y"} else draft


def image_dim_ordering(draft: Draft, rule: Rule) -> Draft:
    """Replace what the result is compared with: `K.image_dim_ordering() == 'th'`."""
    call = draft.call
    if call.is_bare:
        return draft
    parent = call.parent
    if not isinstance(parent, ast.Compare):
        return draft if isinstance(parent, ast.keyword) else draft.remarked(rule.note)
    (setter,) = sections()["standalone"]["backend.set_image_dim_ordering"]
    # What the one sets, the other one gives; nobody gets 'default'.
    values = setter.arguments["dim_ordering"].values
    names = Change(values={old: new for old, new in values.items() if new is not None})
    edits = []
    for side in (parent.left, *parent.comparators):
        for item in side.elts if isinstance(side, (ast.List, ast.Tuple, ast.Set)) else [side]:
            new = new_value(draft, item, names)
            if new:
                span = call.text.span(item)
                edits.append(Edit(span.start, span.end, new))
    return replace(draft, edits=(*draft.edits, *edits))


def function_of_graph(draft: Draft, rule: Rule) -> Draft:
    """Leave a function of tensors to a person; one with `updates` trains."""
    node = draft.call.node
    is_training = node is not None and any(keyword.arg == "updates" for keyword in node.keywords)
    return gone(draft, rule.note if is_training else rule.left)


def seeded(draft: Draft, rule: Rule) -> Draft:
    """Tell of numbers drawn with the same seed again and again: they are the same each time."""
    seed = draft.given.get("seed")
    is_fixed = seed and literal(seed) is not None and not isinstance(seed.node, ast.Call)
    if not seed or not is_fixed or not _is_repeated(draft):
        return draft
    message = f"`{draft.shown}` gives the same numbers at each call with a number as its `seed`"
    return draft.remarked(rule.note, message, seed.node, BEHAVIOUR)


def assigned(draft: Draft, rule: Rule) -> Plan:
    """Assign in a loop what `batch_set_value([(v, 0) for v in variables])` gives to variables."""
    call = draft.call
    statement, text = call.parent, call.text
    match call.node:
        case ast.Call(
            args=[
                ast.ListComp(
                    elt=ast.Tuple(elts=[variable, value]),
                    generators=[ast.comprehension(target=target, iter=given, ifs=[])],
                )
            ],
            keywords=[],
        ) if isinstance(statement, ast.Expr):
            span = text.span(statement)
            inner = f":\n{text.indent(span.start)}    "
            head = ("for ", text.span(target), " in ", text.span(given), inner)
            body = (text.span(variable), ".assign(", text.span(value), ")")
            return Plan((Edit(span.start, span.end, (*head, *body)),))
    return gone(draft, rule.left)


def _is_repeated(draft: Draft) -> bool:
    """Return whether a call stands in a loop, or in a function that is called more than once."""
    call = draft.call
    for above in call.around(call.node) if call.node else ():
        if isinstance(above, (*FUNCTIONS, ast.For, ast.While)):
            return getattr(above, "name", "") not in _ONCE
    return False


def causal_padding(draft: Draft, rule: Rule) -> Draft:
    """Pad the steps before a causal convolution, which `ops.conv` does not know."""
    given = draft.given
    padding = given.get("padding")
    if padding is None or literal(padding) != "causal":
        is_unknown = padding is not None and literal(padding) is NO_LITERAL
        return draft.remarked(rule.note) if is_unknown and draft.mentions("causal") else draft
    x, kernel, rate = given["inputs"], given["kernel"], given.get("dilation_rate")
    order = given.get("data_format")
    if order is not None and literal(order) not in (None, "channels_last"):
        unsure(draft, rule.note)
    if not isinstance(kernel.node, (ast.Name, ast.Attribute)):
        unsure(draft, "assign the kernel to a variable first: the new code uses it twice")
    size: tuple[Piece, ...] = (*kernel.value, ".shape[0] - 1")
    if rate is not None:
        is_atom = isinstance(rate.node, (ast.Constant, ast.Name, ast.Attribute, ast.Subscript))
        size = (*(rate.value if is_atom else ("(", *rate.value, ")")), " * (", *size, ")")
    steps = ("(", *size, ", 0)")
    pad = (TargetName("ops.pad"), "(", *x.value, ", ((0, 0), ", *steps, ", (0, 0)))")
    arguments = (a.valued(*pad) if a is x else a for a in draft.arguments if a is not padding)
    return replace(draft, arguments=tuple(arguments))
