"""The atlas: where every Keras symbol lives in every release, read from `data/atlas.bin`.

Nothing is imported from Keras or TensorFlow: an *environment* is a set of releases, and every
question about it (does this path import, what is it, what may be passed to it) is answered from
the stored data. A *symbol* is one identity across releases and flavours, such as
`layers.BatchNormalization`; a *path* is how code writes it, such as
`keras.layers.normalization.BatchNormalization`.

- `environment`, `flavour_environment`, `releases`, `nearest`: which releases there are.
- `lookup`, `covers`, `names`, `modules`: what a path is (`DEEPEST` parts at most), and what a
  module binds.
- `public_path`, `api`, `split_flavour`: what people are meant to write.
- `symbols`, `suggest`, `written_out`: what a name may mean.
- `member`, `members`: what a class has.
- `classes_with`, `member_spans`, `member_history`: which classes have a member, and when.
- `history`: when a symbol came, left, moved, and changed its signature.
- `which_keras`, `same_classes`: whose classes a root hands out.
"""

from __future__ import annotations

from keras_imports.atlas.class_members import (
    Member,
    MemberSpan,
    classes_with,
    member,
    member_history,
    member_spans,
    members,
)
from keras_imports.atlas.engines import same_classes, which_keras
from keras_imports.atlas.entries import DEEPEST, Entry, covers, lookup, modules, names
from keras_imports.atlas.environments import (
    Environment,
    environment,
    flavour_environment,
    nearest,
    releases,
)
from keras_imports.atlas.public_api import api, public_path, split_flavour
from keras_imports.atlas.search import private_paths, suggest, symbols, written_out
from keras_imports.atlas.storage import AtlasError
from keras_imports.atlas.timeline import Span, history
from keras_imports.python.signatures import Parameter, Signature

__all__ = [
    "DEEPEST",
    "AtlasError",
    "Entry",
    "Environment",
    "Member",
    "MemberSpan",
    "Parameter",
    "Signature",
    "Span",
    "api",
    "classes_with",
    "covers",
    "environment",
    "flavour_environment",
    "history",
    "lookup",
    "member",
    "member_history",
    "member_spans",
    "members",
    "modules",
    "names",
    "nearest",
    "private_paths",
    "public_path",
    "releases",
    "same_classes",
    "split_flavour",
    "suggest",
    "symbols",
    "which_keras",
    "written_out",
]
