"""Print which Keras the published releases of a package were written for.

    python scripts/packages.py                          # those that packages.yml says were read
    python scripts/packages.py tensorflow-hub==0.15.0 tensorflow-hub==0.16.1

For each release it prints what its archive imports and requires, as far as that tells which Keras
its layers and models belong to. `knowledge/data/packages.yml` is written from that by a person.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from keras_imports.atlas.build.archives import ArchiveError, default_cache, sources
from keras_imports.knowledge.packages import packages

_WANTED = re.compile(r".*\.py|.*(?:METADATA|PKG-INFO|requires\.txt)")
_NO_LIBRARY = re.compile(r"(?:^|/)(?:tests?|examples?|docs|benchmarks)/|_test\.py$|/test_\w+\.py$")
# What tells which Keras a file is for, by the name under which it is printed.
_SIGNS = {
    "keras": r"^\s*(?:import keras\b(?!_)|from keras(?:\.\w+)* import)",
    "tensorflow.keras": r"\btf\.keras\b|\btensorflow\.keras\b",
    "tensorflow.python.keras": r"tensorflow\.python\.keras|tensorflow\.python import keras",
    "tf_keras": r"\btf_keras\b",
    "keras_core": r"\bkeras_core\b",
    "keras.ops": r"\bkeras\.ops\b|from keras import ops",
    "asks for the release": r"keras_3\(|version_fn|USE_KERAS_3|KERAS_3|is_keras_3",
    "TF_USE_LEGACY_KERAS": r"TF_USE_LEGACY_KERAS",
}
_REQUIRES = re.compile(r"^(?:Requires-Dist: )?((?:tf-?)?(?:keras|tensorflow)[^\n]*)$", re.M | re.I)


def facts(requirement: str) -> str:
    """Return what one release, `name==version`, imports and requires, in one line."""
    name, _, version = requirement.partition("==")
    try:
        texts = sources(name, version, _WANTED, default_cache())
    except ArchiveError as error:
        return f"{requirement}: {error}"
    files: Counter[str] = Counter()
    required: list[str] = []
    for path, text in texts.items():
        if not path.endswith(".py"):
            required += _REQUIRES.findall(text)
        elif not _NO_LIBRARY.search(path):
            files.update(s for s, sign in _SIGNS.items() if re.search(sign, text, re.M))
    imports = ", ".join(f"{sign} in {count}" for sign, count in files.most_common())
    requires = "; ".join(dict.fromkeys(required))
    return f"{requirement}: {imports or 'no Keras'}; requires {requires or 'none'}"


def main(requirements: list[str]) -> None:
    """Print the facts of some releases."""
    known = [f"{p.distribution}=={release}" for p in packages().values() for release in p.read]
    with ThreadPoolExecutor(8) as pool:
        for line in pool.map(facts, requirements or known):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
