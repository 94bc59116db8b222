"""Migrate Python code that is given as text."""

from __future__ import annotations

from keras_imports.knowledge.keras_names import TRACKED
from keras_imports.migrate.job import Job, UsedElsewhere
from keras_imports.migrate.module import migrate_module
from keras_imports.migrate.outcome import Outcome
from keras_imports.migrate.passes.strings import mentions_path
from keras_imports.python.syntax import parse, syntax_reason

_NOWHERE = UsedElsewhere()


def migrate_text(text: str, job: Job, used: UsedElsewhere = _NOWHERE) -> Outcome:
    """Return what becomes of a module's text; nothing is raised for one that is no Python."""
    if not _mentions_keras(text, job.portable):
        return Outcome(text)
    try:
        tree = parse(text)
        migrated = migrate_module(text, tree, job, used)
        parse(migrated.proof)
    except SyntaxError as error:
        return Outcome(text, problem=syntax_reason(error))
    except RecursionError:
        return Outcome(text, problem="nested too deeply to be followed")
    return Outcome(migrated.text, migrated.text != text, migrated.left)


def _mentions_keras(text: str, portable: str | None) -> bool:
    """Tell whether a text may use Keras; never wrongly false, and much quicker than to parse it."""
    leaf = portable.rpartition(".")[2] if portable else ""
    return TRACKED.may_be_imported_in(text) or mentions_path(text) or bool(leaf and leaf in text)
