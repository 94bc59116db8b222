"""The rules: true in the atlas, and their cases."""

from __future__ import annotations

import ast
import functools
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from moved import OBJECTS, move
from projects import environment
from rule_cases import DATA, NEW, OLD, VALUES, calls_that_stay, cases, symbols_that_stay

from keras_imports import atlas
from keras_imports.atlas.build import archives
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.setting import Setting
from keras_imports.engine.planning import plan
from keras_imports.engine.planning.call import Call
from keras_imports.engine.planning.plan import METHODS, Plan, renamed_definition
from keras_imports.engine.planning.report import StayError
from keras_imports.flavours import FLAVOURS, GENERATIONS, generation
from keras_imports.knowledge import tensorflow_1 as compat
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.rules import kept_defaults, sections
from keras_imports.knowledge.target import parse_target
from keras_imports.python.edits import Text
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_case(case):
    source, target, exact, code, expected, reports = case
    moved, left = move(code, source, target, exact, rooted=False)
    assert moved == expected
    assert len(left) == len(reports), left
    for place, report in zip(left, reports, strict=True):
        assert report in f"{place.message} {place.advice}"


def test_a_third_of_the_cases_stay_as_they_are():
    same = sum(code.replace("K.", "backend.") == expected for _, _, _, code, expected, _ in cases())
    assert same >= len([*cases()]) / 3


# The atlas: what rules say of symbols and parameters is so in the releases


def rows():
    for section, rules in sections().items():
        for symbol, its in rules.items():
            for rule in its:
                yield section, symbol, rule


def all_rules(rule):
    """A rule and its cases."""
    return [rule, *rule.cases.values()]


@functools.cache
def parameters(symbol):
    """The parameters that a symbol has, by generation (of any flavour's releases)."""
    found = {}
    for flavour, spans in atlas.history(symbol).items():
        known = atlas.releases(flavour)
        for span in spans:
            names = {p.name for p in span.signature or ()}
            for release in known[known.index(span.first) : known.index(span.last) + 1]:
                found.setdefault(generation(flavour, release), set()).update(names)
    if found:
        return found
    for flavour in FLAVOURS:  # what is not public is known by its path alone
        for release in atlas.releases(flavour):
            env = atlas.flavour_environment(flavour, release)
            entry = atlas.lookup(env, f"{flavour}.{symbol}")
            if entry is not None:
                names = {p.name for p in entry.signature or ()}
                found.setdefault(generation(flavour, release), set()).update(names)
    return found


def of_targets(section, rule):
    """The generations that a rule of a section leads to."""
    if rule.since:
        return GENERATIONS
    if section in GENERATIONS:
        return GENERATIONS[GENERATIONS.index(section) :]
    return GENERATIONS[:3] if section == "back" else GENERATIONS


def exists(path, kinds):
    """Whether a path is public in some release of these generations."""
    return any(
        generation(flavour, release) in kinds
        and (
            entry := atlas.lookup(atlas.flavour_environment(flavour, release), f"{flavour}.{path}")
        )
        and entry.kind != "module"
        for flavour in FLAVOURS
        for release in (
            atlas.releases(flavour)[-1],
            atlas.releases(flavour)[0],
            *("2.3.1", "2.12.0", "2.15.0"),
        )
        if release in atlas.releases(flavour)
    )


def test_every_symbol_of_a_rule_was_there_and_every_new_name_is():
    wrong = []
    for section, symbol, rule in rows():
        if "()" in symbol or symbol.endswith(".*") or symbol.startswith("compat.v1."):
            continue
        if not parameters(symbol) and not symbol.startswith("losses.Reduction."):
            wrong.append((section, symbol))
        texts = [*rule.template.values(), *rule.explicit.values()]
        texts += [code for change in rule.arguments.values() for code in change.code.values()]
        named = re.findall(r"\{@([\w.]+)\}", " ".join(texts))
        new = [path for each in all_rules(rule) for path in each.to[:1]]
        wrong += [(section, symbol, path) for path in (*new, *named)
                  if not exists(path, of_targets(section, rule))]  # fmt: skip
    assert not wrong


