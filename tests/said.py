"""What a migration says of a program, for the tests of single passes."""

from __future__ import annotations

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Outcome
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.target import parse_target


def migrated(code: str, target: str = "keras", source: str = "") -> Outcome:
    """Return what becomes of a program, which is written for `source` if that is given."""
    flavour, _, release = source.partition("==")
    given = (Origin(flavour, release, exact=True),) if source else ()
    return migrate_text(code, Job(parse_target(target), given))


def said(code: str, words: str, target: str = "keras", source: str = "") -> list[int]:
    """Return the lines of which something with some words in it is said."""
    return [each.line for each in migrated(code, target, source).left if words in each.says]
