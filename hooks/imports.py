"""Check the Keras imports of a project without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from facts import Project


@dataclass(frozen=True)
class Checked:
    """The Keras import statements that were found, and what is wrong with some of them."""

    statements: int
    files: int
    problems: list[str]


def check_imports(project: Project) -> Checked:
    """Look at every Python file of a project's own: one Keras, by its public paths."""
    statements, files, problems = 0, 0, []
    for path in sorted([*project.path.glob("src/**/*.py"), *project.path.glob("tests/**/*.py")]):
        if path.name == "keras_flavour.py":
            continue  # it chooses the Keras that all others import
        shown = path.relative_to(project.path)
        try:
            tree = ast.parse(path.read_bytes(), str(shown))
        except (SyntaxError, ValueError) as error:
            problems.append(f"{shown}: does not parse: {error}")
            continue
        found = list(keras_imports(tree, project))
        statements += len(found)
        files += bool(found)
        problems += [
            f"{shown}:{line}: {name}: write `from {project.root} import ...`"
            for line, name in found
            if not _below(name, project.root) or any(_below(name, p) for p in private(project))
        ]
    return Checked(statements, files, problems)


def keras_imports(tree: ast.Module, project: Project) -> Iterator[tuple[int, str]]:
    """Yield the line and the qualified name of every import of any Keras."""
    roots = {project.root, *private(project)}
    roots |= {flavour["root"] for flavour in project.facts["flavours"].values()}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if any(_below(name, root) for root in roots):
                yield node.lineno, name
                break


def private(project: Project) -> list[str]:
    """The import roots that no project should use."""
    return list(project.facts["private"])


def _below(name: str, root: str) -> bool:
    return f"{name}.".startswith(f"{root}.")