# Arguments that signatures do not show, because classes took them by `**`.
BY_REST = {
    "layers": {"units", "filters", "strides", "n", "batch_input_shape", "input_dim", "input_length",
               "weights", "input_dtype", "implementation", "consume_less", "sparse", "time_major",
               "activation", "recurrent_activation", "forget_bias_init", "kernel_initializer",
               "kernel_regularizer", "kernel_constraint", "bias_constraint",
               "recurrent_constraint", "embeddings_constraint", "depthwise_constraint",
               "pointwise_constraint", "gamma_constraint", "beta_constraint", "alpha_constraint"},
    "optimizers": {"lr", "decay", "epsilon", "schedule_decay", "learning_rate", "jit_compile",
                   "adaptive_epsilon", "use_ema"},
    "callbacks": {"monitor", "filepath"},
    "losses": {"reduction"},
}  # fmt: skip


def test_every_argument_of_a_rule_was_one():
    wrong = []
    for section, symbol, rule in rows():
        if "()" in symbol:
            continue
        known = set().union(*parameters(symbol).values(), BY_REST.get(symbol.split(".")[0], ()))
        for each in all_rules(rule):
            for old in (*each.arguments, *each.positional, *filter(None, [each.by])):
                later = {n for other in sections()["standalone"].get(symbol, ())
                         for c in other.arguments.values() for n in c.to}  # fmt: skip
                if old not in known | later:
                    wrong.append((section, symbol, old))
    assert not wrong, wrong


def test_every_new_argument_is_one():
    wrong = []
    for section, symbol, rule in rows():
        for each in all_rules(rule) if "()" not in symbol and not symbol.endswith("*") else ():
            target = each.to[0] if each.to else symbol
            found = parameters(target)
            for symbol_ in () if found else atlas.symbols(target):
                found = {**found, **parameters(symbol_)}
            known = set().union(*(found.get(kind, set()) for kind in of_targets(section, rule)))
            new = {name for change in each.arguments.values() for name in change.to}
            family = target.split(".")[0]
            hidden = BY_REST.get(family, set()) | ({"input_shape"} if family == "layers" else set())
            if "kwargs" in known or not new - known - hidden:
                continue
            wrong.append((section, symbol, new - known))
    assert not wrong, wrong


def test_kept_defaults_changed_somewhere():
    for symbol, names in kept_defaults().items():
        spans = [span for its in atlas.history(symbol).values() for span in its]
        for name in names:
            defaults = {p.default for s in spans for p in s.signature or () if p.name == name}
            assert len(defaults) > 1, (symbol, name)


# Defaults that changed, but change no result, or only with what is said here.
HARMLESS = {
    "data_format": "the same unless `image_data_format` is set to channels_first",
    "epsilon": "an optimizer's smallest divisor; None stood for 1e-7",
    "name": "a label",
    "reduction": "AUTO is sum_over_batch_size without a distribution strategy",
    "path": "the name of a downloaded file",
    "dpi": "a picture", "show_layer_names": "a picture", "width": "a picture",
    "log_dir": "the same folder",
    "profile_batch": "no profile is written by default any more",
    "sparse": "None is False", "ragged": "None is False", "dtype": "None is floatx",
    "distribution": "normal was truncated",
    "ema_overwrite_frequency": "only with use_ema",
    "alpha_initializer": "zeros by another name",
    "beta_initializer": "zeros by another name", "gamma_initializer": "ones by another name",
    "save_format": "of pictures saved for a look",
    "checkpoint_format": "of an estimator's folder",
}  # fmt: skip


