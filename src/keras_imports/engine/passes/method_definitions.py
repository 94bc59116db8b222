"""Rename the methods that classes define for Keras to call.

    def get_output_shape_for(self, shape):      def compute_output_shape(self, shape):
    def reset_states(self):                     def reset_state(self):      of a metric

Only classes derived from one of Keras have such methods.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.nodes import methods
from keras_imports.engine.planning.plan import renamed_definition
from keras_imports.python.edits import Edit

applies = always  # the rules say for which targets they hold


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the names after `def`."""
    for node, path in module.keras_classes.items():
        own = {method.name for method in methods(node)}
        for method in methods(node):
            name = renamed_definition(path, method.name, module.target)
            if name is not None and name not in own:
                start = module.text.offset(method.lineno, method.col_offset) + len("def")
                at = module.text.text.index(method.name, start)
                yield Edit(at, at + len(method.name), (name,))
