"""`keras-imports doctor`: which Keras an interpreter has, what it runs on, and what is wrong.

Metadata is read first, and whatever is imported is imported in a child process, so that the
answer comes even where `import keras` crashes or hangs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from keras_imports.commands import add_examples
from keras_imports.commands.interpreters import Interpreter, NoAnswerError, choose
from keras_imports.commands.terminal import use_colour
from keras_imports.flavours import BACKENDS, DISTRIBUTIONS, FLAVOURS, NIGHTLIES, canonical
from keras_imports.versions import minor_of, satisfies

MODULES = tuple(flavour.package for flavour in FLAVOURS.values())

_PROVIDERS = {**DISTRIBUTIONS, **NIGHTLIES}
_OTHERS = ("jax", "jaxlib", "torch", "openvino", "numpy", "h5py", "protobuf", "ml-dtypes")
_OTHER_MODULES = ("jax", "torch", "numpy", "h5py", "google", "ml_dtypes", "absl", "optree", "rich")
_HARMLESS = {"test"}  # nothing of Keras imports Python's own tests
_REQUIRED = re.compile(r"^\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?\s*([^;()]*)\)?\s*$")


@dataclass(frozen=True)
class Copy:
    """One installed copy of a distribution."""

    name: str
    version: str
    place: str
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Installation:
    """What can be known without importing anything."""

    python: str
    copies: tuple[Copy, ...]
    files: Mapping[str, str | None]  # module: the file that an import would load
    environ: Mapping[str, str]
    config: str | None = None  # the text of keras.json
    config_file: str = "~/.keras/keras.json"
    elsewhere: Mapping[str, str | None] = field(default_factory=dict)  # the same, run elsewhere
    hiding: Mapping[str, str] = field(default_factory=dict)  # module: the file here that hides it

    def version(self, module: str) -> str | None:
        """Return the version of the distribution that provides a module."""
        for copy in self.copies:
            if _PROVIDERS.get(copy.name, copy.name.replace("-", "_")) == module:
                return copy.version
        return None

    @property
    def legacy(self) -> bool:
        """Whether `TF_USE_LEGACY_KERAS` asks for tf_keras."""
        return self.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")


@dataclass(frozen=True)
class Advice:
    """One thing that is wrong, or good to know, and what to do about it."""

    severity: str  # "error", "warning" or "note"
    message: str
    fix: str | None = None


@dataclass
class Diagnosis:
    """Everything that the command prints."""

    python: str
    executable: str
    why: str
    distributions: list[dict[str, str]]
    files: dict[str, str | None]
    tensorflow_keras: str | None
    backend: str | None
    backend_reason: str | None
    probes: dict[str, dict[str, Any]] = field(default_factory=dict)
    devices: list[str] = field(default_factory=list)
    conflicts: list[Advice] = field(default_factory=list)


def inspect(interpreter: Interpreter) -> Installation:
    """Return what an interpreter has; raise `ValueError` with the reason if it does not say."""
    wanted = {
        "distributions": [*_PROVIDERS, *_OTHERS],
        "modules": MODULES,
        "watched": sorted({*_OTHER_MODULES, *sys.stdlib_module_names} - _HARMLESS),
        "own": sorted(sys.stdlib_module_names),
    }
    try:
        told: dict[str, Any] = interpreter.ask("describe", json.dumps(wanted))
        copies = [Copy(**{**row, "requires": tuple(row["requires"])}) for row in told["copies"]]
        home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
        config_file = Path(home, "keras.json")
        return Installation(
            told["python"],
            tuple(copies),
            told["files"],
            dict(os.environ),
            _read(config_file),
            str(config_file),
            told["elsewhere"],
            told["hiding"],
        )
    except (NoAnswerError, KeyError, TypeError) as error:
        reason = error if isinstance(error, NoAnswerError) else "the answer cannot be read"
        raise ValueError(f"{interpreter.executable} cannot be described: {reason}") from None


def _read(file: Path) -> str | None:
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return None


def backend(here: Installation) -> tuple[str | None, str | None]:
    """Return the backend that Keras will use, and why."""
    keras = here.version("keras")
    if keras is None:
        return None, None
    if (2, 4) <= minor_of(keras) < (3, 0):
        return "tensorflow", f"keras {keras} has no other"
    if name := here.environ.get("KERAS_BACKEND"):
        return name, "KERAS_BACKEND in the environment"
    configured = _config(here).get("backend")
    if isinstance(configured, str):
        return configured, here.config_file
    return "tensorflow", "the default"


def _config(here: Installation) -> dict[str, object]:
    try:
        config = json.loads(here.config or "{}")
    except ValueError:
        return {}
    return config if isinstance(config, dict) else {}


def tensorflow_keras(here: Installation) -> str | None:
    """Return what `tensorflow.keras` really is, by the versions."""
    tensorflow = here.version("tensorflow")
    if tensorflow is None:
        return None
    if minor_of(tensorflow) < (2, 6):
        return f"the copy inside tensorflow {tensorflow}"
    legacy = here.legacy and minor_of(tensorflow) >= (2, 14)
    module = "tf_keras" if legacy else "keras"
    version = here.version(module)
    reason = ", as TF_USE_LEGACY_KERAS asks" if legacy else ""
    if version is None:
        return f"nothing: {module} is not installed{reason}"
    return f"{module} {version}{reason}"


def diagnose(here: Installation) -> Iterator[Advice]:
    """Yield what is wrong, as far as it can be told without importing anything."""
    if not any(here.version(module) for module in MODULES):
        yield Advice("error", "no Keras is installed", "pip install keras tensorflow")
    yield from _duplicates(here)
    yield from _shadows(here)
    yield from _requirements(here)
    yield from _pairs(here)
    yield from _backend_problems(here)


def _duplicates(here: Installation) -> Iterator[Advice]:
    by_module: dict[str, list[Copy]] = {}
    for copy in here.copies:
        if copy.name in _PROVIDERS:
            by_module.setdefault(_PROVIDERS[copy.name], []).append(copy)
    for module, copies in by_module.items():
        if len(copies) > 1:
            names = " and ".join(f"{copy.name} {copy.version}" for copy in copies)
            extra = copies[1].name
            fix = f"pip uninstall {extra}, then pip install --force-reinstall {copies[0].name}"
            # tf-keras asks for tensorflow beside tensorflow-cpu: the same files twice do no harm.
            severity = "error" if len({copy.version for copy in copies}) > 1 else "note"
            yield Advice(severity, f"{names} both install the module {module}", fix)
    several = [name for name in ("keras", "tf_keras", "keras_core") if here.version(name)]
    if len(several) > 1:
        names = " and ".join(f"{name} {here.version(name)}" for name in several)
        severity = "warning" if "keras_core" in several else "note"
        message = f"{names} are different Keras: layers of one do not work in models of another"
        advice = "pip uninstall keras-core" if severity == "warning" else None
        yield Advice(severity, message, advice)


def _shadows(here: Installation) -> Iterator[Advice]:
    for module, file in _shadowing(here, here.files):
        message = f"import {module} loads {file}, not the installed package"
        yield Advice("error", message, f"rename {file}")
    for module, file in here.hiding.items():
        message = f"{file} hides the module {module}, which Keras may need, from programs run here"
        yield Advice("warning", message, f"rename {file}")


def _shadowing(here: Installation, files: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield the modules of installed packages that another file hides, and that file."""
    for module, file in files.items():
        if file is None:
            continue
        places = [
            copy.place for copy in here.copies if _PROVIDERS.get(copy.name) == module and copy.place
        ]
        real = os.path.realpath(file)
        if places and not any(
            real.startswith(os.path.realpath(place) + os.sep) for place in places
        ):
            yield module, file


