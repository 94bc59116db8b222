"""`keras-imports` and `python -m keras_imports`.

With `-m`, Python looks for modules in the current folder first, which is often the one that is
checked. Nothing there is to run, so it comes off the path before anything else is imported.
"""

import os
import sys
from contextlib import suppress

_OWN = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

with suppress(OSError, ValueError):  # the current folder is gone; Python lies somewhere else
    _here = os.path.realpath(os.getcwd())
    _first = sys.path.index(os.path.dirname(os.__file__))  # before it may be what hides a module
    if _here != _OWN:
        sys.path[:_first] = [p for p in sys.path[:_first] if os.path.realpath(p) != _here]
os.environ["PYTHONSAFEPATH"] = "1"  # the same for processes that this one starts

import signal  # noqa: E402

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is begun yet that is to be told of

from keras_imports.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
