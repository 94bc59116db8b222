"""The codemod: moves Keras code to another flavour or release."""

from keras_imports.codemod.aim import Aim, aim
from keras_imports.codemod.files import Outcome, migrate_file, migrate_text

__all__ = ["Aim", "Outcome", "aim", "migrate_file", "migrate_text"]
