"""Read a pasted traceback: the error messages in it, and the lines of the user's own code.

It may come from a terminal, a notebook, a log or a test run, quoted, coloured, or broken at the
width of a window. Every pattern here takes time in proportion to the line that it looks at.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_LINE = 2_000  # characters of a line that are looked at
_LINES = 20_000  # so many lines, the last ones, are looked at
_MESSAGE = 4_000  # characters of a message
_MESSAGES = 40  # so many errors, the last ones, are looked at
_CONTINUED = 24  # lines that a message may go on for

_ANSI = re.compile(r"\x1b(?:\[[0-9;:?]*[A-Za-z]|\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|[()][A-Z0-9])")
_LINK = re.compile(r"\[([^\]\[\n]{1,300})\]\((?:https?|file|vscode)[^()\n]{0,1000}\)")
_NOISE = re.compile(r"\d{4}-\d\d-\d\d [\d:.]+: [IWEF] \w+/|WARNING:tensorflow:|WARNING:absl:")
_PREFIX = re.compile(  # of a container, a log, a test
    r"^(?:[\w.-]{1,60} +\| )?"
    r"(?:\[?\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\]? ?(?:- )?)?"
    r"(?:\[?(?:ERROR|CRITICAL|WARNING|INFO|DEBUG)\]?(?::[\w.]{1,80}:| - | +\w{1,40} +-? ?|:? ))?"
    r"(?:E {3,})?"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
_PROMPT = re.compile(r"^\s*(?:>>> ?|\.\.\. |In \[\d*\]: ?|\(Pdb\) ?)")
_ERROR = re.compile(
    r"(?:^|[\s:(#>'\"])((?:\w+\.){0,6}\w{0,40}(?:Error|Exception|Warning|Exit)): ?(\S.*)"
)
_WARNING = re.compile(r"[\w.]*Warning: ")
_UNDERLINE = re.compile(r"^\s*[\^~][\s^~]*$")
_FRAME = re.compile(r'^(?:File )?"?([^"]{1,600})", line (\d+)')
_CELL = re.compile(r"^(?:Cell |Input )?In ?\[\d*\],? (?:in )?(?:line|<cell)")
_HEADER = re.compile(r"^(?:File )?(\S[^\n]{0,600}?)(?::\d+)?,? in [<\w]")
_ARROW = re.compile(r"^-{1,6}> ?(\d+) ?(.*)$")
_RICH_ARROW = re.compile(r"^❱ ?(\d+)[ │|]*(.*)$")
_TEST_ARROW = re.compile(r"^> {3,}(\S.*)$")
_NUMBERED = re.compile(r"^(\d{1,6})(?:$| (.*)$)")
_BREAK = re.compile(
    r"^(?:Traceback \(|During handling|The above exception|-{20,}|={20,}|File \"|```|<ipython"
    r"|NOTE: |\S{1,200}\.py:\d+: \w{1,40}(?:Error|Exception)$)"
)
_LIBRARY = re.compile(r"(?:site|dist)-packages|[/\\]lib[/\\]python\d|<frozen |importlib[/\\]", re.I)
_KERAS = re.compile(r"[/\\](?:keras|tensorflow|tensorflow_core|tf_keras|keras_core)[/\\]")


@dataclass(frozen=True)
class Frame:
    """A place in a traceback, and the code that it shows; `package` brought it, "" for own code."""

    file: str
    code: str
    package: str = ""


@dataclass(frozen=True)
class Pasted:
    """What a pasted text is: its lines without all that is not of it."""

    lines: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @cached_property
    def messages(self) -> tuple[str, ...]:
        """The messages of the errors, each in one line, the last one first.

        One that is broken into lines stands twice: they may have been broken inside of a word.
        """
        found: dict[str, None] = {}
        for number in range(len(self.lines) - 1, -1, -1):
            error = _ERROR.search(self.lines[number])
            if error is not None:
                lines = [f"{error[1]}: {error[2]}", *self._continued(number + 1)]
                for joint in (" ", ""):
                    found.setdefault(" ".join(joint.join(lines).split())[:_MESSAGE])
            if len(found) >= _MESSAGES:
                break
        return tuple(found)

    @property
    def has_failed(self) -> bool:
        """Whether a message is that of an error, and not of a warning."""
        return any(not _WARNING.match(message) for message in self.messages)

    def _continued(self, start: int) -> Iterator[str]:
        """Yield the lines on which a message goes on."""
        for line in self.lines[start : start + _CONTINUED]:
            line = line.strip()
            if _BREAK.match(line) or _ERROR.search(line):
                return
            yield line

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The places outside of Keras that show code, the innermost of the user's own first."""
        found = [frame for frame in self._frames() if frame.code]
        own = [frame for frame in found if not frame.package]
        return tuple(reversed(own or found))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The user's own files that the text names, the innermost first."""
        named = (match[1] for line in self.lines if (match := _FRAME.match(line.strip())))
        own = [each for each in named if not _LIBRARY.search(each) and not each.startswith("<")]
        return tuple(dict.fromkeys(reversed(own)))

    def _frames(self) -> Iterator[Frame]:
        """Yield the places that are not in Keras itself, in the order of the text."""
        header = ""
        for number, raw in enumerate(self.lines):
            line = raw.strip()
            frame = _FRAME.match(line)
            if frame is not None:
                header = frame[1]
                if (package := _package(header)) is not None:
                    yield Frame(header, self._code_below(number + 1), package)
                continue
            arrow = _ARROW.match(line) or _RICH_ARROW.match(line)
            if arrow is not None:
                if (package := _package(header)) is not None:
                    code = "\n".join([arrow[2], *self._numbered(number + 1)])
                    yield Frame(_shown(header), code, package)
            elif _CELL.match(line):
                header = ""
            elif _is_header(line) and (match := _HEADER.match(line)):
                header = match[1]
            elif test := _TEST_ARROW.match(raw):
                yield Frame("", test[1])

    def _code_below(self, start: int) -> str:
        """Return the code that stands below the line of a place."""
        found: list[str] = []
        for line in self.lines[start : start + 8]:
            bare = line.strip()
            is_over = _FRAME.match(bare) or _BREAK.match(bare) or _ERROR.search(line)
            if not bare or is_over or bare.startswith("..."):
                break
            if not _UNDERLINE.match(line):
                found.append(line)
        return _dedented(found)

    def _numbered(self, start: int) -> Iterator[str]:
        """Yield the code of the numbered lines that follow the one with an arrow."""
        for line in self.lines[start : start + 8]:
            match = _NUMBERED.match(line.strip())
            if match is None:
                return
            yield match[2] or ""


