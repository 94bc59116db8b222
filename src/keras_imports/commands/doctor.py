"""`keras-imports doctor`: which Keras is installed here, what it runs on, and what is wrong.

Metadata is read first, and whatever is imported is imported in a child process, so that the
answer comes even where `import keras` crashes or hangs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from keras_imports.commands import add_examples
from keras_imports.commands.terminal import use_colour
from keras_imports.flavours import BACKENDS, DISTRIBUTIONS, FLAVOURS, NIGHTLIES, canonical
from keras_imports.versions import minor_of, satisfies

MODULES = tuple(flavour.package for flavour in FLAVOURS.values())
PATIENCE = 120  # seconds; a cold import of TensorFlow takes up to 30

_PROVIDERS = {**DISTRIBUTIONS, **NIGHTLIES}
_OTHERS = ("jax", "jaxlib", "torch", "openvino", "numpy", "h5py", "protobuf", "ml-dtypes")
_REQUIRED = re.compile(r"^\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?\s*([^;()]*)\)?\s*$")

_PROBES = {
    "keras": """
import keras
answer = {"version": keras.__version__, "file": keras.__file__}
try:
    answer["backend"] = keras.backend.backend()
except AttributeError:
    pass
""",
    "tensorflow.keras": """
import tensorflow as tf
answer = {"module": tf.keras.layers.Layer.__module__}
if hasattr(tf.keras, "__version__"):  # that of Keras 2.15 has none
    answer["version"] = tf.keras.__version__
""",
    "devices": """
import sys
name = sys.argv[1]
if name == "jax":
    import jax
    devices = [str(device) for device in jax.devices()]
elif name == "torch":
    import torch
    devices = ["cpu"] + [f"cuda:{n} {torch.cuda.get_device_name(n)}"
                         for n in range(torch.cuda.device_count())]
    if getattr(torch.backends, "mps", None) is not None and torch.backends.mps.is_available():
        devices.append("mps")
elif name == "tensorflow":
    import tensorflow as tf
    devices = [device.name for device in tf.config.list_physical_devices()]
else:
    devices = ["cpu"]
answer = {"devices": devices}
""",
}


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
    distributions: list[dict[str, str]]
    files: dict[str, str | None]
    tensorflow_keras: str | None
    backend: str | None
    backend_reason: str | None
    probes: dict[str, dict[str, object]] = field(default_factory=dict)
    devices: list[str] = field(default_factory=list)
    conflicts: list[Advice] = field(default_factory=list)


def inspect() -> Installation:
    """Read the installation that this runs in."""
    copies = []
    for name in (*_PROVIDERS, *_OTHERS):
        seen = set()
        for found in metadata.distributions(name=name):
            place = str(found.locate_file(""))
            # The path may name one directory twice.
            if os.path.realpath(place) not in seen:
                seen.add(os.path.realpath(place))
                version = found.metadata["Version"] or "unknown"
                copies.append(Copy(name, version, place, tuple(found.requires or ())))
    # A program that is run from here looks here first.
    path = [os.getcwd(), *sys.path]
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    config_file = Path(home, "keras.json")
    try:
        config = config_file.read_text("utf-8", errors="replace")
    except OSError:
        config = None
    files = {module: _file(module, path) for module in MODULES}
    environ = dict(os.environ)
    return Installation(
        platform.python_version(), tuple(copies), files, environ, config, str(config_file)
    )


def _file(module: str, path: list[str]) -> str | None:
    spec = PathFinder.find_spec(module, path)
    if spec is None:
        return None
    if spec.origin is not None:
        return spec.origin
    return next(iter(spec.submodule_search_locations or ()), None)


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
    for module, file in _shadowing(here):
        message = f"import {module} loads {file}, not the installed package"
        yield Advice("error", message, f"rename {file}")


def _shadowing(here: Installation) -> Iterator[tuple[str, str]]:
    """Yield the modules of installed packages that another file hides, and that file."""
    for module, file in here.files.items():
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


def probe(name: str, *arguments: str) -> dict[str, object]:
    """Return the answer of a child process, or `{"error": …}` however it ends."""
    code = f"{_PROBES[name]}\nimport json, sys\nsys.stdout.write('\\n' + json.dumps(answer))"
    environ = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    try:
        child = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            env=environ,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {PATIENCE} seconds"}
    if child.returncode == 0:
        try:
            answer: dict[str, object] = json.loads(child.stdout.rpartition("\n")[2])
        except ValueError:
            return {"error": "the answer cannot be read"}
        return answer
    if child.returncode < 0:
        return {"error": f"the process was ended by signal {-child.returncode}"}
    lines = [line.strip() for line in child.stderr.splitlines() if line.strip()]
    errors = [
        line for line in lines if re.match(r"[\w.]+(?:Error|Exception|Exit|Interrupt)\b", line)
    ]
    return {"error": (errors or lines or [f"exit status {child.returncode}"])[-1][:300]}


def examine(here: Installation) -> Diagnosis:
    """Return everything about an installation, probes included."""
    name, reason = backend(here)
    result = Diagnosis(
        here.python,
        [{"name": c.name, "version": c.version, "place": c.place} for c in here.copies],
        dict(here.files),
        tensorflow_keras(here),
        name,
        reason,
    )
    result.conflicts = list(diagnose(here))
    shadowed = {module for module, _ in _shadowing(here)}
    for module, name_of_probe in (("keras", "keras"), ("tensorflow", "tensorflow.keras")):
        if here.files.get(module) and not shadowed:  # a local file is never run
            result.probes[name_of_probe] = probe(name_of_probe)
    device_source = name or ("tensorflow" if here.version("tensorflow") else None)
    if not shadowed and device_source is not None and here.version(BACKENDS.get(device_source, "")):
        answer = probe("devices", device_source)
        devices = answer.get("devices")
        result.devices = list(devices) if isinstance(devices, list) else []
        if "error" in answer:
            result.probes["devices"] = answer
    for module, answer in result.probes.items():
        if "error" in answer:
            verb = "cannot be listed" if module == "devices" else "cannot be imported"
            result.conflicts.append(Advice("error", f"{module} {verb}: {answer['error']}"))
    return result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(parser, "keras-imports doctor", "KERAS_BACKEND=jax keras-imports doctor --json")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Print the diagnosis; return 1 if something is wrong."""
    result = examine(inspect())
    if args.json:
        print(json.dumps(asdict(result), indent=2, ensure_ascii=False))
    else:
        for line in _lines(result, use_colour(sys.stdout)):
            print(line)
    return int(any(advice.severity != "note" for advice in result.conflicts))


def _lines(result: Diagnosis, colour: bool) -> Iterator[str]:
    yield f"Python      {result.python}"
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