def _requirements(here: Installation) -> Iterator[Advice]:
    """Yield what the packages themselves require of each other."""
    versions = {copy.name: copy.version for copy in here.copies}
    modules = {module: here.version(module) for module in MODULES}
    for copy in here.copies:
        if copy.name not in _PROVIDERS:
            continue
        for requirement in copy.requires:
            match = _REQUIRED.match(requirement)
            if match is None:
                continue  # only under a condition
            name = canonical(match[1])
            wanted = match[2].replace(" ", "")
            module = _PROVIDERS.get(name)
            version = modules.get(module) if module else versions.get(name)
            if version is None:
                if module is None:
                    continue
                message = f"{copy.name} {copy.version} requires {name}, which is not installed"
                yield Advice("error", message, f'pip install "{name}{wanted}"')
            elif not satisfies(version, wanted):
                message = f"{copy.name} {copy.version} requires {name}{wanted}, not {version}"
                if name == "keras" and minor_of(version) >= (3, 0):
                    message += "; tf.keras silently becomes Keras 3"
                yield Advice("error", message, f'pip install "{name}{wanted}"')


def _pairs(here: Installation) -> Iterator[Advice]:
    """Yield advice on pairs of packages that do not work although no metadata says so."""
    keras, tensorflow = here.version("keras"), here.version("tensorflow")
    if keras and tensorflow and minor_of(keras) < (2, 3) and minor_of(tensorflow) >= (2, 0):
        message = (
            f"keras {keras} imports beside tensorflow {tensorflow}, but cannot build a model: "
            "module 'tensorflow' has no attribute 'get_default_graph'"
        )
        yield Advice("error", message, 'pip install "keras==2.3.1", or use tensorflow.keras')
    if keras and tensorflow and minor_of(keras) < (3, 0) and minor_of(tensorflow) >= (2, 16):
        message = f"keras {keras} cannot work beside tensorflow {tensorflow}"
        yield Advice("error", message, 'pip install "keras>=3"')
    if here.legacy and tensorflow and not here.version("tf_keras"):
        release = ".".join(map(str, minor_of(tensorflow)))
        message = "TF_USE_LEGACY_KERAS asks for tf_keras, which is not installed"
        yield Advice("error", message, f'pip install "tf-keras~={release}.0", or unset it')


