"""Tell whether code is older than a release that changed something without an error."""

from __future__ import annotations

from collections.abc import Mapping

from keras_imports import atlas
from keras_imports.engine.planning.call import Call
from keras_imports.versions import version_key


def is_before(call: Call, first: Mapping[str, str]) -> bool:
    """Return whether a call is older than the first release of its flavour, or probably is."""
    origin = call.origin
    if not origin.exact and origin.generation in ("keras1", "standalone"):
        return True
    release = first.get(atlas.split_flavour(call.path)[0])
    return release is not None and version_key(origin.release) < version_key(release)
