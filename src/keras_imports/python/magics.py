"""IPython's own syntax in the cells of notebooks: magics, shell commands, questions for help."""

from __future__ import annotations

import ast
import re

from keras_imports.python.syntax import parse

_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun")  # the rest of such a cell is Python
_HELP = re.compile(r"\?{1,2}[\w.*%]+|[\w.*%]+\?{1,2}")
_ASSIGNED_MAGIC = re.compile(r"^(\s*[\w.\[\],][\w.\[\], ]*=\s*)([%!].*)$")
# A command that installs packages, as a magic or a shell command.
INSTALL = re.compile(
    r"""^[ \t]*[!%]{1,2}[ \t]*(?:sudo[ \t]+)?
    (?:(?:\S*python[\d.]*|\{\s*sys\.executable\s*\})["']?[ \t]+-m[ \t]+|uv[ \t]+)?
    (?:pip[\d.]*|conda|mamba)[ \t]+install[ \t](?P<what>[^\n]*(?:\\\n[^\n]*)*)""",
    re.MULTILINE | re.VERBOSE,
)
_VERSION = re.compile(
    r"^[ \t]*%tensorflow_version[ \t]+(?P<major>[12])\.x", re.MULTILINE
)  # Colab's
# A magic that sets a variable of the environment.
_SETS = re.compile(r"%(?:set_)?env[ \t]+(?P<name>\w+)(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>\S+)[ \t]*$")
# A magic whose argument is a statement, after options such as `-n 10`.
_OF_STATEMENT = re.compile(r"%(?:time|timeit|prun|memit)\s+(?:-[a-z]\s*\d*\s+)*")


def without_magics(code: str) -> str:
    """Return the code of a cell with IPython's own syntax blanked, line for line.

    Of it, only what sets a variable of the environment is written as Python does that.
    """
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(_PYTHON_CELLS):
        return "\n" * (len(lines) - 1)
    try:
        ast.parse(code)
        return code
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    continued = False
    for index, line in enumerate(lines):
        stripped = line.lstrip()
        indent = line[: len(line) - len(stripped)]
        if continued:
            continued = line.endswith("\\")
            lines[index] = ""
        elif stripped.startswith(("%", "!")) or _HELP.fullmatch(stripped.rstrip()):
            continued = line.endswith("\\")
            lines[index] = indent + _as_python(stripped)
        elif assigned := _ASSIGNED_MAGIC.match(line):
            continued = line.endswith("\\")
            lines[index] = assigned[1] + "None"
    return "\n".join(lines)


def _as_python(magic: str) -> str:
    """Return what a magic or shell command does to the environment, or `pass`."""
    sets = _SETS.match(magic)
    return f"os.environ[{sets['name']!r}] = {sets['value']!r}" if sets else "pass"


def split_statement(line: str) -> tuple[str, str] | None:
    """Return a magic with its options, and the statement that it runs: `%time `, `model.fit(x)`.

    Return `None` for any other line.
    """
    magic = _OF_STATEMENT.match(line)
    if magic is None:
        return None
    statement = line[magic.end() :]
    try:
        return (magic[0], statement) if parse(statement).body else None
    except SyntaxError:
        return None


def installing_lines(code: str) -> list[str]:
    """Return what the magics and shell commands of a cell install, as requirements on a line.

    In a cell of shell (`%%bash`) those lines count that begin with the command.
    """
    if re.match(r"\s*%%(?:bash|sh|script)\b", code):
        code = re.sub(r"^[ \t]*(?=\S)", "!", code, flags=re.MULTILINE)
    found = {match.start(): match["what"].replace("\\\n", " ") for match in INSTALL.finditer(code)}
    for match in _VERSION.finditer(code):
        major = int(match["major"])
        found[match.start()] = f"tensorflow>={major},<{major + 1}"
    return [found[place] for place in sorted(found)]
