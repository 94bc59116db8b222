"""From bytes to text to a syntax tree, and why not, in words for people."""

from __future__ import annotations

import ast
import codecs
import tokenize
import warnings
from io import BytesIO


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of Python source, as it is, and its encoding.

    Raise `SyntaxError`, `UnicodeError` or `LookupError` if it cannot be decoded;
    `decoding_reason` says why.
    """
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    return data.decode(encoding), encoding


def decoding_reason(error: Exception) -> str:
    """Return why a file is no text."""
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding.upper()}: byte {error.object[error.start]:#04x}"
    if "declaration" in str(error):
        return "not UTF-8, and no encoding is declared"
    return f"cannot be decoded: {error}"


def nul_reason(data: bytes) -> tuple[str, int | None]:
    """Return why data with a NUL byte is no Python, and the line to look at."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16 text; Python source has to be UTF-8 or declare its encoding", None
    return "not Python: contains a NUL byte", data.count(b"\n", 0, data.index(b"\0")) + 1


def with_unix_lines(text: str) -> str:
    r"""Return a text with its line ends as Python sees them: `\n` for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a text, without warnings.

    Raise `SyntaxError` for whatever cannot be parsed; `syntax_reason` says why.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (RecursionError, MemoryError):
        raise SyntaxError("nested too deeply") from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def syntax_reason(error: SyntaxError) -> str:
    """Return why a text is no Python."""
    message = error.msg or "invalid syntax"
    if message.startswith(("Missing parentheses in call to 'print'", "multiple exception types")):
        return "Python 2, not Python 3"
    return f"not Python 3: {message}"
