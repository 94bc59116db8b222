"""Find what of a module changes in a target, and how: what `check` names and `migrate` applies."""
