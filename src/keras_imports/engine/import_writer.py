"""Write the import statements of a module, once it is known what they have to bind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from keras_imports import atlas
from keras_imports.engine.codes import PRIVATE, private_message
from keras_imports.engine.deferred_imports import defer
from keras_imports.engine.findings import Finding
from keras_imports.engine.import_lines import say_lines
from keras_imports.engine.joined_imports import join
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.name_writer import NameWriter
from keras_imports.engine.unused_tensorflow import left_unused
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.edits import Edit, Text
from keras_imports.python.import_sorting import in_order
from keras_imports.python.import_statements import Line, Statement, grouped, statement_edits
from keras_imports.python.tree import Tree

_COMMENT = re.compile(r"#.*")  # nothing else has that character in imports
_FOR_LINTERS = re.compile(r"#\s*(?:noqa|type:|pyright:|mypy:|pylint:|pragma:|isort:|ruff:|NOQA)")

Statements = Mapping[ast.stmt, Statement]


def rewrite_imports(module: ModuleInMigration, writer: NameWriter) -> Iterator[Fix]:
    """Yield the edits of the import statements, and findings for names that others lose.

    All other names have to be written already, since that tells what is imported.
    """
    say_lines(writer)
    yield from _lost_names(module, writer)
    yield from defer(module)
    yield from left_unused(module)
    statements = module.bound_names.statements
    yield from _private(module, statements)
    _import_once(module.tree, statements)
    join(module, statements)
    done: set[ast.AST] = set()
    for attempt, edit in _collapse(module):
        done.add(attempt)
        yield edit
    for nodes, edit in in_order(module.text, module.tree.module.body, statements):
        done.update(nodes)
        yield edit
    for node, statement in statements.items():
        if module.is_kept(node.lineno):
            continue
        if statement.is_changed and done.isdisjoint((node, module.tree.blocks[node][0])):
            yield from statement_edits(module.text, statement, statements)


def _lost_names(module: ModuleInMigration, writer: NameWriter) -> Iterator[Fix]:
    """Yield findings for names that other files import, and that are not what they were."""
    for name in module.bound_names.all():
        if name.alias is None:
            continue
        if name.keeps_name and writer.is_below(name.target):
            message = f"`{name.local}` cannot be imported from `{module.target.root}`"
            advice = "assign it below the imports, for those who import it from here"
            yield module.unfixed(name.alias, message, advice)
        elif name.local in module.used.imported and name.is_left_elsewhere:
            message = f"`{name.local}` is imported by other files, which use it as it was"
            yield module.unfixed(
                name.alias, message, "import it there from its Keras, and move them"
            )


def _private(module: ModuleInMigration, statements: Statements) -> Iterator[Fix]:
    """Yield findings for what comes to be imported from a private place of the target."""
    if module.target.generation in ("keras1", "standalone"):
        return  # these drew no such line
    for statement in statements.values():
        for alias in statement.node.names:
            for line in statement.lines.get(alias, ()):
                path = f"{line.module}.{line.name}".lstrip(".")
                entry = atlas.lookup(module.target.env, path)
                is_well_known = line.name == "*" or line.name.endswith("__")  # keras.__version__
                if line == statement.old(alias) or is_well_known:
                    continue
                if entry is not None and not entry.public and is_keras_path(path):
                    message = private_message(path, str(module.target))
                    yield Finding.at(module.text, alias, message, "", PRIVATE.name, PRIVATE.reason)


def _import_once(tree: Tree, statements: Statements) -> None:
    """Import at the top once what several statements have come to import.

    What was there twice before stays so: the cells of a notebook may run one without the other.
    """
    top = [statements[node] for node in tree.module.body if node in statements]
    aliases = {alias for statement in statements.values() for alias in statement.node.names}
    binding: dict[str, Line] = {}
    before: set[Line] = set()

    def is_bound(line: Line) -> bool:
        return binding.get(line.local) == line and aliases.issuperset(tree.binders(line.local))

    for statement in top:
        for alias in statement.node.names:
            old = statement.old(alias)
            lines = statement.lines.get(alias, [old])
            if old not in before:
                kept = [line for line in lines if line == old or not is_bound(line)]
                statement.lines[alias] = kept
            before.add(old)
            binding.update((line.local, line) for line in lines)
        statement.more = [line for line in statement.more if not is_bound(line)]
        binding.update((line.local, line) for line in statement.more)
    # Later ones of the same block of imports are as good; one below it would come too late.
    later: set[Line] = set()
    for node in reversed(tree.module.body):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            later = set()
        elif node in statements:
            statement = statements[node]
            own = statement.own_lines()
            stars = [lines for alias, lines in statement.lines.items() if alias.name == "*"]
            for added in (statement.more, *stars):
                added[:] = [line for line in added if line not in later or line.name == "*"]
            later.update(own)


def _collapse(module: ModuleInMigration) -> Iterator[tuple[ast.Try, Edit]]:
    """Yield the edits of `try: import a`, `except ImportError: import b` that became the same."""
    text, statements = module.text, module.bound_names.statements
    for node in module.tree.blocks:
        if not isinstance(node, ast.Try):
            continue
        arms = [node.body, *(handler.body for handler in node.handlers)]
        inside = [statement for arm in arms for statement in arm]
        if node.orelse or node.finalbody or not all(s in statements for s in inside):
            continue
        results = [{line for s in arm for line in statements[s].all_lines()} for arm in arms]
        if any(result != results[0] for result in results[1:]) or not results[0]:
            continue
        if any(statements[s].is_changed for s in inside):
            span = text.span(node)
            lines = [line for s in node.body for line in statements[s].all_lines()]
            between = f"\n{text.indent(span.start)}"
            new = _with_comments(text, node, grouped(dict.fromkeys(lines)))
            yield node, Edit(span.start, span.end, (between.join(new),))


def _with_comments(text: Text, node: ast.Try, imports: list[str]) -> list[str]:
    """Return the lines of imports in the place of other code, with what its comments say.

    What a linter is told about them goes on their lines, all else above them.
    """
    comments = dict.fromkeys(_COMMENT.findall(text.of(node)))
    told = [comment for comment in comments if _FOR_LINTERS.match(comment)]
    *first, last = ["  ".join([line, *told]) for line in imports]
    if text.comment_after(node):
        last = imports[-1]
    return [*(comment for comment in comments if comment not in told), *first, last]
