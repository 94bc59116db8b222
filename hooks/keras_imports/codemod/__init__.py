"""The codemod: moves Keras code to another flavour or release."""

from keras_imports.codemod.aim import Aim, aim
from keras_imports.codemod.files import migrate_file, migrate_text
from keras_imports.codemod.outcome import Outcome

__all__ = ["Aim", "Outcome", "aim", "migrate_file", "migrate_text"]
