"""The rules of `check`: each module of this package is one.

A module defines its codes, its function, and `RULE`, which joins them. Nothing else lists the
rules: to add one, add its module here and its cases to `tests/data/check_cases.txt`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from keras_imports.check.rule import Rule
from keras_imports.engine.codes import CODES as ENGINE_CODES
from keras_imports.engine.findings import Code


def _rules() -> tuple[Rule, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").RULE for name in names)


RULES = _rules()
CODES: dict[str, Code] = {
    code.name: code
    for code in sorted(
        {*(code for rule in RULES for code in rule.codes), *ENGINE_CODES.values()},
        key=lambda code: code.name,
    )
}
