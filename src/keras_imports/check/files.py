"""Check files and trees of files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from keras_imports.check.cache import Cache, keys_of
from keras_imports.check.engine import check_module
from keras_imports.check.fixes import located
from keras_imports.check.installed import installed
from keras_imports.check.legacy import legacy_files
from keras_imports.check.module import CheckedModule
from keras_imports.check.result import Result
from keras_imports.check.setting import Setting
from keras_imports.engine.across_files import surroundings_of
from keras_imports.engine.analysis import flavours_in
from keras_imports.engine.mentions import mentions_in_bytes, mentions_in_text
from keras_imports.engine.program import Program
from keras_imports.engine.told import Told
from keras_imports.engine.unseen import unseen_in
from keras_imports.knowledge.legacy_switch import SWITCH, mentions_switch
from keras_imports.knowledge.packages import MorePackages
from keras_imports.limits import SECONDS
from keras_imports.parallel import Work, spread
from keras_imports.python.files import Problem
from keras_imports.python.sources import Wanted, read
from keras_imports.python.tracking import Tracked

_ALONE = 512  # so few files are not worth a second process


def check_file(file: str, setting: Setting, told: Told | None = None) -> Result:
    """Return the result for one file, which is `told` something by others of its program."""
    is_named = told is not None or file in setting.named
    source, problems = read(file, None if is_named else _wanted(setting.packages))
    if source is None:
        return Result(file, [], problems)
    try:
        module = CheckedModule(source, setting, told)
        findings = located(module, check_module(module))
        unseen = tuple(
            unseen_in(module.text, module.tree, module.names, told.imports if told else {})
        )
    except RecursionError:
        return Result(file, [], [*problems, Problem(file, "nested too deeply to be followed")])
    return Result(file, findings, problems, bool(flavours_in(module.names)), unseen)


@cache
def _wanted(packages: MorePackages) -> Wanted:
    """Return what a file has to mention: what `migrate` looks for, or which Keras it is to get."""
    return Wanted(
        lambda data: mentions_in_bytes(data, packages=packages) or SWITCH.encode() in data,
        lambda text: mentions_in_text(text, packages=packages) or mentions_switch(text),
    )


def check_tree(
    items: Sequence[str | Problem],
    setting: Setting,
    setting_of: Callable[[str], Setting | None] | None = None,
    cache: Cache | None = None,
    seconds: float = SECONDS,
) -> Iterator[Result]:
    """Yield the result of each file that was found, in their order, as they come in.

    `setting_of` returns the setting of each file, where they may differ, and `None` for one that is
    to be left out: it only tells the others what it exports. With a `cache` what was found before
    is not looked for again. Each file may take some `seconds` of processor time.
    """
    files = [item for item in items if isinstance(item, str)]
    own = {file: setting_of(file) if setting_of else setting for file in files}
    settings = {file: its for file, its in own.items() if its is not None}
    program = Program(map(os.path.abspath, files), setting.roots)
    keys = keys_of(program, settings, setting) if cache else {}
    kept = {result.file: result for result in cache.read(keys)} if cache else {}
    if kept:
        new = {os.path.abspath(file) for file in settings if file not in kept}
        program = Program(program.around(new), setting.roots)
    new_files = [file for file in settings if file not in kept]
    found = _found(program, new_files, settings, setting, seconds)
    fresh: list[Result] = []
    for item in items:
        if isinstance(item, Problem):
            yield Result(item.file, [], [item])
        elif item in kept:
            yield kept[item]
        elif item in settings:
            result = next(found)
            if cache and result.is_lasting:  # without, memory is not to grow
                fresh.append(result)
            yield result
    if cache and fresh:
        program = Program(map(os.path.abspath, files), setting.roots)
        now = keys_of(program, settings, setting)
        same = {file: key for file, key in now.items() if keys.get(file) == key}
        cache.write(same, fresh)  # but for what has changed on the way


def _found(
    program: Program,
    files: Sequence[str],
    settings: Mapping[str, Setting],
    setting: Setting,
    seconds: float,
) -> Iterator[Result]:
    """Yield what is found in some files of a program.

    `settings` are those of its files, and `setting` is that of others that they import.
    """
    settings = {**settings, **_with_legacy(program, settings)}
    of_file = {os.path.abspath(file): its for file, its in settings.items()}

    def tracked(file: str) -> Tracked:
        return installed(of_file.get(file, setting).env).tracked

    told = surroundings_of(program, tracked, seconds)
    work = [(file, settings[file], told.get(os.path.abspath(file))) for file in files]
    yield from spread(Work(_check, _lost, seconds), work, _ALONE)


def _with_legacy(program: Program, settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Return the settings of those files that run with another Keras than their environment has."""
    asking = legacy_files(program, program.imports) if program.mentions_switch else set()
    return {
        file: replace(setting, env=replace(setting.env, legacy_env=True))
        for file, setting in settings.items()
        if setting.env.tf_keras and os.path.abspath(file) in asking
    }


def _check(work: tuple[str, Setting, Told | None]) -> Result:
    return check_file(*work)


def _lost(work: tuple[str, Setting, Told | None], why: str) -> Result:
    """Return what is said of a file that cannot be checked."""
    file, *_ = work
    return Result(file, [], [Problem(file, why)], is_lasting=False)