@pytest.mark.parametrize("target", [NEW, OLD])
@pytest.mark.parametrize(
    "source", ["keras==1.2.2", "keras==2.0.9", "keras==2.2.4", "keras==2.3.1",
               "tensorflow.keras==1.15.5", OLD]
)  # fmt: skip
def test_no_default_changes_unseen(source, target):
    flavour, _, release = source.partition("==")
    old, unseen = atlas.flavour_environment(flavour, release), []
    for path, symbol in atlas.api(old, flavour).items():
        entry = atlas.lookup(old, path)
        if not entry or not entry.signature or symbol.startswith("backend."):
            continue
        needed = [p.name for p in entry.signature if p.default is None and p.kind[0] != "*"]
        code = f"f({', '.join(needed)})"
        node = ast.parse(code, mode="eval").body
        to, origin = parse_target(target), Origin(flavour, release, exact=True)
        call = Call(Text(code), node.func, node, path, symbol, entry.signature, origin)
        try:
            moved = plan.drafted(call, node, to)
        except StayError:
            continue
        if isinstance(moved, Plan):
            continue
        after = moved.counterpart and atlas.lookup(to.env, f"{to.flavour}.{moved.counterpart}")
        defaults = {p.name: p.default for p in (after and after.signature) or ()}
        given = {argument.name for argument in moved.arguments}
        for argument in moved.defaults:
            new = defaults.get(argument.name)
            if new is not None and argument.name not in {*given, *HARMLESS}:
                before = "".join(p for p in argument.value if isinstance(p, str))
                if value(before) != value(new):
                    unseen.append((symbol, argument.name, before, new))
    assert not unseen


def value(text):
    """The value of a default; sizes that are the same in every direction as one number."""
    try:
        found = ast.literal_eval(text)
    except ValueError:
        return text
    while isinstance(found, tuple) and len(set(found)) == 1:
        found = found[0]
    return found


# Both sides


@pytest.mark.parametrize(("section", "symbol"), symbols_that_stay())
def test_what_stays_was_there_and_is_not_in_the_target(section, symbol):
    for code, source, target in calls_that_stay(section, symbol):
        moved, left = move(code, source, target)
        assert (moved, len(left)) == (code, 1)
        assert left[0].advice


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_both_sides_work_by_the_atlas(case):
    source, target, exact, code, _, reports = case
    if OBJECTS.keys() & set(re.findall(r"\w+", code)):
        return
    root = source.partition("==")[0]
    names = {n for n in re.findall(r"(?<![\w.])([a-z]+|K)\.", code) if n not in ("x", "model")}
    imports = [f"from {root} import {'backend as K' if n == 'K' else n}" for n in sorted(names)]
    old = wrong(source, "\n".join([*imports, code]))
    if generation(*source.split("==")) != "standalone":  # which takes what Keras 1 took
        assert not {"KI007", "KI105", "KI107"} & {finding.code for finding in old}
    moved, _ = move(code, source, target, exact)
    if not reports:
        assert not wrong(target, f"import {parse_target(target).root}\n{moved}")


def wrong(installed, text):
    """What `check` finds in a text in an environment, but for what only looks odd."""
    env = atlas.flavour_environment(*installed.split("=="))
    found = check_module(CheckedModule(Source("case.py", text, parse(text)), Setting(env)))
    return [finding for finding in found if finding.code not in ("KI002", "KI103", "KI104")]


# Calls that cannot be told in one line


@pytest.mark.parametrize(("code", "expected"), [
    (
        "layers.Dense(10,  # units\n    init='zero',  # weights\n    bias=False,  # none\n)",
        "layers.Dense(10,  # units\n    kernel_initializer='zero',  # weights\n"
        "    use_bias=False,  # none\n)",
    ),
    (
        "layers.Convolution2D(8,  # filters\n    3,  # rows\n    3,  # columns\n    bias=False)",
        "layers.Conv2D(8,  # filters\n    (3,  # rows\n    3),  # columns\n    use_bias=False)",
    ),
    (
        "layers.BatchNormalization(\n    mode=0,  # by feature\n    axis=1\n)",
        "layers.BatchNormalization(\n    axis=1\n)",
    ),
    (
        "layers.BatchNormalization(axis=1,  # channels\n    mode=0,\n)",
        "layers.BatchNormalization(axis=1,  # channels\n    \n)",
    ),
    ("layers.Embedding(9, 3, dropout=0.)", "layers.Embedding(9, 3)"),
    ("layers.BatchNormalization(mode=0, )", "layers.BatchNormalization( )"),
    ("layers.Dense ( (10) , ('zero') )", "layers.Dense ( (10) , kernel_initializer=('zero') )"),
    ("layers.Dense(1, 'ü', 'relu')", "layers.Dense(1, kernel_initializer='ü', activation='relu')"),
    ("layers.Dense(\n    a + b, b\n)", "layers.Dense(\n    a + b, kernel_initializer=b\n)"),
    (
        "models.Sequential([\n    # first\n    layers.Dense(3, input_shape=(4,), bias=True),\n])",
        "models.Sequential([\n    # first\n    Input(shape=(4,)),\n"
        "    layers.Dense(3, use_bias=True),\n])",
    ),
])  # fmt: skip
def test_the_text_around_arguments_stays(code, expected):
    moved, left = move(code, "keras==1.2.2", NEW, rooted=False)
    assert moved == expected
    assert not left


