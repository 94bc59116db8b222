"""Explain messages by their kind: the atlas and the rules tell what became of the names in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keras_imports import atlas
from keras_imports.asking.arguments import (
    about_argument,
    as_called,
    releases_that_take,
    symbol_of,
    written_instead,
)
from keras_imports.asking.explained import Explained
from keras_imports.asking.fragments import imported_paths, read_fragment
from keras_imports.asking.members import about_member, older_name, owners
from keras_imports.asking.pasted import Pasted
from keras_imports.asking.paths import explain_path, statement, with_imports
from keras_imports.atlas import Span
from keras_imports.flavours import DISTRIBUTIONS, root_of
from keras_imports.knowledge.arguments import new_names
from keras_imports.knowledge.lifetimes import release_name
from keras_imports.knowledge.methods import instead
from keras_imports.knowledge.target import Target

_LOADERS = re.compile(r"\b(?:load_model|from_config|model_from_json|deserialize\w*)\b")
_SHADOWS = re.compile(r"(?:^|[/\\])(keras|tensorflow|tf_keras)\.py$")
_IMPORT = re.compile(r"[# ]*(?:from|import) \w")
_IMPORTS = 40  # so many lines that import something are looked at
_UNTOLD = ("", "__init__", "<lambda>", "call", "__call__", "wrapper")  # these tell of no class
_OF_OPTIMIZERS = ("lr", "decay", "learning_rate", "amsgrad")
_OF_LAYERS = ("name", "trainable")  # what every layer of every release takes
_OF_INPUTS = ("ragged", "batch_shape", "dtype", "sparse")  # what `InputLayer` came to know
_ONE_FLAVOUR = (
    "import all layers, models and optimizers from one flavour: `keras-imports check` names the "
    "lines, and `keras-imports migrate --to` moves them to one"
)
_OWN_LAYER = (
    "let its `__init__` take `**kwargs` and hand them on, as in `super().__init__(**kwargs)`: the "
    "file has the `name`, `trainable` and `dtype` of every layer"
)
# An attribute that begins with an underscore: who asks for it tells what to do.
_OF_KERAS_ITSELF = (
    "use what is public, as `model.layers`, where the line that asks for it is your own",
    "where that line is in Keras itself, two Keras meet: import all from one flavour; "
    "`keras-imports check` names the lines that do not",
    "where it is in another package, install the Keras that the package was written for",
)
_SAME_RELEASE = (
    "load it with the release that saved it; a file of Keras 2 loads in tf_keras (`pip install "
    "tf-keras`, `tf_keras.models.load_model`), from where its weights can be saved for Keras 3"
)


@dataclass(frozen=True)
class Question:
    """A message: what stands for its placeholders, the text that it is from, and the target."""

    values: Mapping[str, str]
    pasted: Pasted
    target: Target


def missing_name(question: Question) -> Explained | None:
    """Explain that a module does not have a name which is imported from it."""
    name = question.values["name"]
    module = question.values.get("module") or _module_of(name, question.pasted)
    return explain_path(f"{module}.{name}", question.target) if module else None


def missing_module(question: Question) -> Explained | None:
    """Explain that there is no module of a name."""
    module = question.values["module"]
    if shadow := _shadow(question.pasted):
        return shadow
    distribution = next((name for name, its in DISTRIBUTIONS.items() if its == module), "")
    if distribution:
        how = (f"`pip install {distribution}` in the environment that runs the program",)
        return Explained((f"The package `{module}` is not installed.",), how)
    imported = _imported(question.pasted)
    if not root_of(module):  # Python 2 names the last part alone
        paths = [path for path in imported if f".{module}." in f"{path}." and root_of(path)]
        if not paths:
            return None
        module = paths[0][: paths[0].index(f".{module}") + len(module) + 1]
    wanted = next((path for path in imported if path.startswith(f"{module}.")), "")
    return explain_path(module, question.target, wanted)


def missing_attribute(question: Question) -> Explained | None:
    """Explain that a module does not have an attribute."""
    module, name = question.values.get("module"), question.values["name"]
    return explain_path(f"{module}.{name}", question.target) if module else None


def missing_member(question: Question) -> Explained | None:
    """Explain that an object of a class does not have a method or attribute."""
    name, shown = question.values["name"], question.values["class"]
    if not shown[:1].isupper():  # of Python
        return None
    found = owners(f"{shown}.{name}")
    if not found and shown in ("Functional", "Model"):  # what a `Sequential` was before
        found = tuple(each for each in owners(name) if each.symbol.startswith("models."))
        shown = found[0].symbol.rpartition(".")[2] if found else shown
    if not found:
        return None
    owner, flavour = found[0], question.target.flavour
    means = (about_member(flavour, owner, shown),)
    if name.startswith("_"):
        return Explained(means, _OF_KERAS_ITSELF)
    having = owner.releases(flavour, True)
    if having and having[-1] == atlas.releases(flavour)[-1]:
        older = older_name(name)
        fix = (
            f"install a release that has it{f', or write `{older}` as older ones do' * bool(older)}"
        )
        return Explained(means, (fix,))
    advice = instead(owner.symbol, name)
    return Explained(means, (advice,) if advice else ())


def unexpected_argument(question: Question) -> Explained | None:
    """Explain that a class, function or method does not take an argument."""
    argument, target = question.values["argument"], question.target
    call = _call(question)
    if _LOADERS.search(question.pasted.text) and not _LOADERS.search(call):
        return _saved(argument, call)
    if not call:
        return _of_own_class(argument)
    name = call.rpartition(".")[2]
    means = about_argument(target.flavour, name, argument)
    taking = releases_that_take(target.flavour, name, argument) if means else ()
    if not means or taking == atlas.releases(target.flavour):
        return None
    its = written_instead(as_called(name), argument, target)
    left = its.left if its else ()
    fix = [each.rpartition("; ")[2] for each in left if f"`{argument}`" in each]
    if its and its.changed and "..." in its.code and f"{argument}=" not in its.code:
        fix.append(f"write `{its.code}`{with_imports(its)}")
    if not fix:
        fix += [f"write `{new}=`" for new in new_names(argument)[:1]]
    if not fix and atlas.releases(target.flavour)[-1] in taking:
        fix.append("install a release that takes it, or leave the argument out")
    return Explained((means,), tuple(fix) or ("leave the argument out",))


def missing_argument(question: Question) -> Explained | None:
    """Explain that a call of Keras gives no value for an argument that has to be given."""
    argument = question.values["argument"]
    given = question.values["call"].removesuffix(".__init__")
    call = _called(question.pasted) if given in _UNTOLD else given
    name = call.rpartition(".")[2]
    spans = atlas.history(symbol_of(name)).get("keras", ()) if name[:1].isupper() else ()
    asking = [span for span in spans if _asks_for(span, argument)]
    if not asking:
        return None
    if asking[0].last == atlas.releases("keras")[-1]:
        means = (
            f"`{name}` has to be given `{argument}`, and is not: the name may be written otherwise."
        )
        return Explained((means,), (f"write `{argument}=`",))
    last = release_name("keras", asking[0].last)
    means = (
        f"The installed Keras is {last} or older, whose `{name}` has to be given `{argument}`; the "
        "line is written for a later one."
    )
    return Explained((means,), ("install a newer Keras",))


def saved_argument(question: Question) -> Explained:
    """Explain that a file describes a layer by an argument that it does not have here."""
    said = question.pasted.text.partition("Exception encountered")[2]
    found = re.search(r"keyword arguments?[^'\n]{0,100}'(\w+)'", said)
    return _saved(found[1] if found else "", question.values["class"])


def foreign_object(question: Question) -> Explained:
    """Explain that an object of another Keras was handed over."""
    path = question.values["path"]
    root = root_of(path) or path.partition(".")[0]
    means = f"The object is of `{root}` (`{path}`), and what it is handed to is of another Keras."
    return Explained((means,), (_ONE_FLAVOUR,))


def tensorflow_layer(question: Question) -> Explained:
    """Name the layer that does what a function of `tf.layers` did."""
    words = question.values["name"].split("_")
    layer = re.sub(r"(\d)d$", r"\1D", "".join(word.capitalize() for word in words))
    env = atlas.flavour_environment("keras", atlas.releases("keras")[-1])
    if atlas.lookup(env, f"keras.layers.{layer}") is None:
        return Explained()
    return Explained((), (f"use the layer `tf.keras.layers.{layer}`",))


def abbreviation(question: Question) -> Explained:
    """Explain that `tf` is a name that a module gives, and no module."""
    paths = [path for path in _imported(question.pasted) if path.startswith("tensorflow.")]
    lines = [f"write `{statement(path)}`" for path in paths[:1]]
    means = (
        "`tf` is what `import tensorflow as tf` calls TensorFlow in one file, and no module that "
        "can be imported from."
    )
    return Explained((means,), tuple(lines) or ("write `tensorflow` for `tf` in the import",))


KINDS: dict[str, Callable[[Question], Explained | None]] = {
    kind.__name__: kind
    for kind in (
        *(missing_name, missing_module, missing_attribute, missing_member, unexpected_argument),
        *(missing_argument, saved_argument, foreign_object, tensorflow_layer, abbreviation),
    )
}


def _imported(pasted: Pasted) -> list[str]:
    """Return what the user's own lines import, and other lines that are import statements."""
    codes = [frame.code for frame in pasted.frames]
    codes += [line.lstrip("# ") for line in pasted.lines if _IMPORT.match(line)]
    fragments = map(read_fragment, codes[:_IMPORTS])
    return [path for each in fragments if each for path in imported_paths(each)]