def read_pasted(text: str) -> Pasted:
    """Return what a text is, without colours, prompts, prefixes and frames of other programs."""
    if "\\n" in text and text.count("\n") < 3:
        text = _out_of_document(text)
    if "&#39;" in text or "&quot;" in text or "&lt;" in text:
        text = html.unescape(text)
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "})
    text = _EMPTY_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")[-_LINES:]
    if sum(line == ">" or line.startswith("> ") for line in lines) * 2 > len(lines):  # quoted
        lines = [line.removeprefix(">").removeprefix(" ") for line in lines]
    lines = [line for line in lines if not _NOISE.match(line)] or lines  # a warning alone is asked
    pieces = (line[at : at + _LINE] for line in lines for at in range(0, len(line) or 1, _LINE))
    return Pasted(tuple(map(_cleaned, pieces)))


def _out_of_document(text: str) -> str:
    """Return the texts of a JSON document as lines."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text.replace("\\n", "\n").replace('\\"', '"')
    values = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return "\n".join(str(value) for value in values) or str(found)


def _cleaned(line: str) -> str:
    """Return a line without what was put around it."""
    if "\x1b" in line:
        line = _ANSI.sub("", line)
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    line = line.rstrip()
    if line[:1] in "│┃|╭╰":  # of a box
        line = line.strip("│┃|╭╰╮╯─━ ")
    line = _PREFIX.sub("", line, count=1)
    return _PROMPT.sub("", line, count=1)


def _package(file: str) -> str | None:
    """Return the package that brought a file, "" for the user's own; `None` for Keras itself."""
    if _KERAS.search(file) and (_LIBRARY.search(file) or "src" in file):
        return None
    if not _LIBRARY.search(file):
        return ""
    parts = re.split(r"(?:site|dist)-packages[/\\]|[/\\]lib[/\\]python[\d.]+[/\\]", file)
    return re.split(r"[/\\.]", parts[-1])[0] or "another package"


def _is_header(line: str) -> bool:
    """Return whether a line may name the place of the lines below it, and is no code."""
    return not line.startswith(("from ", "for ")) and not _NUMBERED.match(line)


def _shown(header: str) -> str:
    """Return the file of a notebook's frame, "" for a cell of it."""
    return "" if header.startswith("<") or "ipykernel" in header else header


def _dedented(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines))