@pytest.mark.parametrize(("value", "is_int"), [
    ("3", True), ("m // 2", True), ("len(x)", True), ("x.shape[1]", True), ("n", True),
    ("m / 2", False), ("np.max(y) + 1", False), ("y.max()", False), ("-numpy.prod(x)", False),
])  # fmt: skip
def test_sizes_are_followed_to_what_they_are(value, is_int):
    code = f"n = {value}\nk = n * 2\nlayers.Dense(k)"
    moved, left = move(code, "keras==2.2.4", NEW, rooted=False)
    assert moved == (code if is_int else code.replace("Dense(k)", "Dense(int(k))"))
    assert not left


def test_an_argument_of_unknown_place_is_not_moved_behind_a_named_one():
    code = "layers.Dense(3, 'zero', *others)"
    moved, left = move(code, "keras==1.2.2", NEW)
    assert (moved, len(left)) == (code, 1)


def test_a_comment_in_a_call_that_becomes_an_expression_is_not_lost():
    code = "K.repeat(x,  # a\n    3)"
    moved, left = move(code, OLD, NEW)
    assert (moved, len(left)) == (code, 1)


def test_the_class_of_tensorflow_1_is_not_the_same():
    old = {"source": "tensorflow.keras==2.10.1", "root": "tensorflow.compat.v1.keras"}
    moved, left = move("layers.BatchNormalization()", target=NEW, **old)
    assert (moved, left) == ("keras.layers.BatchNormalization()", [])
    moved, left = move("f(layers.BatchNormalization(), trainable=False)", target=NEW, **old)
    assert moved == "f(keras.layers.BatchNormalization(), trainable=False)"
    assert "by the batch" in left[0].advice
    moved, left = move("layers.Dense(3)", target=NEW, **old)
    assert (moved, left) == ("keras.layers.Dense(3)", [])


def test_what_the_target_lacks_stays():
    code = "K.random_binomial((3,), 0.5)"
    moved, left = move(code, OLD, "keras==3.0.5")
    assert (moved, len(left)) == (code, 1)


def test_methods_that_are_known_by_their_name():
    assert {"fit", "fit_generator", "lr", "predict_classes"} <= METHODS
    assert not {"add", "get_weights", "summary"} & METHODS


@pytest.mark.parametrize(("path", "name", "target", "expected"), [
    ("keras.layers.Layer", "get_output_shape_for", NEW, "compute_output_shape"),
    ("keras.engine.topology.Layer", "get_output_shape_for", OLD, "compute_output_shape"),
    ("keras.layers.Dense", "get_output_shape_for", NEW, "compute_output_shape"),
    ("keras.layers.Layer", "get_output_shape_for", "keras==1.2.2", None),
    ("keras.layers.Layer", "call", NEW, None),
    ("keras.callbacks.Callback", "get_output_shape_for", NEW, None),
])  # fmt: skip
def test_definitions(path, name, target, expected):
    assert renamed_definition(path, name, parse_target(target)) == expected


# Both sides run


def flat(found):
    """All numbers and words in a result."""
    return [one for item in found for one in flat(item)] if isinstance(found, list) else [found]


