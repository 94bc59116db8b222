"""Compare what Keras 2 and Keras 3 do, and say which differences nobody has explained.

    python scripts/compare_behaviour.py

runs every program and expression of behaviour.yml, and every public layer, loss, metric, optimizer,
schedule, initializer, regularizer, constraint and activation that both have, with `tf_keras` and
with `keras`, in one process. It needs an environment with both, TensorFlow, PyYAML, packaging,
SciPy and Pillow, and takes about ten minutes; a word after it runs only what has that in its name.

What gives the same is not listed. A difference is *handled* if the program gives the old result
once `keras-imports migrate` has moved it, *reported* if `migrate` names a line of it, and *missed*
otherwise; behaviour.yml may call it *harmless*. The exit code is 1 if it says something else.
"""

from __future__ import annotations

import contextlib
import fnmatch
import inspect
import io
import json
import linecache
import logging
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import yaml

SOURCE = Path(__file__).resolve().parent.parent / "src"
sys.path.append(str(SOURCE))

VERDICTS = ("handled", "reported", "harmless", "missed")
HEADER = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras import layers
"""
KERAS_2 = "tensorflow.keras==2.15"  # what tf_keras goes on with
# Values other than the default for parameters of this name; booleans are negated.
OPTIONS = {
    "activation": ["'relu'", "'softmax'"],
    "recurrent_activation": ["'hard_sigmoid'"],
    "axis": ["1", "-1"],
    "alpha": ["0.3"],
    "beta_1": ["0.5"],
    "data_format": ["'channels_last'"],
    "delta": ["2.0"],
    "dilation_rate": ["2"],
    "epsilon": ["0.1"],
    "from_logits": ["True"],
    "gamma": ["1.5"],
    "interpolation": ["'bilinear'"],
    "kernel_regularizer": ["'l2'"],
    "bias_regularizer": ["'l1'"],
    "label_smoothing": ["0.2"],
    "max_value": ["0.5"],
    "merge_mode": ["'sum'", "'mul'", "'ave'", "None"],
    "momentum": ["0.5"],
    "padding": ["'same'"],
    "reduction": ["'sum'", "'none'"],
    "rho": ["0.5"],
    "strides": ["2"],
    "threshold": ["0.3"],
    "weight_decay": ["0.1"],
    "clipnorm": ["0.1"],
    "clipvalue": ["0.1"],
    "global_clipnorm": ["0.1"],
    "initial_accumulator_value": ["0.5"],
    "class_id": ["1"],
    "top_k": ["1"],
    "average": ["'micro'", "'macro'", "'weighted'"],
    "dtype": ["'float16'"],
}


@dataclass(frozen=True)
class Case:
    """A program that sets `result`, and what is said of the difference between both results."""

    name: str
    code: str
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Moved:
    """What `keras-imports migrate` made of a program, and what it left to a person."""

    code: str
    left: tuple[str, ...]


def main() -> int:
    """Print the differences, and return 1 if one is not as behaviour.yml says."""
    data = load()
    asked = " ".join(sys.argv[1:])
    sides = Sides()
    chosen = [c for c in (*cases(data), *symbol_cases(sides, data["symbols"])) if asked in c.name]
    wrong = 0
    for case, moved in zip(chosen, migrate(chosen), strict=True):
        wrong += compare_case(sides, case, moved)
    for name, two, three in different_defaults(sides):
        if asked in name:
            said, reason = explained(name, data["symbols"]["differences"])
            print_row(name, "default", said, (two, three), reason)
            wrong += not said
    print(f"{wrong} are not as behaviour.yml says" if wrong else "all is as behaviour.yml says")
    return 1 if wrong else 0


def load() -> dict[str, Any]:
    """Return what behaviour.yml says."""
    path = Path(__file__).with_name("behaviour.yml")
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return data


def cases(data: dict[str, Any]) -> Iterator[Case]:
    """Yield the programs and expressions of behaviour.yml."""
    for name, entry in data["programs"].items():
        yield Case(name, **entry)
    for expression, entry in data["expressions"].items():
        yield Case(expression, f"result = {expression}\n", **(entry or {}))


def migrate(chosen: list[Case]) -> list[Moved]:
    """Return what `keras-imports migrate --to keras` makes of each program."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"program_{i:03}.py") for i in range(len(chosen))]
        for file, case in zip(files, chosen, strict=True):
            file.write_text(HEADER + case.code, "utf-8")
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "keras_imports", "migrate", folder, "--to", "keras"]
        command += ["--from", KERAS_2, "--json", str(report)]
        subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, check=False
        )
        named = {
            Path(entry["file"]).name: entry for entry in json.loads(report.read_text())["files"]
        }
        return [
            Moved(
                file.read_text("utf-8"),
                tuple(str(item) for item in named.get(file.name, {}).get("left", ())),
            )
            for file in files
        ]