def _backend_problems(here: Installation) -> Iterator[Advice]:
    name, reason = backend(here)
    if here.config is not None and reason is not None:
        try:
            config = json.loads(here.config)
            broken = not isinstance(config, dict)
        except ValueError:
            broken = True
        if broken:
            message = f"{here.config_file} is not a JSON object"
            yield Advice("error", message, f"delete {here.config_file}")
        elif "image_dim_ordering" in config:
            message = f"{here.config_file} is of Keras 1 (image_dim_ordering)"
            yield Advice("warning", message, f"delete {here.config_file}")
    keras = here.version("keras")
    if name is None or keras is None:
        return
    if minor_of(keras) >= (3, 0) and name not in (*BACKENDS, "openvino"):
        message = f"keras {keras} has no backend {name} ({reason})"
        fix = f"delete {here.config_file}" if reason == here.config_file else "unset KERAS_BACKEND"
        yield Advice("error", message, fix)
    elif here.version(BACKENDS.get(name, name)) is None:
        message = f"the backend {name} is not installed ({reason})"
        others = [b for b in BACKENDS if here.version(BACKENDS[b]) and b not in (name, "numpy")]
        fix = f"pip install {name}"
        if others:
            fix += f", or set KERAS_BACKEND={others[0]}"
        yield Advice("error", message, fix)


