"""The newest releases in the atlas, and the ranges that `migrate --dependencies` writes for them.

Tests ask for these, so that none fails because a release came that changed nothing.
"""

from __future__ import annotations

import re

from keras_imports import atlas
from keras_imports.versions import minor_of

KERAS = atlas.releases("keras")[-1]
TENSORFLOW = atlas.releases("tensorflow.keras")[-1]
TF_KERAS = atlas.releases("tf_keras")[-1]
# All of them, side by side, as requirements.
NEWEST = (f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}")


def range_of(release: str) -> str:
    """Return the range that admits a release and the later patches of it: `>=3.15.1,<3.16`."""
    major, minor = minor_of(release)
    return f">={release.removesuffix('.0')},<{major}.{minor + 1}"


WORDS = {
    "KERAS": KERAS,
    "TENSORFLOW": TENSORFLOW,
    "TF_KERAS": TF_KERAS,
    "KERAS_RANGE": range_of(KERAS),
    "TENSORFLOW_RANGE": range_of(TENSORFLOW),
    "TF_KERAS_RANGE": range_of(TF_KERAS),
    "TENSORFLOW_MINOR": ".".join(map(str, minor_of(TENSORFLOW))),
}


def filled(text: str) -> str:
    """Return a text with the releases and ranges in the place of `{KERAS}`, `{KERAS_RANGE}`, …"""
    return re.sub(r"\{([A-Z_]+)\}", lambda match: WORDS.get(match[1], match[0]), text)