@pytest.mark.slow
def test_both_sides_give_the_same_values(installed):
    pairs = [(code, move(code, OLD, NEW)[0]) for codes in VALUES.values() for code in codes]
    done = subprocess.run(
        [installed, DATA / "renames_values.py"],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout.splitlines()[-1])
    assert len(results) == len(pairs)
    for (old, new), (before, after) in zip(pairs, results, strict=True):
        assert "Error" not in str(before), (old, before)
        assert "Error" not in str(after), (new, after)
        same = np.array_equal if isinstance(before, str) else np.allclose
        options = {} if isinstance(before, str) else {"atol": 1e-5}
        assert same(flat(before), flat(after), **options), (old, new, before, after)


@pytest.mark.slow
def test_what_tensorflow_2_has_for_compatibility_alone(installed):
    script = Path(__file__).parents[2] / "scripts" / "tensorflow_1.py"
    done = subprocess.run(
        [installed, script], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout == compat.NAMES.read_text("utf-8")


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """Keras 2's own converters of Keras 1 calls, by the class that they are for."""
    wanted = re.compile(r"keras/(legacy/interfaces|layers/\w+|engine/\w+)\.py$")
    files = archives.sources("keras", "2.2.4", wanted, tmp_path_factory.mktemp("sources"))
    six = SimpleNamespace(wraps=functools.wraps, string_types=(str,))
    names = {"__name__": "interfaces"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "six", six)
        text = next(t for name, t in files.items() if name.endswith("interfaces.py"))
        exec(compile(text, "interfaces.py", "exec"), names)  # noqa: S102 (a release of Keras)
    found = {}
    for text in files.values():
        for body in re.split(r"^class ", text, flags=re.MULTILINE)[1:]:
            used = re.search(r"@interfaces\.(\w+)\s+def __init__", body)
            if used:
                found[re.match(r"\w+", body)[0]] = names[used[1]]
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Update your")
def test_keras_2_converts_the_same(official):
    new, compared = atlas.flavour_environment("keras", "2.2.4"), 0
    calls = [code for source, _, _, code, *_ in cases() if source == "keras==1.2.2"]
    for name, interface in official.items():
        old = {"Conv1D": "Convolution1D", "Conv2DTranspose": "Deconvolution2D"}.get(name, name)
        old = re.sub(r"Conv([23]D)$", r"Convolution\1", old)
        entry = atlas.lookup(atlas.flavour_environment("keras", "1.2.2"), f"keras.layers.{old}")
        if entry is None:
            continue
        rules = inspect.getclosurevars(interface).nonlocals
        taken = {p.name for p in entry.signature}
        needed = ", ".join("3" for p in entry.signature if p.default is None and p.kind != "**")
        for before, _ in rules["conversions"]:
            values = dict(rules["value_conversions"]).get(before, {"value"})
            if before in taken:
                positional = {p.name for p in entry.signature if p.default is None}
                given = "" if before in positional else needed
                calls += [
                    f"layers.{old}({given}{', ' if given else ''}{before}={value!r})"
                    for value in values
                ]
        signature = [p.name for p in atlas.lookup(new, f"keras.layers.{name}").signature]
        for code in [c for c in calls if c.startswith(f"layers.{old}(")]:
            moved, left = move(code, "keras==1.2.2", "keras==2.2.4")
            try:
                ours, theirs = passed(moved), passed(code)
                convert = interface(lambda _, *args, **kwargs: (args, kwargs))
                args, kwargs = convert(None, *theirs[0], **theirs[1])
            except (ValueError, TypeError):
                continue  # not of literals alone, or more by position than is converted
            kwargs = {name: value for name, value in kwargs.items() if name != "weights"}
            expected = {**dict(zip(signature, args, strict=False)), **kwargs}
            found = {**dict(zip(signature, ours[0], strict=False)), **ours[1]}
            assert found == expected or left, (code, moved, expected)
            compared += 1
    assert compared > 120


def passed(code):
    """The literal arguments of a call."""
    call = ast.parse(code, mode="eval").body
    return (
        [ast.literal_eval(argument) for argument in call.args],
        {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords},
    )
