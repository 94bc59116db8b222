"""Check files and trees of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from keras_imports.atlas import Environment
from keras_imports.check.across_files import KerasUse, keras_use, mixed_across_files
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.setting import Setting
from keras_imports.engine.findings import Finding
from keras_imports.engine.mentions import mentions_in_bytes, mentions_in_text
from keras_imports.knowledge.legacy_switch import SWITCH, mentions_switch
from keras_imports.parallel import spread
from keras_imports.python.files import Problem, walk
from keras_imports.python.sources import Source, Wanted, read

# What a file has to mention: what `migrate` looks for, or which Keras its program is to get.
_WANTED = Wanted(
    lambda data: mentions_in_bytes(data) or SWITCH.encode() in data,
    lambda text: mentions_in_text(text) or mentions_switch(text),
)
_ALONE = 512  # so few files are not worth a second process


class Result(NamedTuple):
    """The findings in one file, and why it or a part of it could not be checked.

    `file` is `None` for what shows only when several files are read together. `use` is what of
    Keras the file uses, where that may be mixed with what other files use.
    """

    file: str | None
    findings: list[Finding]
    problems: list[Problem]
    use: KerasUse | None = None


def check_source(source: Source, setting: Setting) -> list[Finding]:
    """Return the findings in one parsed source."""
    return check_module(CheckedModule(source, setting))


def check_file(file: str, setting: Setting) -> Result:
    """Return the result for one file, by itself."""
    source, problems = read(file, None if file in setting.named else _WANTED)
    if source is None:
        return Result(file, [], problems)
    module = CheckedModule(source, setting)
    try:
        findings = check_module(module)
        matters = bool(module.names) or mentions_switch(source.text)
        use = keras_use(module) if setting.has_several and matters else None
    except RecursionError:
        return Result(file, [], [*problems, Problem(file, "nested too deeply to be followed")])
    return Result(file, findings, problems, use)


def check_tree(
    paths: Iterable[str], setting: Setting, env_of: Callable[[str], Environment] | None = None
) -> Iterator[Result]:
    """Yield the result of each file below `paths`, in their order, as they come in.

    What only shows across files comes last. `env_of` returns the environment of each file, where
    they may differ.
    """

    def env(file: str) -> Environment:
        return setting.env if env_of is None else env_of(file)

    def with_env(item: str | Problem) -> tuple[str | Problem, Environment]:
        return item, env(item) if isinstance(item, str) else setting.env

    uses: dict[Environment, list[KerasUse]] = {}
    files = map(with_env, walk(paths))
    for result in spread(partial(_check, setting=setting), files, _ALONE):
        yield result
        if result.use is not None:
            uses.setdefault(env(result.use.file), []).append(result.use)
    across = [
        finding
        for its_env, its in uses.items()
        for finding in mixed_across_files(its, replace(setting, env=its_env))
    ]
    if across:
        yield Result(None, across, [])


def _check(work: tuple[str | Problem, Environment], setting: Setting) -> Result:
    item, env = work
    if isinstance(item, Problem):
        return Result(item.file, [], [item])
    return check_file(item, replace(setting, env=env))
