"""Change what is special to one symbol: what no keyword of the rules says.

A rule names its fixer, `fixer: flatten`. The fixer of a call gets the draft after the rest of the
rule, and returns the next one, or the plan if nothing can follow; it is asked for bare names, too.
The fixer of an argument returns the argument with another value, or `None` if it cannot; then the
change's `left` is reported. Both raise `StayError` where the whole call has to stay. What a rule
with a fixer has as `note` or `left` is said where the fixer says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keras_imports.engine.planning.call import Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.fixers import (
    activations,
    backend,
    conditions,
    files,
    layers,
    methods,
    optimizers,
    shapes,
    tensorflow,
)
from keras_imports.knowledge.rules import Change, Rule
from keras_imports.python.arguments import Argument


@dataclass(frozen=True)
class CallFixer:
    """The fixer of a call; with `for_newer` also where the source has what the section brought."""

    fix: Callable[[Draft, Rule], Draft | Plan]
    for_newer: bool = False


CALLS: Mapping[str, CallFixer] = {
    "assigned": CallFixer(backend.assigned, for_newer=True),
    "batch_dot": CallFixer(backend.batch_dot, for_newer=True),
    "batch_dot_axes": CallFixer(backend.batch_dot_axes),
    "causal_padding": CallFixer(backend.causal_padding),
    "function_of_graph": CallFixer(backend.function_of_graph, for_newer=True),
    "image_dim_ordering": CallFixer(backend.image_dim_ordering),
    "interpolation": CallFixer(layers.interpolation, for_newer=True),
    "one_shape": CallFixer(layers.one_shape),
    "flatten": CallFixer(layers.flatten, for_newer=True),
    "frozen_statistics": CallFixer(layers.frozen_statistics),
    "switch": CallFixer(conditions.switch),
    "joined_shape": CallFixer(shapes.joined_shape),
    "output_shape": CallFixer(shapes.output_shape),
    "seeded": CallFixer(backend.seeded),
    "hard_sigmoid": CallFixer(activations.hard_sigmoid),
    "decay": CallFixer(optimizers.decay, for_newer=True),
    "name_first": CallFixer(methods.name_first, for_newer=True),
    "unless_keras_3_takes_it": CallFixer(methods.unless_keras_3_takes_it, for_newer=True),
    "inside_layers": CallFixer(methods.inside_layers),
    "inside_call": CallFixer(methods.inside_call),
    "by_name": CallFixer(methods.by_name),
    "before_a_call": CallFixer(methods.before_a_call),
    "no_method": CallFixer(methods.no_method, for_newer=True),
    "checkpoint_file": CallFixer(files.checkpoint_file, for_newer=True),
    "saved_file": CallFixer(files.saved_file, for_newer=True),
    "loaded_file": CallFixer(files.loaded_file, for_newer=True),
    "weights_file": CallFixer(files.weights_file, for_newer=True),
    "loaded_weights": CallFixer(files.loaded_weights, for_newer=True),
    "after_load_weights": CallFixer(files.after_load_weights, for_newer=True),
    "transposed": CallFixer(tensorflow.transposed),
    "triangle": CallFixer(tensorflow.triangle),
    "resized": CallFixer(tensorflow.resized),
    "whole_number": CallFixer(tensorflow.whole_number),
    "written_out": CallFixer(tensorflow.written_out),
}

ARGUMENTS: Mapping[str, Callable[[Draft, Argument, Change], Argument | None]] = {
    "single_axis": layers.single_axis,
    "single_number": layers.single_number,
    "without_batch_size": layers.without_batch_size,
    "connected_models": layers.connected_models,
    "weights_by_class": methods.weights_by_class,
    "as_tensor": tensorflow.as_tensor,
    "known_number": tensorflow.known_number,
    "number_of_parts": tensorflow.number_of_parts,
    "spatial": tensorflow.spatial,
    "resizing": tensorflow.resizing,
    "real_type": tensorflow.real_type,
    "no_text": tensorflow.no_text,
}