def probe(
    interpreter: Interpreter, questions: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """Return the answers to questions with their arguments, or `{"error": …}` for each.

    One process imports all of it. Where that fails, each question gets a process of its own.
    """
    if not questions:
        return {}
    with suppress(NoAnswerError):
        return interpreter.ask("together", json.dumps(questions))
    answers: dict[str, dict[str, Any]] = {}
    for question, arguments in questions.items():
        try:
            answers[question] = interpreter.ask(question, *arguments)
        except NoAnswerError as error:
            answers[question] = {"error": str(error)}
    return answers


def examine(interpreter: Interpreter) -> Diagnosis:
    """Return everything about an interpreter, probes included."""
    here = inspect(interpreter)
    name, reason = backend(here)
    result = Diagnosis(
        here.python,
        interpreter.executable,
        interpreter.why,
        [{"name": c.name, "version": c.version, "place": c.place} for c in here.copies],
        dict(here.files),
        tensorflow_keras(here),
        name,
        reason,
    )
    result.conflicts = list(diagnose(here))
    questions: dict[str, tuple[str, ...]] = {}
    for module, question in (("keras", "keras"), ("tensorflow", "tensorflow.keras")):
        if here.elsewhere.get(module):
            questions[question] = ()
    device_source = name or ("tensorflow" if here.version("tensorflow") else None)
    if device_source is not None and here.version(BACKENDS.get(device_source, "")):
        questions["devices"] = (device_source,)
    if not any(_shadowing(here, here.elsewhere)):  # what lies on the path beside it is never run
        result.probes = probe(interpreter, questions)
    devices = result.probes.get("devices", {}).get("devices")
    result.devices = list(devices) if isinstance(devices, list) else []
    if result.devices:
        del result.probes["devices"]
    for module, answer in result.probes.items():
        if "error" in answer:
            verb = "cannot be listed" if module == "devices" else "cannot be imported"
            result.conflicts.append(Advice("error", f"{module} {verb}: {answer['error']}"))
    return result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports doctor",
        "keras-imports doctor --python .venv/bin/python",
        "KERAS_BACKEND=jax keras-imports doctor --json",
    )
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="the interpreter, or the folder of the environment, to describe; default: the active "
        "environment's, or that of the project's .venv",
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Print the diagnosis; return 1 if something is wrong."""
    interpreter = choose(args.python)
    result = examine(interpreter)
    if not interpreter.is_own:
        result.conflicts = [_for(interpreter, each) for each in result.conflicts]
    if args.json:
        print(json.dumps(asdict(result), indent=2))
    else:
        for line in _lines(result, use_colour(sys.stdout)):
            print(line)
    return int(any(advice.severity != "note" for advice in result.conflicts))


def _for(interpreter: Interpreter, advice: Advice) -> Advice:
    """Return advice whose commands are for another interpreter than that of `pip`."""
    pip = f"{shlex.quote(interpreter.executable)} -m pip"
    fix = advice.fix and re.sub(r"\bpip(?= (?:un)?install\b)", lambda _: pip, advice.fix)
    return replace(advice, fix=fix)


def _lines(result: Diagnosis, colour: bool) -> Iterator[str]:
    yield f"Python      {result.python}  ({result.executable}: {result.why})"
    for row in result.distributions:
        yield f"installed   {row['name']} {row['version']}  ({row['place']})"
    for module, file in result.files.items():
        if file is not None:
            yield f"import      {module} loads {file}"
    if result.tensorflow_keras is not None:
        answer = result.probes.get("tensorflow.keras", {})
        proved = f"; its classes come from {answer['module']}" if "module" in answer else ""
        yield f"tf.keras    is {result.tensorflow_keras}{proved}"
    if result.backend is not None:
        yield f"backend     {result.backend} ({result.backend_reason})"
    for device in result.devices:
        yield f"device      {device}"
    for advice in result.conflicts:
        severity = advice.severity
        if colour:
            number = {"error": "31", "warning": "33"}.get(severity, "36")
            severity = f"\033[{number}m{severity}\033[0m"
        yield f"{severity}: {advice.message}"
        if advice.fix:
            yield f"  fix: {advice.fix}"
    if not any(advice.severity != "note" for advice in result.conflicts):
        yield "nothing is wrong"
