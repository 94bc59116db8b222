"""Import names by the statement that imports from their module already.

    from keras.layers import Dense                          from keras.layers import Dense, Conv2D
    from keras.layers.convolutional import Convolution2D

Only within one block of imports, and not where a file imports one name a line. Statements that
imported from one module stay apart.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keras_imports.engine.module import ModuleInMigration
from keras_imports.python.import_statements import Line, Statement, is_one_a_line, order_of

_PEP_8 = 79  # columns


def join(module: ModuleInMigration, statements: Mapping[ast.stmt, Statement]) -> None:
    """Move the new lines of statements to others that import from the same module."""
    body = module.tree.module.body
    if is_one_a_line(body):
        return
    aliases = {alias for statement in statements.values() for alias in statement.node.names}
    order = order_of(node for node in body if isinstance(node, ast.ImportFrom))
    width = max(_PEP_8, *map(len, module.text.text.splitlines()))
    for block in _blocks(body):
        hosts: dict[str, ast.ImportFrom] = {}
        for node in block:
            host = _kept_module(node, statements)
            if host and isinstance(node, ast.ImportFrom):
                # One that imports from there already comes before those that come to do so.
                is_better = node.module == host and hosts.get(host, node).module != host
                if host not in hosts or is_better:
                    hosts[host] = node
        for node in block:
            statement = statements.get(node)
            if statement is None or "#" in _with_comment(module, node):
                continue
            own = (statement.lines.get(alias, []) for alias in node.names)
            for lines in (*own, statement.more):
                for line in [*lines]:
                    its_host = hosts.get(line.module)
                    if its_host in (None, node) or line.name == "*" or line.local != line.name:
                        continue  # a star stands alone in its statement, and so may `as`
                    if line in map(statement.old, node.names) or _had_one_module(node, its_host):
                        continue
                    if not aliases.issuperset(module.tree.binders(line.local)):
                        continue
                    other = statements.get(its_host) or module.bound_names.statement(
                        its_host, module.tree
                    )
                    if _fits(module, other, line, width):
                        lines.remove(line)
                        other.more.append(line)
                        other.order = order


def _blocks(body: list[ast.stmt]) -> Iterator[list[ast.Import | ast.ImportFrom]]:
    """Yield the imports at the top that nothing else stands between."""
    block: list[ast.Import | ast.ImportFrom] = []
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            block.append(node)
        elif block:
            yield block
            block = []
    yield block


def _kept_module(
    node: ast.Import | ast.ImportFrom, statements: Mapping[ast.stmt, Statement]
) -> str | None:
    """Return the module of the names that a statement imports, if it is one and stays so."""
    if not isinstance(node, ast.ImportFrom) or node.names[0].name == "*":
        return None
    if node not in statements:
        return node.module if not node.level else None
    modules = {line.module for line in statements[node].all_lines()}
    return modules.pop() if len(modules) == 1 else None


def _had_one_module(node: ast.stmt, other: ast.stmt | None) -> bool:
    """Return whether two statements imported from one module, so that their author parted them."""
    named = [each for each in (node, other) if isinstance(each, ast.ImportFrom)]
    return len(named) == 2 and named[0].module == named[1].module


def _with_comment(module: ModuleInMigration, node: ast.stmt) -> str:
    start, end = module.text.line_around(module.text.span(node))
    return module.text.text[start:end]


def _fits(module: ModuleInMigration, other: Statement, line: Line, width: int) -> bool:
    """Return whether a statement on one line, with one more name, is no longer than allowed."""
    node = other.node
    if node.lineno != node.end_lineno:
        return True
    lines = [*other.all_lines(), line]
    items = ", ".join(each.item for each in lines)
    return len(f"from {line.module} import {items}{module.text.comment_after(node)}") <= width