def _module_of(name: str, pasted: Pasted) -> str:
    """Return the module of Keras that a name is imported from, by the lines of a traceback."""
    modules = (path.rpartition(".")[::2] for path in _imported(pasted) if root_of(path))
    return next((module for module, leaf in modules if leaf == name), "")


def _shadow(pasted: Pasted) -> Explained | None:
    """Explain that a file of the user's own is found instead of the package."""
    for match in filter(None, map(_SHADOWS.search, pasted.files)):
        name = match[1]
        return Explained(
            (f"Your own file `{name}.py` is imported instead of the package {name}.",),
            (f"rename `{name}.py`, and delete what Python compiled of it (`__pycache__`)",),
        )
    return None


def _call(question: Question) -> str:
    """Return what was called with an argument, "" if neither the message nor the line tells."""
    argument = question.values["argument"]
    call = question.values.get("call", "").removesuffix(".__init__")
    if call not in _UNTOLD:
        return call
    for frame in question.pasted.frames:
        fragment = read_fragment(frame.code)
        for node in ast.walk(fragment.tree) if fragment else ():
            if isinstance(node, ast.Call) and any(each.arg == argument for each in node.keywords):
                return ast.unparse(node.func)
    return "Adam" if argument in _OF_OPTIMIZERS else ""


