"""`python -m keras_imports`."""

from __future__ import annotations

import sys

from keras_imports.cli import main

if __name__ == "__main__":
    sys.exit(main())
