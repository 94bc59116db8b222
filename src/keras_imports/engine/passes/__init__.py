"""The passes over a module, in order, each with one kind of change.

A pass is a module with two functions: `applies` tells for which modules and targets it holds, and
`run` yields the edits, and the findings that it has no fix for. Of several edits of the same span
the first one counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.passes import (
    attribute_names,
    base_calls,
    bound_packages,
    call_inputs,
    captured_tensors,
    frozen_models,
    import_bindings,
    keras_applications,
    layer_names,
    layer_weights,
    method_definitions,
    methods,
    own_optimizers,
    paths_in_strings,
    references,
    star_imports,
    symbolic_tensors,
    tensor_attributes,
    tensorflow_1,
    training_arguments,
    weight_truth,
)


class Pass(Protocol):
    """What each module here is."""

    def applies(self, module: ModuleInMigration, /) -> bool:
        """Return whether the pass holds for a module and its target."""
        ...

    def run(self, module: ModuleInMigration, /) -> Iterator[Fix]:
        """Yield what becomes of places of the module."""
        ...


PASSES: tuple[Pass, ...] = (
    import_bindings,
    method_definitions,
    tensor_attributes,
    call_inputs,
    layer_weights,
    weight_truth,
    tensorflow_1,
    layer_names,
    keras_applications,
    training_arguments,
    frozen_models,
    own_optimizers,
    attribute_names,
    captured_tensors,
    references,
    methods,
    base_calls,
    symbolic_tensors,
    star_imports,
    paths_in_strings,
    bound_packages,
)