def compare_case(sides: Sides, case: Case, moved: Moved) -> bool:
    """Print what a program does on both sides if it differs; return whether that is not known."""
    two, three = sides.two(case.code), sides.three(case.code)
    after = three if three == two else sides.moved(moved.code)
    seen = verdict_of(two, three, after, moved.left)
    wrong = not is_as_said(case.verdict, seen)
    if wrong or case.verdict:
        print_row(case.name, seen, case.verdict or "none", (two, three, after), case.reason)
    return wrong


def verdict_of(two: str, three: str, after: str, left: tuple[str, ...]) -> str:
    """Return what is seen of a program: `same`, also if both raise, or how a difference is met."""
    if two == three or (two.startswith("raises") and three.startswith("raises")):
        return "same"
    if two == after:
        return "handled"
    return "reported" if left else "missed"


def is_as_said(said: str, seen: str) -> bool:
    """Return whether what is seen is what is said; if nothing is, the result has to be the same."""
    if said == "harmless":
        return seen != "same"
    return seen == said if said else seen in ("same", "handled")


def explained(name: str, differences: dict[str, dict[str, str]]) -> tuple[str, str]:
    """Return the verdict and the reason of the first pattern that a name fits, if any."""
    for pattern, entry in differences.items():
        if fnmatch.fnmatchcase(name, pattern):
            return entry["verdict"], entry["reason"]
    return "", ""


def print_row(name: str, seen: str, said: str, results: tuple[str, ...], reason: str) -> None:
    """Print a row of the table: the name, what is seen and said, and below it the results."""
    print(f"{seen:9} {said:9} {name}" + (f"  ({reason})" if reason else ""))
    for side, result in zip(("Keras 2", "Keras 3", "moved"), results, strict=False):
        print(f"{'':20}{side}: {result[:200]}")
    sys.stdout.flush()


def symbol_cases(sides: Sides, data: dict[str, Any]) -> Iterator[Case]:
    """Yield a program for each symbol that both have, and each way to try it.

    The name is the symbol, and the parameter that is not the default, if one is.
    """
    for path in sides.shared_paths():
        template = first_fit(path, data["kinds"])
        is_alias = path.rpartition(".")[2] != getattr(look_up(sides.keras_3, path), "__name__", "")
        if is_alias or not template or path in data["without"]:
            continue
        required = str(data["required"].get(path, ""))
        for parameter, value in (("", ""), *sides.options(path)):
            given = ", ".join(filter(None, (required, value)))
            call = template.format(
                name=f"keras.{path}", given=given, inputs=first_fit(path, data["inputs"])
            )
            name = f"{path} {value}".strip() if parameter else path
            verdict, reason = explained(name, data["differences"])
            yield Case(name, f"result = {call}\n", verdict, reason)


def first_fit(name: str, patterns: dict[str, str]) -> str:
    """Return what the first pattern stands for that a name fits, nothing if it fits none."""
    fits = (text for pattern, text in patterns.items() if fnmatch.fnmatchcase(name, pattern))
    return next(fits, "")


def different_defaults(sides: Sides) -> Iterator[tuple[str, str, str]]:
    """Yield each parameter that both have with different defaults, and these."""
    for path in sides.shared_paths():
        old, new = (parameters(look_up(side, path)) for side in (sides.keras_2, sides.keras_3))
        for name in (name for name in old if name in new):
            two, three = (default_text(side[name].default) for side in (old, new))
            if two != three:
                yield f"{path}({name})", two, three


