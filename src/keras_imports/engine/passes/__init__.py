"""The passes over a module, in order, each with one kind of change.

A pass is a module with two functions: `applies` tells for which modules and targets it holds, and
`run` yields the edits, and the findings that it has no fix for. Of several edits of the same span
the first one counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from keras_imports.engine.changes import Wrong
from keras_imports.engine.codes import BEHAVIOUR, MEMBER, NOT_THERE, VALUE
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.passes import (
    asked_layers,
    asked_shapes,
    attribute_names,
    base_calls,
    batch_reshapes,
    bound_packages,
    built_models,
    call_bodies,
    call_inputs,
    callback_params,
    captured_sizes,
    captured_tensors,
    cell_sizes,
    cell_states,
    changed_trainable,
    computed_shapes,
    config_keys,
    early_shapes,
    frozen_models,
    given_batches,
    given_data,
    graph_mode,
    import_bindings,
    input_values,
    keras_applications,
    keras_with_tensorflow,
    layer_calls,
    layer_names,
    layer_weights,
    loaded_models,
    log_keys,
    method_arguments,
    method_definitions,
    methods,
    numpy_functions,
    output_specs,
    own_metrics,
    own_optimizers,
    own_variables,
    part_names,
    paths_in_parts,
    paths_in_strings,
    positional_arguments,
    positional_flags,
    read_only_attributes,
    references,
    removed_members,
    scheduled_rates,
    several_outputs,
    star_imports,
    symbolic_ranges,
    symbolic_sizes,
    tensor_attributes,
    tensor_methods,
    tensor_operands,
    tensorflow_1,
    tensorflow_settings,
    train_steps,
    training_arguments,
    unpacked_arguments,
    unpassed_training,
    unseeded_numbers,
    watched_weights,
    weight_lookups,
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
    weight_lookups,
    tensorflow_1,
    tensorflow_settings,
    layer_names,
    keras_applications,
    keras_with_tensorflow,
    training_arguments,
    layer_calls,
    positional_flags,
    unpassed_training,
    unseeded_numbers,
    watched_weights,
    train_steps,
    built_models,
    call_bodies,
    frozen_models,
    changed_trainable,
    own_optimizers,
    loaded_models,
    graph_mode,
    own_variables,
    read_only_attributes,
    callback_params,
    asked_layers,
    asked_shapes,
    several_outputs,
    own_metrics,
    given_batches,
    given_data,
    input_values,
    log_keys,
    part_names,
    attribute_names,
    captured_sizes,
    captured_tensors,
    cell_sizes,
    cell_states,
    computed_shapes,
    config_keys,
    early_shapes,
    numpy_functions,
    output_specs,
    symbolic_ranges,
    symbolic_sizes,
    references,
    tensor_methods,
    tensor_operands,
    unpacked_arguments,
    methods,
    method_arguments,
    positional_arguments,
    removed_members,
    scheduled_rates,
    base_calls,
    batch_reshapes,
    star_imports,
    paths_in_parts,
    paths_in_strings,
    bound_packages,
)

# What is wrong with code where a pass yields an edit of its own, and not the change of a call.
CAUSES: dict[Pass, Wrong] = {
    method_definitions: Wrong(BEHAVIOUR, "{target} never calls a method of this name", "differs"),
    tensor_attributes: Wrong.of(MEMBER, "{target} has no such attribute of tensors and layers"),
    attribute_names: Wrong.of(MEMBER, "{target} does not know an attribute of this name"),
    call_inputs: Wrong(BEHAVIOUR, "{target} needs a `call` that names its first input", "fails"),
    layer_weights: Wrong(BEHAVIOUR, "the weights of a layer cannot be set in {target}", "fails"),
    weight_truth: Wrong(BEHAVIOUR, "a weight is neither true nor false in {target}", "fails"),
    weight_lookups: Wrong(BEHAVIOUR, "weights are compared by their values in {target}", "fails"),
    asked_shapes: Wrong(BEHAVIOUR, "a shape is no tuple in {target}", "differs"),
    watched_weights: Wrong(BEHAVIOUR, "a tape takes no weights of {target}", "fails"),
    scheduled_rates: Wrong(BEHAVIOUR, "{target} asks for a float", "fails"),
    given_batches: Wrong(BEHAVIOUR, "{target} takes no lists in a batch", "fails"),
    several_outputs: Wrong(BEHAVIOUR, "{target} wants this for each output", "fails"),
    config_keys: Wrong(BEHAVIOUR, "configurations of {target} have this by another key", "fails"),
    log_keys: Wrong(BEHAVIOUR, "{target} logs this by another key", "differs"),
    part_names: Wrong(BEHAVIOUR, "the name of a weight has no layer in {target}", "differs"),
    own_variables: Wrong(BEHAVIOUR, "{target} does not track a `tf.Variable`", "differs"),
    tensorflow_1: Wrong.of(NOT_THERE, "TensorFlow 2 has this in `tensorflow.compat.v1` alone"),
    layer_names: Wrong.of(VALUE, "names of layers have no `/` in {target}"),
    keras_applications: Wrong.of(NOT_THERE, "no Keras brings `keras_applications` now"),
    captured_sizes: Wrong(
        BEHAVIOUR, "a `Lambda` of {target} cannot use a tensor that it is not given", "fails"
    ),
    symbolic_ranges: Wrong(BEHAVIOUR, "{target} asks a tensor whether it is negative", "fails"),
    symbolic_sizes: Wrong(
        BEHAVIOUR, "the size of the batch is `None` outside of a layer in {target}", "fails"
    ),
    output_specs: Wrong(
        BEHAVIOUR,
        "`call` returns several outputs, and {target} takes them for the one of the base",
        "fails",
    ),
    computed_shapes: Wrong(BEHAVIOUR, "a shape is a tuple in {target}", "differs"),
    paths_in_parts: Wrong.of(NOT_THERE, "{target} does not have this path"),
    paths_in_strings: Wrong.of(NOT_THERE, "{target} does not have this path"),
}

# That of a pass which says no more.
CAUSE = Wrong(BEHAVIOUR, "this is not the same in {target}", "fails")
