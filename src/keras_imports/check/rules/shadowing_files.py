"""KI006: find imports that give a file of the project instead of the installed package."""

from __future__ import annotations

import os
from functools import cache

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.engine.program import import_root

KI006 = Code(
    "KI006",
    "error",
    "a local file shadows Keras",
    "Python looks beside the program first: an `import` finds this file or directory instead "
    "of the installed package of the same name. Rename it.",
    since="every release",
    example=Example.of(
        """
        # beside a file keras.py
        import keras
        """,
        """
        # beside a file my_keras.py
        import keras
        """,
    ),
)


def shadowing_files(module: CheckedModule) -> Violations:
    """Find imports that would find a file of the project instead of the installed package."""
    file = os.path.abspath(module.source.file)
    directory = os.path.dirname(file)
    seen = set()
    for reference in module.names:
        package = reference.path.partition(".")[0]
        if package in seen or reference.kind not in ("import", "from", "star"):
            continue
        seen.add(package)
        for above in dict.fromkeys((import_root(directory), *module.setting.roots)):
            shadow = _local_file(above, package)
            is_inside = f"{directory}{os.sep}".startswith(os.path.join(above, package, ""))
            if shadow is None or shadow == file or is_inside or _is_installed(above):
                continue
            message = (
                f"`import {package}` finds {os.path.relpath(shadow)} instead of the installed "
                "package; rename that"
            )
            yield Violation(KI006, reference.node, message)
            break


RULE = Rule(shadowing_files, (KI006,), applies_to_stubs=True)


def _is_installed(directory: str) -> bool:
    return os.path.basename(directory) in ("site-packages", "dist-packages")


@cache
def _local_file(directory: str, package: str) -> str | None:
    for name in (f"{package}.py", os.path.join(package, "__init__.py")):
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            return path
    return None