class Sides:
    """Both Keras, and what programs give with each of them."""

    def __init__(self) -> None:
        """Import both, without their words."""
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        self.keras_3 = import_module("keras")
        self.tensorflow = import_module("tensorflow")
        self.keras_2 = import_module("tf_keras")

    def two(self, code: str) -> str:
        """Return what a program gives with Keras 2."""
        return self._run(code, self._names(self.keras_2))

    def three(self, code: str) -> str:
        """Return what a program gives with Keras 3, as it stands."""
        return self._run(code, self._names(self.keras_3))

    def moved(self, code: str) -> str:
        """Return what a program gives that was moved to Keras 3, and has imports of its own."""
        return self._run(code, dict(HELPERS))

    def shared_paths(self) -> list[str]:
        """Return the public paths that both have, without the root."""
        from keras_imports import atlas

        old = atlas.api(atlas.environment([f"tf-keras=={self.keras_2.__version__}"]), "tf_keras")
        new = atlas.api(atlas.environment([f"keras=={self.keras_3.__version__}"]), "keras")
        return sorted(
            {p.partition(".")[2] for p in old} & {p.partition(".")[2] for p in new} - {""}
        )

    def options(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the parameters of a symbol that both have, each with an argument to try."""
        old, new = (parameters(look_up(side, path)) for side in (self.keras_2, self.keras_3))
        for name, parameter in old.items():
            if name not in new:
                continue
            if isinstance(parameter.default, bool):
                yield name, f"{name}={not parameter.default}"
            else:
                yield from ((name, f"{name}={value}") for value in OPTIONS.get(name, ()))

    def _names(self, module: ModuleType) -> dict[str, Any]:
        return {
            **HELPERS,
            "keras": module,
            "layers": module.layers,
            "K": module.backend,
            "np": np,
            "tf": self.tensorflow,
        }

    def _run(self, code: str, names: dict[str, Any]) -> str:
        self.keras_3.utils.set_random_seed(1)
        self.keras_3.utils.clear_session(free_memory=False)
        self.keras_2.utils.set_random_seed(1)
        self.keras_2.backend.reset_uids()
        # TensorFlow's autograph reads the source of functions.
        file = f"<program {hash(code)}>"
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, file, "exec"), names)  # noqa: S102 (our own programs)
            return repr(plain(names["result"]))
        except Exception as error:
            return f"raises {type(error).__name__}: {next(iter(str(error).splitlines()), '')[:120]}"


def look_up(module: ModuleType, path: str) -> Any:
    """Return what a dotted path below a module leads to."""
    value: Any = module
    for name in path.split("."):
        value = getattr(value, name)
    return value


def parameters(function: Callable[..., object]) -> dict[str, inspect.Parameter]:
    """Return the parameters of a function or class by name; none where it does not tell."""
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}


def default_text(value: object) -> str:
    """Return a default as text, in which `0` and `0.0`, `AUTO` and `auto` are the same."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(float(value))
    return repr(value).lower()


def plain(value: Any) -> Any:
    """Return a result as numbers, text, lists and dictionaries, numbers rounded."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=str)}
    if hasattr(value, "as_list"):
        return value.as_list()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    array = np.asarray(value)
    if array.dtype.kind in "fiub" or array.dtype.name == "bfloat16":
        return rounded(array.tolist())
    return array.tolist() if array.dtype.kind in "SU" else str(value)


def rounded(values: Any) -> Any:
    """Return a number, or lists of them, with five digits, of which four are decimals at most."""
    if isinstance(values, list):
        return [rounded(value) for value in values]
    return float(f"{round(float(values), 4):.5g}") + 0.0


def fill(layer: Any) -> None:
    """Give a layer weights that depend on their shapes alone."""
    shapes = [weight.shape for weight in layer.get_weights()]
    layer.set_weights([0.1 * np.cos(np.arange(np.prod(s))).reshape(s) + 0.5 for s in shapes])


def run_layer(layer: Any, *inputs: Any) -> list[Any]:
    """Return the shapes of a layer's weights, and what it gives by default and in training.

    A layer that draws numbers is asked outside of training alone.
    """
    layer(*inputs)
    fill(layer)
    results: list[Any] = [[weight.shape for weight in layer.get_weights()]]
    if re.search(r"Dropout|Noise|Random", type(layer).__name__):
        results.append(layer(*inputs, training=False))
    else:
        results.append(layer(*inputs))
        try:
            results.append(layer(*inputs, training=True))
        except TypeError:  # Keras 2, where `call` takes no `training`
            results.append(results[-1])
    return [*results, [np.sum(loss) for loss in layer.losses]]


def run_loss(loss: Any, y: Any, p: Any) -> list[Any]:
    """Return a loss alone and with weights."""
    return [loss(y, p), loss(y, p, sample_weight=np.array([1.0, 0.5, 0.0]))]


def run_metric(metric: Any, *values: Any) -> list[Any]:
    """Return a metric's result after each of two updates, the second with weights, and a reset."""
    results = [metric.name]
    metric.update_state(*values)
    results.append(np.asarray(metric.result()))
    metric.update_state(*values, sample_weight=np.array([1.0, 0.5, 0.0]))
    results.append(np.asarray(metric.result()))
    metric.reset_state()
    return [*results, np.asarray(metric.result())]


def run_optimizer(optimizer: Any, layer: Any) -> Any:
    """Return the weights of a layer after some steps with an optimizer."""
    tf = import_module("tensorflow")
    layer(np.ones((1, 3), "float32"))
    fill(layer)
    for step in range(4):
        gradients = [tf.constant(w.numpy() * (step - 1.2)) for w in layer.trainable_variables]
        optimizer.apply_gradients(zip(gradients, layer.trainable_variables, strict=True))
    return layer.get_weights()


def run_initializer(initializer: Any) -> Any:
    """Return the rounded mean, deviation and range of a large square of values."""
    values = np.asarray(initializer((300, 300)))
    return [round(float(f(values)), 2) for f in (np.mean, np.std)] + [values.dtype.name]


HELPERS: dict[str, Callable[..., Any]] = {
    "run_layer": run_layer,
    "run_loss": run_loss,
    "run_metric": run_metric,
    "run_optimizer": run_optimizer,
    "run_initializer": run_initializer,
}


if __name__ == "__main__":
    raise SystemExit(main())