def _called(pasted: Pasted) -> str:
    """Return the class of Keras that the user's own line calls, "" if there is not just one."""
    fragment = read_fragment(pasted.frames[0].code) if pasted.frames else None
    nodes = ast.walk(fragment.tree) if fragment else ()
    functions = (ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call))
    names = {function.rpartition(".")[2] for function in functions}
    classes = [name for name in names if name[:1].isupper() and symbol_of(name)]
    return classes[0] if len(classes) == 1 else ""


def _asks_for(span: Span, argument: str) -> bool:
    """Return whether releases have to be given an argument."""
    parameters = span.signature or ()
    return any(p.name == argument and p.default is None for p in parameters)


def _saved(argument: str, call: str) -> Explained:
    """Explain that a file cannot be loaded for an argument that it names."""
    is_own = not atlas.symbols(call) if call else argument in _OF_LAYERS
    if is_own:
        what = f"`{call}`, which is no class of Keras," if call else "A class of your own"
        means = f"{what} does not take `{argument}`, which the model file has for it."
        return Explained((means,), (_OWN_LAYER,))
    if argument in _OF_INPUTS and call in ("", "InputLayer"):
        what, by = f"the argument `{argument}` of `InputLayer`", "a newer one"
    else:
        what = f"the argument `{argument}`" if argument else "arguments"
        what, by = f"{what} of `{call}`" if call else what, "another release"
    means = (
        f"The model file names {what}, which the Keras that loads it does not know: {by} saved it."
    )
    return Explained((means,), (_SAME_RELEASE,))


def _of_own_class(argument: str) -> Explained:
    """Explain an argument of which nothing tells to what it was given."""
    news = new_names(argument)
    if news:
        means = f"`{argument}` is a name of Keras 1, which later releases do not take."
        return Explained((means,), (f"write `{news[0]}=`",))
    if _is_parameter(argument):
        means = f"What is called does not take `{argument}` in the installed release."
        how = "paste the line that calls it, too: then the answer says which releases take it"
        return Explained((means,), (how,))
    how = (
        "it reaches Keras through `**kwargs` of a class of your own: take it out there before "
        "`super().__init__(**kwargs)`"
    )
    return Explained((f"Nothing in the newest Keras has a parameter `{argument}`.",), (how,))


def _is_parameter(argument: str) -> bool:
    """Return whether anything public of the newest Keras has a parameter of a name."""
    env = atlas.flavour_environment("keras", atlas.releases("keras")[-1])
    entries = (atlas.lookup(env, path) for path in atlas.api(env, "keras"))
    return any(p.name == argument for entry in entries if entry for p in entry.signature or ())
