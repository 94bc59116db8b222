"""Fix methods of models and layers."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.literals import described, without_slash
from keras_imports.engine.planning.report import stay, to_check, unsure
from keras_imports.knowledge.rules import Change, Rule
from keras_imports.python.arguments import Argument, bind
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import DISPLAYS, is_own, last_name
from keras_imports.python.tree import walk

_CALLED = ("call", "build")  # where the layers that a layer has can add losses, too
_HDF5 = re.compile(r"(?<!\.weights)\.(h5|hdf5)$")


def name_first(draft: Draft, rule: Rule) -> Draft:
    """Name the arguments of `add_weight('kernel', …)`, which is for Keras 2 whatever else is.

    The name has no `/` in Keras 3.
    """
    call = draft.call
    is_new = call.origin.generation == "keras3"  # older ones are bound so anyway
    if is_new and call.node is not None and call.node.args and _is_text(call.node.args[0]):
        draft = replace(draft, arguments=tuple(bind(call.text, call.node, rule.positional)))
        draft = replace(draft, positions=())
    return replace(draft, arguments=tuple(_without_slash(call, each) for each in draft.arguments))


def unless_keras_3_takes_it(draft: Draft, rule: Rule) -> Draft | Plan:
    """Leave a call of `add_variable` that Keras 3 takes; write others as calls of `add_weight`."""
    node = draft.call.node
    if node is None:
        return draft
    given = {keyword.arg for keyword in node.keywords}
    first = node.args[0] if node.args else None
    is_new = draft.call.origin.generation == "keras3" and not (first and _is_text(first))
    if is_new or isinstance(first, DISPLAYS):
        is_whole = len(node.args) + len({"shape", "initializer"} & given) > 1
        return Plan() if is_whole else draft
    return name_first(draft, rule)


def _without_slash(call: Call, argument: Argument) -> Argument:
    """Return the name of a weight as Keras 3 takes it, where it is one text."""
    if argument.name != "name" or argument.node is None:
        return argument
    new = without_slash(call.text, argument.node)
    return argument.valued(new) if new else argument


def inside_layers(draft: Draft, rule: Rule) -> Draft:
    """Let `self.add_loss(…)` be, and leave `model.add_loss(…)` to a person."""
    return draft if is_own(draft.call.function) else unsure(draft, rule.left)


def inside_call(draft: Draft, rule: Rule) -> Draft:
    """Let a loss be that a layer adds where Keras calls it; leave any other one to a person.

    One that is a function is its value there.
    """
    call = draft.call
    loss = draft.given.get("loss")
    function = next((a for a in call.around(call.function) if isinstance(a, Definition)), None)
    name = function.name if function else "__init__"
    if name not in _CALLED and (name == "__init__" or not is_own(call.function)):
        message = f"`{draft.shown}` has no lasting effect here in {draft.target}"
        stay(draft, message, rule.left, BEHAVIOUR)
    if loss is None or not isinstance(loss.node, ast.Lambda):
        return draft
    if name != "call":
        message = f"`{draft.shown}` takes no function in {draft.target}"
        stay(draft, message, rule.left, BEHAVIOUR)
    value = loss.valued(call.text.span(loss.node.body))
    return replace(draft, arguments=tuple(value if a is loss else a for a in draft.arguments))


def weights_by_class(draft: Draft, argument: Argument, _: Change) -> Argument:
    """Make a dictionary of weights that are listed in the order of the classes."""
    node, name = argument.node, last_name(argument.node)
    computed = rf"\b{name}\s*=\s*(?:\w+\.)*compute_class_weight\("
    is_listed = isinstance(node, DISPLAYS) or (
        isinstance(node, ast.Name) and re.search(computed, draft.call.text.text)
    )
    if not is_listed or argument.span is None:
        return argument
    return argument.valued("dict(enumerate(", argument.span, "))")


def by_name(draft: Draft, rule: Rule) -> Draft:
    """Tell that weights by name are loaded from files of HDF5 that are no `.weights.h5`."""
    call, given = draft.call, draft.given
    file = given.get("filepath")
    if file is None or "by_name" not in given or _HDF5.search(described(call.text, file)):
        return draft
    return draft.remarked(rule.note, to_check(draft, file), file.node)


def before_a_call(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Let an attribute be that code for Keras 3 reads of a model which may have been called."""
    call = draft.call
    function = call.function
    is_new = call.origin.generation == "keras3"
    if is_new and isinstance(function, ast.Attribute) and not _is_never_called(call, function):
        return Plan()
    return draft


def no_method(draft: Draft, rule: Rule) -> Draft | Plan:
    """Take away the `()` of what is an attribute now, maybe by another name."""
    call = draft.call
    if call.node is None or call.node.args or call.node.keywords:
        return draft
    name = call.function.attr if isinstance(call.function, ast.Attribute) else ""
    start = call.text.span(call.function).end - len(name)
    return Plan((Edit(start, call.text.span(call.node).end, (rule.to[0] if rule.to else name,)),))


def _is_text(node: ast.expr) -> bool:
    """Return whether an expression gives a string, as far as one sees."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _is_text(node.func.value)
    return isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str)


def _is_never_called(call: Call, attribute: ast.Attribute) -> bool:
    """Return whether all of a module shows that the owner of an attribute is not called before it.

    The owner is a name, or an attribute of `self`, that is made once, and of which only attributes
    are read.
    """
    *_, module = call.around(attribute)
    owner, name = ast.unparse(attribute.value), last_name(attribute.value)
    uses = [
        node
        for node in walk(module)
        if isinstance(node, (ast.Name, ast.Attribute))
        and last_name(node) == name
        and ast.unparse(node) == owner
    ]
    made = [call.above(use) for use in uses if isinstance(use.ctx, ast.Store)]
    is_made_once = len(made) == 1 and isinstance(getattr(made[0], "value", None), ast.Call)
    return is_made_once and all(
        isinstance(call.above(use), ast.Attribute) or use.lineno > attribute.lineno
        for use in uses
        if isinstance(use.ctx, ast.Load)
    )
